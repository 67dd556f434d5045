"""The wheel: it carries templates and fixtures, and works far from a checkout."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which nothing but the wheel is installed; its requirements are the tests'."""
    wheels = tmp_path_factory.mktemp("wheels")
    target = tmp_path_factory.mktemp("installed")
    python(ROOT, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(wheels), ".")
    (wheel,) = wheels.glob("*.whl")
    pip = ("-m", "pip", "install", "--quiet", "--no-deps", "--no-index")
    python(ROOT, *pip, f"--target={target}", str(wheel))
    return target


def python(cwd: Path, *argv: str, path: Path | None = None) -> str:
    env = dict(os.environ) | ({"PYTHONPATH": str(path)} if path else {})
    done = subprocess.run(
        [sys.executable, *argv], cwd=cwd, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_it_renders_and_verifies_from_an_empty_directory(installed: Path, tmp_path: Path) -> None:
    where = python(tmp_path, "-c", "import patchgen; print(patchgen.__file__)", path=installed)
    assert Path(where.strip()).is_relative_to(installed)
    python(tmp_path, "-m", "patchgen", "render", "exitless-timer", "-o", "out", path=installed)
    report = python(tmp_path, "-m", "patchgen", "verify", "out", path=installed)
    assert "4 files, 54 insertions, 6 deletions" in report
    assert "the base and 3 of 3 steps build" in report


def test_it_lists_and_explains(installed: Path, tmp_path: Path) -> None:
    assert "exitless-timer: " in python(tmp_path, "-m", "patchgen", "render", path=installed)
    assert "lines-lost" in python(tmp_path, "-m", "patchgen", "explain", path=installed)
