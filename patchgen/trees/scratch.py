"""The private repository in which everything happens, so that the user's is never touched."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from patchgen.errors import ToolError
from patchgen.trees.repository import Repository

_LOCK = "lock"
APPLIED = "applied"
"""The directory, beside the objects of a scratch repository, of those that applying makes."""


def cache_directory() -> Path:
    """``$PATCHGEN_CACHE_DIR``, else ``patchgen`` in the user's cache (XDG base directories)."""
    if own := os.environ.get("PATCHGEN_CACHE_DIR"):
        return Path(own).absolute()
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "patchgen"


@contextmanager
def workspace() -> Iterator[Path]:
    """A directory of our own that goes away at the end.

    It is locked while it is in use. What a killed process left behind is not locked any more and
    is removed by the next one. Raises ToolError when the cache cannot be written.
    """
    home = cache_directory() / "scratch"
    try:
        home.mkdir(parents=True, exist_ok=True)
        with _locked(home.with_suffix(".lock")):
            _sweep(home)
            path = Path(tempfile.mkdtemp(dir=home))
            lock = os.open(path / _LOCK, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC)
            fcntl.flock(lock, fcntl.LOCK_EX)
    except OSError as error:
        raise ToolError(
            f"cannot make a scratch directory in {home}: {error.strerror}",
            "point PATCHGEN_CACHE_DIR at a directory that can be written",
        ) from error
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
        os.close(lock)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Nobody else makes or sweeps up scratch directories meanwhile."""
    lock = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _sweep(home: Path) -> None:
    for path in home.iterdir():
        try:
            lock = os.open(path / _LOCK, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC)
        except OSError:  # somebody else has just removed it
            continue
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(path, ignore_errors=True)
        except BlockingIOError:
            pass
        finally:
            os.close(lock)


def scratch_repository(
    path: Path, objects: Path | None = None, object_format: str = "sha1", shallow: bytes = b""
) -> Repository:
    """Make a bare repository at ``path`` that borrows the objects of another one.

    ``objects`` is the other's objects directory; it is named in ``objects/info/alternates``, so
    nothing is copied and nothing is ever written there. git marks a borrowed object as fresh when
    the same one is written again, so applying writes to `APPLIED`, which borrows from nobody.
    ``shallow`` is what the other knows of commits whose parents it does not have.
    """
    path.mkdir()
    repository = Repository(path)
    repository.run(
        "init", "--quiet", "--bare", "--template=", f"--object-format={object_format}", str(path)
    )
    applied = path / APPLIED
    applied.mkdir()
    alternates = path / "objects" / "info" / "alternates"
    alternates.parent.mkdir(exist_ok=True)
    lenders = [applied] if objects is None else [applied, objects]
    alternates.write_bytes(b"".join(map(_alternate, lenders)))
    if shallow:
        (path / "shallow").write_bytes(shallow)
    return repository


def _alternate(objects: Path) -> bytes:
    """One line of ``alternates``: quoted where the path could be taken for something else."""
    raw = os.fsencode(objects)
    if raw.startswith((b'"', b"#")) or b"\n" in raw:
        escaped = raw.replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n")
        return b'"' + escaped + b'"\n'
    return raw + b"\n"
