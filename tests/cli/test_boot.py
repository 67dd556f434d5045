"""Wishes for booting that make no sense, told before anything is built."""

import shlex
from pathlib import Path

import pytest

from patchgen.cli.arguments import build_parser
from patchgen.cli.main import main
from patchgen.cli.output import verify_command
from patchgen.cli.verify import wishes_of


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--boot-steps", "last"), "add --boot"),
        (("--boot-init", "init.c"), "add --boot"),
        (("--boot-append", "kvm.x=1"), "add --boot"),
        (("--boot-cpus", "2"), "add --boot"),
        (("--boot", "--boot-cpus", "0"), "1, 2, 3"),
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


@pytest.mark.parametrize(
    "options",
    [
        ("--boot",),
        ("--boot-append", "", "--boot-append", "kvm.x=1 nohz_full=1", "--boot"),
        ("--boot-cpus", "2", "--boot-append", "kvm_amd.avic=1", "--boot"),
    ],
)
def test_the_command_that_is_told_boots_the_same_again(options: tuple[str, ...]) -> None:
    wished = build_parser().parse_args(["verify", "out", *options])
    told = shlex.split(verify_command(wished, None))
    assert told[:3] == ["patchgen", "verify", "out"]
    again = build_parser().parse_args(told[1:])
    assert wishes_of(again).boot == wishes_of(wished).boot
    assert wishes_of(again).boot is not None
