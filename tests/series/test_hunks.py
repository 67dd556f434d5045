"""The strict scanner against git, which wrote every diff here, and against damage."""

import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from patchgen.reading.read import parse_series
from patchgen.series.diff.counts import count_changes
from patchgen.series.diff.hunks import Diff, Fault, FileDiff
from patchgen.series.diff.scanner import scan
from patchgen.series.model import Patch
from patchgen.series.text import joined, numbered, to_bytes
from tests.series.generated import (
    Tree,
    commit_trees,
    format_patch,
    generated_trees,
    git,
    seeds,
)

HEADER = re.compile(rb"@@ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@")
DIFF_OPTIONS = ("-M", "-C", "--no-renames", "-U0", "-U1", "-U10", "--full-index")


def patches(repository: Path, seed: int, *options: str) -> tuple[list[Tree], tuple[Patch, ...]]:
    trees = generated_trees(seed)
    commits = commit_trees(repository, trees)
    mails = format_patch(repository, commits[0], *options)
    return trees, parse_series([("series.mbox", mails)]).patches


def numstat_of(repository: Path, diff: bytes) -> list[tuple[str, str, str]]:
    said = git("apply", "--numstat", "-z", "-", cwd=repository, stdin=diff).decode()
    return sorted(
        (path, added, removed)
        for added, removed, path in (line.split("\t", 2) for line in said.split("\0") if line)
    )


def counts(file: FileDiff) -> tuple[str, str, str]:
    if file.binary:
        return file.path, "-", "-"
    return file.path, str(file.added), str(file.removed)


@seeds(40)
def test_counts_are_those_of_git_and_unidiff(repository: Path, seed: int) -> None:
    _, found = patches(repository, seed)
    for patch in found:
        assert patch.diff.irregularities == ()
        own = sorted(counts(file) for file in patch.diff.files)
        assert own == numstat_of(repository, to_bytes(joined(patch.rest)))
        assert patch.counts is not None
        unidiff = sorted((file.path, file.added, file.removed) for file in patch.counts)
        assert [
            (path, None if a == "-" else int(a), None if r == "-" else int(r)) for path, a, r in own
        ] == unidiff


@seeds(40)
def test_hunks_turn_one_tree_into_the_next(repository: Path, seed: int) -> None:
    trees, found = patches(repository, seed, "--no-binary")
    for before, after, patch in zip(trees, trees[1:], found, strict=False):
        state = dict(before)
        for file in patch.diff.files:
            if file.binary:
                continue
            old = before[file.old_path][1] if file.old_path else b""
            mode = before[file.old_path][0] if file.old_path else "100644"
            if file.old_path and file.old_path != file.new_path:
                state.pop(file.old_path, None)
            if file.new_path:
                state[file.new_path] = (file.new_mode or mode, applied(file, old))
        for file in patch.diff.files:
            if not file.binary and file.new_path:
                assert state[file.new_path] == after[file.new_path]
            elif not file.binary:
                assert file.old_path not in after


def applied(file: FileDiff, old: bytes) -> bytes:
    """The file after the hunks, put together from their images alone."""
    rest = old.split(b"\n")
    result: list[bytes] = []
    position = 0
    for hunk in file.hunks:
        start = hunk.old_start - 1 if hunk.old_count else hunk.old_start
        result += rest[position:start]
        position = start + hunk.old_count
        assert [to_bytes(line.text) for line in hunk.pre_image] == rest[start:position]
        assert len(result) == (hunk.new_start - 1 if hunk.new_count else hunk.new_start)
        result += [to_bytes(line.text) for line in hunk.post_image]
        if position >= len(rest) - (1 if old.endswith(b"\n") or not old else 0):
            ended = [line.text for line in hunk.lines]
            newline = not (
                len(ended) > 1 and ended[-1].startswith("\\") and ended[-2][0] in "+ "
            ) and not (ended[-1].startswith("\\") and ended[-2][0] == "-" and not hunk.new_count)
            return b"\n".join(result) + (b"\n" if result and newline else b"")
    return b"\n".join([*result, *rest[position:]])


