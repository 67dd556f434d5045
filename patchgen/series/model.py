"""A series as it was read: a cover letter, patches, and what they say of themselves."""

from dataclasses import dataclass

from patchgen.series.diffstat import Diffstat, FileChange
from patchgen.series.hunks import Diff
from patchgen.series.mail import Identity, Mail
from patchgen.series.shortlog import Shortlog
from patchgen.series.subject import Subject
from patchgen.series.text import Lines
from patchgen.series.trailers import Trailer


@dataclass(frozen=True, slots=True)
class CoverLetter:
    """The cover letter: its blurb, and the claims git or a person put below it.

    ``body`` is all of it, claims and signature included; ``mail`` is where it was read from.
    """

    file: str
    subject: Subject
    subject_line: int
    author: Identity
    blurb: Lines
    shortlog: Shortlog | None
    diffstat: Diffstat | None
    body: Lines
    mail: Mail


@dataclass(frozen=True, slots=True)
class Patch:
    """One patch.

    ``position`` counts from 1 in the order in which the series is applied, whatever the number in
    the subject; ``rest`` is what git-am hands to git-apply, and ``counts`` what unidiff counts
    in the diff (None when it cannot read it). ``mail`` is where all of it was read from.
    """

    position: int
    file: str
    subject: Subject
    subject_line: int
    author: Identity
    message: Lines
    trailers: tuple[Trailer, ...]
    diffstat: Diffstat | None
    diff: Diff
    rest: Lines
    counts: tuple[FileChange, ...] | None
    mail: Mail


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A mail that was there and is no part of the series: its place, and why."""

    place: str
    reason: str


@dataclass(frozen=True, slots=True)
class Series:
    """Patches in the order in which they are applied, and the letter that introduces them.

    ``part`` says why these are not all the patches of a posting, if they are not; ``posted`` is
    False for commits that were never mailed. ``versions`` are all that were among the mails.
    """

    cover: CoverLetter | None
    patches: tuple[Patch, ...]
    base_commit: str | None
    left_out: tuple[LeftOut, ...] = ()
    part: str = ""
    posted: bool = True
    versions: tuple[int, ...] = ()

    @property
    def title(self) -> str:
        """The cover letter's summary, or the first patch's."""
        first = self.cover or self.patches[0]
        return first.subject.summary

    @property
    def version(self) -> int:
        """The version of the series, 1 for a first posting."""
        return (self.cover or self.patches[0]).subject.version
