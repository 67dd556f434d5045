"""Why Kbuild makes no object of a file: the line of a Makefile that would, and its symbol."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from patchgen.building.compiled.built import NoObject
from patchgen.building.compiled.config import KernelConfig
from patchgen.series.text import from_bytes

_RULES = ("Kbuild", "Makefile")
_LISTED = re.compile(
    r"(?P<start>\s*(?P<list>[\w.-]+?)-(?:\$[({](?P<symbol>CONFIG_\w+)[)}]|y|m|objs)\s*[:+]?=)"
    r"(?P<made>.*)"
)
_LISTS = ("obj", "lib", "core", "drivers", "net", "virt", "libs")
_DEEPEST = 20


@dataclass(frozen=True, slots=True)
class _Rule:
    """A line of a Makefile that adds to a list if a symbol is set; without one always."""

    file: str
    text: str
    name: str
    symbol: str


def why_no_object(path: str, source: Path, objects: Path, config: KernelConfig) -> NoObject:
    """What the Makefiles of ``source`` say of a C file of which no object is made."""
    place = PurePosixPath(path)
    if place.parts[0] == "arch" and not (objects / "arch" / place.parts[1]).is_dir():
        return NoObject(f'"arch/{place.parts[1]}/" is not the architecture that is built')
    folder, wanted = place.parent, place.with_suffix(".o").name
    listed = False
    for _ in range(_DEEPEST):
        rule = _rule(source, folder, wanted)
        if rule is None:
            break
        listed = True
        if rule.symbol and rule.symbol not in config.values:
            return NoObject(f'{rule.file} has "{rule.text}"', (config.state(rule.symbol),))
        if rule.name not in _LISTS:
            wanted = f"{rule.name}.o"
        elif str(folder) != ".":
            folder, wanted = folder.parent, f"{folder.name}/"
        else:
            break
    if listed:
        return NoObject("no object is made of it")
    where = " or ".join(_makefiles(source, folder)) or f"{folder}/"
    return NoObject(f'"{where}" does not name "{wanted}"')


def _rule(source: Path, folder: PurePosixPath, wanted: str) -> _Rule | None:
    for file in _makefiles(source, folder):
        for line in _lines(source / file):
            match = _LISTED.fullmatch(line)
            if match and wanted in (made := match["made"].split()):
                more = " …" if len(made) > 1 else ""
                text = f"{match['start'].strip()}{more} {wanted}"
                return _Rule(file, text, match["list"], match["symbol"] or "")
    return None


def _makefiles(source: Path, folder: PurePosixPath) -> tuple[str, ...]:
    return tuple(str(folder / one) for one in _RULES if (source / folder / one).is_file())


def _lines(file: Path) -> Iterator[str]:
    text = from_bytes(file.read_bytes()).replace("\\\n", " ")
    for line in text.split("\n"):
        yield line.partition("#")[0].rstrip()
