"""Programs that end, and programs that do not."""

import os
import time
from pathlib import Path

import pytest

from patchgen.process import run

ENVIRONMENT = {"PATH": os.defpath}


def shell(script: str, directory: Path, **limits: object) -> tuple[int, bytes, str | None]:
    done = run(["sh", "-c", script], directory, ENVIRONMENT, **limits)  # type: ignore[arg-type]
    return done.status, done.output, done.stopped


def test_status_and_both_outputs_are_handed_on(tmp_path: Path) -> None:
    assert shell("echo a; echo b >&2; exit 3", tmp_path) == (3, b"a\nb\n", None)


def test_output_of_any_size_is_read(tmp_path: Path) -> None:
    status, output, _ = shell("head -c 5000000 /dev/zero", tmp_path)
    assert (status, len(output)) == (0, 5_000_000)


def test_at_the_time_limit_the_whole_group_is_killed(tmp_path: Path) -> None:
    script = "(sleep 1; touch late) & echo a; sleep 60"
    assert shell(script, tmp_path, timeout=0.3) == (-9, b"a\n", "was stopped after 0.3 seconds")
    time.sleep(1.2)
    assert not (tmp_path / "late").exists()


def test_a_program_that_prints_without_end_is_stopped(tmp_path: Path) -> None:
    status, output, stopped = shell("yes", tmp_path, output_limit=1000)
    assert (status, len(output), stopped) == (-9, 1000, "was stopped after 1000 bytes of output")


def test_a_program_that_closes_its_output_still_has_a_time_limit(tmp_path: Path) -> None:
    script = "exec >&- 2>&-; sleep 60"
    assert shell(script, tmp_path, timeout=0.3)[2] == "was stopped after 0.3 seconds"


def test_what_is_left_running_is_not_waited_for(tmp_path: Path) -> None:
    started = time.monotonic()
    status, output, stopped = shell("echo a; setsid sleep 20 & exit 0", tmp_path, timeout=15)
    assert (status, output, stopped) == (0, b"a\n", None)
    assert time.monotonic() - started < 10


def test_a_watch_can_stop_it(tmp_path: Path) -> None:
    asked: list[int] = []

    def watch(process: int) -> str | None:
        asked.append(process)
        return "was seen" if len(asked) == 3 else None

    assert shell("sleep 60", tmp_path, watch=watch) == (-9, b"", "was seen")
    assert len(set(asked)) == 1


def test_a_program_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        run(["no-such-program"], tmp_path, ENVIRONMENT)
