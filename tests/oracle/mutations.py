"""One thing wrong with a series: what it is, how it is made, and which findings must tell of it."""

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

_HUNK = re.compile(rb"^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@", re.MULTILINE)
_DIGITS = re.compile(rb"\d+")
_TOTALS = re.compile(rb"^ \d+ files? changed.*$", re.MULTILINE)
_ROW = re.compile(rb"^( \S[^|\n]*\|\s+)(\d+) ([+-]+)$", re.MULTILINE)
_NUMBERS = re.compile(rb"(?<=[\[ ])(\d+)/(\d+)(?=\])")
_LINE = re.compile(rb"^[ +-](?!\+\+ |-- ).*\n", re.MULTILINE)

Mails = Sequence[bytes]
Mutation = Callable[[random.Random, list[bytes]], list[bytes] | None]
"""Makes one thing wrong; None where the series has no such thing."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A way to break a series.

    ``found_by`` are the checks of which at least one must speak up; ``share`` is the least part
    of such mutations that must be found, and ``why`` says what is not decidable if it is not all.
    ``on_base`` is whether patchgen is told the base, or finds it itself.
    """

    name: str
    mutate: Mutation
    found_by: tuple[str, ...]
    share: float = 1.0
    why: str = ""
    on_base: bool = True


def replaced(text: bytes, match: re.Match[bytes], group: int, new: bytes) -> bytes:
    return text[: match.start(group)] + new + text[match.end(group) :]


def in_diff(source: random.Random, mails: list[bytes]) -> tuple[int, int]:
    """A patch and where its diff begins."""
    at = source.randrange(1, len(mails))
    return at, mails[at].index(b"\ndiff --git ")


def any_match(
    source: random.Random, pattern: re.Pattern[bytes], text: bytes, start: int = 0, end: int = -1
) -> re.Match[bytes] | None:
    found = [*pattern.finditer(text, start, len(text) if end < 0 else end)]
    return source.choice(found) if found else None


def other_number(source: random.Random, number: bytes) -> bytes:
    """Another number, at least 1."""
    value = int(number)
    return str(source.choice([one for one in range(1, value + 4) if one != value])).encode()


def _hunk_number(groups: tuple[int, ...]) -> Mutation:
    def mutate(source: random.Random, mails: list[bytes]) -> list[bytes] | None:
        at, start = in_diff(source, mails)
        match, group = any_match(source, _HUNK, mails[at], start), source.choice(groups)
        if match is None or match[group] is None or match[group] == b"0":
            return None
        mails[at] = replaced(mails[at], match, group, other_number(source, match[group]))
        return mails

    return mutate


def _lines(source: random.Random, mails: list[bytes], change: Callable[[bytes], bytes]) -> bool:
    """Change one line of a hunk, whatever its kind."""
    at, start = in_diff(source, mails)
    hunk = any_match(source, _HUNK, mails[at], start)
    if hunk is None:
        return False
    first = mails[at].index(b"\n", hunk.end()) + 1
    stop = re.compile(rb"^(?![ +\\-])|^-- $|\Z", re.MULTILINE).search(mails[at], first)
    line = any_match(source, _LINE, mails[at], first, stop.start() if stop else -1)
    if line is None:
        return False
    mails[at] = mails[at][: line.start()] + change(line[0]) + mails[at][line.end() :]
    return True


def _line(change: Callable[[bytes], bytes]) -> Mutation:
    def mutate(source: random.Random, mails: list[bytes]) -> list[bytes] | None:
        return mails if _lines(source, mails, change) else None

    return mutate


def _changed_line(marks: bytes) -> Mutation:
    def mutate(source: random.Random, mails: list[bytes]) -> list[bytes] | None:
        changed: list[bool] = []

        def change(line: bytes) -> bytes:
            changed.append(line[:1] in [marks[at : at + 1] for at in range(len(marks))])
            return line[:-1] + b" and more\n" if changed[0] else line

        return mails if _lines(source, mails, change) and changed[0] else None

    return mutate


