"""Exit codes, errors and what goes to which stream."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import patchgen
from patchgen.version import __version__

Cli = Callable[..., Any]
ROOT = Path(patchgen.__file__).parent.parent


def command(*argv: str | Path) -> list[str]:
    return [sys.executable, "-m", "patchgen", *map(str, argv)]


def environment(**changes: str) -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(ROOT)} | changes


def is_two_lines(text: str) -> bool:
    error, hint = text.splitlines()
    return error.startswith("error: ") and hint.startswith("hint: ")


def test_a_clean_series_is_0(run_cli: Cli, posted: Path, lamp: Path) -> None:
    ran = run_cli("verify", posted, "--tree", lamp)
    assert (ran.status, ran.err) == (0, "")
    assert "2 of 2 patches apply" in ran.out


def test_a_finding_is_1(run_cli: Cli, posted: Path, lamp: Path) -> None:
    letter = posted / "0000-cover-letter.patch"
    letter.write_text(letter.read_text().replace("2 insertions", "3 insertions"))
    ran = run_cli("verify", posted, "--tree", lamp)
    assert (ran.status, ran.err) == (1, "")
    assert "[diffstat-arithmetic]" in ran.out


@pytest.mark.parametrize(
    "argv",
    [
        [],
        ["verfy"],
        ["verify"],
        ["verify", "--format", "tex", "x"],
        ["verify", "--fail-on", "never", "x"],
        ["verify", "--unknown", "x"],
        ["verify", "none.patch"],
        ["verify", "--ignore", "no-such-check", "none.patch"],
        ["verify", "--tree"],
        ["render", "no-such-series"],
        ["render", "--set", "x", "exitless-timer"],
        ["render", "-v", "x", "exitless-timer"],
        ["explain", "no-such-check"],
    ],
    ids=" ".join,
)
def test_bad_usage_is_2_with_two_lines(
    run_cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, argv: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = run_cli(*argv)
    assert ran.status == 2
    assert ran.out == ""
    assert is_two_lines(ran.err)


@pytest.mark.parametrize(
    "argv",
    [["--tree", "none"], ["--base", "none"], ["--cover-letter", "none"], ["--output", "none/x"]],
    ids=" ".join,
)
def test_bad_input_is_2_with_two_lines(
    run_cli: Cli, posted: Path, lamp: Path, monkeypatch: pytest.MonkeyPatch, argv: list[str]
) -> None:
    monkeypatch.chdir(lamp)
    ran = run_cli("verify", posted, *argv)
    assert ran.status == 2
    assert ran.out == ""
    assert is_two_lines(ran.err)


def test_a_tool_that_fails_is_3(
    run_cli: Cli, posted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("PATCHGEN_CACHE_DIR", str(tmp_path / "file"))
    ran = run_cli("verify", posted)
    assert ran.status == 3
    assert is_two_lines(ran.err)


def test_without_git_it_is_3(posted: Path) -> None:
    done = subprocess.run(
        command("verify", posted), env=environment(PATH="/nonexistent"), capture_output=True
    )
    assert done.returncode == 3
    assert is_two_lines(done.stderr.decode())
    assert b"git is not installed" in done.stderr


def test_a_bug_is_3_and_says_so(run_cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("\x1b[31m")

    monkeypatch.setattr("patchgen.reading.read.read_series", broken)
    ran = run_cli("verify", "x")
    assert ran.status == 3
    assert "error: patchgen has a bug: ZeroDivisionError" in ran.err
    assert "\nhint: please report it" in ran.err


def test_an_interrupt_is_130(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo.patch"
    os.mkfifo(fifo)
    # What a shell starts in the background is told to ignore interrupts.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    running = subprocess.Popen(
        command("verify", fifo),
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    signal.signal(signal.SIGINT, before)
    writer = os.open(fifo, os.O_WRONLY)  # opens when patchgen reads it
    # Python looks for signals before it reads, so one right before that waits for the end.
    while "S" not in Path(f"/proc/{running.pid}/stat").read_text().rpartition(")")[2]:
        time.sleep(0.01)
    os.killpg(running.pid, signal.SIGINT)
    out, err = running.communicate(timeout=60)
    os.close(writer)
    assert (running.returncode, out, err) == (130, b"", b"")


def test_nobody_reading_is_no_crash(posted: Path, lamp: Path) -> None:
    for argv in (["explain"], ["verify", posted, "--tree", lamp]):
        reader, writer = os.pipe()
        os.close(reader)
        done = subprocess.run(
            command(*argv), env=environment(), stdout=writer, stderr=subprocess.PIPE
        )
        os.close(writer)
        assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_any_terminal_encoding_is_good_enough(
    posted: Path, lamp: Path, tmp_path: Path, encoding: str
) -> None:
    for path in posted.iterdir():
        path.write_text(path.read_text().replace("A U Thor", "日本 Ünï").replace("dim it", "dïm"))
    folder = tmp_path / os.fsdecode(b"\xff\xfe")
    posted.rename(folder)
    for argv in (["verify", folder, "--tree", lamp], ["render"], ["verify", tmp_path / "日本"]):
        done = subprocess.run(
            command(*argv), env=environment(PYTHONIOENCODING=encoding), capture_output=True
        )
        assert done.returncode in (0, 1, 2), done.stderr
        assert b"Traceback" not in done.stderr


def test_the_version_is_printed(run_cli: Cli) -> None:
    ran = run_cli("--version")
    assert (ran.status, ran.out, ran.err) == (0, f"patchgen {__version__}\n", "")


@pytest.mark.parametrize("name", ["render", "verify", "explain"])
def test_every_command_has_help(run_cli: Cli, name: str) -> None:
    ran = run_cli(name, "--help")
    assert ran.status == 0
    assert ran.out.startswith(f"usage: patchgen {name}")


def test_explain_shows_what_the_check_says_of_itself(run_cli: Cli) -> None:
    ran = run_cli("explain", "lines-lost")
    assert ran.status == 0
    assert ran.out.startswith("lines-lost (error)\n")
    for part in ("\nWhy:\n", "\nBad:\n", "\nGood:\n"):
        assert part in ran.out


def test_explain_lists_every_check(run_cli: Cli) -> None:
    names = [line.split()[0] for line in run_cli("explain").out.splitlines()]
    assert names == sorted(names)
    assert all(run_cli("explain", name).status == 0 for name in names)


@pytest.mark.parametrize(
    "argv", [["explain", "line-lost"], ["verify", "--ignore", "lines-los", "x"]]
)
def test_the_nearest_check_is_suggested(run_cli: Cli, argv: list[str]) -> None:
    assert 'did you mean "lines-lost"?' in run_cli(*argv).err
