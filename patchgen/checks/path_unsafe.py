"""path-unsafe"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.findings import Location, Problem, Severity
from patchgen.series.diff.hunks import FileDiff
from patchgen.series.diff.paths import unsafe
from patchgen.series.model import Patch, Series

_SYMLINK = "120000"


@check(Series, Severity.ERROR)
def path_unsafe(series: Series) -> Iterator[Problem]:
    """A path leaves the tree, enters .git, or goes through a symbolic link of the series.

    Why: such a patch writes where it must not. git refuses it; other tools do not, and nobody
    sends one by mistake.

    Bad:
        --- a/../../.ssh/authorized_keys
        +++ b/../../.ssh/authorized_keys

    Good:
        --- a/Documentation/ssh.rst
        +++ b/Documentation/ssh.rst
    """
    links: dict[str, int] = {}
    for patch in series.patches:
        for file in patch.diff.files:
            if file.old_path and _mode(file) == _SYMLINK and (file.deleted or file.renamed):
                links.pop(file.old_path, None)
        for file in patch.diff.files:
            if file.new_path and _mode(file) == _SYMLINK:
                links[file.new_path] = patch.position
        for file in patch.diff.files:
            yield from _unsafe_names(patch, file)
            yield from _behind_link(patch, file, links)


def _mode(file: FileDiff) -> str | None:
    return file.new_mode or file.old_mode


def _problem(patch: Patch, file: FileDiff, message: str) -> Problem:
    hint = "do not apply this patch by any other means before you know what it does"
    return Problem(message, Location(patch.file, file.line, patch.position), hint)


def _unsafe_names(patch: Patch, file: FileDiff) -> Iterator[Problem]:
    for path in dict.fromkeys((file.old_path, file.new_path)):
        if path is not None and (reason := unsafe(path, _mode(file))):
            yield _problem(patch, file, f'path "{path}" {reason}')


def _behind_link(patch: Patch, file: FileDiff, links: dict[str, int]) -> Iterator[Problem]:
    parts = (file.new_path or "").split("/")
    above = ("/".join(parts[:count]) for count in range(1, len(parts)))
    link = next((path for path in above if path in links), None)
    if link:
        made = (
            "that it makes itself" if links[link] == patch.position else f"of patch {links[link]}"
        )
        yield _problem(
            patch, file, f'path "{file.new_path}" goes through "{link}", a symbolic link {made}'
        )
