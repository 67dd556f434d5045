"""What a verification learned, as plain data: the one thing the report formats read."""

from dataclasses import dataclass

from patchgen.findings import Finding, Severity, Skipped


@dataclass(frozen=True, slots=True)
class Step:
    """What a stage says about one step: 0 is the base tree, n the tree after patch n."""

    number: int
    outcome: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the verification: its name, what came out, and its steps if it has any."""

    name: str
    summary: str
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportedPatch:
    """The row of a patch in the report."""

    number: int
    file: str
    summary: str
    author: str


@dataclass(frozen=True, slots=True)
class ReportedCase:
    """A test case of one step: how it ended, and what it measured as (name, value, unit)."""

    name: str
    outcome: str
    metrics: tuple[tuple[str, float, str], ...]


@dataclass(frozen=True, slots=True)
class ReportedRun:
    """The tests of one step; 0 is the base."""

    number: int
    cases: tuple[ReportedCase, ...]


@dataclass(frozen=True, slots=True)
class MeasuredRow:
    """A row of the table of metrics: what is measured, where, and the value at every step run."""

    title: str
    unit: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReportedClaim:
    """A sentence of the cover letter: ``held``, ``broken`` or ``not checked``, and the details."""

    says: str
    outcome: str
    detail: str


@dataclass(frozen=True, slots=True)
class Report:
    """The whole result. Findings are sorted by place; nothing depends on clock, host or path."""

    title: str
    version: int
    cover_letter: str | None
    patches: tuple[ReportedPatch, ...]
    base: str | None
    stages: tuple[Stage, ...]
    findings: tuple[Finding, ...]
    skipped: tuple[Skipped, ...]
    ignored: tuple[tuple[str, int], ...] = ()
    runs: tuple[ReportedRun, ...] = ()
    table: tuple[MeasuredRow, ...] = ()
    claims: tuple[ReportedClaim, ...] = ()

    def count(self, severity: Severity) -> int:
        """How many findings have exactly this severity."""
        return sum(finding.severity is severity for finding in self.findings)

    def fails(self, level: Severity) -> bool:
        """Whether there is a finding at ``level`` or above."""
        return any(finding.severity >= level for finding in self.findings)