@pytest.mark.parametrize("option", DIFF_OPTIONS)
@seeds(8)
def test_every_form_of_diff_is_read(repository: Path, option: str, seed: int) -> None:
    commits = commit_trees(repository, generated_trees(seed))
    diff = git("diff-tree", "-r", "-p", option, commits[0], commits[-1], cwd=repository)
    found = scan(numbered(diff.decode("utf-8", "surrogateescape")))
    assert found.irregularities == ()
    if diff:
        assert sorted(map(counts, found.files)) == numstat_of(repository, diff)
    assert count_changes(diff.decode("utf-8", "surrogateescape")) is not None


@seeds(40)
def test_sides_of_a_file_are_those_git_lists(repository: Path, seed: int) -> None:
    commits = commit_trees(repository, generated_trees(seed, changes=1))
    raw = git("diff-tree", "-r", "-z", "--raw", "-M", *commits, cwd=repository).decode()
    diff = git("diff-tree", "-r", "-p", "-M", *commits, cwd=repository)
    expected = []
    fields = iter(raw.split("\0"))
    for field in fields:
        if not field:
            continue
        old_mode, new_mode, _, _, kind = field[1:].split(" ")
        old = new = next(fields)
        if kind[0] == "R":
            new = next(fields)
        expected.append(
            (
                None if kind == "A" else old,
                None if kind == "D" else new,
                new_mode if kind == "A" or (kind != "D" and old_mode != new_mode) else None,
                kind[0] == "R",
            )
        )
    found = scan(numbered(diff.decode("utf-8", "surrogateescape"))).files
    assert [(file.old_path, file.new_path, file.new_mode, file.moved) for file in found] == expected


def damaged_counts(header: bytes) -> Iterator[bytes]:
    """The hunk header with one character of either count replaced, taken out or put in."""
    match = re.match(rb"(@@ -\d+,?)(\d*)( \+\d+,?)(\d*)( @@.*)", header, re.DOTALL)
    assert match
    parts = list(match.groups())
    for index, comma in ((1, 0), (3, 2)):
        if not parts[comma].endswith(b","):
            yield b"".join([*parts[:index], b",7", *parts[index + 1 :]])
            continue
        number = parts[index]
        for at in range(len(number) + 1):
            edits = [number[:at] + b"%d" % digit + number[at:] for digit in range(10)]
            edits.append(number[:at] + b"x" + number[at:])
            if at < len(number):
                edits += [number[:at] + b"%d" % digit + number[at + 1 :] for digit in range(10)]
                edits.append(number[:at] + number[at + 1 :])
            for edit in edits:
                if not edit.isdigit() or int(edit) != int(number):
                    yield b"".join([*parts[:index], edit, *parts[index + 1 :]])


def faults(mail: bytes) -> list[Fault]:
    found = parse_series([("x.patch", mail)]).patches
    return [odd.fault for patch in found for odd in patch.diff.irregularities]


@seeds(25)
def test_no_damaged_count_is_accepted(repository: Path, seed: int) -> None:
    commits = commit_trees(repository, generated_trees(seed, changes=1, binary=False))
    lines = format_patch(repository, commits[0]).split(b"\n")
    source = random.Random(seed)
    headers = [at for at, line in enumerate(lines) if HEADER.match(line) and line[:1] == b"@"]
    for at in headers[:4]:
        edits = sorted(set(damaged_counts(lines[at])))
        for edit in source.sample(edits, min(12, len(edits))):
            assert faults(b"\n".join([*lines[:at], edit, *lines[at + 1 :]])), edit


