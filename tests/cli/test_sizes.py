"""Mails of absurd size and shape: an end within bounded memory and time, and never a traceback."""

import gzip
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from patchgen.reading import sources
from patchgen.reading.mailbox import split_mailbox
from patchgen.series.commits.references import commit_references
from patchgen.series.diff.header_names import git_names, name_of_line
from patchgen.series.mail.message import parse_mail
from patchgen.series.mail.subject import parse_subject
from patchgen.series.text import numbered

MOST_MEMORY, MOST_SECONDS = 300, 60
"""MiB more than the interpreter with a small mail takes, and seconds of processor time."""

HEAD = b"From: A <a@example.com>\nSubject: [PATCH] x: change it\n"
BODY = b"\nWhy.\n\nSigned-off-by: A <a@example.com>\n---\n"
FILE = b"diff --git a/x b/x\n--- a/x\n+++ b/x\n"
HUNK = b"@@ -%d +%d @@\n-a\n+b\n"
SMALL = HEAD + BODY + FILE + HUNK % (1, 1)

LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_CPU, ({seconds}, {seconds}))
resource.setrlimit(resource.RLIMIT_AS, ({memory} << 20, {memory} << 20))
from patchgen.cli.main import main
status = main(sys.argv[1:])
print("used", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10)
sys.exit(status)
"""


def verify(file: Path) -> tuple[int, str, int]:
    """Exit code, output, and MiB used, of a process that may not have much of anything."""
    code = LIMITED.format(seconds=MOST_SECONDS, memory=1500)
    command = [sys.executable, "-c", code, "verify", "--no-build", str(file)]
    done = subprocess.run(command, cwd=file.parent, capture_output=True, text=True)
    *_, last = done.stdout.splitlines() or [""]
    used = int(last.removeprefix("used ")) if last.startswith("used ") else -1
    return done.returncode, done.stdout + done.stderr, used


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> int:
    """What a small mail takes, in MiB."""
    file = tmp_path_factory.mktemp("small") / "x.patch"
    file.write_bytes(SMALL)
    status, _, used = verify(file)
    assert status == 0
    return used


def nested(depth: int, own: bool) -> Iterator[bytes]:
    yield HEAD + b"Content-Type: multipart/mixed; boundary=b0\n\n"
    for level in range(depth):
        inner = level + 1 if own else 0
        yield b"--b%d\n" % (level if own else 0)
        yield b"Content-Type: multipart/mixed; boundary=b%d\n\n" % inner
    yield b"text\n"


@pytest.mark.parametrize(
    ("status", "data"),
    [
        (0, [HEAD, BODY, FILE, *(HUNK % (9 * n, 9 * n) for n in range(1, 50_001))]),
        (0, [HEAD, b"X-A: b\n" * 300_000, BODY, FILE, HUNK % (1, 1)]),
        (0, [HEAD, b" and more\n" * 300_000, BODY, FILE, HUNK % (1, 1)]),
        (0, [HEAD, b"References:", b" <a@b>\n" * 300_000, BODY, FILE, HUNK % (1, 1)]),
        (1, [*nested(10_000, own=True)]),
        (1, [*nested(10_000, own=False)]),
        (1, [b"From: ", b"(" * 100_000, HEAD[HEAD.index(b"\n") :], BODY, FILE, HUNK % (1, 1)]),
        (1, [HEAD, BODY, b"diff --git a/", b"x " * 300_000, b"\n", FILE, HUNK % (1, 1)]),
    ],
    ids=["hunks", "headers", "subject", "references", "mime", "mime-same", "comments", "name"],
)
def test_absurd_mails_have_an_end(
    tmp_path: Path, small: int, status: int, data: list[bytes]
) -> None:
    file = tmp_path / "x.patch"
    file.write_bytes(b"".join(data))
    code, said, used = verify(file)
    assert code == status, said[-2000:]
    assert "Traceback" not in said
    assert 0 < used < small + MOST_MEMORY


@pytest.mark.parametrize("content", [b"\0", b"\n", b"x", SMALL + b"-- \n"])
def test_what_is_packed_small_and_unpacks_large_is_refused(
    tmp_path: Path, small: int, content: bytes
) -> None:
    """Packed a member at a time, so that making the bomb takes no memory either."""
    member = gzip.compress(content + b"\n" * (1 << 24))
    (tmp_path / "x.gz").write_bytes(member * 20)
    code, said, used = verify(tmp_path / "x.gz")
    assert code == 2
    assert f"error: {tmp_path}/x.gz has more than {sources.INPUT_LIMIT >> 20} MiB\n" in said
    assert 0 < used < small + MOST_MEMORY


def test_a_file_without_end_is_refused(tmp_path: Path, small: int) -> None:
    with (tmp_path / "x.patch").open("wb") as file:
        file.write(SMALL)
        file.truncate(1 << 30)
    code, said, used = verify(tmp_path / "x.patch")
    assert code == 2
    assert f"has more than {sources.INPUT_LIMIT >> 20} MiB" in said
    assert 0 < used < small + MOST_MEMORY


def test_more_lines_than_anybody_posts_are_refused(tmp_path: Path, small: int) -> None:
    count = sources.LINE_LIMIT + 1
    file = tmp_path / "x.patch"
    file.write_bytes(SMALL + b"\n" * count)
    code, said, used = verify(file)
    assert code == 2
    assert f"have more than {sources.LINE_LIMIT} lines" in said
    assert 0 < used < small + MOST_MEMORY


ENDLESS: dict[str, Callable[[int], object]] = {
    "bracket groups": lambda n: parse_subject("[a]" * n + "x"),
    "open brackets": lambda n: parse_subject("[" * n),
    "digits": lambda n: parse_subject(f"[PATCH v{'1' * n} {'1' * n}/{'1' * n}] x"),
    "reply marks": lambda n: parse_subject("re:" * n),
    "postmark": lambda n: split_mailbox(b"From 1 11:11" + b"1" * n + b"x:\n"),
    "encoded words": lambda n: parse_mail(b"Subject: " + b"=?utf-8?q?x?= " * n + b"\n\n", "x"),
    "titles": lambda n: list(commit_references(numbered('commit 0123456 ("a\n' * n))),
    "names": lambda n: git_names("a/" + "x " * n),
    "time stamp": lambda n: name_of_line("a/x" + " " * n + "z", by_git=False),
}


@pytest.mark.parametrize("name", ENDLESS)
def test_time_grows_with_the_size_and_not_with_its_square(name: str) -> None:
    """A hundred thousand of anything; with the square it is minutes."""
    import time

    start = time.process_time()
    ENDLESS[name](100_000)
    assert time.process_time() - start < 20
