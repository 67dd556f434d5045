"""What goes through the stages: the user's wishes in, facts for checks and report out."""

from collections.abc import Callable
from dataclasses import dataclass, field

from patchgen.building.kbuild.wanted import KernelWishes
from patchgen.findings import Skipped
from patchgen.report import MeasuredRow, ReportedBuild, ReportedClaim, ReportedRun, Stage
from patchgen.running.booting import BootWishes
from patchgen.sandbox import Walls
from patchgen.settings.model import Settings

Progress = Callable[[str], None]


def silent(_: str) -> None:
    """Progress that nobody hears."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the user asked for: where the base is, what to do, and settings that go first.

    ``claims`` is the series template, by name or folder, whose claims are to be held against the
    tests; without it a shipped series of the same title is looked for. ``build`` None means where
    it takes seconds: a kernel takes minutes. ``walls`` says whether what the series brings may be
    built and run outside a sandbox, ``kernel`` how a kernel is built, ``checkers`` which of
    those that the base tree brings are asked, ``boot`` that kernels are booted and how.
    ``show_landing`` asks for the places of all hunks in the report.
    """

    tree: str | None = None
    base: str | None = None
    build: bool | None = None
    run: bool = True
    claims: str | None = None
    settings: Settings = field(default_factory=Settings)
    walls: Walls = Walls.REQUIRED
    kernel: KernelWishes = field(default_factory=KernelWishes)
    checkers: tuple[str, ...] = ()
    boot: BootWishes | None = None
    not_built_because: str = "turned off with --no-build"
    show_landing: bool = False


@dataclass(slots=True)
class Facts:
    """What the stages hand on: subjects for the checks, and rows for the report."""

    subjects: list[object] = field(default_factory=list)
    stages: list[Stage] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    builds: list[ReportedBuild] = field(default_factory=list)
    runs: list[ReportedRun] = field(default_factory=list)
    table: list[MeasuredRow] = field(default_factory=list)
    claims: list[ReportedClaim] = field(default_factory=list)

    def skip(self, reason: str, *whats: str) -> None:
        """Note that stages or checks were not done."""
        self.skipped += [Skipped(what, reason) for what in whats]
