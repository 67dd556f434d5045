"""Further ways to build a kernel, as ``[matrix.NAME]`` of a ``patchgen.toml`` has them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from patchgen.errors import UsageError, suggestion

ALL = "all"
"""In place of names: all that the user has defined."""
_NAME = re.compile(r"[A-Za-z0-9][\w.+-]*", re.ASCII)
_TEXTS = {
    "arch": (re.compile(r"[a-z][a-z0-9_]*"), "an architecture such as arm64"),
    "compiler": (_NAME, "the name of a program such as gcc-12, without directory and options"),
    "cross-compile": (
        re.compile(r"[A-Za-z0-9][\w.+-]*-", re.ASCII),
        "what the names of the tools begin with, such as aarch64-linux-gnu-",
    ),
    "warnings": (re.compile(r"[123]{1,3}"), "the levels of make W=, such as 1 or 12"),
    "config": (re.compile(r"[^\0]+"), "the path of a file"),
    "defconfig": (_NAME, "what make is asked for, such as defconfig"),
}
_FLAGS = ("llvm", "sparse")
_LISTS = {
    "options": (
        re.compile(r'[A-Z0-9][A-Z0-9_]*(=(y|m|n|-?\d+|0x[0-9a-fA-F]+|"[^"\\\n]*"))?'),
        "symbols such as KVM_XEN, DEBUG_INFO=n",
    ),
    "targets": (re.compile(r"[^\0]+"), "directories such as arch/x86/kvm/, or vmlinux"),
}
KEYS = (*_TEXTS, *_FLAGS, *_LISTS)


@dataclass(frozen=True, slots=True)
class MatrixEntry:
    """A way to build a kernel besides the ordinary one; what is empty is as it is in that.

    ``options`` are ``SYMBOL=value``. ``folder`` is the one that the path ``config`` begins in;
    None for the root of the base tree.
    """

    name: str
    arch: str = ""
    compiler: str = ""
    cross_compile: str = ""
    llvm: bool = False
    warnings: str = ""
    sparse: bool = False
    config: str = ""
    defconfig: str = ""
    options: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    folder: Path | None = None


def read_matrix(table: object, where: str, folder: Path | None = None) -> Iterator[MatrixEntry]:
    """The entries of the table ``matrix`` of a file that messages call ``where``.

    Raises UsageError for keys and values that mean nothing, with the nearest that does.
    """
    if not isinstance(table, Mapping) or not all(
        isinstance(one, Mapping) for one in table.values()
    ):
        raise UsageError(f"{where}: matrix is no table of tables", "write [matrix.NAME]")
    for name, entry in table.items():
        if name == ALL or not _NAME.fullmatch(name):
            raise UsageError(
                f'{where}: "{name}" cannot be the name of an entry of the matrix',
                f'use letters, digits and hyphens; "{ALL}" stands for all entries',
            )
        yield _entry(name, entry, f"{where}: matrix.{name}", folder)


def _entry(name: str, table: Mapping[str, Any], where: str, folder: Path | None) -> MatrixEntry:
    for key in table:
        if key not in KEYS:
            raise UsageError(f'{where}: unknown key "{key}"', suggestion(key, KEYS))
    if "config" in table and "defconfig" in table:
        raise UsageError(
            f"{where}: config and defconfig are two configurations", "keep one of them"
        )
    found: dict[str, Any] = {}
    for key, value in table.items():
        if key in _FLAGS:
            if not isinstance(value, bool):
                raise UsageError(f"{where}: {key} is neither true nor false", f"write {key} = true")
        elif key in _LISTS:
            if not isinstance(value, list):
                raise UsageError(f"{where}: {key} is no list", f'write {key} = ["…"]')
            for word in value:
                _check(word, key, *_LISTS[key], where)
        else:
            _check(value, key, *_TEXTS[key], where)
        found[key.replace("-", "_")] = tuple(value) if isinstance(value, list) else value
    options = (one if "=" in one else f"{one}=y" for one in found.pop("options", ()))
    return MatrixEntry(name, **found, options=tuple(options), folder=folder)


def _check(value: object, key: str, pattern: re.Pattern[str], what: str, where: str) -> None:
    if not isinstance(value, str):
        raise UsageError(f"{where}: {key} is no text", f'write {key} = "…": {what}')
    if not pattern.fullmatch(value):
        raise UsageError(f'{where}: {key} cannot be "{value}"', f"it is {what}")
