"""The places where hunks landed, as reports show them, held against the files of the tree."""

from pathlib import Path

import pytest

from patchgen.findings import Severity
from patchgen.reading.read import parse_series
from patchgen.report import Report
from patchgen.reporting.html.page import format_html
from patchgen.reporting.text import format_text
from patchgen.shipped import fixture_trees
from patchgen.stages.facts import Wishes
from patchgen.trees.base import open_tree
from patchgen.verify import verify_on
from tests.checks.test_cases import FIXTURES
from tests.series.generated import git

AMBIGUOUS = "hunk-ambiguous/bad-lines-twice-in-a-function"


def report_of(mails: dict[str, bytes], tree: Path, folder: Path, *, everything: bool) -> Report:
    series = parse_series(mails.items())
    wishes = Wishes(build=False, run=False, show_landing=everything)
    return verify_on(series, open_tree(folder, str(tree), None, None), wishes, folder)


def ring(count: int) -> bytes:
    lines = [f"int f{n}(void)\n{{\n\tlock();\n\tgo();\n\tunlock();\n}}\n\n" for n in range(count)]
    return "".join(lines).encode()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A repository whose second commit changes f4 and f7 of ten functions that are all alike."""
    checkout = tmp_path / "checkout"
    git("init", "--quiet", str(checkout), cwd=tmp_path)
    for number, data in enumerate(
        (ring(10), ring(10).replace(b"f4(void)\n{\n\tlock();", b"f4(void)\n{\n\tlock(4);"))
    ):
        changed = (
            data if not number else data.replace(b"f7(void)\n{\n", b"f7(void)\n{\n\t/* 7 */\n")
        )
        (checkout / "a.c").write_bytes(changed)
        git("add", "a.c", cwd=checkout)
        git("commit", "--quiet", "-s", "-m", f"step {number}", "-m", "Why.", cwd=checkout)
    return checkout


def test_every_hunk_is_shown_as_it_stands_in_the_tree(
    checkout: Path, tmp_path: Path, workspace: Path
) -> None:
    mail = git("format-patch", "-1", "--stdout", cwd=checkout)
    base = tmp_path / "base"
    base.mkdir()
    before = b"/* one line more */\n" + ring(10)
    (base / "a.c").write_bytes(before)

    report = report_of({"0001.patch": mail}, base, workspace, everything=True)

    lines = before.decode().split("\n")
    hunks = [line for line in mail.decode().split("\n") if line.startswith("@@ ")]
    assert len(report.landings) == len(hunks) == 2
    for landing, header in zip(report.landings, hunks, strict=True):
        assert mail.decode().split("\n")[landing.line - 1] == header
        assert landing.offset == 1
        shown = [line for line in landing.lines if line.number is not None]
        assert [line.text for line in shown] == [
            lines[line.number - 1] for line in shown if line.number
        ]
        assert {line.mark for line in landing.lines} >= {" ", "+"}
    assert "int f4(void)" in [line.text for line in report.landings[0].lines]
    assert [one.found for one in report.landings] == [one.claimed for one in report.landings]
    text = format_text(report)
    landing = report.landings[0]
    assert f"patch 1, 0001.patch:{landing.line}: a.c:{landing.at}, 1 line below" in text
    assert " +\tlock(4);\n" in text
    assert "lock(4);" in format_html(report)


def test_without_the_option_only_hunks_in_doubt_are_shown(workspace: Path) -> None:
    case = FIXTURES / AMBIGUOUS
    mails = {path.name: path.read_bytes() for path in sorted(case.glob("*.patch"))}
    report = report_of(mails, fixture_trees() / "tiny", workspace, everything=False)

    doubted = [one for one in report.findings if one.severity is Severity.ERROR]
    assert [(one.patch, one.line) for one in report.landings] == [
        (one.problem.location.patch, one.problem.location.line) for one in doubted
    ]
    (landing,) = report.landings
    assert (landing.at, landing.fits) == (11, (9, 11))
    after = format_text(report).split(f"{landing.file}:{landing.line}: error")[1]
    assert "\n    11  \tring->head = 0;\n       +\t/* And now */\n" in after


def test_a_file_may_hold_what_a_terminal_would_act_on(tmp_path: Path, workspace: Path) -> None:
    checkout = tmp_path / "checkout"
    git("init", "--quiet", str(checkout), cwd=tmp_path)
    for text in (
        "int f(void)\n{\n\t\x1b[31mred\n}\n",
        "int f(void)\n{\n\t\x1b[31mred\n\tx;\n}\n",
    ):
        (checkout / "a.c").write_bytes(text.encode())
        git("add", "a.c", cwd=checkout)
        git("commit", "--quiet", "-m", "step", cwd=checkout)
    mail = git("format-patch", "-1", "--stdout", cwd=checkout)
    git("checkout", "--quiet", "HEAD~", cwd=checkout)
    report = report_of({"x": mail}, checkout, workspace, everything=True)
    text = format_text(report)
    assert "    3  \t\\x1b[31mred\n" in text
    assert "\x1b" not in text
