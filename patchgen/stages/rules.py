"""What the report says of the checks themselves; for this, all of them are loaded."""

from patchgen.building.outcome import PatchBuild, UncompiledLines
from patchgen.checks.catalogue import CHECKS
from patchgen.checks.subjects import (
    AddressedPatch,
    ClaimedSeries,
    CountedPatch,
    DocumentedPatch,
    FixedCommit,
    MatchedPatch,
    RemarkedPatch,
    TestedPatch,
)
from patchgen.rendering.kept import RenderedSeries
from patchgen.report import ReportedRule
from patchgen.series.model import Patch
from patchgen.trees.diagnosis.causes import Diagnosis
from patchgen.trees.landing import LandedSeries

_STAGES: dict[type, str] = {
    Diagnosis: "apply",
    LandedSeries: "landing",
    PatchBuild: "build",
    UncompiledLines: "build",
    TestedPatch: "run",
    ClaimedSeries: "run",
    RenderedSeries: "render",
    RemarkedPatch: "scripts",
    AddressedPatch: "scripts",
    DocumentedPatch: "scripts",
    MatchedPatch: "scripts",
}
_PER_PATCH = (
    *(Patch, CountedPatch, FixedCommit, PatchBuild, TestedPatch, UncompiledLines),
    *(RemarkedPatch, AddressedPatch, DocumentedPatch, MatchedPatch),
)


def rules() -> tuple[ReportedRule, ...]:
    """All checks with their documentation, sorted by id."""
    return tuple(
        ReportedRule(
            check.id,
            check.severity,
            check.title,
            check.why,
            check.bad,
            check.good,
            _STAGES.get(check.takes, "read"),
            check.takes in _PER_PATCH,
        )
        for _, check in sorted(CHECKS.items())
    )
