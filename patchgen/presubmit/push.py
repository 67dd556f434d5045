"""What ``git push`` tells its pre-push hook: a line for every ref it is about to update."""

from collections.abc import Iterator

from patchgen.errors import UsageError
from patchgen.presubmit.found import Nothing, Submission, is_zero
from patchgen.reading.git_range import CommitRange
from patchgen.trees.repository import UserRepository

_NO_SUBMISSION = ("refs/tags/", "refs/notes/")


def pushed(user: UserRepository, text: str) -> Iterator[Submission | Nothing]:
    """What the ref lines on the hook's standard input submit, each range once.

    New are the commits that are on no remote-tracking branch and were not in the ref before; so a
    rebased branch does not drag in what came from upstream. Raises UsageError for other text.
    See githooks(5).
    """
    known = _remote_commits(user)
    seen: set[CommitRange] = set()
    for line in text.splitlines():
        words = line.split(" ")
        if len(words) != 4:
            raise UsageError(
                f'"{line}" is no line that git push writes', "leave calling the hook to git push"
            )
        _, local, remote, before = words
        found = _one(user, local, remote, before, known)
        if isinstance(found, Submission):
            if found.commits in seen:
                continue
            seen.add(found.commits)
        yield found


def _one(
    user: UserRepository, local: str, remote: str, before: str, known: tuple[str, ...]
) -> Submission | Nothing:
    if is_zero(local):
        return Nothing(remote, "the push deletes it")
    if remote.startswith(_NO_SUBMISSION):
        return Nothing(remote, "it is no branch")
    tip = user.resolve(local)
    if tip is None:
        return Nothing(remote, "it is no commit")
    # What was there before may be somebody else's commit that was never fetched.
    old = None if is_zero(before) else user.resolve(before)
    without = tuple(dict.fromkeys((*((old,) if old else ()), *known)))
    if not without:
        return Nothing(remote, "no commit of it is known to be on a remote, so it has no base")
    return Submission(remote, CommitRange(tip, without))


def _remote_commits(user: UserRepository) -> tuple[str, ...]:
    listed = user.repository.run(
        "for-each-ref", "--format=%(objecttype) %(objectname)", "refs/remotes"
    )
    words = (line.split() for line in listed.decode("ascii").splitlines())
    return tuple(sorted({commit for kind, commit in words if kind == "commit"}))
