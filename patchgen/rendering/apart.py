"""Rendering what strangers wrote: in a process of its own, with limits on time and memory.

``python -m patchgen.rendering.apart ORDER`` is that process. It answers in a file, a line for each
series as it is begun and one when it is done, so that the answer is good as far as it goes.
"""

import json
import os
import re
import resource
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from patchgen.errors import TemplateError, ToolError
from patchgen.process import run
from patchgen.rendering.kept import (
    KEPT,
    Difference,
    Fault,
    RenderedSeries,
    keeps_rendered,
    kept_series,
)
from patchgen.trees.base import CommitBase
from patchgen.trees.repository import Repository, UserRepository

_ANSWER = "answer"
_LARGEST_FILE = 256 << 20
_OUTPUT = 1 << 20
_NO_MEMORY = 77
_PATIENCE = 5
"""How much longer it may take by the clock: a busy machine is not the template's fault."""

_AT_LINE = re.compile(r"\(at line (\d+), column \d+\)")


@dataclass(frozen=True, slots=True)
class Bounds:
    """What rendering all series of a commit may use: seconds of a processor, bytes of memory."""

    seconds: int = 60
    memory: int = 1 << 30


def render_kept(
    user: UserRepository, tip: CommitBase, workspace: Path, bounds: Bounds
) -> tuple[RenderedSeries, ...]:
    """Render the series that the commit ``tip`` keeps rendered again, and compare.

    Empty when it keeps none. Writes below ``workspace`` only. A template that cannot be rendered,
    or not within ``bounds``, is part of the answer. Raises ToolError when the process fails in
    another way.
    """
    settings = tip.read(KEPT)
    if settings is None or not keeps_rendered(settings):
        return ()
    workspace.mkdir()
    order = workspace / "order"
    order.write_text(
        json.dumps(
            {
                "git_dir": str(user.repository.git_dir),
                "objects": str(user.objects),
                "object_format": user.object_format,
                "shallow": user.shallow.decode("ascii"),
                "tip": tip.commit,
                "settings": settings.decode("utf-8", "surrogateescape"),
                "seconds": bounds.seconds,
                "memory": bounds.memory,
            }
        ),
        "ascii",
    )
    package = Path(__file__).parents[2]
    argv = [sys.executable, "-P", "-m", "patchgen.rendering.apart", str(order)]
    environment = os.environ | {"PYTHONPATH": str(package)}
    done = run(argv, workspace, environment, _PATIENCE * bounds.seconds, _OUTPUT)
    answer = workspace / _ANSWER
    lines = answer.read_text("ascii").splitlines() if answer.exists() else []
    records = [json.loads(line) for line in lines if line.endswith("}")]
    found = [_series(record) for record in records if "output" in record]
    if done.stopped or done.status < 0 or done.status == _NO_MEMORY:
        last = records[-1]["template"] if records else KEPT
        what = (
            f'"{last}" cannot be rendered: it takes more than {bounds.seconds} seconds or'
            f" {bounds.memory >> 20} MiB of memory"
        )
        fault = Fault(KEPT, None, what, "look for loops that do not end in its templates")
        found.append(RenderedSeries(last, "", "", (), (fault,)))
    elif done.status:
        words = done.output.decode("utf-8", "replace").strip().splitlines() or ["it said nothing"]
        raise ToolError(
            f"rendering in a process of its own failed: {words[-1]}", "please report it as a bug"
        )
    return tuple(found)


def _series(record: dict[str, Any]) -> RenderedSeries:
    differences = tuple(
        Difference(**{**one, "diff": tuple(one["diff"])}) for one in record["differences"]
    )
    faults = tuple(Fault(**one) for one in record["faults"])
    return RenderedSeries(
        record["template"], record["output"], record["command"], differences, faults
    )


def _answer(order: dict[str, Any], workspace: Path) -> Iterator[dict[str, Any]]:
    from patchgen.rendering.again import render_again

    user = UserRepository(
        Repository(Path(order["git_dir"])),
        Path(order["objects"]),
        order["object_format"],
        order["shallow"].encode("ascii"),
    )
    try:
        series = kept_series(order["settings"].encode("utf-8", "surrogateescape"))
    except TemplateError as error:
        line = _AT_LINE.search(error.message)
        message = error.message.removeprefix(f"{KEPT}: ")
        fault = Fault(
            KEPT, int(line[1]) if line else None, message[:1].lower() + message[1:], error.hint
        )
        yield asdict(RenderedSeries(KEPT, "", "", (), (fault,)))
        return
    for number, kept in enumerate(series, 1):
        yield {"template": kept.template}
        place = workspace / str(number)
        place.mkdir()
        yield asdict(render_again(user, order["tip"], kept, place))


def main(path: str) -> None:
    """Carry out the order in the file at ``path``, within the bounds that it sets."""
    file = Path(path)
    order = json.loads(file.read_bytes())
    # Not the address space: git maps whole packs of a large repository, which costs nothing.
    for kind, limit in (
        (resource.RLIMIT_DATA, order["memory"]),
        (resource.RLIMIT_CPU, order["seconds"]),
        (resource.RLIMIT_FSIZE, _LARGEST_FILE),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (limit, limit))
    with (file.parent / _ANSWER).open("w", encoding="ascii") as answer:
        for record in _answer(order, file.parent):
            answer.write(json.dumps(record) + "\n")
            answer.flush()


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except MemoryError:
        sys.exit(_NO_MEMORY)
