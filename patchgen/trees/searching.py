"""Looking words up in some directories of the base, at a cost that others do not add to."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from patchgen.trees.base import Base, DirectoryBase
from patchgen.trees.importing import is_safe_path
from patchgen.trees.repository import GitFailedError

LARGEST = 1 << 20
"""Files with more bytes than this are left alone: they are tables that a program wrote."""
_SUFFIXES = (".c", ".h")


def read_files(base: Base, paths: Iterable[str]) -> Mapping[str, bytes]:
    """The bytes of those of ``paths`` that the base has as files that are not too large."""
    wanted = [path for path in dict.fromkeys(paths) if is_safe_path(path) and "\n" not in path]
    if isinstance(base, DirectoryBase):
        read = {path: base.read(path) for path in wanted}
        return {path: data for path, data in read.items() if data and len(data) <= LARGEST}
    if not wanted:
        return {}
    names = [f"{base.commit}:{path}\n" for path in wanted]
    stdin = "".join(names).encode("utf-8", "surrogateescape")
    output = base.repository.run("cat-file", "--batch", stdin=stdin)
    found: dict[str, bytes] = {}
    at = 0
    for path, name in zip(wanted, names, strict=True):
        # "<id> blob <size>", or "<name> missing", whatever blanks the name has in it
        end = at + len(name.encode("utf-8", "surrogateescape")) - 1
        if output[end : end + 9] == b" missing\n":
            at = end + 9
            continue
        end = output.index(b"\n", at)
        _, kind, size = output[at:end].split(b" ")
        at = end + 1
        if kind == b"blob" and int(size) <= LARGEST:
            found[path] = output[at : at + int(size)]
        at += int(size) + 1
    return found


def files_with(base: Base, words: Sequence[str], directories: Iterable[str]) -> tuple[str, ...]:
    """The C files in these directories, and in those right below, that have one of the words."""
    places = sorted({*directories})
    if not words or not places:
        return ()
    if isinstance(base, DirectoryBase):
        return tuple(sorted(set(_found(base.directory, words, places))))
    globs = [
        f":(glob){_escaped(place)}{level}*{suffix}"
        for place in places
        for level in ("", "*/")
        for suffix in _SUFFIXES
    ]
    patterns = [part for word in words for part in ("-e", word)]
    try:
        output = base.repository.run(
            "grep", "-l", "-z", "-w", "-F", "-I", *patterns, base.commit, "--", *globs
        )
    except GitFailedError as error:
        if error.status == 1:  # nothing found
            return ()
        raise
    head = len(base.commit) + 1
    listed = output.decode("utf-8", "surrogateescape").split("\0")
    return tuple(sorted(name[head:] for name in listed if name))


def _escaped(directory: str) -> str:
    """A directory as a pattern that means only itself; "" for the top of the tree."""
    return re.sub(r"([*?\[\]\\])", r"\\\1", directory) + "/" if directory else ""


def _found(top: Path, words: Sequence[str], directories: Sequence[str]) -> Iterator[str]:
    any_word = re.compile(rb"\b(?:" + b"|".join(re.escape(one.encode()) for one in words) + rb")\b")
    for directory in directories:
        place = top / directory
        if (
            not is_safe_path(directory or ".gitignore")
            or place.resolve() != top.resolve() / directory
        ):
            continue
        for pattern in ("*", "*/*"):
            for file in place.glob(pattern):
                if file.suffix not in _SUFFIXES or file.is_symlink() or not file.is_file():
                    continue
                if file.parent.is_symlink() or file.stat().st_size > LARGEST:
                    continue
                if any_word.search(file.read_bytes()):
                    yield file.relative_to(top).as_posix()
