"""What is about to be submitted: ranges of commits to verify, and what is left alone."""

from collections.abc import Mapping
from dataclasses import dataclass

from patchgen.errors import InputError, UsageError
from patchgen.reading.git_range import CommitRange, known_commit
from patchgen.trees.repository import UserRepository

_FETCH = "let the checkout fetch the whole history (fetch-depth: 0, GIT_DEPTH: 0)"


@dataclass(frozen=True, slots=True)
class Submission:
    """Commits that are about to be submitted, and where that was read from."""

    source: str
    commits: CommitRange


@dataclass(frozen=True, slots=True)
class Nothing:
    """There is nothing to verify, and why."""

    source: str
    reason: str


Variables = Mapping[str, str]


def is_zero(commit: str) -> bool:
    """Whether this is git's id for "none"."""
    return not commit.strip("0")


def between(user: UserRepository, source: str, tip: str, *bases: str) -> Submission:
    """The commits from the first of ``bases`` that is there to ``tip``.

    Raises InputError when the checkout has not enough history for that.
    """
    try:
        end = known_commit(user, tip)
    except InputError as error:
        raise InputError(f"{source}: commit {tip} is not in this checkout", _FETCH) from error
    for base in bases:
        if base and not is_zero(base) and (start := user.resolve(base)):
            return Submission(source, CommitRange(end, (start,)))
    named = " or ".join(base for base in bases if base and not is_zero(base)) or "a base"
    raise InputError(f"{source}: {named} is not in this checkout", _FETCH)


def since_upstream(user: UserRepository) -> Submission:
    """``@{upstream}..HEAD``. Raises UsageError when the branch has no upstream."""
    start = user.resolve("@{upstream}")
    if start is None:
        raise UsageError(
            "the current branch has no upstream, so it is not known what will be submitted",
            "git branch --set-upstream-to=REMOTE/BRANCH, or patchgen verify BASE..HEAD",
        )
    return Submission("@{upstream}..HEAD", CommitRange(known_commit(user, "HEAD"), (start,)))
