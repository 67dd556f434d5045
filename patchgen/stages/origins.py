"""Where a series comes from: its base, the patches it needs, the commits it is a copy of."""

from collections.abc import Sequence

from patchgen.checks.subjects import CopiedCommit, NeededPatch, UnnamedBase
from patchgen.series.commits.backports import Backport, backports, changed_lines
from patchgen.series.commits.prerequisites import Prerequisite, base_in_prose, prerequisites
from patchgen.series.model import Patch, Series
from patchgen.stages.facts import Facts, Progress
from patchgen.trees.apply import AppliedSeries
from patchgen.trees.base import Base, CommitBase, NoBase
from patchgen.trees.commits import Commit, incomplete, look_up
from patchgen.trees.patch_ids import (
    commits_by_patch_id,
    commits_since,
    lines_changed_by,
    patch_ids,
)
from patchgen.trees.repository import GitFailedError

_NEEDED = "prerequisite-missing"
_COPIED = "stable-upstream-mismatch"
_MOST = 1000
"""So many commits are looked at for prerequisites, in the base and again elsewhere."""


def origins_stage(
    series: Series,
    base: Base | NoBase,
    applied: AppliedSeries | None,
    facts: Facts,
    progress: Progress,
) -> None:
    """Hand on what the repository of the base knows of what the series says of its origins."""
    _name_none(series, base, facts)
    needed, copies = tuple(prerequisites(series)), tuple(backports(series))
    if isinstance(base, CommitBase) and base.manifest is None:
        if needed:
            progress("looking for prerequisites")
            _need(series, needed, base, applied, facts)
        if copies:
            _compare(copies, base, facts)
        return
    reason = base.reason if isinstance(base, NoBase) else f"{base.name} has no history"
    facts.skip(reason, *((_NEEDED,) if needed else ()), *((_COPIED,) if copies else ()))


def _name_none(series: Series, base: Base | NoBase, facts: Facts) -> None:
    """Hand on what a posting says of its base in words only, where nobody names one."""
    if series.base_commit or series.part or not series.posted or not isinstance(base, NoBase):
        return
    if series.cover and (said := base_in_prose(series.cover.blurb)):
        facts.subjects.append(UnnamedBase(said[0], series.cover.file, said[1].number, 0))


def _need(
    series: Series,
    needed: Sequence[Prerequisite],
    base: CommitBase,
    applied: AppliedSeries | None,
    facts: Facts,
) -> None:
    """Hand on the prerequisites that the base does not have."""
    repository, old = base.repository, series.base_commit
    if reason := incomplete(repository):
        facts.skip(reason, _NEEDED)
        return
    if not old or not look_up(repository, [old])[old].commits:
        known = f"the repository does not have base commit {old[:12]}" if old else "no base-commit:"
        facts.skip(f"{known}, behind which prerequisites begin", _NEEDED)
        return
    try:
        missing = {one.patch_id for one in needed}
        missing -= patch_ids(repository, b"".join(map(_as_commit, series.patches)), missing).keys()
        here = commits_since(repository, [base.commit], old, _MOST) if missing else ()
        missing -= commits_by_patch_id(repository, here, missing).keys()
        there = commits_since(repository, _tips(base), old, _MOST) if missing else ()
        others = [one for one in there if one not in {*here}]
        elsewhere = commits_by_patch_id(repository, others, missing)
    except GitFailedError as error:
        facts.skip(f"git cannot read the history: {error.message}", _NEEDED)
        return
    applies = applied is not None and not applied.refusal
    for one in needed:
        if one.patch_id not in missing:
            continue
        found = elsewhere.get(one.patch_id)
        if found:
            (commit,) = look_up(repository, [found])[found].commits
            facts.subjects.append(NeededPatch(one, commit, base.name, applies))
        elif max(len(here), len(there)) >= _MOST:
            what = f"{_NEEDED}: {one.patch_id[:12]}"
            facts.skip(f"it is not among the newest {_MOST} commits since the base commit", what)
        else:
            facts.subjects.append(NeededPatch(one, None, base.name, applies))


def _tips(base: CommitBase) -> list[str]:
    if base.lender is None:
        return [base.commit]
    return base.lender.run("for-each-ref", "--format=%(objectname)").decode("ascii").split()


def _as_commit(patch: Patch) -> bytes:
    """The diff below a line by which git-patch-id knows it."""
    return b"commit %040x\n" % patch.position + patch.handed + b"\n"


def _compare(copies: Sequence[Backport], base: CommitBase, facts: Facts) -> None:
    """Hand on the copies of commits that are at hand, next to these."""
    known = look_up(base.repository, sorted({one.upstream for one in copies}))
    for one in copies:
        commits = known[one.upstream].commits
        if len(commits) == 1:
            same = _same(one.patch, commits[0], base)
            facts.subjects.append(CopiedCommit(one, commits[0], same))
        else:
            what = f"{_COPIED}: patch {one.patch.position}"
            facts.skip(f"the repository does not have commit {one.upstream[:12]}", what)


def _same(patch: Patch, commit: Commit, base: CommitBase) -> bool | None:
    upstream = lines_changed_by(base.repository, commit.id)
    if upstream is None or any(file.binary for file in patch.diff.files):
        return None
    hunks = (hunk for file in patch.diff.files for hunk in file.hunks)
    return changed_lines(line for hunk in hunks for line in hunk.lines) == upstream
