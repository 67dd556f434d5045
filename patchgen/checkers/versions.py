"""What checkers that read files, not patches, are given and say."""

from collections.abc import Mapping
from dataclasses import dataclass

Version = tuple[str, str]
"""A file as it is after some patch: its path and the id of its blob."""
Contents = Mapping[Version, bytes]


@dataclass(frozen=True, slots=True)
class SourceRemark:
    """What is said of a line of a file, and the name that the checker has for it, if any."""

    line: int
    text: str
    name: str = ""


Remarks = dict[Version, list[SourceRemark]]
