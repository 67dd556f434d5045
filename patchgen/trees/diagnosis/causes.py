"""What can be the reason that a patch does not apply, and what is known of it."""

import enum
from dataclasses import dataclass

from patchgen.series.diff.hunks import FileDiff, Hunk
from patchgen.trees.apply import Refusal


class Why(enum.Enum):
    """The kinds of reasons, the most telling first."""

    ALREADY_APPLIED = "already-applied"
    WHITE_SPACE = "white-space"
    LINE_ENDS = "line-ends"
    LAST_NEWLINE = "last-newline"
    NOT_AT_BEGINNING = "not-at-beginning"
    NOT_AT_END = "not-at-end"
    LINES_TAKEN = "lines-taken"
    LATER_PATCH = "later-patch"
    EARLIER_PATCH = "earlier-patch"
    PREREQUISITE = "prerequisite"
    OTHER_COMMIT = "other-commit"
    LINES_NOWHERE = "lines-nowhere"
    FILE_RENAMED = "file-renamed"
    FILE_REMOVED = "file-removed"
    FILE_ELSEWHERE = "file-elsewhere"
    FILE_UNKNOWN = "file-unknown"
    FILE_EXISTS = "file-exists"
    NO_PLAIN_FILE = "no-plain-file"
    NOTHING_SIMILAR = "nothing-similar"
    OTHER_VERSION = "other-version"
    MERGES = "merges"
    CONFLICTS = "conflicts"


@dataclass(frozen=True, slots=True)
class Cause:
    """A reason of some kind, in a sentence."""

    why: Why
    says: str


@dataclass(frozen=True, slots=True)
class Nearby:
    """The most similar place for a hunk: its line, from 0, and the heading there.

    ``difference`` is the first line of the pre-image that the place does not have, ``line`` where
    another one stands instead, and ``found`` what that is, None where the file ends.
    """

    position: int
    heading: str
    difference: int
    line: int
    found: str | None


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Why a patch was refused.

    ``file``, ``hunk`` and ``near`` are what git stumbled over first, as far as it is known;
    ``failing`` and ``total`` count the hunks of that file.
    """

    refusal: Refusal
    file: FileDiff | None
    hunk: Hunk | None
    near: Nearby | None
    causes: tuple[Cause, ...]
    failing: int = 0
    total: int = 0

    @property
    def whole_is_there(self) -> bool:
        """Whether the base has the whole change already."""
        return self.file is None and any(cause.why is Why.ALREADY_APPLIED for cause in self.causes)
