"""What a C file includes, and whether it is compiled at all, at a step of a series."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from posixpath import normpath

from patchgen.source.file import CFile
from patchgen.source.history import History

_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?:"([^"\n]+)"|<([^>\n]+)>)', re.MULTILINE)
_ANY_INCLUDE = re.compile(r"^[ \t]*#[ \t]*include\b", re.MULTILINE)
_ALWAYS = ("include/linux/kconfig.h", "include/linux/compiler_types.h")
_GENERATED = ("generated/", "asm/")
_MOST = 2500


@dataclass(frozen=True, slots=True)
class Unit:
    """A file with all that it includes, directly or not.

    ``whole`` is False where something that is included was not found, or there is too much of it.
    """

    files: tuple[CFile, ...]
    whole: bool

    def has_macro(self, name: str) -> bool:
        """Whether a macro of this name may be defined."""
        pattern = re.compile(rf"#[ \t]*define[ \t]+{re.escape(name)}\b")
        return any(name in file.raw and pattern.search(file.raw) for file in self.files)


def unit(history: History, path: str, step: int) -> Unit:
    """What the compiler reads for a file at a step; both sides of every condition."""
    first = history.file(path, step)
    if first is None:
        return Unit((), False)
    places = _architectures(history, path)
    known: dict[str, CFile] = {path: first}
    whole = True
    level = [first]
    history.load(_ALWAYS)
    level += [file for one in _ALWAYS if (file := history.file(one, step))]
    while level and len(known) < _MOST:
        wanted = {
            (file.path, match[1] or "", match[2] or "")
            for file in level
            for match in _INCLUDE.finditer(file.raw)
        }
        whole = whole and all(
            len(_ANY_INCLUDE.findall(file.raw)) == len(_INCLUDE.findall(file.raw)) for file in level
        )
        options = {one: _options(*one, places) for one in wanted}
        history.load({option for several in options.values() for option in several})
        level = []
        for one, several in options.items():
            found = [file for option in several if (file := history.file(option, step))]
            name = one[1] or one[2]
            if not found and not name.startswith(_GENERATED):
                whole = False
            for file in found:
                if file.path not in known:
                    known[file.path] = file
                    level.append(file)
    return Unit(tuple(known.values()), whole and not level)


def compiled(history: History, path: str, step: int) -> bool:
    """Whether a file is surely compiled at a step, in some configuration.

    One that was there before the series is. One that the series creates is if a Makefile beside
    it names it and no later patch changes how the directory is built.
    """
    if path in history.ids[0]:
        return True
    place, _, name = path.rpartition("/")
    makes = tuple(f"{place}/{one}".lstrip("/") for one in ("Makefile", "Kbuild", "Kconfig"))
    for patch in history.patches[step:]:
        if any(file.path in makes for file in patch.diff.files):
            return False
    wanted = re.compile(rf"(?<![\w-]){re.escape(name.removesuffix('.c'))}\.o\b")
    files = (history.file(one, step) for one in makes[:2])
    return any(file is not None and wanted.search(file.raw) for file in files)


def _architectures(history: History, path: str) -> Sequence[str]:
    if path.startswith("arch/"):
        return [path.split("/")[1]]
    touched = {one.split("/")[1] for one in history.touched if one.startswith("arch/")}
    return sorted({"x86", *touched})


def _options(path: str, quoted: str, angled: str, architectures: Sequence[str]) -> list[str]:
    name = quoted or angled
    place = path.rpartition("/")[0]
    found = [f"{place}/{name}" if place else name]
    found += [f"include/{name}", f"include/uapi/{name}"]
    for one in architectures:
        found += [f"arch/{one}/include/{name}", f"arch/{one}/include/uapi/{name}"]
    if name.startswith("asm/"):
        found += [f"include/asm-generic/{name[4:]}", f"include/uapi/asm-generic/{name[4:]}"]
    while place:
        place = place.rpartition("/")[0]
        if place.count("/") > 0:
            found += [f"{place}/{name}", f"{place}/include/{name}"]
    return [option for option in map(normpath, found) if not option.startswith("../")]
