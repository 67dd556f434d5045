"""Reports in every format, of a broken series and of one that means no good."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from patchgen.cli.main import main
from patchgen.reporting.formats import FORMATS
from tests.reporting.hostile import write_hostile
from tests.trees.lamp import make_lamp

GOLDEN = Path(__file__).parent.parent / "golden"
Cli = Callable[..., Any]
Write = Callable[..., dict[str, str]]


@pytest.fixture
def lamp(tmp_path: Path) -> Path:
    """A small checkout."""
    return make_lamp(tmp_path / "lamp")


@pytest.fixture
def in_all_formats(run_cli: Cli, tmp_path: Path) -> Write:
    """Verify with these arguments; the report by the name of its format."""

    def write(*argv: str | Path, status: int = 1) -> dict[str, str]:
        folder = tmp_path / "reports"
        folder.mkdir(exist_ok=True)
        asked = [f"--format={name}={folder / name}" for name in FORMATS]
        ran = run_cli("verify", *argv, *asked)
        assert (ran.status, ran.out, ran.err) == (status, "", "")
        return {name: (folder / name).read_text("utf-8") for name in FORMATS}

    return write


@pytest.fixture
def broken(in_all_formats: Write, lamp: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The reports of a small series with something wrong in every mail."""
    monkeypatch.chdir(GOLDEN)
    return in_all_formats("broken", "--tree", lamp)


@pytest.fixture
def hostile(
    in_all_formats: Write, lamp: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> dict[str, str]:
    """The reports of a series with markup, commands and escapes in every field."""
    monkeypatch.chdir(tmp_path)
    write_hostile(tmp_path / "hostile")
    return in_all_formats("hostile", "--tree", lamp)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the reports of the shipped series, one that runs, named by format."""
    folder = tmp_path_factory.mktemp("demo")
    assert main(["render", "exitless-timer", "-o", str(folder / "out")]) == 0
    asked = [f"--format={name}={folder / name}" for name in FORMATS]
    assert main(["verify", str(folder / "out"), *asked]) == 0
    (folder / "html").rename(folder / "report.html")
    return folder
