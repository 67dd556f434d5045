"""Settings: which checks count, how much, and what is left out for which reason."""

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from patchgen.findings import Severity
from patchgen.settings.matrix import MatrixEntry


@dataclass(frozen=True, slots=True)
class Ignore:
    """Findings of a check that are not reported, and why; said in ``where``.

    ``path`` and ``subsystem`` narrow it: to files, named by a directory that ends with a slash or
    by a pattern of the shell, and to patches whose summary begins with the subsystem and a colon.
    """

    check: str
    reason: str
    where: str
    path: str | None = None
    subsystem: str | None = None

    def covers(self, paths: Iterable[str], summary: str) -> bool:
        """Whether a finding about these files, in a mail with this summary, is left out."""
        if self.subsystem and not summary.lower().startswith(f"{self.subsystem.lower()}:"):
            return False
        paths = tuple(paths)
        return not self.path or (bool(paths) and all(map(self._names, paths)))

    def _names(self, path: str) -> bool:
        pattern = self.path or ""
        return path.startswith(pattern) if pattern.endswith("/") else fnmatchcase(path, pattern)


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings from one place, or of several laid over each other; None is not said.

    ``cache_limit`` is how many bytes builds of kernels may leave in the user's cache.
    """

    profile: str | None = None
    fail_on: Severity | None = None
    only: tuple[str, ...] = ()
    severities: tuple[tuple[str, Severity], ...] = ()
    ignores: tuple[Ignore, ...] = ()
    sandbox: str | None = None
    checkpatch_options: tuple[str, ...] = ()
    cache_limit: int | None = None
    matrix: tuple[MatrixEntry, ...] = ()

    def over(self, below: "Settings") -> "Settings":
        """These settings where they say something, and those ``below`` otherwise.

        What is ignored in either is ignored.
        """
        return Settings(
            self.profile or below.profile,
            self.fail_on or below.fail_on,
            self.only or below.only,
            tuple((dict(below.severities) | dict(self.severities)).items()),
            tuple(dict.fromkeys((*below.ignores, *self.ignores))),
            self.sandbox or below.sandbox,
            self.checkpatch_options or below.checkpatch_options,
            below.cache_limit if self.cache_limit is None else self.cache_limit,
            self.matrix or below.matrix,
        )
