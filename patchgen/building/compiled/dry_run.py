"""The objects of a tree with a Makefile of its own, from what ``make --dry-run`` prints."""

import posixpath
import shlex
from collections.abc import Collection, Iterator
from pathlib import Path

from patchgen.building.compiled.built import MadeObject, own_first


def objects_made(printed: str, source: Path, paths: Collection[str]) -> tuple[MadeObject, ...]:
    """The objects that are made of one of ``paths``.

    ``printed`` are the commands, one a line, as they are run from ``source``. What an object is
    made of is in the file with the ending ``.d`` beside it, where the compiler was told to write
    one; else it is the file that the command names.
    """
    return own_first([*_made(printed, source, paths)], paths)


def _made(printed: str, source: Path, paths: Collection[str]) -> Iterator[MadeObject]:
    for line in printed.splitlines():
        try:
            words = tuple(shlex.split(line))
        except ValueError:
            continue
        if "-c" in words and "-o" in words[:-1]:
            name = words[words.index("-o") + 1]
            reads = {posixpath.normpath(one) for one in (*words, *_listed(source / name))}
            yield MadeObject(name, words, frozenset(reads.intersection(paths)))


def _listed(place: Path) -> list[str]:
    """The words of the rule that a compiler has written for an object."""
    rule = place.with_suffix(".d")
    if not rule.is_file() or rule.is_symlink():
        return []
    return rule.read_text("utf-8", "surrogateescape").replace("\\\n", " ").split()
