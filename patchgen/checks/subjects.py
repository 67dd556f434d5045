"""What checks are handed beyond the series itself: facts gathered before they run."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from patchgen.findings import Location
from patchgen.series.commits.backports import Backport
from patchgen.series.commits.citations import CitedAsFixed, CitedInProse, same_title
from patchgen.series.commits.prerequisites import Prerequisite
from patchgen.series.composed.judgement import Judgement
from patchgen.series.diff.diffstat import Diffstat, FileChange
from patchgen.series.model import CoverLetter, Patch, Series
from patchgen.trees.commits import Commit

if TYPE_CHECKING:
    from patchgen.building.diagnostics import Diagnostic
    from patchgen.checkers.checkpatch import Remark
    from patchgen.checkers.get_maintainer import Concerned
    from patchgen.promises import Claim
    from patchgen.running.plan import MetricRule
    from patchgen.running.step import StepRun

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
    ``changes`` are those it is held against, if they are known.
    """

    file: str
    position: int
    table: Diffstat
    rows_wrong: bool
    changes: tuple[FileChange, ...] | None


@dataclass(frozen=True, slots=True)
class TestedPatch:
    """The tests of a patch's tree, next to those of the tree before it and of the base.

    ``rules`` are the base tree's for its metrics.
    """

    __test__ = False

    patch: Patch
    run: "StepRun"
    before: "StepRun"
    base: "StepRun"
    rules: "tuple[MetricRule, ...]"


@dataclass(frozen=True, slots=True)
class ClaimedSeries:
    """A claim that can be checked, and the runs to hold it against."""

    claim: "Claim"
    base: "StepRun"
    tested: tuple[TestedPatch, ...]


@dataclass(frozen=True, slots=True)
class Lookup:
    """What the base's repository knows of an id that a series cites.

    ``commits`` are those whose ids begin with it, ``other`` is what it names instead of a commit,
    ``outside`` has the ids of those that are not in the history of the base, and ``alike`` the
    commits of that history that have a title which the series cites. ``certain`` is False where
    the id is short and may be that of a commit which the repository does not have.
    """

    commits: tuple[Commit, ...]
    other: str
    outside: tuple[str, ...]
    base: str
    alike: tuple[Commit, ...]
    certain: bool

    def meant(self, title: str | None) -> Commit | None:
        """The one commit it can be: there is no other, or the title tells."""
        if len(self.commits) == 1:
            return self.commits[0]
        named = [one for one in self.commits if title and same_title(one.title, title)]
        return named[0] if len(named) == 1 else None

    def titled(self, title: str | None) -> Commit | None:
        """The commit in the history of the base that has this title."""
        return next((one for one in self.alike if title and same_title(one.title, title)), None)


@dataclass(frozen=True, slots=True)
class CitedCommit:
    """A commit that is cited in prose; ``lookup`` is None where nobody could be asked.

    ``own`` says whether it is a commit of the series itself.
    """

    citation: CitedInProse
    lookup: Lookup | None
    own: bool

    @property
    def foreign(self) -> bool:
        """Whether it may be another project's, and the repository does not have it."""
        unknown = self.lookup is not None and not self.lookup.commits
        return self.citation.reference.perhaps_elsewhere and unknown

    @property
    def place(self) -> Location:
        """Where it is cited."""
        cited = self.citation
        return Location(cited.file, cited.reference.line, cited.position)


@dataclass(frozen=True, slots=True)
class FixedCommit:
    """A commit that a Fixes trailer names; the rest as in `CitedCommit`."""

    citation: CitedAsFixed
    lookup: Lookup | None
    own: bool

    @property
    def place(self) -> Location:
        """Where the trailer stands."""
        return Location(self.citation.file, self.citation.tag.line, self.citation.position)


@dataclass(frozen=True, slots=True)
class NamedBase:
    """The ``base-commit:`` line of a series, and whether a complete repository has that commit.

    ``position`` is that of the patch with the line, 0 for the letter.
    """

    commit: str
    file: str
    line: int
    position: int
    known: bool


@dataclass(frozen=True, slots=True)
class UnnamedBase:
    """What a letter says in words that its series is based on, and where it does.

    Neither the series nor the user names the commit.
    """

    said: str
    file: str
    line: int
    position: int


@dataclass(frozen=True, slots=True)
class NeededPatch:
    """A patch that the series lists as a prerequisite, looked for among all commits at hand.

    ``found`` is a commit that the base does not have; ``applies`` whether the series applies.
    """

    needed: Prerequisite
    found: Commit | None
    base: str
    applies: bool


@dataclass(frozen=True, slots=True)
class CopiedCommit:
    """A backport and its upstream commit; ``same`` is None where changes cannot be compared."""

    backport: Backport
    upstream: Commit
    same: bool | None

    @property
    def place(self) -> Location:
        """Where the upstream commit is named."""
        patch = self.backport.patch
        return Location(patch.file, self.backport.line, patch.position)


@dataclass(frozen=True, slots=True)
class RemarkedPatch:
    """A patch and what the base tree's checkpatch says of it."""

    patch: Patch
    remarks: "tuple[Remark, ...]"


@dataclass(frozen=True, slots=True)
class AddressedPatch:
    """A patch that says to whom it goes, and whom the base tree's MAINTAINERS names for it."""

    patch: Patch
    concerned: "tuple[Concerned, ...]"


NewRemarks = tuple[tuple["Diagnostic", int | None], ...]
"""What was not said before a patch, each with the line of the mail it is at, where that is known;
a diagnostic's flag is the checker's name for it."""


@dataclass(frozen=True, slots=True)
class DocumentedPatch:
    """A patch and what kernel-doc says only since then."""

    patch: Patch
    fresh: NewRemarks


@dataclass(frozen=True, slots=True)
class MatchedPatch:
    """A patch and what the base tree's semantic patches find only since then."""

    patch: Patch
    fresh: NewRemarks
