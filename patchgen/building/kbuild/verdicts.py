"""What came of building a tree, kept: a step that was built once is not built again.

    kernels/<tree>/<configuration>/verdicts/<key>.json

The key is that of the tree's content and of what was asked for; the directory that of the
configuration and the compiler. What ended early, or failed for another reason than the source, is
not kept: the next time it may go well.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from patchgen.building.compiled.uncompiled import Uncompiled
from patchgen.building.diagnostics import Diagnostic
from patchgen.building.kbuild.place import VERDICTS, ObjectPlace, key_of, write_whole
from patchgen.building.outcome import StepBuild

_FORMAT = b"2"
"""Changes when what is kept, or how it is found out, does."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The build of a tree, the targets it was asked for, and the lines that it did not compile."""

    build: StepBuild
    asked: tuple[str, ...]
    uncompiled: tuple[Uncompiled, ...]


@dataclass(frozen=True, slots=True)
class Ending:
    """What is known after the last step: lines that no step compiles, with the number of the step
    that adds them, and files of which there is no object."""

    uncompiled: tuple[tuple[int, Uncompiled], ...]
    not_built: tuple[str, ...]


class Verdicts:
    """The verdicts for one configuration of a tree.

    ``command`` says what people type to make some targets; that depends on who asks.
    """

    def __init__(self, place: ObjectPlace, command: Callable[[Sequence[str]], str]) -> None:
        self._directory = place.directory / VERDICTS
        self._command = command

    def verdict(self, number: int, *key: bytes) -> Verdict | None:
        """What is known of the tree with this key, which now is that of step ``number``."""
        kept = self._read(key)
        if kept is None:
            return None
        asked = tuple(kept["asked"])
        build = StepBuild(
            number,
            kept["succeeded"],
            tuple(Diagnostic(**one) for one in kept["diagnostics"]),
            (),
            kept["complaint"],
            self._command(asked),
            known=True,
        )
        return Verdict(build, asked, tuple(map(_lines, kept["uncompiled"])))

    def keep(self, verdict: Verdict, *key: bytes) -> None:
        """Write down a verdict that holds for the tree with this key."""
        build = verdict.build
        if build.succeeded or any(one.is_error for one in build.diagnostics):
            self._write(
                key,
                {
                    "succeeded": build.succeeded,
                    "diagnostics": [asdict(one) for one in build.diagnostics],
                    "complaint": build.complaint,
                    "asked": verdict.asked,
                    "uncompiled": [asdict(one) for one in verdict.uncompiled],
                },
            )

    def ending(self, *key: bytes) -> Ending | None:
        """What is known after the last of the steps that the key is of."""
        kept = self._read(key)
        if kept is None:
            return None
        uncompiled = tuple((number, _lines(one)) for number, one in kept["uncompiled"])
        return Ending(uncompiled, tuple(kept["not_built"]))

    def keep_ending(self, ending: Ending, *key: bytes) -> None:
        """Write down what is known after the last of the steps that the key is of."""
        uncompiled = [(number, asdict(one)) for number, one in ending.uncompiled]
        self._write(key, {"uncompiled": uncompiled, "not_built": ending.not_built})

    def _read(self, key: tuple[bytes, ...]) -> Any:
        try:
            return json.loads(self._path(key).read_bytes())
        except (OSError, ValueError):
            return None

    def _write(self, key: tuple[bytes, ...], kept: object) -> None:
        self._directory.mkdir(exist_ok=True)
        write_whole(self._path(key), json.dumps(kept).encode())

    def _path(self, key: tuple[bytes, ...]) -> Path:
        return self._directory / f"{key_of(_FORMAT, *key)}.json"


def _lines(kept: dict[str, Any]) -> Uncompiled:
    lines, symbols = tuple(kept["lines"]), tuple(kept["symbols"])
    return Uncompiled(kept["path"], lines, kept["cause"], symbols, kept["doubt"])
