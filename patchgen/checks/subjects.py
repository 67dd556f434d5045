"""What checks are handed beyond the series itself: facts gathered before they run."""

from dataclasses import dataclass

from patchgen.promises import Claim
from patchgen.running.host import StepRun
from patchgen.running.plan import MetricRule
from patchgen.series.diffstat import FileChange
from patchgen.series.model import CoverLetter, Patch, Series

ABOUT_POSTINGS = ("numbering-gap",)
"""The checks that take a `PostedSeries`."""

ABOUT_MESSAGES = ("signed-off-by-missing",)
"""The checks that have nothing to say of a diff that was not mailed."""


@dataclass(frozen=True, slots=True)
class PostedSeries:
    """A series as it was mailed, whole: neither a part that the user chose, nor commits."""

    series: Series


@dataclass(frozen=True, slots=True)
class CountedPatch:
    """A patch and what ``git apply --numstat`` counts in it, or git's words when it cannot."""

    patch: Patch
    git: tuple[FileChange, ...] | str


@dataclass(frozen=True, slots=True)
class CoveredSeries:
    """A series with a cover letter.

    ``changes`` is what lies between the base tree and the tip, once for every way to diff that
    was tried, git's default first; None where there is no tree to ask.
    """

    series: Series
    cover: CoverLetter
    changes: tuple[tuple[FileChange, ...], ...] | None


@dataclass(frozen=True, slots=True)
class TestedPatch:
    """The tests of a patch's tree, next to those of the tree before it and of the base.

    ``rules`` are the base tree's for its metrics.
    """

    __test__ = False

    patch: Patch
    run: StepRun
    before: StepRun
    base: StepRun
    rules: tuple[MetricRule, ...]


@dataclass(frozen=True, slots=True)
class ClaimedSeries:
    """A claim that can be checked, and the runs to hold it against."""

    claim: Claim
    base: StepRun
    tested: tuple[TestedPatch, ...]
