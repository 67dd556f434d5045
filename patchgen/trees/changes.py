"""What changed between two trees, and what git itself counts in a diff."""

import re
import secrets
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import takewhile

from patchgen.series.diff.counts import count_changes
from patchgen.series.diff.diffstat import FileChange
from patchgen.series.diff.hunks import Hunk
from patchgen.series.text import Lines, from_bytes, joined, to_bytes
from patchgen.trees.patch_files import is_forgotten, patch_files
from patchgen.trees.repository import GitFailedError, Repository

_RENAMES = (
    ("-M",),
    ("--no-renames",),
    ("-M", "-C"),
    ("-M", "-C", "--find-copies-harder"),
    ("-B", "-M"),
    ("-M90%",),
)
_ALGORITHMS = (
    (),
    *((f"--diff-algorithm={name}",) for name in ("histogram", "patience", "minimal")),
)
WAYS_TO_DIFF = tuple((*renames, *algorithm) for renames in _RENAMES for algorithm in _ALGORITHMS)
"""What people have set when they write a cover letter; the first is git's default."""
_MOST = 256
_AT_LINE = re.compile(r"(?:at line |on line |at <stdin>:)(\d+)")


def tree_changes(
    repository: Repository, before: str, after: str, *options: str
) -> tuple[FileChange, ...]:
    """unidiff's counts of the diff between two trees, with rename detection unless turned off."""
    diff = repository.run("diff-tree", "-r", "-p", *(options or ("-M",)), before, after)
    return count_changes(from_bytes(diff)) or ()


def git_words(message: str, rest: Lines) -> str:
    """The first error in what git-apply printed; a line of its input becomes that of the mail."""
    printed = message.splitlines() or [""]
    first = next((line for line in printed if line.startswith("error: ")), printed[0])
    return _AT_LINE.sub(lambda at: _in_mail(at, rest), first.removeprefix("error: "))


def _in_mail(at: re.Match[str], rest: Lines) -> str:
    index = min(int(at[1]), len(rest)) - 1
    return f"at line {rest[index].number}" if index >= 0 else ""


def git_counts(
    repository: Repository, patches: Sequence[Lines], cut_off: Collection[int] = ()
) -> tuple[tuple[FileChange, ...] | str, ...]:
    """What ``git apply --numstat`` counts in the parts of mails that hold the diffs.

    In place of the counts are git's words where it cannot read one. One process counts them all
    up to the next that has to be alone, or that git cannot read. The diffs whose indexes are in
    ``cut_off`` have no newline at their end.
    """
    diffs = [to_bytes(joined(rest)) for rest in patches]
    for index in cut_off:
        diffs[index] = diffs[index].removesuffix(b"\n")
    found: list[tuple[FileChange, ...] | str] = []
    while len(found) < len(diffs):
        at = len(found)
        run = [*takewhile(is_forgotten, diffs[at : at + _MOST])]
        found += _counted_together(repository, run) if len(run) > 1 else []
        if len(found) < at + max(len(run), 1):
            found.append(_counted_alone(repository, patches[len(found)], diffs[len(found)]))
    return tuple(found)


def _counted_alone(
    repository: Repository, rest: Lines, diff: bytes
) -> tuple[FileChange, ...] | str:
    try:
        output = repository.run("apply", "--numstat", "-z", "-", stdin=diff)
    except GitFailedError as error:
        return git_words(error.message, rest)
    return tuple(_numstat(output.split(b"\0")))


def _counted_together(
    repository: Repository, diffs: Sequence[bytes]
) -> list[tuple[FileChange, ...]]:
    """The counts of the diffs before the first that git cannot read.

    Between them git is given a diff of a file that none of them can name, to tell them apart.
    """
    name = secrets.token_hex(16)
    mark = f"diff --git a/{name} b/{name}\nold mode 100644\nnew mode 100755\n".encode("ascii")
    last, *names = patch_files(repository, [mark, *diffs])
    files = [file for name in names for file in (name, last)]
    output = repository.run("apply", "--numstat", "-z", *files, failing=True)
    *counted, _ = output.split(b"0\t0\t" + name.encode("ascii") + b"\0")
    return [tuple(_numstat(records.split(b"\0"))) for records in counted]


def _numstat(records: Iterable[bytes]) -> Iterator[FileChange]:
    for record in records:
        if record:
            added, removed, path = from_bytes(record).split("\t", 2)
            yield FileChange(
                path,
                None if added == "-" else int(added),
                None if removed == "-" else int(removed),
            )


def added_lines(repository: Repository, before: str, after: str, path: str) -> tuple[int, ...]:
    """The line numbers in ``after`` that ``before`` does not have, for one file."""
    return tuple(
        line
        for hunk in _hunks(repository, before, after, path)
        for line in range(hunk.new_start, hunk.new_start + hunk.new_count)
    )


def kept_lines(
    repository: Repository, before: str, after: str, path: str, lines: Iterable[int]
) -> dict[int, int]:
    """The numbers in ``after`` of those of ``lines`` of ``before`` that it still has."""
    hunks = _hunks(repository, before, after, path)
    found = {}
    for line in lines:
        if not any(one.old_start <= line < one.old_start + one.old_count for one in hunks):
            above = (one for one in hunks if one.old_start + max(one.old_count, 1) <= line)
            found[line] = line + sum(one.new_count - one.old_count for one in above)
    return found


def _hunks(repository: Repository, before: str, after: str, path: str) -> tuple[Hunk, ...]:
    from patchgen.series.diff.scanner import scan
    from patchgen.series.text import numbered

    diff = repository.run("diff-tree", "-r", "-p", "-U0", "--no-renames", before, after, "--", path)
    return tuple(hunk for file in scan(numbered(from_bytes(diff))).files for hunk in file.hunks)
