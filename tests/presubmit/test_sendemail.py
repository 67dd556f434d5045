"""``git send-email`` with the hook, to an SMTP server on loopback."""

import re
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import Ran
from tests.presubmit.conftest import Project
from tests.series.generated import git

SENDER = Path(git("--exec-path", cwd=Path("/")).decode().strip()) / "git-send-email"
needs_sender = pytest.mark.skipif(
    not SENDER.is_file() or subprocess.run(["perl", "-MMail::Address", "-e", "1"]).returncode != 0,
    reason="git send-email is not installed (Debian: git-email and libmailtools-perl)",
)
MESSAGE = "[signed-off-by-missing]"


class Sink:
    """Keeps the mails that an SMTP server is given."""

    def __init__(self) -> None:
        self.mails: list[bytes] = []

    async def handle_DATA(self, _server: object, _session: object, envelope: object) -> str:  # noqa: N802
        self.mails.append(bytes(getattr(envelope, "content", b"")))
        return "250 OK"


@pytest.fixture
def server() -> Iterator[tuple[Sink, int]]:
    """A sink and the port of the server that fills it."""
    controller = pytest.importorskip("aiosmtpd.controller")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    sink = Sink()
    running = controller.Controller(sink, hostname="127.0.0.1", port=port)
    running.start()
    try:
        yield sink, port
    finally:
        running.stop()


def posted(project: Project, *options: str) -> list[str]:
    """The commits since origin/main as files."""
    folder = project.checkout.parent / "posted"
    git(
        "format-patch", "--quiet", "--base=origin/main", f"-o{folder}", *options,
        "origin/main", cwd=project.checkout,
    )  # fmt: skip
    return [str(path) for path in sorted(folder.iterdir())]


def send(project: Project, port: int, *files: str) -> Ran:
    return project.git(
        "send-email", "--smtp-server=127.0.0.1", f"--smtp-server-port={port}",
        "--smtp-domain=localhost", "--smtp-encryption=none", "--to=list@example.org",
        "--from=author@example.com", "--confirm=never", "--suppress-cc=all", *files,
    )  # fmt: skip


@needs_sender
def test_a_clean_series_is_sent(installed: Project, server: tuple[Sink, int]) -> None:
    sink, port = server
    installed.good()
    ran = send(installed, port, *posted(installed))
    assert ran.status == 0, ran.out + ran.err
    assert len(sink.mails) == 2
    assert not list((installed.checkout.parent / "cache").glob("sendemail/*"))


@needs_sender
def test_a_letter_is_no_obstacle(installed: Project, server: tuple[Sink, int]) -> None:
    sink, port = server
    installed.good()
    first, *patches = posted(installed, "--cover-letter")
    letter = Path(first)
    text = letter.read_text().replace("*** SUBJECT HERE ***", "lamp: dim it")
    letter.write_text(text.replace("*** BLURB HERE ***", "Lamps are too bright."))
    ran = send(installed, port, str(letter), *patches)
    assert ran.status == 0, ran.out + ran.err
    assert len(sink.mails) == 3


@needs_sender
@pytest.mark.parametrize("bad", [0, 1])
def test_of_a_broken_series_not_one_mail_is_sent(
    installed: Project, server: tuple[Sink, int], bad: int
) -> None:
    sink, port = server
    installed.good()
    files = posted(installed)
    path = Path(files[bad])
    path.write_text(re.sub("Signed-off-by: .*\n", "", path.read_text()))
    ran = send(installed, port, *files)
    assert ran.status != 0
    assert path.name in ran.out + ran.err
    assert MESSAGE in ran.out + ran.err
    assert "rejected by sendemail-validate hook" in ran.err
    assert sink.mails == []


def shown(project: Project, file: str, number: int | None, total: int) -> Ran:
    """The hook as git 2.41 and newer run it; without a number, as older ones do."""
    counters = {} if number is None else {
        "GIT_SENDEMAIL_FILE_COUNTER": str(number),
        "GIT_SENDEMAIL_FILE_TOTAL": str(total),
    }  # fmt: skip
    headers = () if number is None else ("/dev/null",)
    return project.git("hook", "run", "sendemail-validate", "--", file, *headers, **counters)


def test_the_series_is_judged_at_its_last_mail(installed: Project) -> None:
    installed.good()
    files = posted(installed)
    for _ in range(2):  # the first time leaves nothing behind for the second
        first, second = (shown(installed, file, n, 2) for n, file in enumerate(files, 1))
        assert (first.status, first.out, first.err) == (0, "", "")
        assert second.status == 0
        assert "2 of 2 patches apply" in second.err


def test_a_mail_that_is_missing_is_found(installed: Project) -> None:
    installed.good()
    files = posted(installed)
    ran = shown(installed, files[1], 1, 1)
    assert ran.status == 1
    assert "[numbering-gap]" in ran.err


def test_what_an_interrupted_run_left_is_not_taken(installed: Project) -> None:
    installed.good()
    files = posted(installed)
    Path(files[0]).with_name("broken").write_text("Subject: [PATCH 1/3] x\n\nno diff\n")
    assert shown(installed, str(Path(files[0]).with_name("broken")), 1, 3).status == 0
    assert shown(installed, files[0], 1, 2).status == 0
    ran = shown(installed, files[1], 2, 2)
    assert ran.status == 0, ran.err
    assert "(2 patches)" in ran.err


def test_a_hook_that_was_not_called_for_a_mail(installed: Project) -> None:
    installed.good()
    ran = shown(installed, posted(installed)[1], 2, 2)
    assert ran.status != 0
    assert "mail 1 of 2 was not shown to the hook" in ran.err


def test_older_git_has_every_mail_judged_alone(installed: Project) -> None:
    installed.bad()
    first, second = (shown(installed, file, None, 0) for file in posted(installed))
    assert first.status == 1
    assert MESSAGE in first.err
    assert second.status == 0
    assert "this git does not say which mails are a series (2.41 does)" in second.err


def test_mails_without_a_patch_pass(installed: Project) -> None:
    mail = installed.checkout.parent / "hello"
    mail.write_text("From: a@example.org\nSubject: hello\n\nworld\n")
    for number in (None, 1):
        ran = shown(installed, str(mail), number, 1)
        assert ran.status == 0
        assert "nothing to verify in" in ran.err


@pytest.mark.parametrize("count", ["x", "0", "-1"])
def test_counters_that_do_not_count(
    project: Project, monkeypatch: pytest.MonkeyPatch, run_cli: Callable[..., Ran], count: str
) -> None:
    monkeypatch.setenv("GIT_SENDEMAIL_FILE_COUNTER", count)
    monkeypatch.setenv("GIT_SENDEMAIL_FILE_TOTAL", "2")
    assert run_cli("presubmit", "--hook", "sendemail-validate", "lamp.c").status == 2
