"""Generated trees full of odd names and odd lines, and git to say what changed between them.

Every example is made from one seed, so a failing one can be made again from what is printed.
"""

import os
import random
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.series.recorded import CRUD, CRUD_AND_DOTS

SCALE = int(os.environ.get("PATCHGEN_TEST_SCALE", "1"))
"""How many times more examples than usual."""
SEED = os.environ.get("PATCHGEN_TEST_SEED", "")
"""Whatever is given here makes other examples."""

ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "HOME": "/nonexistent",
    "LC_ALL": "C",
    "TZ": "UTC",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "A U Thor",
    "GIT_AUTHOR_EMAIL": "author@example.com",
    "GIT_AUTHOR_DATE": "1560000000 +0000",
    "GIT_COMMITTER_NAME": "C O Mitter",
    "GIT_COMMITTER_EMAIL": "committer@example.com",
    "GIT_COMMITTER_DATE": "1560000000 +0000",
}

AS_AUTHOR = {
    "GIT_COMMITTER_NAME": ENVIRONMENT["GIT_AUTHOR_NAME"],
    "GIT_COMMITTER_EMAIL": ENVIRONMENT["GIT_AUTHOR_EMAIL"],
}
"""For commits with ``--signoff``, which is the committer's."""

PATHS = (
    "a.c",
    "b.h",
    "Makefile",
    "dir/c.c",
    "dir/sub/d.txt",
    "dir/sub/deeper/and/deeper/still/e_with_a_long_name_of_its_own.c",
    "drivers/net/ethernet/manufacturer/product/generation/queue_management_interface.h",
    "with blank.c",
    "two  blanks/f g.c",
    "trailing ",
    "tab\there",
    'quo"te.c',
    "back\\slash",
    "ünï.c",
    "日本/語.c",
    "pipe | 1",
    "brace{d}.c",
    "-dash",
)
LINES = (
    "",
    "",
    " ",
    "x",
    "x",
    "y",
    "int f(void)",
    "int g(int a)",
    "{",
    "}",
    "\treturn 0;",
    "\treturn a;",
    "-",
    "- ",
    "-- ",
    "-- a/x",
    "++ b/y",
    "--- a/x",
    "+++ b/y",
    "@@ -1,2 +1,2 @@",
    "@ -1 +1 @@",
    "diff --git a/x b/x",
    "\\ No newline at end of file",
    "ünïcode",
    "\x0c",
    "\x85 \u2028",
    "From me",
    "label:",
    "trailing \t",
    "2.39.5",
    "Signed-off-by: A U Thor <author@example.com>",
)

Tree = Mapping[str, tuple[str, bytes]]
"""Files by path: mode and content."""


