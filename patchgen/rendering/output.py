"""Putting rendered mails where the user wants them: all of them, or none."""

import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from patchgen.errors import InputError
from patchgen.rendering.render import RenderedFile

_NUMBERED = re.compile(r"(v\d+-)?\d{4}-.*\.patch")


def check_directory(directory: Path, force: bool) -> None:
    """Raise InputError when ``directory`` holds something and may not be written to."""
    if directory.exists() and not directory.is_dir():
        raise InputError(f'"{directory}" is not a directory', "name another with -o")
    if not force and directory.is_dir() and any(directory.iterdir()):
        raise InputError(
            f'directory "{directory}" is not empty',
            "name another with -o, or replace the patches in it with --force",
        )


def check_mailbox(path: Path, force: bool) -> None:
    """Raise InputError when there is a file at ``path`` that may not be overwritten."""
    if path.exists() and not force:
        raise InputError(f'"{path}" exists', "name another file, or replace it with --force")


def write_directory(files: Sequence[RenderedFile], directory: Path) -> None:
    """Write the mails into ``directory``, which appears with all of them or not at all.

    In a directory that already has files only patches of the same version are replaced; a patch
    that the series no longer has goes, anything else stays. Raises InputError when it cannot be
    written.
    """
    directory = directory.resolve()  # an empty directory behind a link is replaced, not the link
    try:
        directory.parent.mkdir(parents=True, exist_ok=True)
        staged = Path(tempfile.mkdtemp(prefix=f".{directory.name}-", dir=directory.parent))
    except OSError as error:
        raise InputError(
            f'cannot write to "{directory.parent}": {error.strerror}', "name another with -o"
        ) from error
    try:
        for file in files:
            (staged / file.name).write_bytes(file.data)
        staged.chmod(0o777 & ~_umask())
        if directory.is_dir() and any(directory.iterdir()):
            _replace_patches(staged, files, directory)
        else:
            staged.replace(directory)
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def _replace_patches(staged: Path, files: Sequence[RenderedFile], directory: Path) -> None:
    for name in stale_patches((path.name for path in directory.iterdir()), files):
        (directory / name).unlink()
    for name in sorted(file.name for file in files):
        (staged / name).replace(directory / name)


def stale_patches(there: Iterable[str], files: Sequence[RenderedFile]) -> list[str]:
    """Those of the names ``there`` that are patches of the same version, but not of ``files``."""
    names = {file.name for file in files}
    versions = {match[1] for name in names if (match := _NUMBERED.fullmatch(name))}
    matches = filter(None, map(_NUMBERED.fullmatch, there))
    return sorted(match[0] for match in matches if match[1] in versions and match[0] not in names)


def write_mailbox(files: Sequence[RenderedFile], path: Path) -> None:
    """Write the mails as one mbox, which appears whole or not at all."""
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(b"".join(file.data for file in files))
        part.replace(path)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        raise InputError(f'cannot write "{path}": {error.strerror}', "name another file") from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
