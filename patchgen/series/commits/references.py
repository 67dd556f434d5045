"""References to commits: in prose, and as the base of a series."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from patchgen.series.commits.elsewhere import is_elsewhere, may_be_elsewhere, sentence_before
from patchgen.series.text import Lines, joined

SHORTEST = 7
"""So many digits make an id."""
_COMMIT = re.compile(
    r"(?P<formula>\bThis\s+reverts\s+|\(cherry picked from |\[ ?Upstream |\bchanges\s+since\s+)?"
    r"\bcommits?\s+(?P<id>(?=[a-f]*\d)[0-9a-f]{7,40})\b(?P<stable> upstream\.)?",
    re.IGNORECASE,
)
_TITLE = re.compile(
    r"\s*\((?:\"(?P<quoted>(?:(?!\n\s*\n).){1,1000}?)\"|(?P<bare>[^()]+(?:\([^()]*\)[^()]*)*))\)"
    r"|[,:]?\s*\"(?P<open>(?:(?!\n\s*\n)[^\"]){1,1000})\"",
    re.DOTALL,
)
_REVERTED = re.compile(r"\bThis\s+reverts\s+commit\s+([0-9a-f]{7,64})\b", re.IGNORECASE)
_BASED = re.compile(
    r"\b(?:re)?bas(?:ed?|ing)\b.*\b(?:on|onto|to|upon|at)\b|\bon\s+top\s+of\b"
    r"|\bappl(?:y|ies)\b.*\b(?:on|onto|to)\b",
    re.IGNORECASE | re.DOTALL,
)
_HISTORY = re.compile(
    r"^[^\w\n]{0,9}(?:(?:changes?|differences|history)\b[^\n]{0,40}(?:\bv\d|\bversion|:[ \t]*$)"
    r"|v\d+\b|changelog\b)",
    re.IGNORECASE | re.MULTILINE,
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
    """A commit named in prose: its id, and its title as far as one is given beside it.

    ``perhaps_elsewhere`` says that it may be a commit of another project; ``as_note`` that it
    names what the series is based on, or stands below a heading for what changed since a version:
    in a letter nothing more than an id is asked for there.
    """

    id: str
    title: str | None
    quoted: bool
    line: int
    perhaps_elsewhere: bool
    as_note: bool


def commit_references(lines: Lines) -> Iterator[CommitReference]:
    """Every ``commit <id>`` in ``lines``, across line breaks.

    A word counts as an id from seven digits on and with at least one figure in it; what reads as a
    number, as in "commit 1048576 pages", only with a title. The formulas of git revert, git
    cherry-pick, git request-pull and Documentation/process/stable-kernel-rules.rst
    name a commit by its id alone, and are none of these; nor is "QEMU commit …".
    """
    text = joined(lines)
    history = _HISTORY.search(text)
    counted, row = 0, 0
    for match in _COMMIT.finditer(text):
        if match["formula"] or match["stable"]:
            continue
        title = _TITLE.match(text, match.end())
        if title is None and _NUMBER.fullmatch(match["id"]):
            continue
        if is_elsewhere(text, match.start(), title.end() if title else match.end()):
            continue
        words = (title["quoted"] or title["bare"] or title["open"]).split() if title else []
        row += text.count("\n", counted, match.start("id"))
        counted = match.start("id")
        noted = history is not None and history.start() < match.start()
        yield CommitReference(
            match["id"].lower(),
            " ".join(words) or None,
            title is not None and title["bare"] is None,
            lines[row].number,
            may_be_elsewhere(text, match.start()),
            noted or bool(_BASED.search(sentence_before(text, match.start()))),
        )


def reverted_commits(lines: Lines) -> tuple[str, ...]:
    """The ids in ``This reverts commit <id>``, which git revert writes below the title."""
    return tuple(one.lower() for one in _REVERTED.findall(joined(lines)))


def is_backport(lines: Lines) -> bool:
    """Whether a message says, as stable-kernel-rules.rst asks, which commit it is a copy of."""
    return any(_BACKPORT.search(line.text) for line in lines)


def base_commit(lines: Lines) -> str | None:
    """The id in the last ``base-commit:`` line, or None."""
    found = [match[1] for line in lines if (match := _BASE.match(line.text))]
    return found[-1] if found else None
