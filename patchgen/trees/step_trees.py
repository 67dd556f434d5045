"""The trees that patches lead to one after the other, written when somebody asks for them."""

from collections.abc import Mapping, Sequence

from patchgen.trees.importing import Entry, Step, write_trees
from patchgen.trees.repository import Repository

_REF = "refs/patchgen/applied"
_FILES = ("100644", "100755")


class StepTrees:
    """A tree for the index as it was at first, ``steps[0]``, and one after each further step.

    Most series are never asked for more than the first and the last: as long as that is so, those
    between them are not written. ``environment`` says where the blobs are and trees go.
    """

    def __init__(
        self, repository: Repository, environment: Mapping[str, str], steps: Sequence[Step]
    ) -> None:
        self.steps = tuple(steps)
        self._repository = repository
        self._environment = environment
        self._ids: dict[int, str] = {}

    def tree(self, number: int) -> str:
        """The id of the tree after so many steps; 0 is the first."""
        last = len(self.steps) - 1
        if number not in self._ids and number in (0, last):
            net: dict[str, Entry | None] = {}
            for step in self.steps[1:]:
                net |= step
            ids = self._write([self.steps[0], net])
            self._ids = {0: ids[0], last: ids[1]}
        if number not in self._ids:
            self._ids = dict(enumerate(self._write(self.steps)))
        return self._ids[number]

    def blob_ids(self) -> list[dict[str, str]]:
        """For each tree the id of every file in it, by path; links are left out.

        This is known without the trees.
        """
        found: list[dict[str, str]] = []
        now: dict[str, str] = {}
        for step in self.steps:
            now = dict(now)
            for path, entry in step.items():
                if entry and entry.mode in _FILES:
                    now[path] = entry.blob
                else:
                    now.pop(path, None)
            found.append(now)
        return found

    def _write(self, steps: Sequence[Step]) -> tuple[str, ...]:
        return write_trees(self._repository, _REF, steps, self._environment)
