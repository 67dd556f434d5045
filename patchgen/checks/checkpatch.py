"""checkpatch"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.checks.subjects import RemarkedPatch
from patchgen.findings import Location, Problem, Severity

_SEVERITIES = {"CHECK": Severity.NOTE}


@check(RemarkedPatch, Severity.WARNING, wraps=True)
def checkpatch(subject: RemarkedPatch) -> Iterator[Problem]:
    """The base tree's scripts/checkpatch.pl has a remark on a patch.

    Why: reviewers run it and say what it says. It knows the kernel's coding style well and can be
    wrong about a line, so even what it calls an error is a warning here, and what it calls a
    check is a note. The names behind the slash are its own:
    Documentation/dev-tools/checkpatch.rst explains them. Where there is a check of ours for the
    same defect, that one speaks.

    Bad:
        if( timer->period==0 )

    Good:
        if (timer->period == 0)
    """
    patch = subject.patch
    for remark in subject.remarks:
        yield Problem(
            remark.text,
            Location(patch.file, remark.line, patch.position),
            severity=_SEVERITIES.get(remark.level),
            kind=remark.type,
        )
