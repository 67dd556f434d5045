"""What a check says about a series, and what nobody looked at."""

import enum
from dataclasses import dataclass


class Severity(enum.IntEnum):
    """How bad a finding is: a maintainer bounces it, will ask about it, may want to know it."""

    NOTE = 1
    WARNING = 2
    ERROR = 3

    def __str__(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Location:
    """A place in the series as it was read.

    ``patch`` is the number of the patch, 0 for the cover letter, None for the series as a whole;
    ``file`` is the file as the user named it, ``line`` counts from 1, None for the whole file.
    """

    file: str
    line: int | None = None
    patch: int | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """One defect, found by a check; lower case, no full stop, both sides named.

    ``severity`` is set where this one weighs less than the check's findings usually do; ``kind``
    is the name that a wrapped tool has for the defect.
    """

    message: str
    location: Location
    hint: str = ""
    severity: Severity | None = None
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem together with the check that found it.

    A wrapped tool's name for the defect follows the check's id: ``checkpatch/LONG_LINE``.
    """

    check: str
    severity: Severity
    problem: Problem

    @property
    def rule(self) -> str:
        """The id of the check without the name that a wrapped tool has for the defect."""
        return rule_of(self.check)


def rule_of(check: str) -> str:
    """The id of the check to which ``check``, maybe one kind of its findings, belongs."""
    return check.partition("/")[0]


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that was not examined: a stage or a check id, and the reason."""

    what: str
    reason: str
