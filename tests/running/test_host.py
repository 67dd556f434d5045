"""Test programs that end in every way a program can."""

import shutil
import subprocess
from pathlib import Path

import pytest

from patchgen.running import host
from patchgen.running.host import Limits, run_tests


def program(directory: Path, body: str) -> Path:
    path = directory / "program"
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


@pytest.fixture(params=[True, False], ids=["in a sandbox", "without one"])
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    if request.param and not host.sandboxed():
        pytest.skip("bubblewrap is not installed or may not make sandboxes here")
    monkeypatch.setattr(host, "sandboxed", lambda: request.param)
    return tmp_path


OUTPUT = "echo KTAP version 1; echo 1..1; echo ok 1 a"


def test_a_program_that_exits_ends_well_whatever_its_code(place: Path) -> None:
    for code in (0, 1, 3):
        done = run_tests(2, program(place, f"{OUTPUT}; exit {code}"), Limits())
        assert done.end is None
        assert done.number == 2
        assert [case.name for case in done.tests.cases] == ["a"]


def test_a_signal_and_the_time_limit_are_named(place: Path) -> None:
    crashed = run_tests(1, program(place, f"{OUTPUT}; kill -SEGV $$"), Limits())
    assert crashed.end == "was killed by SIGSEGV"
    assert len(crashed.tests.cases) == 1
    hung = run_tests(1, program(place, f"{OUTPUT}; sleep 60"), Limits(seconds=1))
    assert hung.end == "was stopped after 1 seconds"


def test_memory_is_limited(place: Path) -> None:
    if shutil.which("cc") is None:
        pytest.skip("there is no C compiler")
    source = place / "greedy.c"
    source.write_text(
        "#include <stdio.h>\n#include <stdlib.h>\n"
        'int main(void) { puts(malloc(1UL << 30) ? "got it" : "refused"); return 0; }\n'
    )
    subprocess.run(["cc", "-O0", "-o", str(place / "greedy"), str(source)], check=True)
    assert run_tests(1, place / "greedy", Limits(memory=1 << 28)).output == "refused\n"
    assert run_tests(1, place / "greedy", Limits(memory=1 << 32)).output == "got it\n"


def test_a_sandbox_has_no_home_no_network_and_cannot_write(tmp_path: Path) -> None:
    if not host.sandboxed():
        pytest.skip("bubblewrap is not installed or may not make sandboxes here")
    secret = tmp_path / "home" / "secret"
    secret.parent.mkdir()
    secret.write_text("x")
    inside = tmp_path / "inside"
    inside.mkdir()
    body = (
        f"cat {secret}; touch {inside}/mark; cat /proc/net/dev | grep -v lo: | tail -n +3; echo end"
    )
    output = run_tests(1, program(inside, body), Limits()).output
    assert output.splitlines()[-1] == "end"
    assert not (inside / "mark").exists()
    assert "x" not in output.splitlines()
    assert len(output.splitlines()) == 3
