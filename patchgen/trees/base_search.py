"""Finding the commit that a series was made on, by the versions of files its patches name.

An ``index`` line has the id of the file before the patch. Only commits that touch one of these
files can make a difference, so only their parents and the tips are looked at.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from patchgen.series.model import Series
from patchgen.series.text import from_bytes
from patchgen.trees.importing import is_safe_path
from patchgen.trees.repository import GitFailedError, Repository

_NO_FILE = re.compile(r"0+")
_WINDOWS = (100, None)
_MOST = 1000


@dataclass(frozen=True, slots=True)
class FoundCommit:
    """A commit, how many of the files are as the series names them, and how many it names."""

    commit: str
    matching: int
    total: int


def named_versions(series: Series) -> dict[str, str | None]:
    """The files that the series changes and their ids before it; None for those it brings."""
    found: dict[str, str | None] = {}
    seen = set[str]()
    for patch in series.patches:
        for file in patch.diff.files:
            path = file.old_path or file.new_path or ""
            if path not in seen and is_safe_path(path) and "\n" not in path:
                if file.old_path is None and file.by_git:
                    found[path] = None
                elif file.old_id and not _NO_FILE.fullmatch(file.old_id):
                    found[path] = file.old_id
            seen |= {path, file.path}
    return found


def search_commit(
    repository: Repository, head: str, tips: Sequence[str], versions: Mapping[str, str | None]
) -> FoundCommit:
    """The newest commit on which all files are as ``versions`` has them.

    First among those before ``head``, then before all ``tips``; where there is none, the one with
    the most of them, ``head`` among equals. ``versions`` must not be empty.
    """
    best = FoundCommit(head, 0, len(versions))
    for ends in ([head], sorted({*tips} - {head})):
        for most in _WINDOWS if ends else ():
            touching = _touching(repository, ends, versions, most)
            for enough in (all, any):
                candidates = dict.fromkeys([*ends, *_before(touching, versions, enough)])
                scores = _scores(repository, [*candidates][:_MOST], versions)
                top = max(scores.values(), default=0)
                if top > best.matching:
                    leaders = [commit for commit, score in scores.items() if score == top]
                    best = FoundCommit(_newest(repository, head, leaders), top, len(versions))
                if top == len(versions):
                    return best
            if most and len({commit for commit, _, _ in touching}) < most:
                break
    return best


_Touch = tuple[str, tuple[str, ...], dict[str, str]]
"""A commit, its parents, and the ids that files had before it."""


def _touching(
    repository: Repository,
    ends: Sequence[str],
    versions: Mapping[str, str | None],
    most: int | None,
) -> list[_Touch]:
    """The commits before ``ends`` that touch one of the files, the newest first."""
    options = ["--full-history", "-m", "--raw", "--no-abbrev", "--no-renames", "--format=%x01%H %P"]
    if most:
        options.append(f"--max-count={most}")
    stdin = "".join(end + "\n" for end in ends).encode("ascii")
    try:
        output = repository.run(
            "--literal-pathspecs", "log", "-z", *options, "--stdin", "--", *versions, stdin=stdin
        )
    except GitFailedError:  # a shallow or partial clone: what is there has been looked at
        return []
    found: list[_Touch] = []
    for entry in from_bytes(output).split("\x01")[1:]:
        head, *fields = entry.lstrip("\n").split("\0")
        commit, *parents = head.split("\n")[0].split()  # behind a root there is but the blank
        before: dict[str, str] = {}
        metas = [field.lstrip("\n") for field in fields]
        for at, meta in enumerate(metas):
            if meta.startswith(":") and at + 1 < len(metas):
                before[metas[at + 1]] = meta.split(" ")[2]
        found.append((commit, tuple(parents), before))
    return found


def _before(
    touching: Iterable[_Touch],
    versions: Mapping[str, str | None],
    enough: Callable[[Iterable[bool]], bool],
) -> Iterator[str]:
    """Parents of commits before which ``enough`` of the files they touch are as they should be."""
    for _, parents, before in touching:
        right = [_matches(before[path], versions[path]) for path in before if path in versions]
        if right and enough(right):
            yield from parents


def _matches(found: str, wanted: str | None) -> bool:
    gone = _NO_FILE.fullmatch(found) is not None
    return gone if wanted is None else not gone and found.startswith(wanted)


def _scores(
    repository: Repository, commits: Sequence[str], versions: Mapping[str, str | None]
) -> dict[str, int]:
    """How many files of each commit are as they should be."""
    names = [f"{commit}:{path}" for commit in commits for path in versions]
    stdin = "".join(name + "\n" for name in names).encode("utf-8", "surrogateescape")
    output = repository.run("cat-file", "--batch-check=%(objectname) %(objecttype)", stdin=stdin)
    answers = iter(from_bytes(output).split("\n"))
    scores = dict.fromkeys(commits, 0)
    for commit in commits:
        for wanted in versions.values():
            answer = next(answers)
            missing = answer.endswith(" missing")
            scores[commit] += _matches("0" if missing else answer.split(" ")[0], wanted)
    return scores


def _newest(repository: Repository, head: str, commits: Sequence[str]) -> str:
    if head in commits or len(commits) == 1:
        return head if head in commits else commits[0]
    stdin = "".join(commit + "\n" for commit in commits).encode("ascii")
    listed = repository.run("rev-list", "--no-walk=sorted", "--stdin", stdin=stdin)
    return listed.decode("ascii").split("\n", 1)[0]
