"""test-failed"""

import re
from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.checks.subjects import TestedPatch
from patchgen.findings import Location, Problem, Severity
from patchgen.running.compare import cases_by_name
from patchgen.running.ktap import Case, Outcome


@check(TestedPatch, Severity.ERROR)
def test_failed(tested: TestedPatch) -> Iterator[Problem]:
    """A test that did not fail before a patch fails after it.

    Why: the patch breaks what worked, or adds a test that does not pass. Cases that fail for the
    same reason are one finding, which names the first of them. A test that fails already on the
    tree before is not held against the patch.

    Bad:
        not ok 3 periodic/stays # 2 ticks lost

    Good:
        ok 3 periodic/stays
    """
    before = cases_by_name(tested.before)
    groups: dict[str, list[Case]] = {}
    for case in tested.run.tests.cases:
        earlier = before.get(case.name)
        if case.outcome is Outcome.FAILED and not (earlier and earlier.outcome is Outcome.FAILED):
            groups.setdefault(re.sub(r"\d+", "#", case.reason), []).append(case)
    for cases in groups.values():
        first = cases[0]
        reason = f": {first.reason}" if first.reason else ""
        yield Problem(
            f'test "{first.name}" fails{reason}{and_more(len(cases) - 1, "test")}',
            Location(tested.patch.file, tested.patch.subject_line, tested.patch.position),
            "--format json lists every test of every step",
        )


def and_more(count: int, what: str) -> str:
    """``, and so do 3 more tests``; nothing for none."""
    if not count:
        return ""
    return f", as in {count} more {what}{'' if count == 1 else 's'}"
