"""Putting git hooks in place, and taking only our own away again."""

import os
import shlex
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from patchgen.errors import InputError
from patchgen.trees.repository import hooks_directory

HOOKS = ("pre-push", "sendemail-validate")
_MARK = "# put here by patchgen presubmit --install; --uninstall takes it away"


def chosen_hooks(name: str) -> tuple[str, ...]:
    """``all`` is every hook."""
    return HOOKS if name == "all" else (name,)


def install(names: Iterable[str]) -> list[Path]:
    """Write these hooks where git looks for them, and return their paths.

    Raises InputError, before anything is written, when one of them is somebody else's.
    """
    places = {name: _hooks() / name for name in names}
    for name, path in places.items():
        if os.path.lexists(path) and not _is_ours(path):
            raise InputError(
                f"there is a {name} hook already: {path}",
                f"call patchgen from it: {_command(name)}",
            )
    for name, path in places.items():
        _write(path, _script(name))
    return list(places.values())


def uninstall(names: Iterable[str]) -> tuple[list[Path], list[Path]]:
    """Remove those of these hooks that are ours: the removed ones, and others' that stay."""
    there = [path for name in names if os.path.lexists(path := _hooks() / name)]
    ours = [path for path in there if _is_ours(path)]
    for path in ours:
        try:
            path.unlink()
        except OSError as error:
            raise InputError(f"cannot remove {path}: {error.strerror}") from error
    return ours, [path for path in there if path not in ours]


def _hooks() -> Path:
    if found := hooks_directory(Path()):
        return found
    raise InputError("this directory is in no git repository", "hooks belong to one: go there")


def _is_ours(path: Path) -> bool:
    if path.is_symlink() or not path.is_file():
        return False
    return _MARK.encode() in path.read_bytes().splitlines()


def _write(path: Path, text: str) -> None:
    """Write an executable whole or not at all: a push may be looking for it."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".patchgen-")
        with os.fdopen(handle, "w", encoding="utf-8", errors="surrogateescape") as file:
            file.write(text)
        Path(name).chmod(0o755)
        Path(name).replace(path)
    except OSError as error:
        raise InputError(
            f"cannot write the hook {path}: {error.strerror}",
            "git config core.hooksPath says where hooks are; /dev/null turns them off",
        ) from error


def _script(name: str) -> str:
    """The hook: this very patchgen, else this interpreter's."""
    lines = ["#!/bin/sh", _MARK]
    if program := _program():
        command = _command(name, shlex.quote(program))
        lines.append(f"test -x {shlex.quote(program)} && exec {command}")
    # -P: a patchgen.py in the checkout is none of ours.
    module = f"{shlex.quote(sys.executable)} -P -m patchgen"
    return "\n".join([*lines, f"exec {_command(name, module)}", ""])


def _command(name: str, program: str = "patchgen") -> str:
    return f'{program} presubmit --hook {name} -- "$@"'


def _program() -> str | None:
    program = Path(sys.argv[0])
    if program.name != "patchgen" or not os.access(program, os.X_OK) or not program.is_file():
        return None
    return str(program.absolute())
