"""Surroundings that are the same on every machine, and two ways to run patchgen."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from patchgen.cli.main import main
from patchgen.trees import scratch

ROOT = Path(__file__).parent.parent
_GITCONFIG = (
    "[user]\n\tname = A U Thor\n\temail = author@example.com\n[init]\n\tdefaultBranch = main\n"
)
_NOT_OURS = (
    "CC", "O", "MAKEFLAGS", "MFLAGS", "MAKELEVEL", "XDG_CACHE_HOME", "XDG_CONFIG_HOME",
    "GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", "NO_COLOR",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ran:
    """What a run of patchgen left behind."""

    status: int
    out: str
    err: str


@pytest.fixture(scope="session", autouse=True)
def surroundings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home and a cache of our own, and no variables by which git or make are told anything.

    The home directory is returned.
    """
    home = tmp_path_factory.mktemp("home")
    (home / ".gitconfig").write_text(_GITCONFIG, "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith("GIT_") or name in _NOT_OURS:
                patch.delenv(name)
        patch.setenv("HOME", str(home))
        patch.setenv("PATCHGEN_CACHE_DIR", str(home / "cache"))
        yield home


@pytest.fixture
def workspace() -> Iterator[Path]:
    """A scratch directory as the commands have it."""
    with scratch.workspace() as directory:
        yield directory


@pytest.fixture
def run_cli(capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Run patchgen with these arguments, in this process."""

    def run(*argv: str | Path) -> Ran:
        capsys.readouterr()
        try:
            status = main([str(word) for word in argv])
        except SystemExit as leaving:  # argparse prints --version and --help this way
            status = int(leaving.code or 0)
        captured = capsys.readouterr()
        return Ran(status, captured.out, captured.err)

    return run


@pytest.fixture
def run_process() -> Callable[..., Ran]:
    """Run ``python -m patchgen`` with these arguments; options of the interpreter come first."""

    def run(
        *argv: str | Path, python: tuple[str, ...] = (), cwd: Path = ROOT, stdin: str = ""
    ) -> Ran:
        command = [sys.executable, *python, "-m", "patchgen", *map(str, argv)]
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            command, cwd=cwd, env=environment, input=stdin, capture_output=True, text=True
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    return run
