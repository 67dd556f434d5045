"""The base tree's scripts: what is asked, what keeps its name, and what goes wrong."""

import re
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from patchgen.checkers.names import CHECKERS
from patchgen.cli.main import main
from patchgen.errors import UsageError
from patchgen.findings import Severity
from patchgen.reading.read import parse_series
from patchgen.report import Report
from patchgen.reporting.junit import format_junit
from patchgen.sandbox import Walls
from patchgen.settings.model import Ignore, Settings
from patchgen.stages.facts import Wishes
from patchgen.verify import verify_series
from tests.checks.test_cases import FIXTURES, imported
from tests.series.generated import git

CHECKPATCH = FIXTURES / "checkpatch"
TWO = CHECKPATCH / "bad-two-patches-two-remarks"
WISHES = Wishes(walls=Walls.IF_POSSIBLE, checkers=CHECKERS)


def verified(workspace: Path, tree: Path, wishes: Wishes = WISHES, mails: Path = TWO) -> Report:
    files = [(file.name, file.read_bytes()) for file in sorted(mails.glob("*.patch"))]
    return judged(files, workspace, tree, wishes)


def judged(
    files: Sequence[tuple[str, bytes]], workspace: Path, tree: Path, wishes: Wishes
) -> Report:
    workspace.mkdir(exist_ok=True)
    return verify_series(
        parse_series(files), replace(wishes, tree=str(tree), base="main"), workspace
    )


def found(report: Report) -> list[tuple[str, Severity]]:
    return [(finding.check, finding.severity) for finding in report.findings]


def reasons(report: Report) -> dict[str, str]:
    return {skipped.what: skipped.reason for skipped in report.skipped}


def with_script(tree: Path, path: str, text: str) -> Path:
    """The repository with another script in the commit on ``main``."""
    words = text.encode()
    stream = (
        b"commit refs/heads/main\ncommitter A U Thor <author@example.com> 1700000000 +0000\n"
        b"data 7\nscript\n\nfrom refs/heads/main^0\n"
        b"M 100755 inline %b\ndata %d\n%b\n" % (path.encode(), len(words), words)
    )
    git("fast-import", "--quiet", cwd=tree, stdin=stream)
    return tree


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return imported(CHECKPATCH / "history", tmp_path)


LONG, BLANKS = "checkpatch/LONG_LINE", "checkpatch/TRAILING_WHITESPACE"


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (Settings(), {LONG: Severity.WARNING, BLANKS: Severity.WARNING}),
        (Settings(only=("checkpatch",)), {LONG: Severity.WARNING, BLANKS: Severity.WARNING}),
        (Settings(only=(LONG,)), {LONG: Severity.WARNING}),
        (Settings(ignores=(Ignore(LONG, "why", "here"),)), {BLANKS: Severity.WARNING}),
        (Settings(ignores=(Ignore("checkpatch", "why", "here"),)), {}),
        (
            Settings(severities=((LONG, Severity.ERROR), ("checkpatch", Severity.NOTE))),
            {LONG: Severity.ERROR, BLANKS: Severity.NOTE},
        ),
    ],
)
def test_what_a_tool_says_is_settled_by_its_own_names(
    tree: Path, workspace: Path, settings: Settings, expected: dict[str, Severity]
) -> None:
    report = verified(workspace, tree, replace(WISHES, settings=settings))
    assert dict(found(report)) == expected


def test_options_reach_checkpatch(tree: Path, workspace: Path) -> None:
    (mail,) = (CHECKPATCH / "good-clean").glob("*.patch")
    files = [(mail.name, mail.read_bytes().replace(b"count = 1;", b"count = HZ/HZ;"))]
    plain = replace(WISHES, settings=Settings(only=("checkpatch",)))
    assert found(judged(files, workspace / "plain", tree, plain)) == []
    settings = replace(plain.settings, checkpatch_options=("--strict",))
    report = judged(files, workspace / "strict", tree, replace(plain, settings=settings))
    assert found(report) == [("checkpatch/SPACING", Severity.NOTE)]


def test_what_is_not_asked_is_not_said_to_have_been(tree: Path, workspace: Path) -> None:
    report = verified(workspace, tree, replace(WISHES, checkers=()))
    assert found(report) == []
    case = r'<testcase name="checkpatch" classname="patch 1">\s*<skipped message="not asked for"'
    assert re.search(case, format_junit(report))


def test_scripts_that_are_not_there_are_named(tree: Path, workspace: Path) -> None:
    told = reasons(verified(workspace, tree))
    assert told["maintainer-not-copied"] == "the base tree has no scripts/get_maintainer.pl"
    assert told["kernel-doc"] == "the base tree has no scripts/kernel-doc"
    assert "checkpatch" not in told


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ('die "no luck\\n";', 'scripts/checkpatch.pl fails: "no luck"'),
        ("exit(2);", 'scripts/checkpatch.pl fails: "no output"'),
        ("print('x' x 1000) while 1;", "scripts/checkpatch.pl was stopped: "),
        ("kill(9, $$);", "scripts/checkpatch.pl fails: "),
    ],
)
def test_a_script_that_fails_says_nothing_about_the_series(
    tree: Path, workspace: Path, script: str, reason: str
) -> None:
    with_script(tree, "scripts/checkpatch.pl", f"#!/usr/bin/perl\n{script}")
    report = verified(workspace, tree)
    assert found(report) == []
    assert reasons(report)["checkpatch"].startswith(reason)


def test_a_kernel_doc_in_another_language_is_left_alone(tree: Path, workspace: Path) -> None:
    with_script(tree, "scripts/kernel-doc", "#!/usr/bin/env python3\n")
    told = reasons(verified(workspace, tree))
    assert told["kernel-doc"] == "scripts/kernel-doc of the base tree is not written in Perl"


def test_without_a_sandbox_no_script_runs(
    tree: Path, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("patchgen.sandbox.has_walls", lambda: False)
    report = verified(workspace, tree, replace(WISHES, walls=Walls.REQUIRED))
    assert found(report) == []
    assert "bubblewrap" in reasons(report)["scripts"]


@pytest.mark.parametrize("name", ["checkpach", "checkpatch,sparce", ""])
def test_unknown_checkers_are_refused(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "x", "--checkers", name]) == 2
    assert "no checker " in capsys.readouterr().err


def test_only_wrapped_tools_have_names_behind_a_slash() -> None:
    from patchgen.checks.catalogue import find_check, known_id

    assert find_check(LONG).id == "checkpatch"
    with pytest.raises(UsageError):
        known_id("lines-lost/LONG_LINE")


def test_semantic_patches_that_do_not_run_are_named(workspace: Path, tmp_path: Path) -> None:
    if not shutil.which("spatch"):
        pytest.skip("spatch is not installed")
    tree = imported(FIXTURES / "coccicheck" / "history", tmp_path)
    with_script(tree, "scripts/coccinelle/tick/new.cocci", "virtual report\nnonsense\n")
    (mail,) = (FIXTURES / "coccicheck" / "bad-needless-look").glob("*.patch")
    files = [(mail.name, mail.read_bytes())]
    report = judged(files, workspace, tree, replace(WISHES, checkers=("coccicheck",)))
    assert [name for name, _ in found(report)] == ["coccicheck/stop"]
    assert reasons(report)["coccicheck"] == "this Coccinelle cannot run new"
