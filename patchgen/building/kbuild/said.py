"""What the compiler said of each object, kept beside the objects: they outlive the run."""

import json
import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import astuple, replace
from pathlib import Path

from patchgen.building.diagnostics import Diagnostic, by_object
from patchgen.building.kbuild.place import ObjectPlace, write_whole
from patchgen.building.kbuild.targets import belongs

_OBJECT = re.compile(r"\s+(?:CC|AS)(?: \[M\])?\s+(\S+\.o)")


class Said:
    """The diagnostics of every object in a build directory, as of when it was compiled."""

    def __init__(self, place: ObjectPlace) -> None:
        self._file = place.directory / "said.json"
        self._known: dict[str, tuple[Diagnostic, ...]] = {}
        try:
            kept = json.loads(self._file.read_bytes())
        except (OSError, ValueError):
            return
        self._known = {name: tuple(Diagnostic(*one) for one in said) for name, said in kept.items()}

    @property
    def objects(self) -> frozenset[str]:
        """All objects that were ever compiled."""
        return frozenset(self._known)

    def learn(self, log: str, source: Path) -> tuple[str, ...]:
        """Take in and keep what a run of make printed; the objects that it compiled."""
        lines = log.replace(f"{source}/", "").splitlines()
        found = {
            _normal(name): tuple(replace(one, path=_normal(one.path)) for one in said)
            for name, said in by_object(lines).items()
        }
        self._known |= found
        kept = {name: [astuple(one) for one in said] for name, said in self._known.items()}
        write_whole(self._file, json.dumps(kept).encode())
        compiled = (match[1] for line in lines if (match := _OBJECT.fullmatch(line)))
        return tuple(sorted({_normal(name) for name in compiled}))

    def about(self, targets: Iterable[str], *places: Path) -> tuple[Diagnostic, ...]:
        """What was said of the objects of ``targets``, of files that are in one of ``places``.

        One in a header is one, however many objects include it.
        """
        return tuple(dict.fromkeys(self._about(tuple(targets), places)))

    def _about(self, targets: tuple[str, ...], places: tuple[Path, ...]) -> Iterator[Diagnostic]:
        for name in sorted(self._known):
            if not name or belongs(name, targets):
                for one in self._known[name]:
                    if any((place / one.path).exists() for place in places):
                        yield one


def _normal(path: str) -> str:
    return posixpath.normpath(path) if path else path
