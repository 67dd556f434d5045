"""Finding the commit that a series was made on, in a history of thousands."""

import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from patchgen.reading.read import parse_series
from patchgen.series.model import Series
from patchgen.trees.base_search import FoundCommit, named_versions, search_commit
from patchgen.trees.repository import Repository
from tests.conftest import Ran
from tests.series.generated import git
from tests.trees.lamp import LAMP, make_lamp

COMMITS = 5000
FILES = 300
TOUCHED = tuple(f"dir{number % 7}/f{number}.c" for number in range(10))


def text(path: str, version: int) -> bytes:
    lines = [f"{path} line {number}\n" for number in range(40)]
    lines[20] = f"version {version}\n"
    return "".join(lines).encode()


class History:
    """A history written by one fast-import; ``ids`` are the commits of the main line."""

    def __init__(self, folder: Path) -> None:
        self.git_dir = folder / "history.git"
        git("init", "--quiet", "--bare", str(self.git_dir), cwd=folder)
        source = random.Random(5)
        self.names = [f"dir{number % 7}/f{number}.c" for number in range(FILES)]
        self.out = bytearray()
        for number in range(COMMITS):
            paths = self.names if number == 0 else source.sample(self.names, source.randint(1, 3))
            self.commit("refs/heads/main", number, {path: text(path, number) for path in paths})
        git("fast-import", "--quiet", cwd=self.git_dir, stdin=bytes(self.out))
        listed = git("rev-list", "--reverse", "main", cwd=self.git_dir).decode()
        self.ids = listed.split()

    def commit(self, ref: str, when: int, files: dict[str, bytes], parent: str = "") -> None:
        """Add a commit to the stream."""
        self.out += b"commit %s\ncommitter A <a@x> %d +0000\ndata 2\nx\n" % (ref.encode(), when)
        if parent:
            self.out += b"from %s\n" % parent.encode()
        for path, data in files.items():
            self.out += b"M 100644 inline %s\ndata %d\n%s\n" % (path.encode(), len(data), data)

    def series(self, base: str, name: str) -> Series:
        """Ten patches made on ``base``; the last two touch a file that is touched before."""
        self.out.clear()
        for number in range(10):
            path = TOUCHED[number if number < 8 else 0]
            now = git("cat-file", "blob", f"{base}:{path}", cwd=self.git_dir)
            new = now.replace(b"line 5\n", b"line 5, %d\n" % number)
            ref = f"refs/heads/{name}"
            self.commit(ref, 10**6 + number, {path: new}, base if number == 0 else "")
        git("fast-import", "--quiet", cwd=self.git_dir, stdin=bytes(self.out))
        options = ("--stdout", "--numbered", f"{base}..{name}")
        mails = git("-c", "core.abbrev=12", "format-patch", *options, cwd=self.git_dir)
        git("update-ref", "-d", ref, cwd=self.git_dir)
        return parse_series([("x", mails)])

    def found(self, series: Series, head: str, tips: list[str]) -> FoundCommit:
        """What is found, and how long it takes is printed."""
        start = time.perf_counter()
        found = search_commit(Repository(self.git_dir), head, tips, named_versions(series))
        print(f"{time.perf_counter() - start:.3f} s")
        return found

    def newest_like(self, base: str, paths: tuple[str, ...]) -> str:
        """The last commit of the main line on which these files are as on ``base``."""
        rest = self.ids[self.ids.index(base) + 1 :]
        listed = git("rev-list", "--reverse", f"{base}..main", "--", *paths, cwd=self.git_dir)
        first = listed.decode().split("\n")[0]
        return self.ids[-1] if not first else [base, *rest][rest.index(first)]


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> History:
    return History(tmp_path_factory.mktemp("history"))


@pytest.mark.parametrize("at", [4999, 4990, 4000, 1234, 3])
def test_the_base_is_found_wherever_it_is(history: History, at: int) -> None:
    base = history.ids[at]
    series = history.series(base, f"made-on-{at}")
    found = history.found(series, history.ids[-1], history.ids[-1:])
    assert found == FoundCommit(history.newest_like(base, TOUCHED[:8]), 8, 8)


