"""What mailers do to the diffs of git is known for what it is; what git wrote is left alone."""

import random
import re
from pathlib import Path

import pytest

from patchgen.reading.read import parse_series
from patchgen.series.diff.hunks import Fault
from patchgen.series.model import Patch
from patchgen.series.text import to_bytes
from tests.series.generated import commit_trees, format_patch, generated_trees, seeds

MAILBOX = "series.mbox"


def body_lines(patches: tuple[Patch, ...]) -> list[tuple[int, str]]:
    """The lines of all hunks: where they stand, and what they say."""
    return [
        (line.number, line.text)
        for patch in patches
        for file in patch.diff.files
        for hunk in file.hunks
        for line in hunk.lines
    ]


def faults(patches: tuple[Patch, ...]) -> set[Fault]:
    return {one.fault for patch in patches for one in patch.diff.irregularities}


def wrapped(text: str) -> str | None:
    places = [match.start() for match in re.finditer(r"(?<=[^ ]) (?=[^-+\\@\s])", text[1:])]
    place = places[-1] + 1 if places else 0
    return f"{text[:place]}\n{text[place + 1 :]}" if place else None


def unmarked(text: str) -> str | None:
    return text[1:] if re.match(r" [^-+ \\@dI]", text) else None


def no_break(text: str) -> str | None:
    return f"\u00a0{text[1:]}" if text.startswith(" ") else None


@pytest.mark.parametrize("damaged", [wrapped, unmarked, no_break])
@seeds(40)
def test_a_line_that_a_mailer_changed_is_told(repository: Path, damaged, seed: int) -> None:  # type: ignore[no-untyped-def]
    source = random.Random(seed)
    commits = commit_trees(repository, generated_trees(seed))
    mails = format_patch(repository, commits[0])
    whole = parse_series([(MAILBOX, mails)]).patches
    assert not faults(whole)

    lines = mails.split(b"\n")
    possible = [(number, damaged(text)) for number, text in body_lines(whole)]
    possible = [(number, text) for number, text in possible if text is not None]
    if not possible:
        return
    number, text = source.choice(possible)
    lines[number - 1] = to_bytes(text)
    assert faults(parse_series([(MAILBOX, b"\n".join(lines))]).patches) == {Fault.WHITESPACE}


def test_tabs_that_became_blanks_are_told(repository: Path) -> None:
    lines = [b"int f(int a)", b"{", *(b"\tcall(a, %d);" % number for number in range(9)), b"}"]
    other = [*lines[:5], b"\tcall(a, 77);", *lines[5:]]
    trees = [{"f.c": ("100644", b"\n".join(body) + b"\n")} for body in (lines, other)]
    mails = format_patch(repository, commit_trees(repository, trees)[0])
    assert not faults(parse_series([(MAILBOX, mails)]).patches)
    assert faults(parse_series([(MAILBOX, mails.expandtabs(8))]).patches) == {Fault.WHITESPACE}
    assert not faults(parse_series([(MAILBOX, mails.replace(b"\t", b" " * 8))]).patches)
