"""Files of many trees read with few processes: their ids first, their bytes where they matter."""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from patchgen.trees.repository import Repository

_ID = re.compile(r"[0-9a-f]{4,64}")
_RECORD = re.compile(rb":(\d{6}) (\d{6}) ([0-9a-f]+) ([0-9a-f]+) [A-Z]\d*\0([^\0]*)\0")
_NO_FILES = (b"120000", b"160000")


def blob_ids(repository: Repository, trees: Sequence[str]) -> list[dict[str, str]]:
    """For each tree the id of every file in it, by path; links and submodules are left out.

    The trees should resemble each other: after the first, only differences are asked for.
    """
    listed = repository.run("ls-tree", "-r", "-z", "--full-tree", trees[0])
    ids: dict[str, str] = {}
    for entry in listed.split(b"\0"):
        head, _, path = entry.partition(b"\t")
        if entry and head[:6] not in _NO_FILES:
            ids[_text(path)] = head.split(b" ")[2].decode("ascii")
    found = [ids]
    pairs = list(pairwise(trees))
    stdin = "".join(f"{before} {after}\n" for before, after in pairs).encode("ascii")
    output = repository.run("diff-tree", "--stdin", "-r", "-z", stdin=stdin) if pairs else b""
    at = 0
    for before, after in pairs:
        now = dict(found[-1])
        head = f"{before} {after}\n".encode("ascii")
        if output.startswith(head, at):
            at += len(head)
        while match := _RECORD.match(output, at):
            at = match.end()
            name = _text(match[5])
            if match[2] in (b"000000", *_NO_FILES):
                now.pop(name, None)
            else:
                now[name] = match[4].decode("ascii")
        found.append(now)
    return found


def read_blobs(repository: Repository, names: Iterable[str]) -> Mapping[str, bytes]:
    """The bytes of the blobs with these ids, abbreviated or not, read by one process.

    What is not there, is ambiguous or is no blob is left out.
    """
    wanted = [name for name in dict.fromkeys(names) if _ID.fullmatch(name)]
    if not wanted:
        return {}
    stdin = "".join(name + "\n" for name in wanted).encode("ascii")
    output = repository.run("cat-file", "--batch", stdin=stdin)
    found: dict[str, bytes] = {}
    at = 0
    for name in wanted:
        end = output.index(b"\n", at)
        words = output[at:end].split(b" ")
        at = end + 1
        if len(words) != 3 or not words[2].isdigit():
            continue  # "<name> missing", "<name> ambiguous"
        size = int(words[2])
        if words[1] == b"blob":
            found[name] = output[at : at + size]
        at += size + 1
    return found


def _text(path: bytes) -> str:
    return path.decode("utf-8", "surrogateescape")
