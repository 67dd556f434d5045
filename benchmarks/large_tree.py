"""A generated tree of any size, and a series of many patches for it."""

import os
import random
import subprocess
from pathlib import Path

_TOUCHED = 60
_LINES = 400


def make_tree(path: Path, files: int) -> None:
    """A checkout with one commit of so many files, some hundred to a directory."""
    source = random.Random(files)
    path.mkdir()
    git(path, "init", "--quiet", "-b", "main", ".")
    git(path, "config", "gc.auto", "0")
    out = bytearray(b"commit refs/heads/main\ncommitter B <bench@example.com> 1700000000 +0000\n")
    out += b"data 5\nbase\n"
    for number in range(files):
        lines = _LINES if number < _TOUCHED else 20
        text = "".join(f"\tvalue[{line}] = {source.getrandbits(30)};\n" for line in range(lines))
        out += b"M 100644 inline %s\ndata %d\n%s\n" % (
            _name(number).encode(),
            len(text),
            text.encode(),
        )
    git(path, "fast-import", "--quiet", "--force", stdin=bytes(out))
    git(path, "reset", "--quiet", "--hard", "main")
    git(path, "tag", "base")


def make_series(tree: Path, folder: Path, patches: int) -> None:
    """So many patches with a cover letter, each of one to three files; the tree is as before."""
    source = random.Random(patches)
    texts: dict[str, list[str]] = {}
    base = git(tree, "rev-parse", "HEAD").decode().strip()
    out = bytearray()
    for number in range(1, patches + 1):
        person = b"B <bench@example.com> %d +0000" % (1_700_000_000 + number)
        message = (
            b"bench: change number %d\n\nWhy.\n\nSigned-off-by: B <bench@example.com>\n" % number
        )
        out += b"commit refs/heads/series\nauthor %s\ncommitter %s\n" % (person, person)
        out += b"data %d\n%s\n" % (len(message), message)
        if number == 1:
            out += b"from %s\n" % base.encode()
        for chosen in source.sample(range(_TOUCHED), source.randint(1, 3)):
            name = _name(chosen)
            lines = texts.setdefault(name, (tree / name).read_text().splitlines(keepends=True))
            for _ in range(source.randint(1, 4)):
                at = source.randrange(len(lines))
                lines[at : at + source.randint(0, 2)] = [f"\tchanged({number}, {at});\n"]
            text = "".join(lines).encode()
            out += b"M 100644 inline %s\ndata %d\n%s\n" % (name.encode(), len(text), text)
    git(tree, "fast-import", "--quiet", "--force", stdin=bytes(out))
    git(
        tree, "-c", "core.abbrev=12", "format-patch", "--quiet", "--cover-letter", f"--base={base}",
        f"--output-directory={folder}", f"{base}..series",
    )  # fmt: skip
    letter = folder / "0000-cover-letter.patch"
    text = letter.read_text().replace("*** SUBJECT HERE ***", "bench: change a lot")
    letter.write_text(text.replace("*** BLURB HERE ***", "A lot is changed."))


def git(path: Path, *argv: str, stdin: bytes = b"") -> bytes:
    """What git prints, run in ``path`` without anybody's settings."""
    environment = os.environ | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    done = subprocess.run(
        ["git", *argv], cwd=path, input=stdin, env=environment, check=True, stdout=subprocess.PIPE
    )
    return done.stdout


def _name(number: int) -> str:
    return f"dir{number % 97}/sub{number % 1009 % 13}/file{number}.c"
