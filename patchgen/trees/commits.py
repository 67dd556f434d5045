"""What a repository knows of commits that somebody names."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from patchgen.series.diff.quoting import unquoted
from patchgen.series.text import from_bytes
from patchgen.trees.repository import GitFailedError, Repository

_LONG = 300
"""No title is that long, and a command line has its limits."""


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit: its full id and its title."""

    id: str
    title: str

    @property
    def short(self) -> str:
        """As the kernel cites commits: 12 digits and the title."""
        return f'{self.id[:12]} ("{self.title}")'


@dataclass(frozen=True, slots=True)
class Known:
    """What there is of an id: a commit, several whose ids begin with it, or ``other``.

    ``other`` is the kind of object that the id names instead of a commit. Nothing at all is there
    where both are empty.
    """

    commits: tuple[Commit, ...]
    other: str = ""


def look_up(repository: Repository, ids: Collection[str]) -> dict[str, Known]:
    """Every id, of 4 digits or more, with what it stands for. Tags stand for their commits.

    The ids have to be lower-case hexadecimal: whatever else stands in a mail must not get here.
    """
    asked = b"".join(f"{one}^{{commit}}\n{one}\n".encode() for one in ids)
    answers = [line.split(" ") for line in _kinds(repository, asked)]
    pairs = list(zip(ids, answers[::2], answers[1::2], strict=True))
    found = {one: [commit[0]] if commit[-1] == "commit" else [] for one, commit, _ in pairs}
    unclear = [one for one, _, thing in pairs if thing[-1] == "ambiguous" and not found[one]]
    found |= _beginning_with(repository, unclear)
    titles = _titles(repository, {full for commits in found.values() for full in commits})
    return {
        one: Known(
            tuple(Commit(full, titles[full]) for full in found[one]),
            thing[-1] if thing[-1] in ("blob", "tree", "tag") and not found[one] else "",
        )
        for one, _, thing in pairs
    }


def _kinds(repository: Repository, asked: bytes) -> list[str]:
    if not asked:
        return []
    checked = "--batch-check=%(objectname) %(objecttype)"
    return from_bytes(repository.run("cat-file", checked, stdin=asked)).splitlines()


def _beginning_with(repository: Repository, ids: Collection[str]) -> dict[str, list[str]]:
    if not ids:
        return {}
    objects = repository.run("rev-parse", *(f"--disambiguate={one}" for one in ids))
    kinds = (line.split(" ") for line in _kinds(repository, objects))
    commits = sorted({full for full, kind in kinds if kind == "commit"})
    return {one: [full for full in commits if full.startswith(one)] for one in ids}


def _titles(repository: Repository, ids: Collection[str]) -> dict[str, str]:
    if not ids:
        return {}
    listed = repository.run(
        "log", "--no-walk=unsorted", "--stdin", "--format=%H %s",
        stdin="".join(f"{one}\n" for one in sorted(ids)).encode(),
    )  # fmt: skip
    return {line[: line.index(" ")]: line[line.index(" ") + 1 :] for line in _lines(listed)}


def _lines(output: bytes) -> Iterator[str]:
    yield from (line for line in from_bytes(output).split("\n") if line)


def not_reached(repository: Repository, ids: Collection[str], tip: str) -> set[str]:
    """Those of the full ids that are not in the history of ``tip``.

    Raises GitFailedError where the history cannot be read.
    """
    if not ids:
        return set()
    asked = "".join(f"{one}\n" for one in sorted(ids)) + f"^{tip}\n"
    listed = set(_lines(repository.run("rev-list", "--stdin", stdin=asked.encode())))
    return {one for one in ids if one in listed and not _is_ancestor(repository, one, tip)}


def _is_ancestor(repository: Repository, one: str, tip: str) -> bool:
    """Asked again for those that rev-list names: it is wrong where clocks were wrong."""
    try:
        repository.run("merge-base", "--is-ancestor", one, tip)
    except GitFailedError as error:
        if error.status != 1:
            raise
        return False
    return True


def with_titles(repository: Repository, titles: Collection[str], tip: str) -> dict[str, Commit]:
    """The newest commit in the history of ``tip`` for each title that there is; slow."""
    wanted = {title for title in titles if title.isprintable() and 0 < len(title) < _LONG}
    if not wanted:
        return {}
    greps = [f"--grep={title}" for title in sorted(wanted)]
    listed = repository.run("log", "--fixed-strings", *greps, "--format=%H %s", tip, "--")
    found: dict[str, Commit] = {}
    for line in _lines(listed):
        full, _, title = line.partition(" ")
        if title in wanted:
            found.setdefault(title, Commit(full, title))
    return found


def incomplete(repository: Repository) -> str:
    """Why commits may be missing from what a repository borrows, or nothing."""
    if (repository.git_dir / "shallow").is_file():
        return "the repository is a shallow clone"
    for line in _lines(repository.run("count-objects", "-v")):
        name, _, path = line.partition(": ")
        if name == "alternate":
            packs = Path(unquoted(path) if path.startswith('"') else path) / "pack"
            if any(packs.glob("*.promisor")):
                return "the repository is a partial clone"
    return ""
