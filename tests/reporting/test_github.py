"""Workflow commands and the step summary."""

import re
from pathlib import Path
from typing import Any

import pytest

from patchgen.findings import Finding, Location, Problem, Severity
from patchgen.report import Report
from patchgen.reporting.github import LIMIT, format_github, markdown, step_summary
from tests.reporting.hostile import HOSTILE, NAME
from tests.reporting.test_content import _COMMAND, from_github, parsed_command


def report_of(*findings: Finding) -> Report:
    return Report("lamp: dim it", 1, None, (), None, (), findings, ())


def finding(check: str, severity: Severity, line: int = 1, message: str = "no") -> Finding:
    return Finding(check, severity, Problem(message, Location("x.patch", line, 1), "do\nthis"))


def test_a_finding_beyond_the_limit_is_a_plain_line() -> None:
    many = [finding("first", Severity.ERROR, line) for line in range(1, 31)]
    many += [finding("second", Severity.ERROR, 40), finding("third", Severity.WARNING, 41)]
    text = format_github(report_of(*many))
    commands = list(_COMMAND.finditer(text))
    assert [match["kind"] for match in commands] == ["error"] * LIMIT + ["warning"]
    assert parsed_command(commands[1])[0]["title"] == "second", "each check comes once first"
    assert sum(from_github(text).values()) == len(many)


def test_what_is_escaped_can_be_read_back() -> None:
    odd = Location("a,b:c%2C.patch", 3, 1)
    problem = Problem("100% :: wrong, %0A", odd, "one\ntwo")
    text = format_github(report_of(Finding("x", Severity.NOTE, problem)))
    (command,) = _COMMAND.finditer(text)
    properties, data = parsed_command(command)
    assert properties == {"file": "a,b:c%2C.patch", "line": "3", "title": "x"}
    assert data == "100% :: wrong, %0A\nhint: one\nhint: two"


def test_a_mail_gives_no_commands(hostile: dict[str, str]) -> None:
    for line in hostile["github"].splitlines():
        assert line.startswith(("::error file=", "::warning file=", "::notice file=", "patchgen: "))
        assert line.startswith("::") or "##[" not in line
    files = {parsed_command(match)[0]["file"] for match in _COMMAND.finditer(hostile["github"])}
    assert f"hostile/{NAME}" in files


def test_markdown_has_no_markup_left() -> None:
    text = markdown(HOSTILE)
    assert not re.search(r"[\\`*_{}\[\]()|~$@:/\n]", text.replace("<!-- -->", ""))
    assert "<" not in text.replace("<!-- -->", "")


def test_the_summary_is_appended_where_github_wants_it(
    run_cli: Any, lamp: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(Path(__file__).parent.parent / "golden")
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary"))
    (tmp_path / "summary").write_text("before\n")
    ran = run_cli("verify", "broken", "--tree", lamp)
    assert ran.status == 1
    assert ran.out.startswith("::error ")
    written = (tmp_path / "summary").read_text()
    assert written.startswith("before\n## lamp")
    counts = [int(word) for word in re.findall(r"(\d+) (?:error|warning|note)", written)]
    assert written.count("\n| broken") == sum(counts) > 5


def test_a_long_summary_ends_somewhere() -> None:
    many = [finding("first", Severity.ERROR, line) for line in range(1, 5000)]
    text = step_summary(report_of(*many))
    assert len(text) < 1 << 20
    assert "4799 more findings are in the log" in text