def test_a_base_that_is_on_another_branch(history: History) -> None:
    history.out.clear()
    fork = history.ids[3000]
    for number, path in enumerate(TOUCHED[:3]):
        files = {path: text(path, 90000 + number)}
        history.commit("refs/heads/side", 10**5 + number, files, fork if number == 0 else "")
    files = {"side-only.c": b"1\n"}
    history.commit("refs/heads/side", 10**5 + 5, files)
    history.commit("refs/heads/side", 10**5 + 6, {TOUCHED[1]: b"rewritten\n"})
    git("fast-import", "--quiet", cwd=history.git_dir, stdin=bytes(history.out))
    tip = git("rev-parse", "side", cwd=history.git_dir).decode().strip()
    base = git("rev-parse", "side~1", cwd=history.git_dir).decode().strip()
    series = history.series(base, "made-aside")
    found = history.found(series, history.ids[-1], [history.ids[-1], tip])
    assert found == FoundCommit(base, 8, 8)


def test_else_the_one_with_the_fewest_mismatches(history: History) -> None:
    base = history.ids[2500]
    series = history.series(base, "unknown")
    versions = named_versions(series) | {TOUCHED[2]: "0123456789ab"}
    found = search_commit(Repository(history.git_dir), history.ids[-1], [], versions)
    assert (found.matching, found.total) == (7, 8)
    others = tuple(path for path in TOUCHED[:8] if path != TOUCHED[2])
    assert found.commit == history.newest_like(base, others)


def test_a_file_that_the_series_brings_must_not_be_there() -> None:
    mails = b"".join(
        b"From: A <a@x>\nSubject: [PATCH %d/2] x\n\nx\n---\n%s" % (number, diff)
        for number, diff in (
            (1, b"diff --git a/n.c b/n.c\nnew file mode 100644\nindex 000000000000..587be6b4c3f9\n"
                b"--- /dev/null\n+++ b/n.c\n@@ -0,0 +1 @@\n+x\n"),
        )
    )  # fmt: skip
    assert named_versions(parse_series([("x", mails)])) == {"n.c": None}


def test_before_the_first_commit_is_no_base(tmp_path: Path) -> None:
    git("init", "--quiet", ".", cwd=tmp_path)
    (tmp_path / "n.c").write_text("x\n")
    git("add", "n.c", cwd=tmp_path)
    git("commit", "--quiet", "-m", "bring it", cwd=tmp_path)
    head = git("rev-parse", "HEAD", cwd=tmp_path).decode().strip()
    (tmp_path / ".git" / "index").unlink()  # as in the repository that is searched
    found = search_commit(Repository(tmp_path / ".git"), head, [head], {"n.c": None})
    assert found == FoundCommit(head, 0, 1)


def test_the_report_says_which_commit_and_why(run_cli: Callable[..., Ran], tmp_path: Path) -> None:
    lamp = make_lamp(tmp_path / "lamp")
    git("checkout", "--quiet", "-b", "topic", cwd=lamp)
    (lamp / "lamp.c").write_text(LAMP.replace("level = 10;", "level = 5;"))
    git("commit", "--quiet", "-sam", "lamp: dim it", cwd=lamp)
    git("format-patch", "--quiet", "-1", f"-o{tmp_path / 'out'}", cwd=lamp)
    base = git("rev-parse", "HEAD~1", cwd=lamp).decode()[:12]
    ran = run_cli("verify", tmp_path / "out", "--tree", lamp, "--no-build")
    assert f'base    commit {base} ("' in ran.out
    assert "the file is the version that the series was made on" in ran.out
    assert "1 of 1 patches apply" in ran.out
    asked = run_cli("verify", tmp_path / "out", "--tree", lamp, "--base", "auto", "--no-build")
    assert asked.out.splitlines()[:5] == ran.out.splitlines()[:5]
    named = run_cli("verify", tmp_path / "out", "--tree", lamp, "--base", "HEAD", "--no-build")
    assert "0 of 1 patches apply" in named.out
    (tmp_path / "plain").mkdir()
    ran = run_cli("verify", tmp_path / "out", "--tree", tmp_path / "plain", "--base", "auto")
    assert ran.status == 2
    assert "is no git checkout" in ran.err
