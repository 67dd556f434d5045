"""test-missing"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.checks.subjects import TestedPatch
from patchgen.findings import Location, Problem, Severity
from patchgen.running.compare import cases_by_name


@check(TestedPatch, Severity.ERROR)
def test_missing(tested: TestedPatch) -> Iterator[Problem]:
    """A test that ran before a patch is not there after it.

    Why: a test that is dropped, or renamed, no longer says that things work. After a crash
    nothing is called missing.

    Bad:
        the tree before runs periodic/stays and periodic/moves, this one periodic/stays

    Good:
        both run both
    """
    if tested.run.end or not tested.run.tests.complete:
        return
    now = cases_by_name(tested.run)
    missing = [name for name in cases_by_name(tested.before) if name not in now]
    if missing:
        more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
        yield Problem(
            f'test "{missing[0]}"{more} ran before this patch and is not there now',
            Location(tested.patch.file, tested.patch.subject_line, tested.patch.position),
            "say in the message why a test goes",
        )
