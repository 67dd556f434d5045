"""Asking the base's repository about the commits that a series cites."""

from collections.abc import Sequence

from patchgen.checks.subjects import CitedCommit, FixedCommit, Lookup, NamedBase
from patchgen.series.commits.citations import (
    CitedAsFixed,
    CitedInProse,
    cited_as_fixed,
    cited_in_prose,
    same_title,
)
from patchgen.series.commits.fixes import DIGITS
from patchgen.series.commits.references import base_commit
from patchgen.series.model import Series
from patchgen.stages.facts import Facts
from patchgen.trees.apply import AppliedSeries
from patchgen.trees.base import Base, CommitBase, NoBase
from patchgen.trees.commits import Known, incomplete, look_up, not_reached, with_titles
from patchgen.trees.repository import GitFailedError

_FIXED = ("fixes-unknown-commit", "fixes-summary-mismatch", "fixes-not-ancestor")
_CITED = ("commit-reference-unknown", "commit-reference-summary-mismatch")


def references_stage(
    series: Series, base: Base | NoBase, applied: AppliedSeries | None, facts: Facts
) -> None:
    """Hand on every cited commit with what the repository says of it, where there is one."""
    fixed = tuple(cited_as_fixed(series))
    cited = tuple(cited_in_prose(series))
    lookups: dict[str, Lookup] = {}
    if isinstance(base, CommitBase) and base.manifest is None:
        _name_base(series, base, facts)
        if fixed or cited:
            lookups = _lookups(series, base, applied, fixed, cited, facts)
    else:
        reason = base.reason if isinstance(base, NoBase) else f"{base.name} has no history"
        facts.skip(reason, *(_FIXED if fixed else ()), *(_CITED if cited else ()))
    own = [patch.subject.summary for patch in series.patches]
    for tagged in fixed:
        lookup = lookups.get(tagged.tag.id or "")
        facts.subjects.append(FixedCommit(tagged, lookup, _own(tagged.tag.title, lookup, own)))
    for prose in cited:
        lookup = lookups.get(prose.reference.id)
        facts.subjects.append(
            CitedCommit(
                prose,
                lookup,
                _own(prose.reference.title, lookup, own) or _is_patch(prose.reference.id, series),
            )
        )


def _name_base(series: Series, base: CommitBase, facts: Facts) -> None:
    """Hand on the base commit that the series names, with whether it is there."""
    wanted = series.base_commit
    mails = [(0, series.cover.mail)] if series.cover else []
    mails += [(patch.position, patch.mail) for patch in series.patches]
    for position, mail in mails:
        line = next((one.number for one in mail.body if base_commit((one,)) == wanted), None)
        if wanted is None or line is None:
            continue
        known = wanted == base.commit or _there(look_up(base.repository, [wanted])[wanted])
        if not known and (reason := incomplete(base.repository)):
            facts.skip(reason, "base-commit-unknown")
        else:
            facts.subjects.append(NamedBase(wanted, mail.file, line, position, known))
        return


def _lookups(
    series: Series,
    base: CommitBase,
    applied: AppliedSeries | None,
    fixed: Sequence[CitedAsFixed],
    cited: Sequence[CitedInProse],
    facts: Facts,
) -> dict[str, Lookup]:
    """What the repository knows of each id, but for those of which it may just not know."""
    repository = base.repository
    mended = {one.tag.id: one.tag.title for one in fixed if one.tag.id}
    known = look_up(repository, sorted({*mended, *(one.reference.id for one in cited)}))
    doubt = incomplete(repository) or _another_tree(series, base, applied)
    commits = {one.id for each in mended for one in known[each].commits}
    outside: set[str] = set()
    try:
        outside = set() if doubt else not_reached(repository, commits, base.commit)
    except GitFailedError as error:
        doubt = f"git cannot read the history: {error.message}"
    if doubt:
        lost = {one for one, each in known.items() if not _there(each)}
        if commits:
            facts.skip(doubt, _FIXED[-1])
        facts.skip(doubt, *_FIXED[: 1 if lost & mended.keys() else 0])
        facts.skip(doubt, *_CITED[: 1 if any(one.reference.id in lost for one in cited) else 0])
    puzzling = [
        title
        for one, title in mended.items()
        if title and not any(same_title(title, commit.title) for commit in known[one].commits)
    ]
    puzzling += [one.title for each in known.values() for one in each.commits if one.id in outside]
    alike = tuple(with_titles(repository, puzzling, base.commit).values()) if not doubt else ()
    return {
        one: Lookup(
            each.commits,
            each.other,
            tuple(commit.id for commit in each.commits if commit.id in outside),
            base.name,
            alike,
            not doubt or len(one) >= DIGITS,
        )
        for one, each in known.items()
        if _there(each) or not doubt
    }


def _there(known: Known) -> bool:
    return bool(known.commits or known.other)


def _another_tree(series: Series, base: CommitBase, applied: AppliedSeries | None) -> str:
    """Why newer commits than those of the base may be cited, or nothing."""
    wanted = series.base_commit
    if wanted == base.commit:
        return ""
    if wanted and not look_up(base.repository, [wanted])[wanted].commits:
        return f"the repository does not have base commit {wanted[:12]}, nor perhaps others"
    if applied is None or applied.refusal:
        return f"the series does not apply to {base.name}, which may be older than it"
    return ""


def _is_patch(cited: str, series: Series) -> bool:
    """Whether one of the series' patches was formatted from the commit with this id."""
    return any(patch.mail.transport.commit.startswith(cited) for patch in series.patches)


def _own(title: str | None, lookup: Lookup | None, own: Sequence[str]) -> bool:
    """Whether a commit of the series itself is cited."""
    titles = [title] if title else []
    titles += [commit.title for commit in lookup.commits] if lookup else []
    return any(same_title(one, each) for one in titles for each in own)
