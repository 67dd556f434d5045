"""Preprocessing the objects that files are part of once more, to learn which of their lines count.

While that goes on the files in the source directory hold marks; make never sees them: they get
their content and their time stamps back.
"""

import os
import shlex
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from patchgen.building.compiled.built import Built, MadeObject
from patchgen.building.compiled.probes import Probes
from patchgen.building.compiled.regions import Layout
from patchgen.series.text import from_bytes, to_bytes

_JOBS = os.cpu_count() or 1
_MOST = 64
"""How many objects are looked at; a header may be part of all."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What compilers have seen of a file: indexes of regions, and whether it is in any object.

    ``doubt`` says why more of it may be compiled: not all objects were asked, and not all that was
    wanted was found.
    """

    regions: frozenset[int]
    anywhere: bool
    doubt: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be found in a file, if it can be: after that no further object is asked."""

    regions: frozenset[int]
    macros: frozenset[str]


def seen_by_compilers(
    built: Built,
    layouts: Mapping[str, Layout],
    wanted: Mapping[str, Wanted],
) -> tuple[Mapping[str, Seen], frozenset[str] | None]:
    """What the objects in the build directory were compiled from, of the files with these layouts.

    The macros that are used or tested come second, None where the compiler does not tell.
    The commands are those that the build ran, and run within the same walls. The files have to be
    files, not links.
    """
    probes = Probes(layouts, tells_use=not built.is_clang)
    found = built.made(layouts)
    asked: set[str] = set()
    with _marked(built.source, layouts, probes):
        while len(asked) < _MOST:
            pending = {path for path in layouts if not _settled(path, probes, wanted[path])}
            useful = (one for one in found if one.name not in asked and one.reads & pending)
            if not (objects := [*islice(useful, _JOBS)]):
                break
            asked |= {one.name for one in objects}
            probes.learn(_preprocessed(built, objects, probes))
    seen = {}
    for path in layouts:
        readers = {one.name for one in found if path in one.reads}
        settled = readers <= asked or _settled(path, probes, wanted[path])
        doubt = "" if settled else _not_all(len(readers & asked), len(readers))
        seen[path] = Seen(frozenset(probes.regions[path]), bool(readers), doubt)
    return seen, probes.macros


def _not_all(asked: int, readers: int) -> str:
    return f"{asked} of the {readers} objects that read the file were asked, and none compiles this"


def _settled(path: str, probes: Probes, wanted: Wanted) -> bool:
    return wanted.regions <= probes.regions[path] and probes.used(wanted.macros)


@contextmanager
def _marked(source: Path, paths: Collection[str], probes: Probes) -> Iterator[None]:
    kept: list[tuple[Path, bytes, os.stat_result]] = []
    try:
        for path in paths:
            place = source / path
            data = place.read_bytes()
            kept.append((place, data, place.stat()))
            place.write_bytes(to_bytes(probes.marked(path, from_bytes(data))))
        yield
    finally:
        for place, data, before in kept:
            place.write_bytes(data)
            os.utime(place, ns=(before.st_atime_ns, before.st_mtime_ns))


def _preprocessed(built: Built, objects: Sequence[MadeObject], probes: Probes) -> str:
    """The lines that matter of what the compiler prints for the objects, side by side."""
    filtered = shlex.join(["grep", "-aE", probes.pattern])
    script = [f"cd {shlex.quote(str(built.directory))}", "out=$(mktemp -d)"]
    for number, one in enumerate(objects):
        if words := one.preprocess(probes.options):
            script.append(f"{shlex.join(words)} 2>/dev/null | {filtered} >$out/{number} &")
    script += ["wait", "cat $out/*", "rm -r $out"]
    done = built.confined(["sh", "-c", "\n".join(script)])
    return from_bytes(done.output)
