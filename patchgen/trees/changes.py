"""What changed between two trees, and what git itself counts in a diff."""

import re
from collections.abc import Iterator

from patchgen.series.diff import count_changes
from patchgen.series.diffstat import FileChange
from patchgen.series.text import Lines, from_bytes, joined, to_bytes
from patchgen.trees.repository import GitFailedError, Repository

WAYS_TO_DIFF = (
    ("-M",),
    ("-M", "--diff-algorithm=histogram"),
    ("-M", "--diff-algorithm=patience"),
    ("-M", "--diff-algorithm=minimal"),
    ("-M", "-C"),
    ("--no-renames",),
    ("--no-renames", "--diff-algorithm=histogram"),
    ("--no-renames", "--diff-algorithm=patience"),
    ("--no-renames", "--diff-algorithm=minimal"),
)
"""What people have set when they write a cover letter; the first is git's default."""
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


def git_counts(repository: Repository, rest: Lines) -> tuple[FileChange, ...] | str:
    """What ``git apply --numstat`` counts in the part of a mail that holds the diff.

    Returns git's words when it cannot read it.
    """
    try:
        output = repository.run("apply", "--numstat", "-z", "-", stdin=to_bytes(joined(rest)))
    except GitFailedError as error:
        return git_words(error.message, rest)
    return tuple(_numstat(from_bytes(output)))


def _numstat(output: str) -> Iterator[FileChange]:
    for record in output.split("\0"):
        if record:
            added, removed, path = record.split("\t", 2)
            yield FileChange(
                path,
                None if added == "-" else int(added),
                None if removed == "-" else int(removed),
            )


def added_lines(repository: Repository, before: str, after: str, path: str) -> tuple[int, ...]:
    """The line numbers in ``after`` that ``before`` does not have, for one file."""
    from patchgen.series.scanner import scan
    from patchgen.series.text import numbered

    diff = repository.run("diff-tree", "-r", "-p", "-U0", "--no-renames", before, after, "--", path)
    found: list[int] = []
    for file in scan(numbered(from_bytes(diff))).files:
        for hunk in file.hunks:
            found += range(hunk.new_start, hunk.new_start + hunk.new_count)
    return tuple(found)
