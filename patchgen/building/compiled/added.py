"""The lines that a series adds and no step compiles."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from patchgen.building.compiled.built import Built
from patchgen.building.compiled.lines import uncompiled
from patchgen.building.compiled.uncompiled import Uncompiled
from patchgen.building.locate import mail_line
from patchgen.building.outcome import UncompiledLines
from patchgen.trees.apply import AppliedPatch
from patchgen.trees.changes import added_lines, kept_lines
from patchgen.trees.repository import Repository

_C = (".c", ".h")


class AddedLines:
    """Remembers which lines were not compiled in the step that adds them; a later one may do it.

    A patch may add a file, and the next one names it in a Makefile.
    """

    def __init__(self, repository: Repository, built: Callable[[], Built]) -> None:
        self._repository = repository
        self._built = built
        self._steps: dict[int, AppliedPatch] = {}
        self._pending: list[tuple[AppliedPatch, Uncompiled]] = []

    def look(self, step: AppliedPatch) -> tuple[Uncompiled, ...]:
        """The lines that ``step`` adds and does not compile; it is in the source directory, and
        was just built."""
        paths = {file.path for file in step.patch.diff.files if file.path.endswith(_C)}
        lines = {path: frozenset(self._added(step, path)) for path in sorted(paths)}
        if not any(lines.values()):
            return ()
        return uncompiled(self._built(), {path: some for path, some in lines.items() if some})

    def remember(self, step: AppliedPatch, found: Iterable[Uncompiled]) -> None:
        """Take in what `look` found in a step, now or at another time."""
        self._steps[step.number] = step
        self._pending += [(step, one) for one in found]

    def never_compiled(self, last: AppliedPatch) -> Iterator[tuple[int, Uncompiled]]:
        """What neither the step that adds it nor the last one compiles, which was just built.

        Before it is the number of the step. Of files that are gone by then, nothing: they may
        have another name.
        """
        if not self._pending:
            return
        built = self._built()
        here = [(step, one) for step, one in self._pending if (built.source / one.path).exists()]
        moved = [(step, one, self._moved(step, one, last)) for step, one in here]
        asked: dict[str, set[int]] = {}
        for step, one, now in moved:
            if step is not last:
                asked.setdefault(one.path, set()).update(now.values())
        left = uncompiled(built, {path: frozenset(some) for path, some in asked.items()})
        still = {(one.path, line): one.doubt for one in left for line in one.lines}
        for step, one, now in moved:
            lines = tuple(
                line
                for line in one.lines
                if step is last or line not in now or (one.path, now[line]) in still
            )
            doubts = (still.get((one.path, now.get(line, 0)), "") for line in lines)
            if lines:
                doubt = one.doubt or next(filter(None, doubts), "")
                yield step.number, replace(one, lines=lines, doubt=doubt)

    def found(self, never: Iterable[tuple[int, Uncompiled]]) -> Iterator[UncompiledLines]:
        """Those lines with the place in the mail at which to look for them."""
        for number, one in never:
            step = self._steps[number]
            at = mail_line(self._repository, step, one.path, one.lines[0])
            yield UncompiledLines(step, one, at)

    def _added(self, step: AppliedPatch, path: str) -> tuple[int, ...]:
        return added_lines(self._repository, step.before, step.after, path)

    def _moved(self, step: AppliedPatch, one: Uncompiled, last: AppliedPatch) -> Mapping[int, int]:
        """The lines that the last tree still has, with their numbers there."""
        if step is last:
            return {}
        trees = (step.after, last.after)
        return kept_lines(self._repository, *trees, one.path, one.lines)
