"""Every folder below kernel-fixtures/series: the findings must be exactly those expected."""

from pathlib import Path

import pytest

from patchgen.building.make import PatchBuild
from patchgen.checks.catalogue import CHECKS
from patchgen.findings import Finding
from patchgen.reading.read import parse_series
from patchgen.reporting.text import harmless
from patchgen.sandbox import Walls
from patchgen.stages.facts import Wishes
from patchgen.trees.apply import AppliedSeries
from patchgen.verify import verify_series

FIXTURES = Path(__file__).parents[2] / "kernel-fixtures" / "series"
CASES = sorted(path for path in FIXTURES.glob("*/*") if path.is_dir())
EXPECTED = "expected.txt"
STAGES = {AppliedSeries: "apply", PatchBuild: "build"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_exactly_the_expected_findings(case: Path, workspace: Path) -> None:
    files = sorted(path for path in case.iterdir() if path.name != EXPECTED)
    series = parse_series((file.name, file.read_bytes()) for file in files)
    report = verify_series(series, Wishes(walls=Walls.IF_POSSIBLE), workspace)

    found = [_line(finding) for finding in report.findings]
    assert found == (case / EXPECTED).read_text("utf-8").splitlines()
    has_own = case.parent.name in {finding.check for finding in report.findings}
    assert has_own == case.name.startswith("bad-")
    if series.base_commit:
        assert report.base, "no fixture tree has this commit id (any more)"
    if stage := STAGES.get(CHECKS[case.parent.name].takes):
        assert stage in [done.name for done in report.stages], "the check was not reached"


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_folder_holds_a_case_and_nothing_else(case: Path) -> None:
    assert case.name.startswith(("bad-", "good-"))
    others = [path for path in case.iterdir() if path.name != EXPECTED]
    assert {path.suffix for path in others} in ({".patch"}, {".mbox"})
    assert len(others) == 1 or all(path.suffix == ".patch" for path in others)


def _line(finding: Finding) -> str:
    place = finding.problem.location
    line = f":{place.line}" if place.line else ""
    message = harmless(finding.problem.message)
    return f"{harmless(place.file)}{line}: {finding.severity}: {message} [{finding.check}]"
