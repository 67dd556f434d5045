"""What the user names, as files with a name to show: mails, mboxes, directories, maildirs."""

import io
import os
import re
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from patchgen.errors import InputError

STDIN = "-"

INPUT_LIMIT = 32 << 20
"""Bytes in one file, unpacked. The longest threads of linux-kernel have some ten million; what a
list takes is a few hundred thousand a mail. A file that is longer is not read to its end, so no
file can fill the memory."""

LINE_LIMIT = 500_000
"""Lines of all files together: each is kept with its number, some two hundred bytes, and a byte
may be a line. That is several times the largest patches that were ever posted."""

_GZIP = b"\x1f\x8b"
_KINDS = ((".patch",), (".eml", ".mbox", ".mbx"), (".diff",))
_DIGITS = re.compile(r"(\d{1,100})")


def read_source(source: str) -> Iterator[tuple[str, bytes]]:
    """The name to show and the content of every file that ``source`` stands for.

    A file is itself, ``-`` is standard input. Of a maildir all mails are read; of a directory with
    a quilt or StGit ``series`` file the patches it lists; of any other the ``*.patch`` files, else
    mails, else diffs, else the numbers that ``git format-patch --numbered-files`` writes.
    Anything may be packed with gzip. Raises InputError for what cannot be read.
    """
    path = Path(source)
    if source == STDIN:
        yield "stdin", _checked(_limited(sys.stdin.buffer, "stdin"), "stdin")
    elif not path.is_dir():
        yield source, _content(path, source)
    else:
        names = _names(path, source)
        if not names:
            raise InputError(f"no *.patch file in {source}", "is it the right directory?")
        for name in names:
            shown = os.path.join(source, name)
            yield shown, _content(path / name, shown)


def _names(path: Path, source: str) -> list[str]:
    try:
        if (path / "cur").is_dir() or (path / "new").is_dir():
            return _maildir(path, source)
        if (path / "series").is_file():
            return _listed(path / "series", os.path.join(source, "series"))
        found = sorted((file.name for file in path.iterdir() if file.is_file()), key=_by_number)
    except OSError as error:
        raise InputError(f"cannot read {source}: {error.strerror}", "is it readable?") from error
    for kind in _KINDS:
        suffixes = (*kind, *(f"{suffix}.gz" for suffix in kind))
        if names := [name for name in found if name.endswith(suffixes)]:
            return names
    return [name for name in found if name.isdecimal()]


def _maildir(path: Path, source: str) -> list[str]:
    """The mails of a maildir by name, which begins with the time at which they arrived."""
    names = [
        f"{folder}/{file.name}"
        for folder in ("cur", "new")
        if (path / folder).is_dir()
        for file in (path / folder).iterdir()
        if not file.name.startswith(".")
    ]
    if not names:
        raise InputError(f"no mail in the maildir {source}", "is it the right directory?")
    return sorted(names, key=lambda name: _by_number(name.partition("/")[2]))


def _listed(path: Path, shown: str) -> list[str]:
    """The patches of a quilt series file; what stands behind a name are options for patch(1)."""
    names: list[str] = []
    text = _content(path, shown).decode("utf-8", "surrogateescape")
    for line in text.splitlines():
        words = line.partition("#")[0].split()
        if not words:
            continue
        name = os.path.normpath(words[0])
        if Path(name).is_absolute() or name.startswith(".."):
            raise InputError(
                f'{shown} lists "{words[0]}", which is not below it', "move it into the directory"
            )
        names.append(name)
    return names


def _by_number(name: str) -> list[tuple[int, int, str]]:
    """Names in order, the numbers in them by value: 2 before 10, v2 before v10."""
    parts = _DIGITS.split(name)
    return [(1, int(part), part) if part.isdecimal() else (0, 0, part) for part in parts]


def _content(path: Path, shown: str) -> bytes:
    try:
        with path.open("rb") as file:
            return _checked(_limited(file, shown), shown)
    except OSError as error:
        raise InputError(f"cannot read {shown}: {error.strerror}", "is the name right?") from error


def _limited(file: BinaryIO, shown: str) -> bytes:
    data = file.read(INPUT_LIMIT + 1)
    if data.startswith(_GZIP):
        data = _unpacked(data, shown)
    if len(data) > INPUT_LIMIT:
        raise InputError(
            f"{shown} has more than {INPUT_LIMIT >> 20} MiB", "give the mails of one series only"
        )
    return data


def _unpacked(data: bytes, shown: str) -> bytes:
    """Undo gzip, and stop one byte after the limit."""
    import gzip

    try:
        return gzip.GzipFile(fileobj=io.BytesIO(data)).read(INPUT_LIMIT + 1)
    except (EOFError, OSError, zlib.error) as error:
        raise InputError(f"cannot unpack {shown}: {error}", "gzip -t says what is wrong") from error


def _checked(data: bytes, shown: str) -> bytes:
    if not data.strip():
        raise InputError(f"{shown} is empty", "is it the right file?")
    return data
