"""Generated series in which lines come and go: the truth is known by construction.

Every line that a patch adds is unlike all others, so that its text alone says who added it.
"""

import random
import re
from pathlib import Path

from patchgen.reading.read import parse_series
from patchgen.series.composed.reverts import Reverts
from patchgen.series.model import Series
from tests.series.generated import git

_FEW = 3
_FILE = re.compile(rb"^diff --git .*?(?=^diff --git |^-- $)", re.M | re.S)
_HUNK = re.compile(rb"^@@ -(\d+)(,\d+)? \+(\d+)(,\d+)? @@", re.M)


class Made:
    """A series in which some blocks that one patch adds are taken out by a later one."""

    def __init__(self, seed: int) -> None:
        self.source = random.Random(seed)
        self.names = ["a.c", "dir/b.c"]
        self.files = {name: self.fresh(f"base of {name}", 60) for name in self.names}
        self.blocks: dict[int, list[tuple[str, list[str]]]] = {}
        self.touched = set[int]()
        self.above = ""
        self.versions = [self.text()]
        self.expected: dict[tuple[int, int, str], set[str]] = {}
        self.whole: set[tuple[int, int]] = set()
        for number in range(1, self.source.randint(3, 7)):
            self.patch(number)
            self.versions.append(self.text())

    def fresh(self, what: str, count: int) -> list[str]:
        """Lines that stand nowhere else."""
        return [f"{what}, line {number}\n" for number in range(count)]

    def text(self) -> dict[str, bytes]:
        """The files as they are now."""
        return {name: "".join(lines).encode() for name, lines in self.files.items()}

    def patch(self, number: int) -> None:
        """Add blocks, take out earlier ones, and sometimes put something in their place."""
        removable = [(n, block) for n, blocks in self.blocks.items() for block in blocks]
        self.above = ""
        if removable and self.source.random() < 0.6:
            self.remove(number, *self.source.choice(removable))
        self.blocks[number] = []
        for index in range(self.source.randint(1, 2)):
            name = self.source.choice(self.names)
            lines = self.fresh(f"patch {number}, block {index}", self.source.randint(1, 6))
            own = [at for at, line in enumerate(self.files[name]) if line.startswith("base")]
            free = [at for at in own if at + 1 in own and self.files[name][at] != self.above]
            at = self.source.choice(free)
            self.files[name][at + 1 : at + 1] = lines
            self.blocks[number].append((name, lines))

    def remove(self, number: int, earlier: int, block: tuple[str, list[str]]) -> None:
        """Take out a block whole, but for some lines, or for other lines."""
        name, lines = block
        self.touched.add(number)
        way = self.source.choice(("gone", "gone", "gone", "part", "replaced"))
        keep = lines[:1] if way == "part" else []
        put = self.fresh(f"patch {number}, instead", 2) if way == "replaced" else keep
        at = self.files[name].index(lines[0])
        self.files[name][at : at + len(lines)] = put
        everything = self.blocks[earlier] == [block]
        self.blocks[earlier] = [one for one in self.blocks[earlier] if one != block]
        self.above = self.files[name][at - 1]
        if way != "gone" or (
            len(lines) < _FEW and not (everything and earlier not in self.touched)
        ):
            self.touched.add(earlier)
            return
        self.expected[(earlier, number, name)] = {*lines}
        if everything and earlier not in self.touched:
            self.whole.add((earlier, number))
        self.touched.add(earlier)

    def series(self, folder: Path, offsets: bool = False) -> Series:
        """The mails that git makes of it, in a repository in ``folder`` with the tag ``base``.

        With ``offsets`` the hunks name other lines, as if the series had been made on another
        base, and each patch for itself.
        """
        out = bytearray()
        for number, files in enumerate(self.versions):
            out += b"commit refs/heads/tip\nauthor A U Thor <author@example.com> 0 +0000\n"
            out += b"committer A U Thor <author@example.com> %d +0000\ndata 5\nstep\n\n" % number
            for name, data in files.items():
                out += b"M 100644 inline %s\ndata %d\n%s\n" % (name.encode(), len(data), data)
        git("init", "--quiet", "--bare", str(folder), cwd=folder.parent)
        git("fast-import", "--quiet", cwd=folder, stdin=bytes(out))
        base = f"tip~{len(self.versions) - 1}"
        git("tag", "base", base, cwd=folder)
        mails = git("format-patch", "--stdout", "-N", f"{base}..tip", cwd=folder)
        if offsets:
            mails = _FILE.sub(self.elsewhere, mails)
        return parse_series([("x", mails)])

    def elsewhere(self, diff: re.Match[bytes]) -> bytes:
        """The diff of a file whose hunks name lines that are some lines further down."""
        by = self.source.randint(0, 20)

        def moved(header: re.Match[bytes]) -> bytes:
            old, new = int(header[1]) + by, int(header[3]) + by
            return b"@@ -%d%s +%d%s @@" % (old, header[2] or b"", new, header[4] or b"")

        return _HUNK.sub(moved, diff[0])


def found(reverts: Reverts) -> dict[tuple[int, int, str], set[str]]:
    """The lines that go again, with their newlines, by the two patches and the file."""
    there = {}
    for one in reverts.found:
        texts = {line.number: line.text for line in one.earlier.rest}
        lines = {texts[number][1:] + "\n" for number in one.added}
        there[(one.earlier.position, one.later.position, one.path)] = lines
    return there


def whole(reverts: Reverts) -> set[tuple[int, int]]:
    """The pairs of which nothing is left of the earlier."""
    return {(one.earlier.position, one.later.position) for one in reverts.found if one.whole}
