"""The commands that Kbuild keeps beside its objects, and the files that each is made of."""

import os
import posixpath
import shlex
from collections.abc import Collection, Iterator
from pathlib import Path

from patchgen.building.compiled.built import MadeObject, own_first

_ENDS_AT = (";", "&&", "||", "|")


def objects_reading(paths: Collection[str], source: Path, objects: Path) -> tuple[MadeObject, ...]:
    """The objects that are made of one of ``paths``, files of ``source``, as Kbuild has it."""
    return own_first([*_made(paths, source, objects)], paths)


def _made(paths: Collection[str], source: Path, objects: Path) -> Iterator[MadeObject]:
    endings = tuple(f"/{posixpath.basename(path)}" for path in paths)
    names = tuple(map(os.fsencode, endings))
    root = f"{source.resolve()}/"
    for folder, _, files in os.walk(objects):
        for file in files:
            place = Path(folder, file)
            if not file.endswith(".o.cmd") or place.is_symlink():
                continue
            data = place.read_bytes()
            if any(name in data for name in names):
                text = os.fsdecode(data)
                found = (word for word in text.split() if word.endswith(endings))
                read = frozenset(posixpath.normpath(word.removeprefix(root)) for word in found)
                name = place.relative_to(objects).with_name(file[1 : -len(".cmd")])
                yield MadeObject(name.as_posix(), _words(text), read.intersection(paths))


def _words(text: str) -> tuple[str, ...]:
    """The words of the command; nothing of what comes behind the compiler, such as objtool.

    The first variable of the file has it: ``cmd_NAME``, ``savedcmd_NAME`` from v6.3 on. make's
    escapes are undone (make-cmd in scripts/Kbuild.include).
    """
    _, _, command = text.partition("\n")[0].partition(" := ")
    try:
        lexer = shlex.shlex(command.replace("$$", "$").replace("\\#", "#"), posix=True)
        lexer.whitespace_split, lexer.commenters = True, ""
        words = [*lexer]
    except ValueError:
        return ()
    ends = (at for at, word in enumerate(words) if word in _ENDS_AT or word.endswith(";"))
    end = next(ends, len(words))
    last = [word.rstrip(";") for word in words[end : end + 1] if word not in _ENDS_AT]
    return (*words[:end], *last)
