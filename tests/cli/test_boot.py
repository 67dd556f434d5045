"""Wishes for booting that make no sense, told before anything is built."""

from pathlib import Path

import pytest

from patchgen.cli.main import main


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--boot-steps", "last"), "add --boot"),
        (("--boot-init", "init.c"), "add --boot"),
        (("--boot-append", "kvm.x=1"), "add --boot"),
        (("--boot", "--no-build"), "what is booted is built and run"),
        (("--boot", "--no-run"), "what is booted is built and run"),
        (("--boot", "--boot-steps", "first"), "all, last"),
    ],
)
def test_what_contradicts_itself_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, ...], said: str
) -> None:
    assert main(["verify", str(tmp_path), *options]) == 2
    assert said in capsys.readouterr().err
