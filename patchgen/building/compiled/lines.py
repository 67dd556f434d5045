"""Which lines of the source directory were compiled into what the build directory has."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from patchgen.building.compiled.built import Built
from patchgen.building.compiled.config import KernelConfig, read_config
from patchgen.building.compiled.preprocess import Seen, Wanted, seen_by_compilers
from patchgen.building.compiled.regions import Layout, layout
from patchgen.building.compiled.uncompiled import (
    Uncompiled,
    in_no_region,
    in_no_use,
    wanted_macros,
    wanted_regions,
)
from patchgen.series.text import from_bytes

_C = (".c", ".h")

Lines = Mapping[str, frozenset[int]]
"""Numbers of lines, by the path of their file."""


def uncompiled(built: Built, lines: Lines) -> tuple[Uncompiled, ...]:
    """Those of ``lines`` that no compiler has seen, of the C files among them.

    Blank lines, comments and the conditionals of the preprocessor do not count; what a compiler
    may have seen is in doubt. Comes after a build that succeeded.
    """
    layouts = {path: found for path in sorted(lines) if (found := _layout(path, built.source))}
    code = {path: lines[path] & one.code for path, one in layouts.items()}
    layouts = {path: one for path, one in layouts.items() if code[path]}
    if not layouts:
        return ()
    config = read_config(built.config())
    wanted = {path: _wanted(code[path], one, config) for path, one in layouts.items()}
    seen, used = seen_by_compilers(built, layouts, wanted)
    return tuple(
        found
        for path, one in layouts.items()
        for found in _of_file(path, code[path], one, seen[path], used, built, config)
    )


def _wanted(code: frozenset[int], one: Layout, config: KernelConfig) -> Wanted:
    regions = wanted_regions(code, one, config)
    return Wanted(regions, wanted_macros(code, one, regions))


def _of_file(
    path: str,
    code: frozenset[int],
    one: Layout,
    seen: Seen,
    used: frozenset[str] | None,
    built: Built,
    config: KernelConfig,
) -> Iterator[Uncompiled]:
    if not seen.anywhere:
        if path.endswith(".h"):
            yield Uncompiled(path, tuple(sorted(code)), "no object that is built includes it")
        else:
            why = built.why_not(path)
            yield Uncompiled(path, tuple(sorted(code)), why.cause, why.symbols)
    else:
        for found in in_no_region(path, code, one, seen.regions, config):
            yield replace(found, doubt=seen.doubt)
        for found in in_no_use(path, code, one, seen.regions, used) if used is not None else ():
            yield replace(found, doubt=seen.doubt)


def _layout(path: str, source: Path) -> Layout | None:
    """The layout of a C file; None for what is none, or a link, through which nobody writes."""
    place = source / path
    if not path.endswith(_C) or not place.is_file() or place.resolve() != source.resolve() / path:
        return None
    return layout(from_bytes(place.read_bytes()))
