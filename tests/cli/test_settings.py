"""Settings from all places where they can be, in whole verifications."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_verify import spoiled
from tests.series.generated import AS_AUTHOR, git
from tests.trees.lamp import make_lamp, post_series, write_files

Cli = Callable[..., Any]
LETTER, REFERENCE = "diffstat-arithmetic", "commit-reference-malformed"


def with_settings(directory: Path, text: str) -> tuple[Path, Path]:
    """A checkout whose base commit has a ``patchgen.toml``, and a spoiled series for it."""
    lamp = make_lamp(directory / "lamp")
    write_files(lamp, {"patchgen.toml": text})
    git("add", ".", cwd=lamp)
    git("commit", "--quiet", "-m", "patchgen: say what counts", cwd=lamp)
    return lamp, spoiled(post_series(lamp, directory / "posted"))


def report(run_cli: Cli, *argv: str | Path) -> Any:
    return json.loads(run_cli("verify", *argv, "--no-build", "--format", "json").out)


def checks(found: Any) -> dict[str, str]:
    return {one["check"]: one["severity"] for one in found["findings"]}


def test_the_base_trees_settings_count(run_cli: Cli, tmp_path: Path) -> None:
    lamp, posted = with_settings(
        tmp_path,
        f'fail-on = "note"\n[severity]\n{REFERENCE} = "note"\n'
        f'[[ignore]]\ncheck = "{LETTER}"\nreason = "letters are drafts"\n',
    )
    found = report(run_cli, posted, "--tree", lamp)
    assert checks(found) == {REFERENCE: "note"}
    assert found["ignored"] == [
        {
            "check": LETTER,
            "count": 1,
            "reason": "letters are drafts",
            "scope": "",
            "where": "the base tree's patchgen.toml",
        }
    ]
    ran = run_cli("verify", posted, "--tree", lamp)
    assert ran.status == 1
    assert f"ignored {LETTER}: 1 finding: letters are drafts" in ran.out
    assert run_cli("verify", posted, "--tree", lamp, "--fail-on", "error").status == 0


def test_a_series_cannot_change_the_settings(run_cli: Cli, lamp: Path, tmp_path: Path) -> None:
    text = f'[[ignore]]\ncheck = "{REFERENCE}"\nreason = "it is mine"\n'
    git("checkout", "--quiet", "-b", "sly", cwd=lamp)
    (lamp / "patchgen.toml").write_text(text)
    git("add", ".", cwd=lamp)
    base = git("rev-parse", "--short=7", "HEAD", cwd=lamp).decode().strip()
    message = f"lamp: set it right\n\nSince commit {base} it is wrong."
    git("commit", "--quiet", "--signoff", "-m", message, cwd=lamp)
    found = report(run_cli, "HEAD~1..HEAD", "--tree", lamp)
    assert checks(found)[REFERENCE] == "warning"
    assert found["ignored"] == []


@pytest.mark.parametrize(
    ("scope", "count"),
    [
        ('path = "lamp.c"', 1),
        ('path = "other/"', 0),
        ('subsystem = "lamp"', 1),
        ('subsystem = "torch"', 0),
        ('path = "*.c"\nsubsystem = "lamp"', 1),
    ],
)
def test_an_ignore_can_be_for_some_patches(
    run_cli: Cli, tmp_path: Path, scope: str, count: int
) -> None:
    text = f'[[ignore]]\ncheck = "{REFERENCE}"\nreason = "old"\n{scope}\n'
    lamp, posted = with_settings(tmp_path, text)
    found = report(run_cli, posted, "--tree", lamp)
    assert [one["count"] for one in found["ignored"]] == [count]
    assert (REFERENCE in checks(found)) is not bool(count)


def test_git_is_asked_for_the_persons_settings(
    run_cli: Cli, posted: Path, lamp: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git("config", f"patchgen.{LETTER}.ignore", "I rewrite it", cwd=lamp)
    git("config", "patchgen.failOn", "warning", cwd=lamp)
    monkeypatch.chdir(lamp)
    found = report(run_cli, spoiled(posted))
    assert checks(found) == {REFERENCE: "warning"}
    assert [one["where"] for one in found["ignored"]] == ["git config"]
    assert run_cli("verify", posted).status == 1
    git("config", "patchgen.failOn", "never", cwd=lamp)
    ran = run_cli("verify", posted)
    assert ran.status == 2
    assert ran.err.startswith('error: git config: no severity "never"\nhint: ')


def test_one_check_alone(run_cli: Cli, posted: Path, lamp: Path) -> None:
    found = report(run_cli, spoiled(posted), "--tree", lamp, "--only", LETTER)
    assert checks(found) == {LETTER: "error"}
    assert found["settings"]["only"] == [LETTER]
    ran = run_cli("verify", posted, "--tree", lamp, "--only", LETTER)
    assert f"  only    {LETTER}" in ran.out
    assert f"--only {LETTER}" in ran.out.splitlines()[-1]


def test_a_reason_on_the_command_line_is_shown(run_cli: Cli, posted: Path, lamp: Path) -> None:
    ran = run_cli("verify", spoiled(posted), "--tree", lamp, "--ignore", f"{LETTER}=a draft")
    assert f"ignored {LETTER}: 1 finding: a draft (--ignore)" in ran.out


@pytest.mark.parametrize(
    ("option", "hint"),
    [
        (["--ignore", "diffstat-arithmetik"], LETTER),
        (["--only", "diffstat-arithmetik"], LETTER),
        (["--profile", "netdv"], "netdev"),
    ],
)
def test_mistyped_names_are_errors(
    run_cli: Cli, posted: Path, lamp: Path, option: list[str], hint: str
) -> None:
    ran = run_cli("verify", posted, "--tree", lamp, *option)
    assert ran.status == 2
    assert f'hint: did you mean "{hint}"?' in ran.err


def test_a_tree_with_broken_settings_is_an_error(run_cli: Cli, tmp_path: Path) -> None:
    lamp, posted = with_settings(tmp_path, "[severity]\nlines-losd = 'note'\n")
    ran = run_cli("verify", posted, "--tree", lamp)
    assert ran.status == 2
    assert ran.err.startswith('error: the base tree\'s patchgen.toml: no check "lines-losd"')


def test_a_series_can_mend_broken_settings(run_cli: Cli, tmp_path: Path) -> None:
    lamp, _ = with_settings(tmp_path, "[severity]\nlines-losd = 'note'\n")
    (lamp / "patchgen.toml").write_text("[severity]\nlines-lost = 'note'\n")
    git("commit", "--quiet", "--signoff", "-am", "patchgen: mend", "-m", "Why.", cwd=lamp,
        env=AS_AUTHOR)  # fmt: skip
    ran = run_cli("verify", "HEAD~1..HEAD", "--tree", lamp)
    assert ran.status == 0
    assert 'skipped settings: the base tree\'s patchgen.toml: no check "lines-losd"' in ran.out


def test_a_profile_is_named_in_the_report(run_cli: Cli, posted: Path, lamp: Path) -> None:
    ran = run_cli("verify", posted, "--tree", lamp, "--profile", "netdev")
    assert "profile netdev)" in ran.out.splitlines()[0]
    assert "profile" not in run_cli("verify", posted, "--tree", lamp).out.splitlines()[0]
