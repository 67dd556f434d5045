"""Commits by what they change: their patch ids, and the lines they take out and add."""

from collections import Counter
from collections.abc import Collection, Iterable

from patchgen.series.commits.backports import changed_lines
from patchgen.series.text import from_bytes, numbered
from patchgen.trees.repository import GitFailedError, Repository

KINDS = ("--stable", "--unstable")
"""Both ways in which git has made patch ids."""


def patch_ids(repository: Repository, diffs: bytes, wanted: Collection[str]) -> dict[str, str]:
    """The commits, or whatever has a line with an id before its diff, by patch id.

    The second kind of ids is made only where some of ``wanted`` are not of the first.
    """
    found: dict[str, str] = {}
    for kind in KINDS:
        if {*wanted} <= found.keys():
            break
        for line in from_bytes(repository.run("patch-id", kind, stdin=diffs)).splitlines():
            patch_id, _, commit = line.partition(" ")
            found.setdefault(patch_id, commit)
    return found


def commits_by_patch_id(
    repository: Repository, commits: Collection[str], wanted: Collection[str]
) -> dict[str, str]:
    """The full ids of ``commits`` by patch id, with all of ``wanted`` that they have.

    Raises GitFailedError where one cannot be read.
    """
    if not commits or not wanted:
        return {}
    asked = "".join(f"{one}\n" for one in commits).encode("ascii")
    diffs = repository.run("diff-tree", "--stdin", "-r", "-p", "--root", stdin=asked)
    return patch_ids(repository, diffs, wanted)


def commits_since(
    repository: Repository, tips: Iterable[str], old: str, most: int
) -> tuple[str, ...]:
    """The newest commits, ``most`` of them, that ``tips`` have and ``old`` does not; no merges.

    Raises GitFailedError where the history cannot be read.
    """
    asked = "".join(f"{one}\n" for one in (*tips, f"^{old}")).encode("ascii")
    options = ("--no-merges", f"--max-count={most}", "--stdin")
    return tuple(from_bytes(repository.run("rev-list", *options, stdin=asked)).split())


def lines_changed_by(repository: Repository, commit: str) -> Counter[str] | None:
    """What a commit takes out and adds; None for a merge, or where it cannot be read."""
    try:
        diff = repository.run(
            "diff-tree", "-r", "-M", "-U0", "-p", "--no-commit-id", "--root", commit
        )
    except GitFailedError:
        return None
    inside = False
    kept = []
    for line in numbered(from_bytes(diff)):
        if line.text.startswith(("diff --git ", "@@ ")):
            inside = line.text.startswith("@@ ")
        elif inside:
            kept.append(line)
    return changed_lines(kept) or None
