"""What a build left behind, as far as it tells what it was made of."""

import posixpath
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from patchgen.process import Completed

_ALONE = ("-c", "-MD", "-MMD", "-MP")
_WITH_ANOTHER = ("-MF", "-MT", "-MQ")


@dataclass(frozen=True, slots=True)
class MadeObject:
    """An object, the words that compile it, and those of the files asked for that it reads."""

    name: str
    words: tuple[str, ...]
    reads: frozenset[str]

    def preprocess(self, options: Sequence[str]) -> tuple[str, ...] | None:
        """Words that print what the object is compiled from; None where it is not compiled."""
        if "-c" not in self.words or "-o" not in self.words[:-1]:
            return None
        kept: list[str] = []
        before = ""
        for word in self.words:
            if before == "-o":
                kept.append("-")
            elif not (
                before in _WITH_ANOTHER
                or word in (*_ALONE, *_WITH_ANOTHER)
                or word.startswith(("-Wp,-MD", "-Wp,-MMD"))
            ):
                kept.append(word)
            before = word
        return (*kept, *options)


@dataclass(frozen=True, slots=True)
class NoObject:
    """What keeps a file from being compiled, in words, and how the symbols are set that do it."""

    cause: str
    symbols: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Built:
    """A source directory, and what was built of it.

    ``made`` gives the objects that are made of one of some files; ``confined`` runs a command as
    the build was, from ``directory``; ``why_not`` says why no object is made of a C file.
    ``is_clang`` tells the compiler from gcc, ``config`` is the text of a kernel's configuration.
    """

    source: Path
    directory: Path
    made: Callable[[Collection[str]], tuple[MadeObject, ...]]
    confined: Callable[[Sequence[str]], Completed]
    is_clang: bool
    config: Callable[[], str] = str
    why_not: Callable[[str], NoObject] = lambda _: NoObject("no object is made of it")


def own_first(made: Collection[MadeObject], paths: Collection[str]) -> tuple[MadeObject, ...]:
    """The objects that read one of ``paths``; first those made of one with their own name."""
    own = {posixpath.splitext(posixpath.basename(path))[0] for path in paths}
    found = (one for one in made if one.reads)
    return tuple(
        sorted(found, key=lambda one: (posixpath.basename(one.name)[:-2] not in own, one.name))
    )
