"""The file names in the head of a diff, found as git finds them in apply.c with ``-p1``."""

import re
from collections.abc import Iterator

from patchgen.series.diff.quoting import unquoted

_QUOTED_FIRST = re.compile(r'("(?:[^"\\]|\\.)*")[ \t]+(.*)', re.DOTALL)
_TIMESTAMP = re.compile(
    r"(?:\t| +)(?:\d\d)?\d\d-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?(?: [+-]\d+| [+-]\d\d:\d\d)?"
)
_EPOCH = re.compile(
    r".*\t(?P<day>1969-12-31|1970-01-01) (?P<hour>[0-2]\d):(?P<minute>[0-5]\d):00(?:\.0+)? "
    r"(?P<sign>[-+])(?P<zone_hour>[0-2]\d):?(?P<zone_minute>[0-5]\d)",
    re.DOTALL,
)

_LONGEST = 4 * 4096
"""Characters in a line that can name files: a path has 4096 bytes at most, and each byte four
characters when it is quoted. What is longer is no name; every way to divide it costs time."""


def stripped(name: str) -> str:
    """Without the first component, ``a/`` or ``b/``: what ``-p1`` removes. Slashes are single."""
    return re.sub("//+", "/", name.partition("/")[2] or name)


def git_names(names: str) -> tuple[str | None, str | None]:
    """The two names of ``diff --git a/x b/x``; with blanks in them both must be the same."""
    first: tuple[str, str] | None = None
    for left, right in _divided(names):
        pair = stripped(left), stripped(right)
        if pair[0] == pair[1]:
            return pair
        first = first or pair
    return first or (None, None)


def unprefixed(names: str) -> str | None:
    """The name in ``diff --git lib/x lib/x``, which git wrote with ``--no-prefix``, else None.

    With prefixes the two sides differ, if both are not given the same letter.
    """
    for left, right in _divided(names):
        first, slash, _ = left.partition("/")
        if left == right and not (slash and len(first) == 1):
            return left
    return None


def names_agree(names: str, old: str, new: str) -> bool:
    """Whether ``diff --git`` can be read as naming these two files."""
    return any(stripped(left) == old and stripped(right) == new for left, right in _divided(names))


def _divided(names: str) -> Iterator[tuple[str, str]]:
    """Every way to divide the line in two; without quotes it is not certain which is meant."""
    if len(names) > 2 * _LONGEST:
        return
    if names.startswith('"'):
        if match := _QUOTED_FIRST.fullmatch(names):
            yield unquoted(match[1]), unquoted(match[2])
        return
    for match in re.finditer(r"[ \t]", names):
        yield names[: match.start()], unquoted(names[match.end() :])


def name_of_line(text: str, by_git: bool) -> str | None:
    """The name in a ``---`` or ``+++`` line; None is /dev/null, or the epoch's time stamp."""
    if re.match(r"/dev/null(?:\s|$)", text):
        return None
    if text.startswith('"') and (match := re.match(r'"(?:[^"\\]|\\.)*"', text, re.DOTALL)):
        plain = unquoted(match[0])
        if plain != match[0]:
            return stripped(plain)
    if by_git:
        return stripped(text.partition("\t")[0])
    if _is_epoch(text):
        return None
    if len(text) > _LONGEST:
        return stripped(text.partition("\t")[0])
    stamp = next((one for one in _TIMESTAMP.finditer(text) if one.end() == len(text)), None)
    return stripped(text[: stamp.start()] if stamp else text.partition("\t")[0])


def _is_epoch(text: str) -> bool:
    """Whether GNU diff says that the file does not exist on this side: its time is 0."""
    match = _EPOCH.fullmatch(text)
    if not match:
        return False
    zone = int(match["zone_hour"]) * 60 + int(match["zone_minute"])
    time = int(match["hour"]) * 60 + int(match["minute"])
    time -= zone if match["sign"] == "+" else -zone
    return time == (24 * 60 if match["day"].startswith("1969") else 0)
