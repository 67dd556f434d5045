"""Heads, names, blob ids and binary data against git, which wrote them, and against damage."""

import random
import re
import subprocess
import time
from collections import Counter
from pathlib import Path

import pytest

from patchgen.checks.catalogue import run_checks
from patchgen.checks.diffstat_summary_mismatch import diffstat_summary_mismatch
from patchgen.checks.subjects import CountedPatch
from patchgen.findings import Severity
from patchgen.reading.read import parse_series
from patchgen.series.diff.binary import damage
from patchgen.series.diff.blobs import content, wrong_ids
from patchgen.series.diff.counts import count_changes
from patchgen.series.diff.diffstat import FileChange
from patchgen.series.diff.hunks import Diff
from patchgen.series.diff.scanner import scan
from patchgen.series.text import from_bytes, joined, numbered, to_bytes
from tests.series import generated
from tests.series.generated import (
    ENVIRONMENT,
    PATHS,
    SCALE,
    commit_trees,
    format_patch,
    generated_trees,
    git,
    seeds,
)
from tests.series.test_hunks import counts, numstat_of

ODD_PATHS = (
    "x b/y.c",
    "a b/x b/y",
    "b/b",
    "a/a/x",
    "new\nline",
    "a => b.c",
    "{a => b}/c",
    "dir/sub/-- x",
    "dev/null",
    "old mode",
    "b/ b/z",
)
OPTIONS = (
    ("-M",),
    ("-M", "-C"),
    ("--no-renames", "--binary"),
    ("-U0", "-B"),
    ("--src-prefix=i/", "--dst-prefix=w/"),
    ("--src-prefix=old tree/", "--dst-prefix=new/"),
)


def scanned(diff: bytes) -> Diff:
    return scan(numbered(from_bytes(diff)))


