"""Programs that try to do harm, within walls and without."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from patchgen.sandbox import Limits, Sandbox, Walls, has_walls, run_confined, toolchain

needs_walls = pytest.mark.skipif(
    not has_walls(), reason="bubblewrap is not installed or may not make sandboxes here"
)
both = pytest.mark.parametrize(
    "walls", [pytest.param(True, marks=needs_walls, id="walls"), pytest.param(False, id="none")]
)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    for name in ("source", "objects", "home"):
        (tmp_path / name).mkdir()
    (tmp_path / "home" / "secret").write_text("secret")
    (tmp_path / "source" / "file").write_text("source")
    return tmp_path


def confined(place: Path, script: str, walls: bool, limits: Limits | None = None) -> str:
    """What the script printed, and why it was stopped if it was."""
    sandbox = Sandbox(place / "source", (), (place / "objects",), limits or Limits(seconds=20))
    done = run_confined(["sh", "-c", script], sandbox, walls)
    return done.output.decode("utf-8", "replace") + (done.stopped or "")


@needs_walls
def test_only_the_writable_directories_can_be_written_to(place: Path) -> None:
    targets = ("/mark", "/usr/mark", "/dev/shm/mark", "/etc/mark", f"{place}/source/mark")
    script = "; ".join(f"echo x > {target}" for target in (*targets, "../objects/mark"))
    confined(place, script, walls=True)
    assert [path.name for path in place.rglob("mark")] == ["mark"]
    assert (place / "objects" / "mark").read_text() == "x\n"
    assert not any(Path(target).exists() for target in targets)


@needs_walls
def test_read_only_stays_read_only_for_root_too(place: Path) -> None:
    script = f"mount -o remount,rw,bind {place}/source; unshare -Ur true && echo more; echo x > x"
    confined(place, script, walls=True)
    assert sorted(path.name for path in (place / "source").iterdir()) == ["file"]
    said = confined(place, "grep -h '^Cap[EPB]' /proc/self/status", walls=True)
    assert {line.split()[1] for line in said.splitlines()} == {"0" * 16}


@needs_walls
def test_home_other_processes_and_the_network_are_out_of_sight(place: Path) -> None:
    script = f"cat {place}/home/secret; ls /proc | grep -c '^[0-9]'; grep -c : /proc/net/dev; ls /"
    said = confined(place, script, walls=True)
    assert "secret\n" not in said.replace("home/secret", "")
    assert [int(word) for word in said.split() if word.isdigit()][-1] == 1
    assert not {"home", "root", "etc/passwd"} & {*said.split()}


@needs_walls
def test_the_home_cannot_be_deleted(place: Path) -> None:
    confined(place, f"rm -rf {place}/home {place}/source ~ /etc", walls=True)
    assert (place / "home" / "secret").read_text() == "secret"
    assert (place / "source" / "file").read_text() == "source"


@both
def test_processes_without_end_are_stopped(place: Path, walls: bool) -> None:
    script = "while :; do sleep 30 & done"
    said = confined(place, script, walls, Limits(seconds=20, processes=40))
    assert said.endswith("was stopped with more than 40 processes")


@both
def test_the_memory_of_all_processes_together_is_limited(place: Path, walls: bool) -> None:
    hog = f"{sys.executable} -c 'import time; x = bytearray(60 << 20); time.sleep(20)' &"
    if walls and toolchain(sys.executable):
        hog = "perl -e 'my $x = \"x\" x (60 << 20); sleep 20' &"
    limits = Limits(seconds=20, memory=150 << 20)
    assert "150 MiB of memory" in confined(place, hog * 4 + " wait", walls, limits)


@both
def test_one_process_cannot_have_more_memory_than_all(place: Path, walls: bool) -> None:
    said = confined(
        place, "perl -e 'my $x = \"x\" x (300 << 20); print 1'", walls, Limits(memory=100 << 20)
    )
    assert "1" not in said.splitlines()


@both
def test_the_disk_cannot_be_filled(place: Path, walls: bool) -> None:
    limits = Limits(seconds=30, disk=20 << 20)
    one = confined(place, "head -c 100000000 /dev/zero > ../objects/big; echo end", walls, limits)
    assert (place / "objects" / "big").stat().st_size <= 20 << 20
    assert "end" in one or "20 MiB" in one
    (place / "objects" / "big").unlink()
    many = "i=0; while :; do head -c 1000000 /dev/zero > ../objects/$i; i=$((i+1)); done"
    assert "after writing more than 20 MiB" in confined(place, many, walls, limits)


@both
def test_output_and_time_have_an_end(place: Path, walls: bool) -> None:
    said = confined(place, "yes", walls, Limits(output=1000))
    assert said.endswith("was stopped after 1000 bytes of output")
    assert confined(place, "sleep 60", walls, Limits(seconds=0.5)).endswith("after 0.5 seconds")


def _sleepers(mark: str) -> Iterator[int]:
    for place in Path("/proc").glob("[1-9]*"):
        try:
            words = (place / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if mark.encode() in words and words[0].endswith(b"sleep"):
            yield int(place.name)


@needs_walls
def test_nothing_outlives_the_sandbox_not_even_what_left_its_session(place: Path) -> None:
    mark = f"{os.getpid()}.01"
    confined(place, f"setsid sleep {mark} & setsid sleep {mark} & exit", walls=True)
    assert not list(_sleepers(mark))


@needs_walls
def test_killing_us_leaves_no_process(place: Path) -> None:
    mark = f"{os.getpid()}.02"
    code = (
        "import sys; from pathlib import Path; from patchgen.sandbox import *\n"
        "place = Path(sys.argv[1])\n"
        "run_confined(['sh', '-c', sys.argv[2]], Sandbox(place), True)"
    )
    script = f"setsid sleep {mark} & sleep {mark}"
    deadline = time.monotonic() + 20
    with subprocess.Popen([sys.executable, "-c", code, str(place), script]) as process:
        while len(list(_sleepers(mark))) < 2:
            assert time.monotonic() < deadline
            assert process.poll() is None
            time.sleep(0.05)
        process.kill()
    while list(_sleepers(mark)):
        assert time.monotonic() < deadline, "something outlives the sandbox"
        time.sleep(0.05)


def test_a_program_that_is_not_there_has_the_shells_status(tmp_path: Path) -> None:
    assert run_confined(["no-such-program"], Sandbox(tmp_path), walls=False).status == 127


def test_without_bubblewrap_only_those_run_that_need_no_walls(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("patchgen.sandbox.has_walls", lambda: False)
    assert Walls.REQUIRED.stand() is None
    assert Walls.IF_POSSIBLE.stand() is False
    monkeypatch.setattr("patchgen.sandbox.has_walls", lambda: True)
    assert [walls.stand() for walls in Walls] == [True, True, False]


def test_the_place_of_a_compiler_that_is_not_the_systems_is_readable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiler = tmp_path / "cross" / "bin" / "cc"
    compiler.parent.mkdir(parents=True)
    compiler.write_text("#!/bin/sh\necho compiled\n")
    compiler.chmod(0o755)
    monkeypatch.setenv("PATH", f"{compiler.parent}:{os.environ['PATH']}")
    assert toolchain("cc") == (tmp_path / "cross",)
    system = shutil.which("make")
    assert system is None or toolchain(system) == ()
    if has_walls():
        sandbox = Sandbox(tmp_path, toolchain("cc"))
        environment = {"PATH": os.environ["PATH"]}
        assert run_confined(["cc"], sandbox, True, environment).output == b"compiled\n"
