"""What can go wrong on our side of the line: bad usage, bad input, a tool that failed.

A defect of the series under test is never an exception; it is a finding.
"""

from collections.abc import Iterable


class PatchgenError(Exception):
    """An error that ends the command; printed in git's form by the command line.

    ``message`` says what is wrong and where, ``hint`` what to do about it. ``also`` holds errors
    of the same kind that were found on the way, so that they can be mended together.
    """

    exit_code = 3

    def __init__(self, message: str, hint: str = "", also: Iterable["PatchgenError"] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.also = tuple(also)


class UsageError(PatchgenError):
    """The command line or the settings ask for something that does not exist."""

    exit_code = 2


class InputError(PatchgenError):
    """A file, a tree or a revision that was named cannot be read as what it should be."""

    exit_code = 2


class TemplateError(PatchgenError):
    """A template cannot be rendered, or does not fit the base tree."""

    exit_code = 2


class ToolError(PatchgenError):
    """git, make or another tool failed where it should not have."""


def suggestion(word: str, known: Iterable[str]) -> str:
    """``did you mean "x"?`` for the known word nearest to a mistyped one, else the known words."""
    from difflib import get_close_matches

    words = sorted(known)
    near = get_close_matches(word, words, n=1)
    return f'did you mean "{near[0]}"?' if near else f"known: {', '.join(words) or 'none'}"