def _place(group: int) -> Mutation:
    def mutate(source: random.Random, mails: list[bytes]) -> list[bytes] | None:
        at = source.randrange(1, len(mails))
        match = _NUMBERS.search(mails[at], 0, mails[at].index(b"\n\n"))
        if match is None:
            return None
        mails[at] = replaced(mails[at], match, group, other_number(source, match[group]))
        return mails

    return mutate


def _table(cover: bool, what: str) -> Mutation:
    def mutate(source: random.Random, mails: list[bytes]) -> list[bytes] | None:
        at = 0 if cover else source.randrange(1, len(mails))
        end = len(mails[at]) if cover else mails[at].index(b"\ndiff --git ")
        if what == "total":
            line = _TOTALS.search(mails[at], 0, end)
            number = line and any_match(
                source, re.compile(rb"\d+"), mails[at], line.start(), line.end()
            )
            if not number:
                return None
            mails[at] = replaced(mails[at], number, 0, other_number(source, number[0]))
            return mails
        row = any_match(source, _ROW, mails[at], 0, end)
        if row is None:
            return None
        if what == "cell":
            new = replaced(mails[at], row, 2, other_number(source, row[2]))
        elif what == "bar":
            bar = row[3] + row[3][-1:] if source.random() < 0.5 else row[3][::-1]
            if bar == row[3]:
                return None
            new = replaced(mails[at], row, 3, bar)
        elif what == "name":
            new = replaced(mails[at], row, 1, re.sub(rb"(\S)( *\|\s+)$", rb"\1x\2", row[1]))
        elif len(_ROW.findall(mails[at], 0, end)) < 2:
            return None  # what is left is what git diff --shortstat prints
        else:
            new = mails[at][: row.start()] + mails[at][row.end() + 1 :]
        mails[at] = new
        return mails

    return mutate


def _title_in_patch(source: random.Random, mails: list[bytes]) -> list[bytes] | None:
    at = source.randrange(1, len(mails))
    mails[at] = re.sub(rb"(?m)^(Subject: \[[^\]]*\] \w+)", rb"\1x", mails[at], count=1)
    return mails


def _title_in_letter(source: random.Random, mails: list[bytes]) -> list[bytes] | None:
    match = any_match(source, re.compile(rb"(?m)^  (\w+)"), mails[0], mails[0].index(b"\n\n"))
    if match is None:
        return None
    mails[0] = replaced(mails[0], match, 1, match[1] + b"x")
    return mails


def _author(source: random.Random, mails: list[bytes]) -> list[bytes] | None:
    at = source.randrange(1, len(mails))
    mails[at] = re.sub(rb"(?m)^From: .*$", b"From: N O Body <no@example.com>", mails[at], count=1)
    return mails


def _author_in_letter(source: random.Random, mails: list[bytes]) -> list[bytes] | None:
    match = any_match(source, re.compile(rb"(?m)^(\S.*) \((\d+)\):$"), mails[0])
    if match is None:
        return None
    group = source.choice((1, 2))
    new = b"N O Body" if group == 1 else other_number(source, match[2])
    mails[0] = replaced(mails[0], match, group, new)
    return mails


def _path(source: random.Random, mails: list[bytes]) -> list[bytes] | None:
    at, start = in_diff(source, mails)
    pattern = re.compile(rb"^(?:--- a|\+\+\+ b)/([^\t\n]+)$", re.MULTILINE)
    match = any_match(source, pattern, mails[at], start)
    if match is None:
        return None
    mails[at] = replaced(mails[at], match, 1, match[1] + b"x")
    return mails


def _no_sign_off(source: random.Random, mails: list[bytes]) -> list[bytes] | None:
    at = source.randrange(1, len(mails))
    mails[at] = re.sub(rb"(?m)^Signed-off-by: .*\n", b"", mails[at], count=1)
    return mails


def _misspelt_trailer(source: random.Random, mails: list[bytes]) -> list[bytes] | None:
    at = source.randrange(1, len(mails))
    mails[at] = mails[at].replace(b"\nSigned-off-by:", b"\nSigned-of-by:", 1)
    return mails


