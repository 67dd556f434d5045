"""The commands that Kbuild keeps beside its objects, and the files that each is made of."""

import os
import posixpath
import re
import shlex
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

_ENDS_AT = (";", "&&", "||", "|")
_DEPENDENCIES = re.compile(r"-Wp,-MM?D,|-MM?D$|-MF|-MT|-MQ")


@dataclass(frozen=True, slots=True)
class MadeObject:
    """An object, the text of its ``.cmd`` file, and those of the files asked for that it reads."""

    name: str
    text: str
    reads: frozenset[str]

    def preprocess(self, *options: str) -> tuple[str, ...] | None:
        """Words that preprocess what the object is compiled from; None where it is not compiled.

        The first variable in the file is the command: ``cmd_NAME``, ``savedcmd_NAME`` from
        v6.3 on (scripts/Kbuild.include). Everything behind the compiler is another's.
        """
        _, sign, command = self.text.partition("\n")[0].partition(" := ")
        try:
            words = shlex.split(command.replace("$$", "$").replace("\\#", "#"))
        except ValueError:
            return None
        ends = [at for at, word in enumerate(words) if word in _ENDS_AT or word.endswith(";")]
        words = words[: ends[0] + words[ends[0]].endswith(";")] if ends else words
        words = [word.removesuffix(";") for word in words]
        if not sign or "-c" not in words or "-o" not in words[:-1]:
            return None
        words[words.index("-o") + 1] = "-"
        kept = [word for word in words if word != "-c" and not _DEPENDENCIES.match(word)]
        return (*kept, *options)


def objects_reading(paths: Collection[str], source: Path, objects: Path) -> tuple[MadeObject, ...]:
    """The objects that are made of one of ``paths``, files of ``source``, as Kbuild has it.

    Those come first that are made of one with their own name.
    """
    found = [made for made in _made(paths, source, objects) if made.reads]
    own = {path.rpartition(".")[0] + ".o" for path in paths}
    return tuple(sorted(found, key=lambda one: (one.name not in own, one.name)))


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
                words = (word for word in text.split() if word.endswith(endings))
                read = frozenset(posixpath.normpath(word.removeprefix(root)) for word in words)
                name = place.relative_to(objects).with_name(file[1 : -len(".cmd")])
                yield MadeObject(name.as_posix(), text, read.intersection(paths))
