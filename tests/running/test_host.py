"""Test programs that end in every way a program can."""

from pathlib import Path

import pytest

from patchgen.running.host import run_tests
from patchgen.sandbox import Limits, has_walls


def program(directory: Path, body: str) -> Path:
    path = directory / "program"
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


@pytest.fixture(params=[True, False], ids=["walls", "none"])
def walls(request: pytest.FixtureRequest) -> bool:
    if request.param and not has_walls():
        pytest.skip("bubblewrap is not installed or may not make sandboxes here")
    return bool(request.param)


OUTPUT = "echo KTAP version 1; echo 1..1; echo ok 1 a"


def test_a_program_that_exits_ends_well_whatever_its_code(tmp_path: Path, walls: bool) -> None:
    for code in (0, 1, 3):
        done = run_tests(2, program(tmp_path, f"{OUTPUT}; exit {code}"), Limits(), walls)
        assert done.end is None
        assert done.number == 2
        assert [case.name for case in done.tests.cases] == ["a"]


def test_a_signal_and_the_time_limit_are_named(tmp_path: Path, walls: bool) -> None:
    crashed = run_tests(1, program(tmp_path, f"{OUTPUT}; kill -SEGV $$"), Limits(), walls)
    assert crashed.end == "was killed by SIGSEGV"
    assert len(crashed.tests.cases) == 1
    hung = run_tests(1, program(tmp_path, f"{OUTPUT}; sleep 60"), Limits(seconds=1), walls)
    assert hung.end == "was stopped after 1 seconds"
