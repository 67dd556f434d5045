"""What a verification learned, as plain data: the one thing the report formats read."""

from collections.abc import Callable
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
class ReportedLine:
    """A line of a mail with its number in the file.

    ``kind`` is, in a letter, ``shortlog`` or ``diffstat``; in a patch ``file`` (the head of a
    file's diff), ``hunk``, ``added``, ``removed`` or ``context``; empty for everything else.
    """

    number: int
    text: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class ReportedPatch:
    """A patch in the report; ``lines`` are its subject, its message, and what git applies."""

    number: int
    file: str
    summary: str
    author: str
    lines: tuple[ReportedLine, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportedRule:
    """What a check is about, in its own words.

    ``stage`` is the one whose results it looks at; ``per_patch`` says whether it is put to every
    patch or to the series.
    """

    id: str
    severity: Severity
    title: str
    why: str
    bad: str
    good: str
    stage: str
    per_patch: bool


@dataclass(frozen=True, slots=True)
class ReportedBuild:
    """The build of one step, 0 for the base: its diagnostics, and what runs it in its tree.

    ``entry`` is that of the matrix which it was built for, empty for the ordinary build.
    """

    number: int
    succeeded: bool
    diagnostics: tuple[str, ...]
    command: str
    entry: str = ""


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
class ReportedLetter:
    """The cover letter: its text, and whether what git put below it is true."""

    lines: tuple[ReportedLine, ...]
    claims: tuple[ReportedClaim, ...]


@dataclass(frozen=True, slots=True)
class LandedLine:
    """A line of a file where a hunk landed: ``mark`` is ``-``, ``+`` or a blank.

    ``number`` is that of the line before the patch; None for one that is added, and for lines
    left out, whose ``text`` says how many they are.
    """

    number: int | None
    mark: str
    text: str


@dataclass(frozen=True, slots=True)
class ReportedLanding:
    """Where a hunk landed.

    ``file`` and ``line`` are its place in the mail, ``path`` and ``at`` that in the tree before
    the patch, ``offset`` by how many lines that differs from what its header says. ``claimed`` is
    the heading behind the @@, ``found`` the one above the place, ``fits`` are all lines at which
    git would take it.
    """

    patch: int
    file: str
    line: int
    path: str
    at: int
    offset: int
    claimed: str
    found: str
    fits: tuple[int, ...]
    lines: tuple[LandedLine, ...]


@dataclass(frozen=True, slots=True)
class ReportedIgnore:
    """Findings of a check that are left out: how many, why, for what, and where that was said.

    ``scope`` names the files and patches for which they are, empty for all.
    """

    check: str
    count: int
    reason: str
    scope: str
    where: str


@dataclass(frozen=True, slots=True)
class Report:
    """The whole result. Findings are sorted by place; nothing depends on clock, host or path.

    ``command`` is what makes the report again, as far as it does not depend on the machine;
    ``rules`` tells about all checks, whether they were put or not, to those who ask.
    ``profile`` names the settings it began with, ``only`` the checks that were put if not all
    were, and ``fail_on`` is the severity from which a finding fails the series. ``landings`` are
    those of all hunks if ``all_landings``, else those of hunks that errors and warnings are about.
    """

    title: str
    version: int
    cover_letter: str | None
    patches: tuple[ReportedPatch, ...]
    base: str | None
    stages: tuple[Stage, ...]
    findings: tuple[Finding, ...]
    skipped: tuple[Skipped, ...]
    ignored: tuple[ReportedIgnore, ...] = ()
    runs: tuple[ReportedRun, ...] = ()
    table: tuple[MeasuredRow, ...] = ()
    claims: tuple[ReportedClaim, ...] = ()
    letter: ReportedLetter | None = None
    rules: Callable[[], tuple[ReportedRule, ...]] = tuple
    builds: tuple[ReportedBuild, ...] = ()
    command: str = ""
    profile: str = ""
    only: tuple[str, ...] = ()
    fail_on: Severity = Severity.ERROR
    landings: tuple[ReportedLanding, ...] = ()
    all_landings: bool = False

    def count(self, severity: Severity) -> int:
        """How many findings have exactly this severity."""
        return sum(finding.severity is severity for finding in self.findings)

    @property
    def fails(self) -> bool:
        """Whether there is a finding that fails the series."""
        return any(finding.severity >= self.fail_on for finding in self.findings)
