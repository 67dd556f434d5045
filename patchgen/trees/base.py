"""The base tree: where it is found, and how its files are read."""

import glob
import os
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from patchgen.errors import InputError, UsageError
from patchgen.series.text import from_bytes
from patchgen.shipped import fixture_trees
from patchgen.trees.importing import NewCommit, TreeFile, is_safe_path, write_commits
from patchgen.trees.repository import (
    GitFailedError,
    Repository,
    UserRepository,
    find_repository,
    is_checkout,
)
from patchgen.trees.scratch import scratch_repository

MANIFEST = "patchgen.toml"
_IMPORTER = "patchgen <patchgen@localhost>"
_IMPORT_DATE = "1562526000 +0000"
_IMPORT_REF = "refs/patchgen/base"
FILE_MODES = ("100644", "100755", "120000")
_BUILT = (".o", ".d", ".a", ".cmd")
_NAME = re.compile(r"[\w.-]*\w")
_VERSION = re.compile(rb"^(?:VERSION|PATCHLEVEL|SUBLEVEL)[ \t]*=[ \t]*(\d+)[ \t]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class CommitBase:
    """A base that is a commit: of the user's repository, or of an imported fixture.

    ``manifest`` is the parsed ``patchgen.toml`` of a fixture tree; ``lender`` is the user's own
    repository, to be asked for its refs only.
    """

    repository: Repository
    commit: str
    name: str
    manifest: dict[str, Any] | None = None
    lender: Repository | None = None
    public = True

    def read(self, path: str) -> bytes | None:
        """The bytes of a file, or None when the tree has no such file."""
        if not is_safe_path(path):
            return None
        try:
            return self.repository.run("cat-file", "blob", f"{self.commit}:{path}")
        except GitFailedError:
            return None

    def file(self, path: str) -> TreeFile | None:
        """A file with its mode, or None when the tree has no such file."""
        if not is_safe_path(path):
            return None
        listed = self.repository.line(
            "--literal-pathspecs", "ls-tree", "--full-tree", self.commit, "--", path
        )
        mode, _, _ = listed.partition(" ")
        data = self.read(path) if mode in FILE_MODES else None
        return None if data is None else TreeFile(mode, data)

    def has_directory(self, path: str) -> bool:
        """Whether the tree has a directory there."""
        if not is_safe_path(path):
            return False
        listed = self.repository.line(
            "--literal-pathspecs", "ls-tree", "-d", "--full-tree", self.commit, "--", path
        )
        return bool(listed)

    def listed(self, directory: str) -> tuple[str, ...]:
        """The paths of all files below a directory."""
        options = ("-r", "-z", "--name-only", "--full-tree", self.commit, "--", f"{directory}/")
        found = from_bytes(self.repository.run("--literal-pathspecs", "ls-tree", *options))
        return tuple(filter(None, found.split("\0")))

    def commit_with(self, paths: Iterable[str]) -> str:
        """The commit to work on when ``paths`` are touched: always the same one."""
        return self.commit


@dataclass(frozen=True, slots=True)
class DirectoryBase:
    """A base that is a plain directory, of which only the touched files are ever read."""

    repository: Repository
    directory: Path
    name: str
    manifest = None
    public = False

    def read(self, path: str) -> bytes | None:
        """The bytes of a file, or None when the tree has no such file."""
        file = self.file(path)
        return file.data if file and file.mode != "120000" else None

    def has_directory(self, path: str) -> bool:
        """Whether there is a directory there."""
        return is_safe_path(path) and (self.directory / path).is_dir()

    def listed(self, directory: str) -> tuple[str, ...]:
        """The paths of all files below a directory."""
        found = (self.directory / directory).rglob("*")
        return tuple(sorted(str(path.relative_to(self.directory)) for path in found))

    def commit_with(self, paths: Iterable[str]) -> str:
        """Import those of ``paths`` that exist; the commit means nothing outside."""
        return _import_touched(self, paths)

    def file(self, path: str) -> TreeFile | None:
        """A file with its mode, or None when there is none inside the directory."""
        if not is_safe_path(path):
            return None
        place = self.directory / path
        if place.parent.resolve() != self.directory.resolve() / PurePosixPath(path).parent:
            return None  # for git there is nothing behind a symbolic link
        if place.is_symlink():
            return TreeFile("120000", os.fsencode(os.readlink(place)))
        if not place.is_file():
            return None
        mode = "100755" if os.access(place, os.X_OK) else "100644"
        return TreeFile(mode, place.read_bytes())


@dataclass(frozen=True, slots=True)
class TreeBase:
    """A base that is a directory in a commit; ``commit`` is the id of its tree.

    It gives what a `DirectoryBase` gives where that directory is checked out.
    """

    repository: Repository
    commit: str
    name: str
    manifest = None
    public = False

    def read(self, path: str) -> bytes | None:
        """The bytes of a file, or None when the tree has no such file."""
        file = self.file(path)
        return file.data if file and file.mode != "120000" else None

    def file(self, path: str) -> TreeFile | None:
        """A file with its mode, or None when the tree has no such file."""
        return self._inside.file(path)

    def has_directory(self, path: str) -> bool:
        """Whether the tree has a directory there."""
        return self._inside.has_directory(path)

    def listed(self, directory: str) -> tuple[str, ...]:
        """The paths of all files below a directory."""
        return self._inside.listed(directory)

    def commit_with(self, paths: Iterable[str]) -> str:
        """Import those of ``paths`` that exist; the commit means nothing outside."""
        return _import_touched(self, paths)

    @property
    def _inside(self) -> CommitBase:
        return CommitBase(self.repository, self.commit, self.name)


def _import_touched(base: DirectoryBase | TreeBase, paths: Iterable[str]) -> str:
    """A commit of the files at ``paths``, and of what stands where a directory would have to be."""
    paths = {*paths}
    parents = {str(parent) for path in paths for parent in PurePosixPath(path).parents}
    found = {path: base.file(path) for path in paths | parents}
    files = {path: file for path, file in found.items() if file}
    message = "the files of a plain directory that a series touches\n"
    commit = NewCommit(_IMPORTER, _IMPORT_DATE, message, files)
    return write_commits(base.repository, _IMPORT_REF, [commit])


Base = CommitBase | DirectoryBase | TreeBase


@dataclass(frozen=True, slots=True)
class NoBase:
    """There is no base tree, and why."""

    repository: Repository
    reason: str


def open_tree(workspace: Path, tree: str, revision: str | None, wanted: str | None) -> Base:
    """The base in ``tree``: a git checkout, a fixture tree or a plain directory.

    In a checkout it is ``revision``, else the commit ``wanted`` if it is there, else HEAD. Raises
    InputError when there is no such tree or revision.
    """
    path = Path(tree)
    if not path.is_dir():
        raise InputError(f'no such directory: "{tree}"', "--tree takes a checkout or a directory")
    if is_checkout(path) and (user := find_repository(path)):
        return _checkout_base(workspace, user, revision, wanted)
    if revision:
        raise UsageError(
            f'--base {revision} needs a git repository, and "{tree}" is none',
            "leave --base out, or give a checkout with --tree",
        )
    if (path / MANIFEST).is_file():
        return _import(scratch_repository(workspace / "repository"), path)
    repository = scratch_repository(workspace / "repository")
    return DirectoryBase(repository, path, f"directory {path.resolve().name}")


def find_base(workspace: Path, revision: str | None, wanted: str | None) -> Base | NoBase:
    """The base without ``--tree``: in the current repository or among the fixtures.

    Raises InputError when ``revision`` is given and is not there.
    """
    user = find_repository(Path())
    if revision:
        if user is None:
            raise InputError(
                f"--base {revision}: this directory is in no git repository",
                "name the checkout with --tree",
            )
        return _checkout_base(workspace, user, revision, None)
    if wanted and user and user.resolve(wanted):
        return _checkout_base(workspace, user, wanted, None)
    repository = scratch_repository(workspace / "repository")
    if not wanted:
        return NoBase(repository, "no base-commit: in the series, and no --tree or --base given")
    for manifest in sorted(fixture_trees().glob(f"*/{MANIFEST}")):
        base = _import(repository, manifest.parent)
        if base.commit == wanted:
            return base
    return NoBase(
        repository,
        f"base commit {wanted[:12]} is neither in the current repository nor a fixture's",
    )


def import_fixture(workspace: Path, name: str) -> CommitBase:
    """Import a shipped fixture tree. Raises InputError when there is none of that name."""
    folder = fixture_trees() / name
    if not _NAME.fullmatch(name) or not (folder / MANIFEST).is_file():
        raise InputError(f'no fixture tree "{name}"', "name the base tree with --tree")
    return _import(scratch_repository(workspace / "repository"), folder)


def _import(repository: Repository, folder: Path) -> CommitBase:
    """Import a fixture tree whole; its commit id is the same everywhere."""
    manifest = _manifest(folder)
    name = manifest["tree"]["name"]
    files = {
        path.relative_to(folder).as_posix(): TreeFile("100644", path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix not in _BUILT
    }
    commit = NewCommit(_IMPORTER, _IMPORT_DATE, f"fixture tree {name}\n", files)
    commit_id = write_commits(repository, _IMPORT_REF, [commit])
    return CommitBase(repository, commit_id, f"fixture tree {name}", manifest)


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    try:
        manifest = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"cannot read {path}: {error}", "a fixture tree needs one") from error
    tree, build = manifest.get("tree"), manifest.get("build", {})
    if not isinstance(tree, dict) or not isinstance(tree.get("name"), str):
        raise InputError(f"{path}: no name in [tree]", 'add name = "…" to the table')
    targets = build.get("targets", []) if isinstance(build, dict) else None
    if not isinstance(targets, list) or not all(isinstance(target, str) for target in targets):
        raise InputError(f"{path}: [build] has no list of targets", 'write targets = ["all"]')
    return manifest


def _checkout_base(
    workspace: Path, user: UserRepository, revision: str | None, wanted: str | None
) -> CommitBase:
    commit = user.resolve(revision or wanted or "HEAD")
    if commit is None and revision is None:
        commit = user.resolve("HEAD")
    if commit is None:
        raise InputError(
            f'unknown revision "{revision or "HEAD"}"',
            "name a commit of the base tree, for example a tag like v6.1",
        )
    return open_found(workspace, user, commit)


def open_found(workspace: Path, user: UserRepository, commit: str) -> CommitBase:
    """The base that is a commit with this full id. Raises InputError when it cannot be read."""
    repository = scratch_repository(
        workspace / "repository", user.objects, user.object_format, user.shallow
    )
    try:
        summary = repository.line("log", "-1", "--format=%s", commit)
    except GitFailedError as error:
        raise InputError(
            f"cannot read commit {commit[:12]}: {error.message}", "is the repository complete?"
        ) from error
    name = f'commit {commit[:12]} ("{summary}")'
    return CommitBase(repository, commit, name, lender=user.repository)


def open_directory(workspace: Path, user: UserRepository, commit: str, path: str) -> TreeBase:
    """The base that is a directory of a commit. Raises InputError when there is none."""
    repository = scratch_repository(
        workspace / "repository", user.objects, user.object_format, user.shallow
    )
    listed = repository.line(
        "--literal-pathspecs", "ls-tree", "-d", "--full-tree", commit, "--", path
    )
    words = listed.partition("\t")[0].split()
    if len(words) != 3 or words[1] != "tree":
        raise InputError(f'there is no directory "{path}"', "in the commit, that is")
    return TreeBase(repository, words[2], f"directory {path.rpartition('/')[2]}")


def open_commit(workspace: Path, user: UserRepository, commit: str) -> CommitBase:
    """The base that is this commit of a repository. Raises InputError when it cannot be read."""
    return _checkout_base(workspace, user, commit, None)


def kernel_version(base: Base) -> tuple[int, ...]:
    """Version, patch level and sublevel in the tree's Makefile; empty when it has none."""
    return tuple(int(number) for number in _VERSION.findall(base.read("Makefile") or b"")[:3])


def similar_paths(base: Base, path: str) -> tuple[str, ...]:
    """Files elsewhere in the tree that have the same name as ``path``; slow on a large tree."""
    name = path.rpartition("/")[2]
    if not name:
        return ()
    if isinstance(base, DirectoryBase):
        found = [place for place in base.directory.rglob(glob.escape(name)) if place.is_file()]
        return tuple(sorted(place.relative_to(base.directory).as_posix() for place in found))
    listed = base.repository.run("ls-tree", "-r", "-z", "--name-only", "--full-tree", base.commit)
    paths = listed.decode("utf-8", "surrogateescape").split("\0")
    return tuple(found for found in paths if found.rpartition("/")[2] == name)