def _version(source: random.Random, mails: list[bytes]) -> list[bytes] | None:
    at = source.randrange(1, len(mails))
    mails[at] = re.sub(rb"(?m)^(Subject: \[PATCH)", rb"\1 v7", mails[at], count=1)
    return mails


def _prefix(source: random.Random, mails: list[bytes]) -> list[bytes] | None:
    at = source.randrange(1, len(mails))
    mails[at] = re.sub(rb"(?m)^(Subject: \[PATCH)", rb"\1 net", mails[at], count=1)
    return mails


def _lost_patch(source: random.Random, mails: list[bytes]) -> list[bytes] | None:
    if len(mails) < 3:
        return None
    del mails[source.randrange(1, len(mails))]
    return mails


def _doubled_patch(source: random.Random, mails: list[bytes]) -> list[bytes] | None:
    mails.append(mails[source.randrange(1, len(mails))])
    return mails


_COUNTS = ("hunk-count-mismatch", "lines-lost", "oracle-disagreement")
ANY_HUNK = (
    *_COUNTS, "patch-does-not-apply", "hunk-position-mismatch", "hunk-overlap", "hunk-offset",
    "hunk-ambiguous", "hunk-in-wrong-section", "blob-mismatch", "blob-id-mismatch",
    "diffstat-mismatch", "already-applied", "no-newline-misplaced",
)  # fmt: skip
_NUMBERING = ("numbering-gap", "numbering-duplicate", "total-mismatch")
_COVER = ("cover-diffstat-mismatch", "diffstat-arithmetic", "cover-diffstat-partial")
_STAT = ("diffstat-mismatch", "diffstat-arithmetic", "diffstat-summary-mismatch")
_SCALE = "diffstat-scale-mismatch"

KINDS = (
    Kind("hunk count", _hunk_number((2, 4)), _COUNTS),
    Kind("line lost from a hunk", _line(lambda line: b""), _COUNTS),
    Kind("line doubled in a hunk", _line(lambda line: line + line), _COUNTS),
    Kind("hunk start", _hunk_number((1, 3)), ANY_HUNK),
    Kind("context or removed line changed", _changed_line(b" -"), ANY_HUNK),
    Kind("added line changed", _changed_line(b"+"), ("blob-result-mismatch", *ANY_HUNK)),
    Kind("path in a diff", _path, ("diff-header-mismatch", *ANY_HUNK)),
    Kind("number in a subject", _place(1), _NUMBERING),
    Kind("total in a subject", _place(2), _NUMBERING),
    Kind("patch lost", _lost_patch, _NUMBERING),
    Kind("patch doubled", _doubled_patch, _NUMBERING),
    Kind("cover diffstat: cell", _table(True, "cell"), _COVER),
    Kind("cover diffstat: bar", _table(True, "bar"), (*_COVER, _SCALE)),
    Kind("cover diffstat: total", _table(True, "total"), _COVER),
    Kind("cover diffstat: name", _table(True, "name"), _COVER),
    Kind("cover diffstat: row lost", _table(True, "row"), _COVER),
    Kind("diffstat: cell", _table(False, "cell"), _STAT),
    Kind("diffstat: bar", _table(False, "bar"), (*_STAT, _SCALE)),
    Kind("diffstat: total", _table(False, "total"), _STAT),
    Kind("diffstat: name", _table(False, "name"), _STAT),
    Kind("diffstat: row lost", _table(False, "row"), _STAT),
    Kind("title in a patch", _title_in_patch, ("shortlog-mismatch",)),
    Kind("title in the letter", _title_in_letter, ("shortlog-mismatch",)),
    Kind("author of a patch", _author, ("shortlog-mismatch", "author-not-signed-off")),
    Kind("author or count in the letter", _author_in_letter, ("shortlog-mismatch",)),
    Kind("sign-off lost", _no_sign_off, ("signed-off-by-missing", "author-not-signed-off")),
    Kind(
        "trailer misspelt", _misspelt_trailer,
        ("trailer-malformed", "signed-off-by-missing", "author-not-signed-off"),
    ),
    Kind("version of a patch", _version, ("version-inconsistent",)),
    Kind("prefix of a patch", _prefix, ("prefix-inconsistent",)),
)  # fmt: skip
