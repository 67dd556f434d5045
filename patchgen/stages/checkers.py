"""Asking the checkers that the base tree brings."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path, PurePosixPath

from patchgen.building.diagnostics import Diagnostic, new_ones
from patchgen.building.locate import patch_line
from patchgen.checkers import checkpatch, coccicheck, get_maintainer, kernel_doc
from patchgen.checkers.names import SCRIPTS
from patchgen.checkers.posted import PlainMail, plain_mail
from patchgen.checkers.scripts import Bench, CheckerError
from patchgen.checkers.versions import Contents, Remarks
from patchgen.checks.subjects import (
    AddressedPatch,
    DocumentedPatch,
    MatchedPatch,
    NewRemarks,
    RemarkedPatch,
)
from patchgen.report import Stage
from patchgen.series.model import Series
from patchgen.stages.facts import Facts, Progress, Wishes
from patchgen.stages.steps import NO_SANDBOX
from patchgen.trees.apply import AppliedPatch, AppliedSeries
from patchgen.trees.base import Base, NoBase

_STAGE = "scripts"
_NAMED = 5
"""How many semantic patches that do not run are named."""
_CHECKS = {"get_maintainer": "maintainer-not-copied"}
"""Which check looks at what a checker says, where it has another name."""


def checkers_stage(
    base: Base | NoBase,
    applied: AppliedSeries | None,
    series: Series,
    wishes: Wishes,
    options: Sequence[str],
    workspace: Path,
    facts: Facts,
    progress: Progress,
) -> None:
    """Run those that are wished for; ``options`` are checkpatch's, besides ours."""
    if not wishes.checkers or applied is None or isinstance(base, NoBase):
        return
    walls = wishes.walls.stand()
    if walls is None:
        facts.skip(NO_SANDBOX, _STAGE)
        return
    bench = Bench(base, workspace / _STAGE, walls)
    mails = tuple(plain_mail(patch) for patch in series.patches if not patch.mail.headless)
    work: Mapping[str, Callable[[], str]] = {
        "checkpatch": partial(_checkpatch, bench, mails, options, facts),
        "get_maintainer": partial(_get_maintainer, bench, mails, facts),
        "kernel-doc": partial(_kernel_doc, bench, applied, facts),
        "coccicheck": partial(_coccicheck, bench, applied, facts),
    }
    done: list[str] = []
    missing: list[str] = []
    for name in dict.fromkeys(wishes.checkers):
        if not bench.bring(SCRIPTS[name]):
            missing.append(name)
            continue
        progress(f"running {name}")
        try:
            done.append(f"{name}: {work[name]()}")
        except CheckerError as error:
            facts.skip(str(error), _CHECKS.get(name, name))
    for name in missing if done else ():
        facts.skip(f"the base tree has no {SCRIPTS[name]}", _CHECKS.get(name, name))
    if missing and not done:
        facts.skip("the base tree has none of the kernel's", _STAGE)
    if done:
        facts.stages.append(Stage(_STAGE, ", ".join(done)))


def _checkpatch(
    bench: Bench, mails: Sequence[PlainMail], options: Sequence[str], facts: Facts
) -> str:
    found = checkpatch.run_checkpatch(bench, mails, options)
    facts.subjects += [RemarkedPatch(mail.patch, found[mail.patch.position]) for mail in mails]
    return _count(sum(map(len, found.values())), "remark")


def _get_maintainer(bench: Bench, mails: Sequence[PlainMail], facts: Facts) -> str:
    if not any(mail.patch.mail.addressed for mail in mails):
        raise CheckerError("the mails do not say to whom they go")
    asked = [
        AddressedPatch(mail.patch, get_maintainer.who_is_concerned(bench, mail)) for mail in mails
    ]
    facts.subjects += asked
    people = {concerned.who.email for one in asked for concerned in one.concerned}
    return f"names {_count(len(people), 'address', 'es')}"


def _kernel_doc(bench: Bench, applied: AppliedSeries, facts: Facts) -> str:
    files = _versions(applied, kernel_doc.has_comments)
    said = kernel_doc.run_kernel_doc(bench, files) if files else {}
    for step, fresh in _fresh(applied, said):
        facts.subjects.append(DocumentedPatch(step.patch, fresh))
    return f"reads {_count(len({path for path, _ in files}), 'file')}"


def _coccicheck(bench: Bench, applied: AppliedSeries, facts: Facts) -> str:
    files = _versions(applied, coccicheck.may_read)
    said, failed = coccicheck.run_coccicheck(bench, files) if files else ({}, ())
    if failed:
        names = ", ".join(PurePosixPath(rule).stem for rule in failed[:_NAMED])
        more = f" and {len(failed) - _NAMED} more" if len(failed) > _NAMED else ""
        facts.skip(f"this Coccinelle cannot run {names}{more}", "coccicheck")
    for step, fresh in _fresh(applied, said):
        facts.subjects.append(MatchedPatch(step.patch, fresh))
    return f"reads {_count(len({path for path, _ in files}), 'file')}"


def _versions(applied: AppliedSeries, wanted: Callable[[str, bytes], bool]) -> Contents:
    """Every version of every touched file, once."""
    trees = [tree.items() for tree in applied.trees.blob_ids()]
    blobs = applied.read({blob for tree in trees for _, blob in tree})
    return {
        (path, blob): blobs[blob]
        for tree in trees
        for path, blob in tree
        if blob in blobs and wanted(path, blobs[blob])
    }


def _fresh(applied: AppliedSeries, said: Remarks) -> Iterator[tuple[AppliedPatch, NewRemarks]]:
    """What is said after each step and was not said before it, with the line of the mail."""
    found = [
        [
            Diagnostic(path, remark.line, "warning", remark.text, remark.name)
            for path, blob in tree.items()
            for remark in said.get((path, blob), ())
        ]
        for tree in applied.trees.blob_ids()
    ]
    for step, before, after in zip(applied.steps, found[:-1], found[1:], strict=True):
        renamed = {file.old_path: file.path for file in step.patch.diff.files if file.moved}
        before = [replace(one, path=renamed.get(one.path, one.path)) for one in before]
        new = new_ones(before, after)
        yield step, tuple((one, patch_line(applied.repository, step, one)) for one in new)


def _count(number: int, what: str, plural: str = "s") -> str:
    return f"{number} {what}{'' if number == 1 else plural}"
