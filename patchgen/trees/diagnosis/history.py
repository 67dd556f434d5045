"""What the repository of the base knows of a file: who renamed it, who has the lines it lacks."""

from collections.abc import Iterator, Sequence

from patchgen.series.commits.prerequisites import prerequisites
from patchgen.series.model import Series
from patchgen.series.text import from_bytes
from patchgen.trees.base import Base, CommitBase, similar_paths
from patchgen.trees.diagnosis.causes import Cause, Why
from patchgen.trees.patch_ids import commits_by_patch_id
from patchgen.trees.repository import GitFailedError, Repository

_LONGEST = 1000
_NAMED = '--format=commit %h ("%s")'


def where_is(base: Base, path: str) -> Iterator[Cause]:
    """Why the base has no file of that name: renamed, removed, elsewhere, or never there."""
    found = _last_commit(base, path) if isinstance(base, CommitBase) and base.public else None
    if found:
        commit, said = found
        new = _renamed(base.repository, commit, path)
        if new:
            yield Cause(Why.FILE_RENAMED, f'"{path}" is "{new}" since {said}')
        else:
            yield Cause(Why.FILE_REMOVED, f'"{path}" was removed by {said}')
        if new:
            return
    others = [one for one in similar_paths(base, path) if one != path]
    others.sort(key=lambda one: (not f"/{one}".endswith(f"/{path}"), one))
    if others:
        yield Cause(Why.FILE_ELSEWHERE, f'the base has "{others[0]}"')
    elif not found:
        yield Cause(Why.FILE_UNKNOWN, f'nothing in the base is called "{path.rpartition("/")[2]}"')


def _last_commit(base: CommitBase, path: str) -> tuple[str, str] | None:
    """The last commit before the base that touched a file, and how it is cited."""
    options = ("-1", "--full-history", "--diff-filter=DR", "--no-renames", "--format=%H")
    commit = _asked(base.repository, "log", *options, base.commit, "--", path)
    if not commit:
        return None
    return commit, _asked(base.repository, "log", "-1", _NAMED, commit)


def _renamed(repository: Repository, commit: str, path: str) -> str | None:
    fields = _asked(
        repository, "diff-tree", "-r", "-z", "-M", "--diff-filter=R", "--name-status", commit
    ).split("\0")
    for at, field in enumerate(fields):
        if field == path and at and fields[at - 1].startswith("R"):
            return fields[at + 1]
    return None


def made_on(base: Base, blob: str, path: str) -> str | None:
    """The commit that brought the version of a file a patch was made on, as it is cited."""
    if not isinstance(base, CommitBase) or base.lender is None:
        return None
    options = ("--full-history", f"--find-object={blob}", "--raw", "--no-abbrev", "--format=%H")
    tips = _tips(base.lender)
    output = _asked(base.repository, "log", *options, "--stdin", "--", path, stdin=tips)
    commit = ""
    for line in output.splitlines():
        words = line.split(" ")
        if line.startswith(":") and words[3].startswith(blob):
            return _asked(base.repository, "log", "-1", _NAMED, commit)
        commit = line or commit
    return None


def other_commits(base: Base, series: Series, path: str, missing: Sequence[str]) -> Iterator[Cause]:
    """Commits that the base does not have and that bring the first of the missing lines."""
    line = next((one for one in missing if "\0" not in one and len(one) < _LONGEST), None)
    if not isinstance(base, CommitBase) or base.lender is None or line is None:
        return
    tips = _tips(base.lender) + b"^%s\n" % base.commit.encode("ascii")
    options = (f"-S{line}", "--format=%H", "-1", "--stdin", "--", path)
    found = _asked(base.repository, "log", *options, stdin=tips)
    if not found:
        return
    said = _asked(base.repository, "log", "-1", _NAMED, found)
    listed = {one.patch_id for one in prerequisites(series)}
    if listed & commits_by_patch_id(base.repository, [found], listed).keys():
        yield Cause(
            Why.PREREQUISITE, f'{said}, a prerequisite of the series, brings "{line.strip()}"'
        )
    else:
        yield Cause(Why.OTHER_COMMIT, f'{said}, not in the base, brings "{line.strip()}"')


def _tips(lender: Repository) -> bytes:
    """The ids of all refs of the user's repository, which is asked for nothing else."""
    return lender.run("for-each-ref", "--format=%(objectname)")


def _asked(repository: Repository, *question: str, stdin: bytes = b"") -> str:
    """What git answers; nothing where it cannot, in a shallow clone for example."""
    try:
        output = repository.run("--literal-pathspecs", *question, stdin=stdin)
        return from_bytes(output).rstrip("\n")
    except GitFailedError:
        return ""
