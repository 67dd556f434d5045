"""Every folder below kernel-fixtures/series: the findings must be exactly those expected."""

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from patchgen.building.kbuild.wanted import KernelWishes
from patchgen.building.outcome import PatchBuild, UncompiledLines
from patchgen.checkers.names import CHECKERS, SLOW_ONES
from patchgen.checks.catalogue import CHECKS
from patchgen.checks.subjects import DocumentedPatch, MatchedPatch, RemarkedPatch
from patchgen.findings import Finding
from patchgen.reading.git_range import RangeSeries, open_repository, parse_range, read_range
from patchgen.reading.read import parse_series
from patchgen.rendering.kept import RenderedSeries
from patchgen.reporting.text import harmless
from patchgen.sandbox import Walls
from patchgen.source.facts import EarlyUse, IdleStatic, UnwiredCallback
from patchgen.stages.facts import Wishes
from patchgen.trees.diagnosis.causes import Diagnosis
from patchgen.trees.landing import LandedSeries
from patchgen.verify import verify_range, verify_series
from tests.series.generated import AS_AUTHOR, bare_repository, git

FIXTURES = Path(__file__).parents[2] / "kernel-fixtures" / "series"
CASES = sorted(path for path in FIXTURES.glob("*/*") if path.is_dir())
EXPECTED = "expected.txt"
REPOSITORY = "repository"
"""In place of mails: the files of a repository, for what is gathered from a commit."""
SUBMITTED = "submitted"
"""Beside it: the files that the submitted commit adds or changes."""
HISTORY = "history"
"""Beside the cases of a check: a stream for git-fast-import that makes the repository to ask."""
NEEDS: dict[str, tuple[str, ...]] = {
    "coccicheck": ("spatch",),
    "sparse-remark": ("sparse", "make", "gcc", "flex", "bison", "bc", "perl"),
}
"""Programs without which a check has nothing to look at."""
ASKS: dict[str, dict[str, Any]] = {
    "coccicheck": {"checkers": SLOW_ONES},
    "sparse-remark": {"kernel": KernelWishes(matrix=("sparse",))},
}
"""What has to be wished for, so that it has."""
STAGES = {
    Diagnosis: "apply",
    LandedSeries: "landing",
    PatchBuild: "build",
    EarlyUse: "source",
    IdleStatic: "source",
    RemarkedPatch: "scripts",
    DocumentedPatch: "scripts",
    MatchedPatch: "scripts",
    RenderedSeries: "render",
    UncompiledLines: "build",
    UnwiredCallback: "source",
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_exactly_the_expected_findings(case: Path, tmp_path: Path, workspace: Path) -> None:
    wishes = Wishes(walls=Walls.IF_POSSIBLE, checkers=CHECKERS)
    for program in NEEDS.get(case.parent.name, ()):
        if not shutil.which(program):
            pytest.skip(f"{program} is not installed")
    wishes = replace(wishes, **ASKS.get(case.parent.name, {}))
    if (case / REPOSITORY).is_dir():
        report = verify_range(submitted(case / REPOSITORY, tmp_path), wishes, workspace)
    else:
        files = sorted(path for path in case.iterdir() if path.name != EXPECTED)
        series = parse_series((file.name, file.read_bytes()) for file in files)
        if (case.parent / HISTORY).is_file():
            wishes = replace(wishes, tree=str(imported(case.parent / HISTORY, tmp_path)))
        report = verify_series(series, wishes, workspace)
        if series.base_commit:
            assert report.base, "no fixture tree has this commit id (any more)"

    found = [_line(finding) for finding in report.findings]
    assert found == (case / EXPECTED).read_text("utf-8").splitlines()
    has_own = case.parent.name in {finding.rule for finding in report.findings}
    assert has_own == case.name.startswith("bad-")
    if stage := STAGES.get(CHECKS[case.parent.name].takes):
        assert stage in [done.name for done in report.stages], "the check was not reached"


def imported(history: Path, place: Path) -> Path:
    """A repository with that history; its HEAD is ``main``."""
    repository = bare_repository(place / "history")
    git("symbolic-ref", "HEAD", "refs/heads/main", cwd=repository)
    git("fast-import", "--quiet", cwd=repository, stdin=history.read_bytes())
    return repository


def submitted(files: Path, place: Path) -> RangeSeries:
    """A commit without defects on top of one with ``files``, read as they would be submitted."""
    checkout = place / "checkout"
    shutil.copytree(files, checkout)
    git("init", "--quiet", "-b", "main", ".", cwd=checkout)
    git("add", "--all", "--force", cwd=checkout)
    git("commit", "--quiet", "-m", "all files", cwd=checkout)
    (checkout / "README").write_text("Another line.\n")
    if (files.parent / SUBMITTED).is_dir():
        shutil.copytree(files.parent / SUBMITTED, checkout, dirs_exist_ok=True)
    git("add", "--all", cwd=checkout)
    words = ("commit", "--quiet", "--signoff", "-m", "README: say more", "-m", "Why.")
    git(*words, cwd=checkout, env=AS_AUTHOR)
    user = open_repository(str(checkout))
    found = read_range(place, user, parse_range(user, "HEAD~..HEAD"))
    assert isinstance(found, RangeSeries)
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_folder_holds_a_case_and_nothing_else(case: Path) -> None:
    assert case.name.startswith(("bad-", "good-"))
    others = [path for path in case.iterdir() if path.name != EXPECTED]
    if case / REPOSITORY in others:
        assert {*others} <= {case / REPOSITORY, case / SUBMITTED}
        return
    assert {path.suffix for path in others} in ({".patch"}, {".mbox"})
    assert len(others) == 1 or all(path.suffix == ".patch" for path in others)


def _line(finding: Finding) -> str:
    place = finding.problem.location
    line = f":{place.line}" if place.line else ""
    message = harmless(finding.problem.message)
    return f"{harmless(place.file)}{line}: {finding.severity}: {message} [{finding.check}]"