def examples(count: int) -> Callable[..., Any]:
    """Run a test of given values ``count`` times, with the same ones every time."""
    return settings(
        max_examples=count * SCALE,
        deadline=None,
        derandomize=SCALE == 1,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


def seeds(count: int, *known: int) -> Callable[..., Any]:
    """Run a test for ``count`` seeds, the same ones every time, after those that once failed."""

    def decorate(test: Callable[..., None]) -> Any:
        source = random.Random(f"{test.__module__}.{test.__name__} {SEED}")
        drawn = [source.getrandbits(32) for _ in range(count * SCALE)]
        return pytest.mark.parametrize("seed", [*known, *drawn])(test)

    return decorate


def git(
    *argv: str,
    cwd: Path,
    stdin: bytes = b"",
    env: Mapping[str, str] | None = None,
    check: bool = True,
) -> bytes:
    """What git prints, run without anybody's settings."""
    done = subprocess.run(
        ["git", *argv],
        cwd=cwd,
        input=stdin,
        env=ENVIRONMENT | dict(env or {}),
        capture_output=True,
        check=False,
    )
    if check and done.returncode:
        raise AssertionError(f"git {' '.join(argv)}: {done.stderr.decode(errors='replace')}")
    return done.stdout


def bare_repository(path: Path) -> Path:
    """A new empty repository to put generated commits into."""
    path.mkdir(parents=True)
    git("init", "--quiet", "--bare", ".", cwd=path)
    return path


def some_lines(source: random.Random, most: int = 40) -> list[str]:
    """Lines of a file, none to many."""
    return source.choices(LINES, k=source.choice((0, 1, 3, most // 2, most)))


def edited(source: random.Random, lines: Sequence[str]) -> list[str]:
    """The lines with one to four places changed."""
    result = list(lines)
    for _ in range(source.randint(1, 4)):
        at = source.randint(0, len(result))
        result[at : at + source.randint(0, 3)] = source.choices(LINES, k=source.randint(0, 3))
    return result


def content(source: random.Random, lines: Sequence[str]) -> bytes:
    """The file that holds the lines, now and then without its last newline."""
    data = "\n".join(lines).encode()
    return data if source.random() < 0.15 or not lines else data + b"\n"


@dataclass(slots=True)
class _File:
    mode: str
    lines: list[str]
    data: bytes


def generated_trees(seed: int, changes: int = 0, binary: bool = True) -> list[Tree]:
    """A tree and the trees after each of ``changes`` commits (0: one to four of them)."""
    source = random.Random(seed)
    files: dict[str, _File] = {}
    for path in source.sample(PATHS, source.randint(2, 6)):
        lines = some_lines(source)
        files[path] = _File("100644", lines, content(source, lines))
    trees = [_frozen(files)]
    for _ in range(changes or source.randint(1, 4)):
        before = trees[-1]
        while _frozen(files) == before:
            for _ in range(source.randint(1, 3)):
                _change(source, files, binary)
        trees.append(_frozen(files))
    return trees


def _frozen(files: Mapping[str, _File]) -> Tree:
    return {path: (file.mode, file.data) for path, file in files.items()}


def _change(source: random.Random, files: dict[str, _File], binary: bool) -> None:
    kind = source.choice(("edit", "edit", "edit", "add", "delete", "rename", "mode", "binary"))
    free = [path for path in PATHS if path not in files]
    if kind == "add" or not files:
        lines = some_lines(source)
        files[source.choice(free)] = _File("100644", lines, content(source, lines))
        return
    path = source.choice(sorted(files))
    file = files[path]
    if kind == "delete":
        del files[path]
    elif kind == "rename" and free:
        lines = edited(source, file.lines) if source.random() < 0.5 else file.lines
        data = content(source, lines) if lines is not file.lines else file.data
        del files[path]
        files[source.choice(free)] = _File(file.mode, lines, data)
    elif kind == "mode":
        mode = "100755" if file.mode == "100644" else "100644"
        files[path] = _File(mode, file.lines, file.data)
    elif kind == "binary" and binary:
        files[path] = _File(file.mode, file.lines, source.randbytes(source.randint(1, 60)) + b"\0")
    else:
        lines = edited(source, file.lines)
        files[path] = _File(file.mode, lines, content(source, lines))


def commit_trees(
    repository: Path,
    trees: Sequence[Tree],
    messages: Sequence[str] = (),
    author: str = "A U Thor <author@example.com>",
) -> list[str]:
    """Commit the trees one on the other and return the commits' ids; a branch ``tip`` is left."""
    out = bytearray(b"reset refs/heads/tip\n")
    for number, tree in enumerate(trees):
        text = messages[number] if number < len(messages) else f"change {number}\n\nWhy.\n"
        message = text.encode()
        person = b"%s %d +0000" % (author.encode(), 1_560_000_000 + number)
        out += b"commit refs/heads/tip\nmark :%d\n" % (number + 1)
        out += b"author %s\ncommitter %s\n" % (person, person)
        out += b"data %d\n%s\n" % (len(message), message)
        if number:
            out += b"from :%d\n" % number
        out += b"deleteall\n"
        for path, (mode, data) in sorted(tree.items()):
            name = (
                path.encode().replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n")
            )
            out += b'M %s inline "%s"\ndata %d\n%s\n' % (mode.encode(), name, len(data), data)
    out += b"done\n"
    git("fast-import", "--quiet", "--done", "--force", cwd=repository, stdin=bytes(out))
    listed = git("rev-list", "--reverse", "tip", cwd=repository).decode().split()
    assert len(listed) == len(trees)
    return listed


def format_patch(repository: Path, base: str, *options: str) -> bytes:
    """The mbox that git-format-patch writes for the commits after ``base``."""
    return git(
        "-c", "core.abbrev=12", "format-patch", "--stdout", *options, f"{base}..tip", cwd=repository
    )


def numstat(repository: Path, *argv: str) -> dict[str, tuple[int | None, int | None, str | None]]:
    """What ``git diff-tree --numstat`` says: path to added, removed, and the path before."""
    fields = (
        git("diff-tree", "-r", "--numstat", "-z", *argv, cwd=repository)
        .decode("utf-8", "surrogateescape")
        .split("\0")
    )
    found: dict[str, tuple[int | None, int | None, str | None]] = {}
    rest = iter(fields)
    for field in rest:
        if not field:
            continue
        added, removed, path = field.split("\t", 2)
        old = None
        if not path:
            old, path = next(rest), next(rest)
        found[path] = (
            None if added == "-" else int(added),
            None if removed == "-" else int(removed),
            old,
        )
    return found


@cache
def crud() -> str:
    """What the git that is installed takes off the ends of names."""
    named = {"GIT_AUTHOR_NAME": "Jr."}
    said = git("var", "GIT_AUTHOR_IDENT", cwd=Path.cwd(), env=named)
    return CRUD if said.startswith(b"Jr. ") else CRUD_AND_DOTS
