"""Choosing the base: the commit that was named, or the one that the series was made on."""

from pathlib import Path

from patchgen.errors import InputError
from patchgen.report import Stage
from patchgen.series.model import Series
from patchgen.stages.facts import Facts, Wishes
from patchgen.trees.base import Base, NoBase, find_base, open_found, open_tree
from patchgen.trees.base_search import FoundCommit, named_versions, search_commit
from patchgen.trees.repository import UserRepository, find_repository, is_checkout
from patchgen.trees.scratch import scratch_repository

AUTO = "auto"


def base_stage(series: Series, wishes: Wishes, workspace: Path, facts: Facts) -> Base | NoBase:
    """Open the base tree; in a checkout it is looked for, if nobody says which commit it is.

    Raises InputError when the base that was asked for is not there.
    """
    tree, revision, wanted = wishes.tree, wishes.base, series.base_commit
    user = _searched(tree, revision)
    if user:
        commit = user.resolve(wanted) if wanted and revision != AUTO else None
        if commit := commit or _chosen(series, user, workspace, facts):
            return open_found(workspace, user, commit)
        revision = None
    elif revision == AUTO:
        place = f'"{tree}"' if tree else "this directory"
        raise InputError(f"--base auto: {place} is no git checkout", "name one with --tree")
    if tree:
        return open_tree(workspace, tree, revision, wanted)
    return find_base(workspace, revision, wanted)


def _searched(tree: str | None, revision: str | None) -> UserRepository | None:
    """The repository to search, where one is to be."""
    if revision == AUTO or (tree and not revision):
        path = Path(tree or ".")
        if path.is_dir() and (is_checkout(path) or not tree):
            return find_repository(path)
    return None


def _chosen(series: Series, user: UserRepository, workspace: Path, facts: Facts) -> str | None:
    """The commit that the series was made on, or None for HEAD; the report says why."""
    head = user.resolve("HEAD")
    versions = named_versions(series)
    if head is None or not any(versions.values()):
        return None
    repository = scratch_repository(
        workspace / "search", user.objects, user.object_format, user.shallow
    )
    listed = user.repository.run("for-each-ref", "--format=%(objectname)")
    found = search_commit(repository, head, listed.decode("ascii").split(), versions)
    summary = repository.line("log", "-1", "--format=%s", found.commit)
    name = f'{"HEAD" if found.commit == head else "commit"} {found.commit[:12]} ("{summary}")'
    facts.stages.append(Stage("base", f"{name}: {_why(found)}"))
    return found.commit


def _why(found: FoundCommit) -> str:
    if found.total == 1:
        one = "the file is" if found.matching else "the file is not"
        return f"{one} the version that the series was made on"
    if found.matching == found.total:
        return f"all {found.total} files are the versions that the series was made on"
    return (
        f"{found.matching} of {found.total} files are the versions that the series was made on,"
        " no commit has more"
    )
