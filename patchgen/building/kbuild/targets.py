"""What make is asked for, and whether it was of any use for a file."""

import os
import posixpath
import re
from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from pathlib import Path, PurePosixPath

from patchgen.building.kbuild.configuration import fragments_for

_PLAIN = re.compile(r"[A-Za-z0-9_+][\w.,+-]*(?:/[A-Za-z0-9_+][\w.,+-]*)*/?", re.ASCII)
_COMPILED = (".c", ".S", ".rs")
_INCLUDED = (".h",)
_RULES = ("Makefile", "Kbuild")
_INCLUDES = re.compile(r"(?:include|arch/[^/]+/include)/")


def targets_for(paths: Collection[str], more: Iterable[str], arch: str) -> tuple[str, ...]:
    """The directories whose objects the files at ``paths`` can change, and what the user added.

    ``arch`` is the directory below arch/ that is built: with the flags for one architecture the
    files of others do not compile.
    Kbuild would make the object of a file whether the configuration has it or not; of a
    directory it makes those that the configuration has. Directories inside others are left out.
    """
    found = {target for one in fragments_for(paths, arch) for target in one.targets}
    for path in paths:
        folder = f"{PurePosixPath(path).parent}/"
        made = path.endswith((*_COMPILED, *_INCLUDED)) or PurePosixPath(path).name in _RULES
        if folder == "./" or _INCLUDES.match(path) or is_of_another(folder, arch):
            continue
        if made and _PLAIN.fullmatch(folder):
            found.add(folder)
    return outermost(found | {*more})


def is_of_another(folder: str, arch: str) -> bool:
    """Whether a directory belongs to another architecture than that of ``arch/<arch>/``."""
    return folder.startswith("arch/") and not folder.startswith(f"arch/{arch}/")


def outermost(targets: Collection[str]) -> tuple[str, ...]:
    """The targets without the directories that are inside others."""
    inner = {one for one in targets for other in targets if one != other and _inside(one, other)}
    return tuple(sorted({*targets} - inner))


def made_in(targets: Iterable[str], source: Path) -> Iterator[str]:
    """What make has to be asked for in ``source`` to make ``targets``.

    The objects of a directory without a Makefile are those of a directory above it.
    """
    for target in targets:
        if not target.endswith("/"):
            yield target
        elif (source / target).is_dir():
            folders = (PurePosixPath(target), *PurePosixPath(target).parents)
            ruled = (folder for folder in folders[:-1] if _has_rules(source / folder))
            yield from (f"{folder}/" for folder in islice(ruled, 1))


def _has_rules(folder: Path) -> bool:
    return any((folder / name).is_file() for name in _RULES)


def is_target(text: str) -> bool:
    """Whether make would take ``text`` as a target, neither as an option nor as a variable."""
    return bool(_PLAIN.fullmatch(text))


def belongs(name: str, targets: Iterable[str]) -> bool:
    """Whether an object is made for one of the targets; all are for one that is no directory."""
    return any(_inside(name, target) or not target.endswith("/") for target in targets)


def _inside(name: str, target: str) -> bool:
    return target.endswith("/") and name.startswith(target)


def without_objects(
    paths: Iterable[str], source: Path, objects: Path, said: Collection[str]
) -> Iterator[str]:
    """Those C files of ``source`` of which no object is made, and headers that none includes.

    ``said`` are the objects that were compiled, also those that failed.
    """
    headers = []
    for path in paths:
        if not (source / path).is_file():
            continue
        if path.endswith(_COMPILED):
            name = str(PurePosixPath(path).with_suffix(".o"))
            if name not in said and not os.path.lexists(objects / name):
                yield path
        elif path.endswith(_INCLUDED):
            headers.append(path)
    if headers:
        included = _included({PurePosixPath(path).name for path in headers}, source, objects)
        yield from (path for path in headers if path not in included)


def _included(names: Collection[str], source: Path, objects: Path) -> set[str]:
    """The files with these names that Kbuild's dependency files list."""
    endings = tuple(os.fsencode(f"/{name}") for name in names)
    root = os.fsencode(source.resolve()) + b"/"
    found = set()
    for folder, _, files in os.walk(objects):
        for file in files:
            place = Path(folder, file)
            if file.endswith(".o.cmd") and not place.is_symlink():
                for word in place.read_bytes().split():
                    if word.endswith(endings):
                        found.add(posixpath.normpath(os.fsdecode(word.removeprefix(root))))
    return found