@seeds(15)
def test_names_are_those_of_git(repository: Path, seed: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(generated, "PATHS", PATHS + ODD_PATHS)
        commits = commit_trees(repository, generated_trees(seed))
    for options in OPTIONS:
        diff = git("diff-tree", "-r", "-p", *options, commits[0], commits[-1], cwd=repository)
        if not diff:
            continue
        said = numstat_of(repository, diff)
        found = scanned(diff)
        assert found.irregularities == ()
        assert sorted(map(counts, found.files)) == said
        by_unidiff = count_changes(from_bytes(diff))
        assert by_unidiff is not None
        assert sorted(map(shown, by_unidiff)) == said


@seeds(15)
def test_summaries_are_those_of_git(repository: Path, seed: int) -> None:
    source = random.Random(seed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(generated, "PATHS", PATHS + ODD_PATHS)
        trees = [dict(tree) for tree in generated_trees(seed)]
    for path in source.sample(sorted(trees[0]), 2):  # a link is no longer one, or becomes one
        side = source.choice((0, -1))
        if path in trees[side]:
            trees[side][path] = ("120000", b"where/it/leads")
    commits = commit_trees(repository, [trees[0], trees[-1]])
    if trees[0] == trees[-1]:
        return
    for options in (["-M"], ["-M", "-C"], ["-M", "-B"], ["--no-renames"]):
        mails = format_patch(repository, commits[0], *options)
        (posted,) = parse_series([("x.patch", mails)]).patches
        found = [problem.message for problem in diffstat_summary_mismatch.find(posted)]
        assert found == [], options


def shown(change: FileChange) -> tuple[str, str, str]:
    if change.added is None:
        return change.path, "-", "-"
    return change.path, str(change.added), str(change.removed)


@seeds(20)
def test_ids_and_contents_are_those_of_the_blobs(repository: Path, seed: int) -> None:
    commits = commit_trees(repository, generated_trees(seed))
    diff = git("diff-tree", "-r", "-p", "--full-index", commits[0], commits[-1], cwd=repository)
    for file in scanned(diff).files:
        assert wrong_ids(file) == ()
        for side, blob, there in (
            ("-", file.old_id, file.deleted),
            ("+", file.new_id, file.created),
        ):
            if there and file.hunks and blob:
                data = git("cat-file", "blob", blob, cwd=repository)
                assert content(file.hunks[0], side) == data


@seeds(20)
def test_binary_data_is_whole_or_damaged(repository: Path, seed: int) -> None:
    source = random.Random(seed)
    trees = [{"x": ("100644", source.randbytes(source.randint(1, 400)) + b"\0")} for _ in range(2)]
    before, after = commit_trees(repository, trees)
    diff = git("diff-tree", "-r", "-p", "--binary", before, after, cwd=repository)
    (file,) = scanned(diff).files
    assert len(file.binary_hunks) == 2
    for hunk, blob in zip(file.binary_hunks, (file.new_id, file.old_id), strict=True):
        assert damage(hunk, blob) is None
    lines = diff.split(b"\n")
    for _ in range(10):
        at = source.choice([line.number - 1 for line in file.binary_hunks[0].lines])
        where = source.randrange(len(lines[at]))
        letter = bytes([source.choice(b"0Az~ !")])
        changed = lines[at][:where] + letter + lines[at][where + 1 :]
        damaged = b"\n".join([*lines[:at], changed, *lines[at + 1 :]])
        (found,) = scanned(damaged).files
        pairs = zip(found.binary_hunks, (found.new_id, found.old_id), strict=False)
        ours = [reason for hunk, blob in pairs if (reason := damage(hunk, blob))]
        if is_refused(repository, damaged):
            assert ours or not found.binary_hunks, changed
        else:  # git looks at the blob's id only when it applies
            assert all("not that of blob" in reason for _, reason in ours), changed


def is_refused(repository: Path, diff: bytes) -> bool:
    """git says so, but goes on; its exit status does not tell."""
    done = subprocess.run(
        ["git", "apply", "--numstat", "-"],
        cwd=repository,
        input=diff,
        env=ENVIRONMENT,
        capture_output=True,
        check=False,
    )
    return b"error: " in done.stderr


def tree_after(repository: Path, base: str, diff: bytes) -> str | None:
    """The tree that git makes of the diff, or None where it refuses it."""
    index = repository / "index-of-test"
    env = ENVIRONMENT | {"GIT_INDEX_FILE": str(index)}
    (repository / "index-of-test.lock").unlink(missing_ok=True)  # git can abort
    git("read-tree", base, cwd=repository, env=env)
    done = subprocess.run(
        ["git", "apply", "--cached", "--whitespace=nowarn", "-"],
        cwd=repository,
        input=diff,
        env=env,
        capture_output=True,
        check=False,
    )
    return None if done.returncode else git("write-tree", cwd=repository, env=env).decode().strip()


def found_in(mail: bytes, repository: Path) -> tuple[bytes, set[str]]:
    """The diff that git is handed, and the checks that find something without any base."""
    series = parse_series([("x.patch", mail)])
    (patch,) = series.patches
    diff = to_bytes(joined(patch.rest))
    said = "refused" if is_refused(repository, diff) else numstat_changes(repository, diff)
    found = run_checks([series, patch, CountedPatch(patch, said)])
    aside = {"signed-off-by-missing", "author-not-signed-off", "mode-made-executable"}
    return diff, {one.check for one in found if one.severity > Severity.NOTE} - aside


def numstat_changes(repository: Path, diff: bytes) -> tuple[FileChange, ...]:
    return tuple(
        FileChange(path, None if a == "-" else int(a), None if r == "-" else int(r))
        for path, a, r in numstat_of(repository, diff)
    )


def mutated(source: random.Random, lines: list[bytes], at: int) -> list[bytes]:
    """The mail with one line lost, doubled, swapped with the next, or one character other."""
    line = lines[at]
    kind = source.choice(("lose", "double", "swap", "digit", "letter"))
    if kind == "lose":
        return [*lines[:at], *lines[at + 1 :]]
    if kind == "double":
        return [*lines[:at], line, *lines[at:]]
    if kind == "swap":
        return [*lines[:at], lines[at + 1], line, *lines[at + 2 :]]
    digits = [match.start() for match in re.finditer(rb"\d", line)]
    places = digits if kind == "digit" and digits else range(len(line) + 1)
    where = source.choice(places)
    letters = b"0123456789" if kind == "digit" else b"abcxyz/ +-"
    other = line[:where] + bytes([source.choice(letters)]) + line[where + 1 :]
    return [*lines[:at], other, *lines[at + 1 :]]


def test_damage_that_git_notices_or_believes_is_found(repository: Path) -> None:
    """One line of a diff is damaged, the base is at hand for git and not for us.

    What is not in the mail cannot be known: whether the lines of a file that is neither new nor
    deleted were others. All else must be found.
    """
    shares: Counter[tuple[str, bool]] = Counter()
    for seed in range(30 * SCALE):
        source = random.Random(seed)
        commits = commit_trees(repository, generated_trees(seed, changes=1))
        mail = format_patch(repository, commits[0], "--numbered")
        diff, accused = found_in(mail, repository)
        assert accused == set(), seed
        right = tree_after(repository, commits[0], diff)
        lines = mail.split(b"\n")
        (patch,) = parse_series([("x.patch", mail)]).patches
        unknown = {
            line.number - 1
            for file in patch.diff.files
            if file.old_path and file.new_path
            for hunk in file.hunks
            for line in hunk.lines
        }
        for _ in range(8):
            at = source.randrange(patch.diff.files[0].line - 1, len(lines) - 4)
            damaged = b"\n".join(mutated(source, lines, at))
            diff, found = found_in(damaged, repository)
            if tree_after(repository, commits[0], diff) == right:
                continue
            kind = "lines of changed files" if at in unknown or at + 1 in unknown else "all else"
            shares[kind, bool(found)] += 1
            assert found or kind != "all else", (seed, at, lines[at])
    for kind in ("all else", "lines of changed files"):
        print(f"{kind}: {shares[kind, True]} of {shares[kind, True] + shares[kind, False]} found")
    assert shares["all else", True] > 50


@seeds(10)
def test_carriage_returns_change_nothing_in_heads(repository: Path, seed: int) -> None:
    commits = commit_trees(repository, generated_trees(seed, binary=False))
    diff = git("diff-tree", "-r", "-p", "-M", commits[0], commits[-1], cwd=repository)
    turned = scanned(diff.replace(b"\n", b"\r\n"))
    assert turned.irregularities == ()
    text = from_bytes(diff)
    assert count_changes(text.replace("\n", "\r\n")) == count_changes(text)
    assert [
        (file.old_path, file.new_path, file.new_mode, file.old_id, len(file.hunks), file.moved)
        for file in turned.files
    ] == [
        (file.old_path, file.new_path, file.new_mode, file.old_id, len(file.hunks), file.moved)
        for file in scanned(diff).files
    ]


@pytest.mark.parametrize("digits", [1, 30, 5000])
def test_a_number_of_any_length_is_read(digits: int) -> None:
    number = "9" * digits
    diff = scan(numbered(f"--- a/x\n+++ b/x\n@@ -{number},{number} +{number} @@\n-a\n+b\n"))
    assert diff.irregularities


def test_time_grows_with_the_diff_only() -> None:
    hunk = "@@ -{0},3 +{0},3 @@ f\n a\n-b\n+c\n d\n"
    head = "diff --git a/x b/x\n--- a/x\n+++ b/x\n"

    def seconds(count: int) -> float:
        lines = numbered(head + "".join(hunk.format(10 * at + 1) for at in range(count)))
        start = time.process_time()
        (file,) = scan(lines).files
        assert len(file.hunks) == count
        return time.process_time() - start

    assert min(seconds(20_000) for _ in range(2)) < 6 * max(seconds(5_000), 0.05)
