"""Whole outputs, byte for byte: to see in a diff what a change of ours does to users.

With ``PATCHGEN_UPDATE_GOLDEN=1`` the files are written instead of compared.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from patchgen.version import __version__
from tests.trees.lamp import make_lamp, write_template

HERE = Path(__file__).parent
UPDATE = os.environ.get("PATCHGEN_UPDATE_GOLDEN") == "1"
Cli = Callable[..., Any]


@pytest.fixture
def lamp(tmp_path: Path) -> Path:
    return make_lamp(tmp_path / "lamp")


def compare(path: Path, text: str) -> None:
    if UPDATE:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    assert path.read_text("utf-8") == text


def test_rendered_patches(run_cli: Cli, lamp: Path, tmp_path: Path) -> None:
    """The cover letter is left out: its shortlog is not the same in every git."""
    template = write_template(tmp_path / "dim")
    ran = run_cli(
        "render", template, "--tree", lamp, "-o", tmp_path / "out", "-v2", "--signature", "golden"
    )
    assert (ran.status, ran.err) == (0, "")
    found = sorted((tmp_path / "out").glob("v2-000[1-9]-*.patch"))
    assert [path.name for path in found] == sorted(
        path.name for path in (HERE / "rendered").iterdir()
    )
    for path in found:
        compare(HERE / "rendered" / path.name, path.read_text("utf-8"))


def test_text_report(run_cli: Cli, lamp: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(HERE)
    ran = run_cli("verify", "broken", "--tree", lamp)
    assert (ran.status, ran.err) == (1, "")
    compare(HERE / "report.txt", ran.out)


def test_json_report(run_cli: Cli, lamp: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(HERE)
    ran = run_cli("verify", "broken", "--tree", lamp, "--format", "json")
    assert (ran.status, ran.err) == (1, "")
    report = json.loads(ran.out)
    assert report["patchgen"] == __version__
    compare(HERE / "report.json", ran.out.replace(f'"{__version__}"', '"VERSION"', 1))
