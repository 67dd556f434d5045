"""Files that come out as they were: make is not to build anew what is made of them."""

import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_TOOLS = ("scripts/", "tools/")
"""What is made of files here, is made while the base is configured."""


@dataclass(frozen=True, slots=True)
class KeptSource:
    """A file with its content, and when that was written."""

    place: Path
    content: bytes
    time: int


def kept_sources(source: Path, paths: Iterable[str]) -> tuple[KeptSource, ...]:
    """The files at ``paths`` as they are before the source directory is written anew."""
    wanted = (source / path for path in paths if not path.startswith(_TOOLS))
    return tuple(
        KeptSource(place, place.read_bytes(), place.stat().st_mtime_ns)
        for place in wanted
        if _is_file(place)
    )


def give_back_times(kept: Iterable[KeptSource]) -> None:
    """Give those their time stamps back that have the same content again.

    Comes before anything is built of them: what is newer than the stamp was made of that content.
    """
    for one in kept:
        if _is_file(one.place) and one.place.read_bytes() == one.content:
            os.utime(one.place, ns=(one.time, one.time))


def _is_file(place: Path) -> bool:
    try:
        return stat.S_ISREG(place.lstat().st_mode)
    except OSError:
        return False
