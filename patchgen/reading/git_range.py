"""Commits of a repository read as the series that ``git format-patch`` makes of them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from patchgen.errors import InputError, UsageError
from patchgen.findings import Skipped
from patchgen.reading.read import parse_series
from patchgen.series.model import CoverLetter, Series
from patchgen.trees.base import CommitBase, open_commit
from patchgen.trees.repository import GitFailedError, Repository, UserRepository, find_repository

_RANGE = re.compile(r"(?!/)(.*?)(?<!/)(\.\.\.?)(?!/)(.*)", re.DOTALL)
_OPTIONS = ("--topo-order", "--no-signature", "--no-notes", "--no-color", "--no-ext-diff")
_SHALLOW = "in a shallow clone, fetch the history between them"


@dataclass(frozen=True, slots=True)
class CommitRange:
    """The commits of ``tip`` that are in none of ``without``; all of them full commit ids."""

    tip: str
    without: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RangeSeries:
    """The commits of a range as a series, and what is not in it.

    ``base`` is the commit it begins on, ``tip`` the last one, both of the repository ``user``.
    """

    series: Series
    base: CommitBase
    skipped: tuple[Skipped, ...]
    tip: str
    user: UserRepository


@dataclass(frozen=True, slots=True)
class EmptyRange:
    """A range in which there is nothing to verify, and why."""

    reason: str


def is_range(text: str) -> bool:
    """Whether a source is meant as ``BASE..TIP`` or ``BASE...TIP`` and not as a file.

    No revision begins or ends with a slash, so ``../out`` is a path even if it is not there.
    """
    return bool(_RANGE.fullmatch(text)) and not Path(text).exists()


def open_repository(tree: str | None = None) -> UserRepository:
    """The repository in ``tree``, else the current one. Raises InputError when there is none."""
    user = find_repository(Path(tree or "."))
    if user is None:
        place = f'"{tree}"' if tree else "this directory"
        raise InputError(f"{place} is in no git repository", "name the checkout with --tree")
    return user


def parse_range(user: UserRepository, text: str) -> CommitRange:
    """``BASE..TIP`` with its ends looked up; an end that is left out is HEAD.

    Both notations mean what a series is: the commits since the merge base of the two. Raises
    UsageError for what is no range, InputError for a revision that is not there.
    """
    match = _RANGE.fullmatch(text)
    if match is None:
        raise UsageError(f'"{text}" is no range', "write BASE..TIP")
    return CommitRange(known_commit(user, match[3]), (known_commit(user, match[1]),))


def known_commit(user: UserRepository, revision: str) -> str:
    """The id of a commit; "" is HEAD. Raises InputError when it is not there."""
    if commit := user.resolve(revision or "HEAD"):
        return commit
    raise InputError(
        f'unknown revision "{revision or "HEAD"}"',
        "git log shows what is there; in a shallow clone, fetch it first",
    )


def read_range(
    workspace: Path, user: UserRepository, commits: CommitRange, letter: CoverLetter | None = None
) -> RangeSeries | EmptyRange:
    """Make a series of ``commits``, in a private repository below ``workspace``.

    The series begins on the merge base. Merges and commits that change nothing are no patches,
    as for ``git format-patch``; they are listed as skipped. Raises InputError when the commits
    have no common history, or objects are missing.
    """
    try:
        base_id = _merge_base(user, commits)
        wanted = _listed(user.repository, commits, "--reverse", "--topo-order")
        if not wanted:
            return EmptyRange(f"{commits.tip[:12]} has no commit that is not in the base")
        base = open_commit(workspace, user, base_id)
        files = _mails(base.repository, commits, workspace / "range")
    except GitFailedError as error:
        raise InputError(
            f"git cannot read the range: {error.message}", "is the repository complete?"
        ) from error
    made = {data.split(b" ", 2)[1].decode() for _, data in files}
    merges = {*_listed(user.repository, commits, "--merges")}
    skipped = tuple(
        Skipped(f"commit {commit[:12]}", "a merge" if commit in merges else "it changes nothing")
        for commit in wanted
        if commit not in made
    )
    if not files:
        return EmptyRange("there are merges and empty commits only")
    series = replace(parse_series(files, letter), base_commit=base_id, part="", posted=False)
    return RangeSeries(series, base, skipped, commits.tip, user)


def _merge_base(user: UserRepository, commits: CommitRange) -> str:
    try:
        found = user.repository.line("merge-base", commits.tip, *commits.without)
    except GitFailedError as error:
        if error.message:
            raise
        found = ""
    if not found:
        others = ", ".join(commit[:12] for commit in commits.without[:3])
        raise InputError(f"{commits.tip[:12]} has no common history with {others}", _SHALLOW)
    return found


def _ends(commits: CommitRange) -> list[str]:
    return [commits.tip, *(f"^{commit}" for commit in commits.without)]


def _listed(repository: Repository, commits: CommitRange, *options: str) -> Sequence[str]:
    return repository.run("rev-list", *options, *_ends(commits)).decode("ascii").split()


def _mails(repository: Repository, commits: CommitRange, folder: Path) -> list[tuple[str, bytes]]:
    """The mails as git writes them, under the names it gives them.

    With a path, git leaves commits out that change nothing; without, it counts them in the
    subjects of the others and writes empty files.
    """
    options = ("--quiet", f"--output-directory={folder}", *_OPTIONS)
    repository.run("format-patch", *options, *_ends(commits), "--full-history", "--", ".")
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    return [(path.name, path.read_bytes()) for path in found]
