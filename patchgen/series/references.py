"""References to commits: in prose, and as the base of a series."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from patchgen.series.text import Lines, joined

_COMMIT = re.compile(
    r"(?P<formula>\bThis\s+reverts\s+|\(cherry picked from |\[ ?Upstream )?"
    r"\bcommits?\s+(?P<id>(?=[a-f]*\d)[0-9a-f]{7,40})\b(?P<stable> upstream\.)?",
    re.IGNORECASE,
)
_TITLE = re.compile(
    r"\s*\((?:\"(?P<quoted>(?:(?!\n\s*\n).){1,1000}?)\"|(?P<bare>[^()]+(?:\([^()]*\)[^()]*)*))\)",
    re.DOTALL,
)
_NUMBER = re.compile(r"[1-9]\d{6,10}")
_BACKPORT = re.compile(
    r"\bcommit [0-9a-f]{12,64} upstream\b|upstream commit:? [0-9a-f]{12,64}\b"
    r"|\(cherry[- ]picked from commit [0-9a-f]{12,64}",
    re.IGNORECASE,
)
_BASE = re.compile(r"base-commit: ([0-9a-f]{40}(?:[0-9a-f]{24})?)\b")


@dataclass(frozen=True, slots=True)
class CommitReference:
    """A commit named in prose: its id, and its title as far as one is given in parentheses."""

    id: str
    title: str | None
    quoted: bool
    line: int


def commit_references(lines: Lines) -> Iterator[CommitReference]:
    """Every ``commit <id>`` in ``lines``, across line breaks.

    A word counts as an id from seven digits on and with at least one figure in it; what reads as a
    number, as in "commit 1048576 pages", only with a title. The formulas
    that git revert, git cherry-pick and Documentation/process/stable-kernel-rules.rst prescribe
    name a commit by its id alone, and are none of these.
    """
    text = joined(lines)
    counted, row = 0, 0
    for match in _COMMIT.finditer(text):
        if match["formula"] or match["stable"]:
            continue
        title = _TITLE.match(text, match.end())
        if title is None and _NUMBER.fullmatch(match["id"]):
            continue
        words = (title["quoted"] or title["bare"]).split() if title else []
        row += text.count("\n", counted, match.start("id"))
        counted = match.start("id")
        line = lines[row].number
        quoted = title is not None and title["quoted"] is not None
        yield CommitReference(match["id"].lower(), " ".join(words) or None, quoted, line)


def is_backport(lines: Lines) -> bool:
    """Whether a message says, as stable-kernel-rules.rst asks, which commit it is a copy of."""
    return any(_BACKPORT.search(line.text) for line in lines)


def base_commit(lines: Lines) -> str | None:
    """The id in the last ``base-commit:`` line, or None."""
    found = [match[1] for line in lines if (match := _BASE.match(line.text))]
    return found[-1] if found else None
