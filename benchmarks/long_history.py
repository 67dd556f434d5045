"""A generated history of many commits, a series made on one in its midst, and what people do."""

import random
import re
from pathlib import Path

from benchmarks.large_tree import git

_FILES = 400
_HOT = 40
"""So many of the files are what the series is about, and change more often than others."""
_LINES = 120
_INDEX = re.compile(rb"^--- a/(\S+)\n", re.MULTILINE)
_OLD_ID = re.compile(rb"^index ([0-9a-f]+)\.\.", re.MULTILINE)


def make_history(path: Path, commits: int) -> None:
    """A checkout with a history of so many commits, each of which changes two files."""
    source = random.Random(commits)
    path.mkdir()
    git(path, "init", "--quiet", "-b", "main", ".")
    texts = [
        [f"\tvalue[{line}] = {number};\n" for line in range(_LINES)] for number in range(_FILES)
    ]
    out = bytearray()
    for mark in range(1, commits + 1):
        chosen = list(range(_FILES))
        if mark > 1:
            chosen = source.sample(range(_HOT if source.random() < 0.3 else _FILES), 2)
        for number in chosen if mark > 1 else ():
            texts[number][source.randrange(_LINES)] = f"\tchanged({mark}, {source.random()});\n"
        out += _commit(b"refs/heads/main", mark, b"from :%d\n" % (mark - 1) if mark > 1 else b"")
        out += b"".join(_file(number, texts[number]) for number in chosen)
    git(path, "fast-import", "--quiet", stdin=bytes(out))
    git(path, "reset", "--quiet", "--hard", "main")


def make_posting(tree: Path, folder: Path, patches: int) -> str:
    """So many patches made on a commit in the midst of the history; return that commit.

    No branch ends there, and the next commit touches a file of the series.
    """
    source = random.Random(patches)
    listed = git(tree, "rev-list", "main", "--", *map(_name, range(_HOT))).decode("ascii").split()
    after = listed[len(listed) // 2]
    base = git(tree, "rev-parse", f"{after}^").decode("ascii").strip()
    touched = git(tree, "diff", "--name-only", base, after).decode().split()
    first = next(number for number in range(_HOT) if _name(number) in touched)
    texts: dict[int, list[str]] = {}
    out = bytearray()
    for mark in range(1, patches + 1):
        start = b"from %s\n" % base.encode("ascii") if mark == 1 else b""
        out += _commit(b"refs/posted", mark, start)
        for number in [first] if mark == 1 else source.sample(range(_HOT), 2):
            if number not in texts:
                old = git(tree, "show", f"{base}:{_name(number)}").decode()
                texts[number] = old.splitlines(keepends=True)
            texts[number][source.randrange(_LINES)] = f"\tposted({mark});\n"
            out += _file(number, texts[number])
    git(tree, "fast-import", "--quiet", stdin=bytes(out))
    git(
        tree, "-c", "core.abbrev=12", "format-patch", "--quiet", f"--output-directory={folder}",
        f"{base}..refs/posted",
    )  # fmt: skip
    git(tree, "update-ref", "-d", "refs/posted")
    return base


def guess_by_commits(tree: Path, folder: Path) -> str:
    """Look at one commit after the other, as ``b4 am --guess-base`` does; return the first."""
    wanted = named_files(folder)
    for commit in git(tree, "rev-list", "--all").decode("ascii").split():
        listed = git(tree, "ls-tree", commit, "--", *wanted).decode().splitlines()
        entries = (line.partition("\t") for line in listed)
        ids = {path: entry.split(" ")[2] for entry, _, path in entries}
        if all(ids.get(path, "").startswith(old) for path, old in wanted.items()):
            return commit
    raise AssertionError("no commit has all files as the series names them")


def ask_for_objects(tree: Path, folder: Path) -> None:
    """Ask git which commits brought the files, or took them away; the rest is for people."""
    for path, old in named_files(folder).items():
        git(tree, "log", "--all", "--format=%H", f"--find-object={old}", "--", path)


def named_files(folder: Path) -> dict[str, str]:
    """The files of a series and the ids that they have before it."""
    found: dict[str, str] = {}
    for patch in sorted(folder.glob("*.patch")):
        data = patch.read_bytes()
        for path, old in zip(_INDEX.findall(data), _OLD_ID.findall(data), strict=True):
            found.setdefault(path.decode(), old.decode("ascii"))
    return found


def _commit(ref: bytes, mark: int, start: bytes) -> bytes:
    person = b"B <bench@example.com> %d +0000\n" % (1_600_000_000 + 600 * mark)
    head = b"commit %s\nmark :%d\nauthor %scommitter %s" % (ref, mark, person, person)
    return head + b"data 7\nchange\n\n" + start


def _file(number: int, lines: list[str]) -> bytes:
    text = "".join(lines).encode()
    return b"M 100644 inline %s\ndata %d\n%s\n" % (_name(number).encode(), len(text), text)


def _name(number: int) -> str:
    return f"dir{number % 29}/file{number}.c"
