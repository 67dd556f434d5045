"""Formats, files, colours and the command that does it again."""

import io
import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from patchgen.cli.arguments import build_parser
from patchgen.cli.output import Output, chosen_outputs, write_reports
from patchgen.findings import Finding, Location, Problem, Severity
from patchgen.report import Report

Cli = Callable[..., Any]
FOUND = Finding("x-wrong", Severity.ERROR, Problem("no", Location("x.patch", 1, 1)))
REPORT = Report("x", 1, None, (), None, (), (FOUND,), (), command="patchgen verify x --tree TREE")


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def outputs_of(*argv: str) -> tuple[Output, ...]:
    return chosen_outputs(build_parser().parse_args(["verify", "x", *argv]))


@pytest.mark.parametrize(
    ("argv", "outputs"),
    [
        ([], [("text", None)]),
        (["--output", "r"], [("text", "r")]),
        (["--format", "json", "--output", "r"], [("json", "r")]),
        (["--format", "text", "--format", "sarif=s"], [("text", None), ("sarif", "s")]),
        (["--format=html=a=b"], [("html", "a=b")]),
    ],
)
def test_formats_and_files(argv: list[str], outputs: list[tuple[str, str | None]]) -> None:
    assert [(one.kind, one.file) for one in outputs_of(*argv)] == outputs


def test_on_github_annotations_are_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert outputs_of() == (Output("github", None),)
    assert outputs_of("--format", "text") == (Output("text", None),)
    assert outputs_of("--output", "r") == (Output("text", "r"),)


@pytest.mark.parametrize(
    ("argv", "hint"),
    [
        (["--format", "sarf"], 'did you mean "sarif"?'),
        (["--format", "text="], "write --format text=FILE"),
        (["--format", "text", "--format", "json"], "write --format FORMAT=FILE"),
        (["--format", "text=a", "--format", "json=a"], "write --format FORMAT=FILE"),
        (["--format", "json=a", "--output", "b"], "write --format FORMAT=FILE"),
        (["--format", "json=none/a"], "make it, or name another"),
    ],
)
def test_what_cannot_be_is_said_before_anything_is_done(
    run_cli: Cli, posted: Path, monkeypatch: pytest.MonkeyPatch, argv: list[str], hint: str
) -> None:
    monkeypatch.chdir(posted)
    ran = run_cli("verify", ".", *argv)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.splitlines()[1].startswith(f"hint: {hint}")
    assert sorted(path.suffix for path in posted.iterdir()) == [".patch"] * 3


def test_several_at_once(run_cli: Cli, posted: Path, lamp: Path, tmp_path: Path) -> None:
    argv = ["verify", posted, "--tree", lamp]
    text = run_cli(*argv)
    files = [f"--format=json={tmp_path / 'json'}", f"--format=html={tmp_path / 'html'}"]
    assert run_cli(*argv, "--format", "text", *files) == text
    assert json.loads((tmp_path / "json").read_text())["schema"] == 1
    assert (tmp_path / "html").read_text().startswith("<!DOCTYPE html>")


def test_colours_are_for_terminals(monkeypatch: pytest.MonkeyPatch) -> None:
    plain, terminal, quiet = io.StringIO(), Terminal(), Terminal()
    write_reports([REPORT], [Output("text", None)], plain, "patchgen verify x --tree here")
    write_reports([REPORT], [Output("text", None)], terminal, "patchgen verify x --tree here")
    monkeypatch.setenv("NO_COLOR", "1")
    write_reports([REPORT], [Output("text", None)], quiet, "patchgen verify x --tree here")
    assert "\x1b[1;31merror\x1b[0m: no \x1b[1m[x-wrong]\x1b[0m" in terminal.getvalue()
    without = re.sub(r"\x1b\[[0-9;]*m", "", terminal.getvalue())
    assert quiet.getvalue() == without
    assert plain.getvalue() == without.replace("--tree here", "--tree TREE")


def test_further_reports_get_files_of_their_own(tmp_path: Path) -> None:
    outputs = [Output("json", str(tmp_path / "r.json")), Output("text", None)]
    stream = io.StringIO()
    write_reports([REPORT, REPORT], outputs, stream)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["r-2.json", "r.json"]
    assert stream.getvalue().count("[x-wrong]") == 2


def test_the_last_line_does_it_again(
    run_cli: Cli, posted: Path, lamp: Path, tmp_path: Path
) -> None:
    letter = tmp_path / "a letter"
    letter.write_text((posted / "0000-cover-letter.patch").read_text())
    argv = ["--cover-letter", letter, "--ignore", "lines-lost", "--no-build", "--tree", lamp]
    first = run_cli("verify", posted, *argv)
    last = first.out.splitlines()[-1]
    assert last.startswith("to do it again: patchgen verify ")
    words = shlex.split(last.removeprefix("to do it again: patchgen "))
    assert "TREE" in words
    again = run_cli(*(lamp if word == "TREE" else word for word in words))
    assert again == first