@seeds(25)
def test_no_line_put_in_or_taken_out_is_accepted(repository: Path, seed: int) -> None:
    commits = commit_trees(repository, generated_trees(seed, changes=1, binary=False))
    mail = format_patch(repository, commits[0])
    lines = mail.split(b"\n")
    source = random.Random(seed)
    bodies = [
        line.number - 1
        for patch in parse_series([("x.patch", mail)]).patches
        for file in patch.diff.files
        for hunk in file.hunks
        for line in hunk.lines
        if not line.text.startswith("\\")
    ]
    for at in source.sample(bodies, min(10, len(bodies))):
        assert faults(b"\n".join([*lines[:at], *lines[at + 1 :]])), lines[at]
        for extra in (b" x", b"+x", b"-x"):
            assert faults(b"\n".join([*lines[: at + 1], extra, *lines[at + 1 :]])), lines[at]


def scanned(text: str) -> Diff:
    return scan(numbered(text))


def test_lines_below_a_full_hunk_are_reported_at_the_first() -> None:
    diff = scanned("--- a/x\n+++ b/x\n@@ -1,2 +1,3 @@\n a\n+b\n c\n+d\n+e\n-- \n2.39.5\n")
    (fault,) = diff.irregularities
    assert (fault.fault, fault.line) == (Fault.LINES_LOST, 7)
    assert fault.message == (
        "hunk header counts 2 old and 3 new lines, the body has 2 and 5; the rest is lost"
    )
    assert [line.number for line in diff.files[0].hunks[0].lines] == [4, 5, 6]


def test_a_signature_does_not_fill_a_hunk() -> None:
    diff = scanned("--- a/x\n+++ b/x\n@@ -1,3 +1,2 @@\n a\n+b\n-c\n-- \n2.39.5\n")
    assert [odd.fault for odd in diff.irregularities] == [Fault.COUNT_MISMATCH]


BASE = "\nbase-commit: 0123456789abcdef0123456789abcdef01234567\n"


def test_a_removed_dash_above_the_base_is_no_signature() -> None:
    diff = scanned(f"--- a/x\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-a\n--\n{BASE}-- \n2.39.5\n")
    assert diff.irregularities == ()
    assert [line.text for line in diff.files[0].hunks[0].lines] == ["-a", "--"]


def test_a_signature_above_the_base_that_nothing_counts_is_one() -> None:
    diff = scanned(f"--- a/x\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n--\n{BASE}")
    assert diff.irregularities == ()
    assert [line.text for line in diff.files[0].hunks[0].lines] == ["-a"]


def test_an_emptied_context_line_counts() -> None:
    diff = scanned("--- a/x\n+++ b/x\n@@ -1,3 +1,4 @@\n a\n+b\n\n c\n")
    assert diff.irregularities == ()
    assert diff.files[0].hunks[0].pre_image[1].text == ""


@pytest.mark.parametrize(
    "header", ["@@ -1,2 +1,2", "@@ -x +1 @@", "@@ -1,2 +1,3@@", "@@ -1,-2 +1 @@", "@@ -1,١ +1 @@"]
)
def test_a_header_that_git_cannot_read_is_reported(header: str) -> None:
    diff = scanned(f"--- a/x\n+++ b/x\n{header}\n a\n+b\n")
    assert [odd.fault for odd in diff.irregularities] == [Fault.COUNT_MISMATCH]


@pytest.mark.parametrize(
    "name", ['"a/\\x"', '"a/\\"', '"a/\\400"', '"a/\\N{DASH}"', '"a/\\q"', '"', '""', '"a/\\u12"']
)
def test_a_badly_quoted_name_is_no_crash(name: str) -> None:
    for head in (
        f"diff --git {name} {name}\n--- {name}\n+++ {name}\n",
        f"--- {name}\n+++ {name}\n",
    ):
        text = f"{head}@@ -1 +1 @@\n-a\n+b\n"
        assert len(scanned(text).files) == 1
        count_changes(text)


def test_lines_that_look_like_file_headers_are_body_in_a_diff_by_git() -> None:
    text = (
        "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n--- one\n+++ two\n@@ -9 +9 @@\n-a\n+b\n"
    )
    diff = scan(numbered(text))
    assert not diff.irregularities
    assert [(hunk.removed, hunk.added) for hunk in diff.files[0].hunks] == [(1, 1), (1, 1)]
