"""The versions that files had before, in the history of the base."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from patchgen.series.text import from_bytes
from patchgen.trees.blobs import read_blobs
from patchgen.trees.repository import GitFailedError, Repository

_MOST = 200
_AT_ONCE = 10


class EarlierVersions:
    """The versions that some files had before ``commit``; git is asked when one is wanted."""

    def __init__(self, repository: Repository, commit: str, paths: Sequence[str]) -> None:
        self._repository = repository
        self._commit = commit
        self._paths = paths
        self._ids: dict[str, dict[str, None]] | None = None

    def of(self, path: str) -> Iterator[list[str]]:
        """The lines of the earlier versions of a file, the newest first.

        Those that cannot be read are left out: in a shallow or partial clone there may be none.
        """
        if self._ids is None:
            self._ids = self._listed()
        for names in _batched(list(self._ids.get(path, ()))):
            found = read_blobs(self._repository, names)
            for name in names:
                if name in found:
                    yield from_bytes(found[name]).removesuffix("\n").split("\n")

    def _listed(self) -> dict[str, dict[str, None]]:
        options = ("-z", "--raw", "--no-abbrev", "--no-renames", "--format=", f"-n{_MOST}")
        try:
            output = self._repository.run(
                "--literal-pathspecs", "log", *options, self._commit, "--", *self._paths
            )
        except GitFailedError:
            return {}
        found: dict[str, dict[str, None]] = {}
        fields = from_bytes(output).split("\0")
        for meta, path in pairwise(fields):
            if meta.startswith(":") and meta[1:7] in ("100644", "100755"):
                found.setdefault(path, {})[meta.split(" ")[2]] = None
        return found


def _batched(names: Sequence[str]) -> Iterator[Sequence[str]]:
    return (names[at : at + _AT_ONCE] for at in range(0, len(names), _AT_ONCE))
