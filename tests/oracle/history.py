"""Histories as people have them: files of all kinds, odd names, authors from everywhere."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.series.generated import LINES, PATHS, Tree, git

ODD_PATHS = (
    "x b/x b/y.c",
    "a b/c.c",
    "it's.c",
    "$HOME.c",
    "new\nline.c",
    "caf\udce9.c",
    "dir\udcff/plain.c",
    "...c",
    "semi;colon&.c",
    "-- ",
    "0",
    "a => b.c",
    "{a => b}.c",
    "dir/{x => y}/z.c",
    "deep/" * 12 + "end.c",
    "Documentation/long/path/to/make/the/table/of/the/diffstat/wider/than/it/can/be/in/a/mail.rst",
)
AUTHORS = (
    "A U Thor <author@example.com>",
    "Jörg Müller <joerg@example.org>",
    "Łukasz Żółć <lukasz@example.net>",
    "山田太郎 <yamada@example.jp>",
    "José Núñez de la Peña y Ramírez de Arellano <jose@example.com>",
    '"Quoted, Name" <quoted@example.com>',
    "O'Neil Dot. Jr. <dot@example.com>",
    "Élodie <elodie@example.fr>",
    "a <a@example.com>",
)
TITLES = (
    "mm: fix it",
    "net: x: y: make the queue shorter than it was before the last change made it longer",
    "über: make it so",
    "docs: 日本語 and more words in a title that has to be folded over several lines of the header",
    'Revert "mm: fix it"',
    "a: use foo() & <bar> instead of baz[0]",
    "x86/mm: don't",
    "z: one,two;three:four",
)
PROSE = (
    "Why not.",
    "It was longer before, and it is shorter now; nobody ever asked for it to be like that.",
    "Ünïcode in prose — with a dash, “quotes” and … more.",
    "  an indented line",
    "\tone with a tab",
    "* a point\n* another point",
    "> a quotation",
    "日本語の説明です。",
    "x" * 100,
    "From the beginning it was so.",
    "[ this was in brackets ]",
    "a = b; c = d",
    "See https://example.com/?a=b&c=%20d=3D for more.",
    "trailing blanks  \nfollow",
)
STEPS = (
    "edit",
    "edit",
    "edit",
    "edit",
    "add",
    "delete",
    "rename",
    "copy",
    "mode",
    "binary",
    "link",
    "type",
    "empty",
    "crlf",
)
CODE = tuple(
    f"\tif (a[{number}] > {number})\n\t\treturn b({number});".split("\n")[number % 2]
    for number in range(40)
)


@dataclass(frozen=True, slots=True)
class Commit:
    """A tree with who made it and why; the message has its sign-off."""

    tree: Tree
    author: str
    date: str
    message: str


def history(source: random.Random, length: int) -> list[Commit]:
    """A first commit, and ``length`` more on top of it."""
    files: dict[str, tuple[str, bytes]] = {}
    for path in source.sample(PATHS + ODD_PATHS, source.randint(3, 9)):
        if _is_free(files, path):
            files[path] = ("100644", _content(source))
    commits = [_commit(source, files)]
    while len(commits) <= length:
        before = dict(files)
        for _ in range(source.choice((1, 1, 2, 3, 5))):
            _step(source, files)
        if files != before:
            commits.append(_commit(source, files))
    return commits


def _commit(source: random.Random, files: Tree) -> Commit:
    author = source.choice(AUTHORS)
    zone = source.choice(("+0000", "+0530", "-0800", "+1345"))
    date = f"{1_500_000_000 + source.randrange(200_000_000)} {zone}"
    paragraphs = source.sample(PROSE, source.randint(1, 4))
    trailers = [f"Signed-off-by: {author}"]
    if source.random() < 0.3:
        trailers.insert(0, f"Reviewed-by: {source.choice(AUTHORS)}")
    message = "\n\n".join((source.choice(TITLES), *paragraphs, "\n".join(trailers))) + "\n"
    return Commit(dict(files), author, date, message)


def _is_free(files: Tree, path: str) -> bool:
    """Whether there is no such file, and none where its directories are, nor the reverse."""
    return not any(
        path == other or path.startswith(other + "/") or other.startswith(path + "/")
        for other in files
    )


def _content(source: random.Random) -> bytes:
    kind = source.random()
    size = source.choice((1, 5, 20, 60, 200))
    if kind < 0.6:
        lines = [f"line {number}" if number % 7 else "" for number in range(size)]
        lines[source.randrange(size)] = "int f(void)"
        data = "\n".join(lines).encode()
    elif kind < 0.9:
        data = "\n".join(source.choices(LINES, k=size)).encode()
    else:
        data = b"\n".join(source.choices((b"caf\xe9", b"\xff\xfe", b"x", b"ok"), k=size))
    if source.random() < 0.08:
        data = data.replace(b"\n", b"\r\n") + b"\r"
    return data if source.random() < 0.1 else data + b"\n"


def _edited(source: random.Random, data: bytes) -> bytes:
    lines = data.split(b"\n")
    for _ in range(source.choice((1, 1, 2, 4))):
        at = source.randint(0, len(lines))
        new = [source.choice(LINES + CODE).encode() for _ in range(source.choice((0, 1, 1, 2, 5)))]
        lines[at : at + source.choice((0, 1, 1, 2, 5))] = new
    return b"\n".join(lines)


def _step(source: random.Random, files: dict[str, tuple[str, bytes]]) -> None:
    free = [path for path in PATHS + ODD_PATHS if _is_free(files, path)]
    kind = source.choice(STEPS) if files else "add"
    if kind == "add":
        mode = source.choice(("100644", "100644", "100755"))
        files[source.choice(free)] = (mode, _content(source))
        return
    path = source.choice(sorted(files))
    if kind == "delete":
        del files[path]
    elif kind == "link" and free:
        files[free[0]] = ("120000", source.choice((b"a.c", b"/tmp/\xff", b"../x y")))
    elif kind in ("rename", "copy") and free:
        _move(source, files, path, source.choice(free), kind)
    elif kind == "type":
        link = files[path][0] == "120000"
        files[path] = ("100644", _content(source)) if link else ("120000", b"where/ever")
    elif files[path][0] == "120000":
        files[path] = ("120000", source.choice((b"b.h", b"somewhere/else")))
    else:
        files[path] = _changed(source, kind, *files[path])


def _move(
    source: random.Random, files: dict[str, tuple[str, bytes]], path: str, new: str, kind: str
) -> None:
    mode, data = files.pop(path)
    if mode == "120000":
        files[new] = (mode, data)
        return
    files[new] = (mode, source.choice((data, _edited(source, data))))
    if kind == "copy":
        files[path] = (mode, source.choice((data, data + b"more\n")))


def _changed(source: random.Random, kind: str, mode: str, data: bytes) -> tuple[str, bytes]:
    edited = source.choice((data, _edited(source, data), _edited(source, data)))
    if kind == "mode":
        return "100755" if mode == "100644" else "100644", edited
    if kind == "binary":
        noise = source.randbytes(source.choice((5, 80, 900)))
        return mode, noise + b"\0" + data[:400]
    if kind == "crlf":
        bare = data.replace(b"\r", b"")
        return mode, bare if bare != data else data.replace(b"\n", b"\r\n")
    return mode, b"" if kind == "empty" else edited


def write_history(repository: Path, commits: Sequence[Commit]) -> list[str]:
    """Put commits on a branch ``tip`` and return their ids."""
    out = bytearray(b"reset refs/heads/tip\n")
    for number, commit in enumerate(commits, 1):
        message = commit.message.encode()
        author = commit.author.encode()
        if author.startswith(b'"'):
            author = author.replace(b'"', b"")
        out += b"commit refs/heads/tip\nmark :%d\n" % number
        out += b"author %s %s\n" % (author, commit.date.encode())
        out += b"committer C O Mitter <committer@example.com> 1700000000 +0000\n"
        out += b"data %d\n%s\n" % (len(message), message)
        if number > 1:
            out += b"from :%d\n" % (number - 1)
        out += b"deleteall\n"
        for path, (mode, data) in sorted(commit.tree.items()):
            name = path.encode("utf-8", "surrogateescape").replace(b"\\", b"\\\\")
            name = name.replace(b'"', b'\\"').replace(b"\n", b"\\n")
            out += b'M %s inline "%s"\ndata %d\n%s\n' % (mode.encode(), name, len(data), data)
    out += b"done\n"
    git("fast-import", "--quiet", "--done", "--force", cwd=repository, stdin=bytes(out))
    return git("rev-list", "--reverse", "tip", cwd=repository).decode().split()
