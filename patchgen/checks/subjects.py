"""What checks are handed beyond the series itself: facts gathered before they run."""

from dataclasses import dataclass

from patchgen.promises import Claim
from patchgen.running.host import StepRun
from patchgen.running.plan import MetricRule
from patchgen.series.diffstat import Diffstat, FileChange
from patchgen.series.judgement import Judgement
from patchgen.series.model import CoverLetter, Patch, Series

ABOUT_POSTINGS = ("cover-letter-missing", "numbering-gap", "series-too-long", "threading-broken")
"""The checks that take a `PostedSeries`."""

ABOUT_MESSAGES = (
    "author-mismatch",
    "message-empty",
    "signed-off-by-missing",
    "subject-malformed",
)
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

    ``judgement`` is what came of holding its diffstat against the series; None where it has none.
    """

    series: Series
    cover: CoverLetter
    judgement: Judgement | None


@dataclass(frozen=True, slots=True)
class PostedDiffstat:
    """A table as it stands in a mail, 0 being the cover letter's position.

    ``rows_wrong`` says that its rows are not those of the diff: what they add up to means nothing.
    """

    file: str
    position: int
    table: Diffstat
    rows_wrong: bool


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
