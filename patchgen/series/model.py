"""A series as it was read: a cover letter, patches, and what they say of themselves."""

from dataclasses import dataclass

from patchgen.series.diff.diffstat import Diffstat, FileChange
from patchgen.series.diff.hunks import Diff
from patchgen.series.mail.body import Fault
from patchgen.series.mail.identity import Identity
from patchgen.series.mail.message import Mail
from patchgen.series.mail.subject import Subject
from patchgen.series.shortlog import Shortlog
from patchgen.series.text import Lines, joined, to_bytes
from patchgen.series.trailers.block import Trailer


@dataclass(frozen=True, slots=True)
class CoverLetter:
    """The cover letter: its blurb, and the claims git or a person put below it.

    ``body`` is all of it, claims and signature included; ``mail`` is where it was read from.
    ``other_diffstats`` are tables above the one that is taken for the series'.
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
    other_diffstats: tuple[Diffstat, ...] = ()


@dataclass(frozen=True, slots=True)
class Patch:
    """One patch.

    ``position`` counts from 1 in the order in which the series is applied, whatever the number in
    the subject; ``notes`` are what stands between the marker line and the diff, ``rest`` is what
    git-am hands to git-apply, without a last newline if it is ``cut_off``, and ``counts`` what
    unidiff counts in the diff (None when it cannot read it). ``date`` is the author's as it was
    written, ``mail`` where all of it was read from, ``faults`` what is broken in it.
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
    notes: Lines
    date: str
    cut_off: bool
    faults: tuple[Fault, ...]

    @property
    def handed(self) -> bytes:
        """What git-am hands to git-apply, byte for byte."""
        data = to_bytes(joined(self.rest))
        return data[:-1] if self.cut_off else data


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
