"""test-crashed"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.checks.subjects import TestedPatch
from patchgen.findings import Location, Problem, Severity
from patchgen.running.console import fresh_splats


@check(TestedPatch, Severity.ERROR)
def test_crashed(tested: TestedPatch) -> Iterator[Problem]:
    """The test program does not come to its end after a patch.

    Why: what crashes or hangs in a test crashes or hangs a machine. Output that stops short of
    its own plan counts, too, whatever the exit code says. A patch after which the tests end as
    they did before it is not blamed again. Where a kernel says why, that is found instead.

    Bad:
        KTAP version 1
        1..3
        ok 1 oneshot/stays
        Segmentation fault

    Good:
        KTAP version 1
        1..1
        ok 1 oneshot/stays
    """
    tests = tested.run.tests
    if tested.run.end is None and tests.complete:
        return
    if (tested.run.end, tests.started) == (tested.before.end, tested.before.tests.started):
        return
    fresh = fresh_splats(tested.run.splats, tested.before.splats, tested.base.splats)
    if any(splat.trouble.is_fatal for splat in fresh):
        return  # the kernel has said why: kernel-oops
    where = f' in "{tests.started}"' if tests.started else ""
    what = tested.run.end or f"does not finish: {'; '.join(tests.faults[:3])}"
    done = len(tests.cases)
    yield Problem(
        f"the test program {what}{where} after {done} test{'' if done == 1 else 's'}",
        Location(tested.patch.file, tested.patch.subject_line, tested.patch.position),
        "run it in a debugger, on a build of the tree after this patch",
    )
