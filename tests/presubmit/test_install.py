"""Installing hooks politely."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Ran
from tests.presubmit.conftest import Project
from tests.series.generated import git
from tests.trees.lamp import snapshot

Cli = Callable[..., Ran]
HOOKS = {"pre-push", "sendemail-validate"}


def hooks(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.suffix != ".sample"}


def test_all_and_back(project: Project, run_cli: Cli) -> None:
    folder = project.checkout / ".git" / "hooks"
    for _ in range(2):  # a second time changes nothing
        ran = run_cli("presubmit", "--install", "all")
        assert ran.status == 0
        assert hooks(folder) == HOOKS
        assert all(os.access(folder / name, os.X_OK) for name in HOOKS)
        assert str(folder / "pre-push") in ran.out
    assert run_cli("presubmit", "--uninstall", "pre-push").status == 0
    assert hooks(folder) == {"sendemail-validate"}
    assert run_cli("presubmit", "--uninstall").status == 0
    assert hooks(folder) == set()
    assert "no hook is installed" in run_cli("presubmit", "--uninstall").out


@pytest.mark.parametrize("kind", ["file", "link", "dangling", "directory"])
def test_a_foreign_hook_stays(project: Project, run_cli: Cli, kind: str) -> None:
    folder = project.checkout / ".git" / "hooks"
    folder.mkdir(exist_ok=True)
    foreign = folder / "sendemail-validate"
    if kind == "file":
        foreign.write_text("#!/bin/sh\n")
    elif kind == "directory":
        foreign.mkdir()
    else:
        foreign.symlink_to("/nonexistent" if kind == "dangling" else "/bin/true")
    before = snapshot(folder)
    ran = run_cli("presubmit", "--install", "all")
    assert ran.status == 2
    assert "there is a sendemail-validate hook already" in ran.err
    assert "hint: call patchgen from it: patchgen presubmit --hook" in ran.err
    assert snapshot(folder) == before
    assert run_cli("presubmit", "--uninstall").status == 0
    assert snapshot(folder) == before


@pytest.mark.parametrize("where", ["--local", "--global"])
def test_hooks_go_where_git_looks(
    project: Project,
    run_cli: Cli,
    where: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert project.git("config", where, "core.hooksPath", "our hooks").status == 0
    monkeypatch.chdir(project.checkout / "doc")
    assert run_cli("presubmit", "--install", "pre-push").status == 0
    assert hooks(project.checkout / "our hooks") == {"pre-push"}
    git("checkout", "--quiet", "-b", "topic", cwd=project.checkout)
    project.bad()
    assert project.git("push", "origin", "topic").status == 1


def test_a_linked_worktree_shares_its_hooks(
    project: Project, run_cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    git("worktree", "add", "--quiet", str(tmp_path / "linked"), cwd=project.checkout)
    monkeypatch.chdir(tmp_path / "linked")
    assert run_cli("presubmit", "--install", "pre-push").status == 0
    assert hooks(project.checkout / ".git" / "hooks") == {"pre-push"}


def test_hooks_that_are_turned_off(project: Project, run_cli: Cli) -> None:
    git("config", "core.hooksPath", "/dev/null", cwd=project.checkout)
    ran = run_cli("presubmit", "--install", "pre-push")
    assert ran.status == 2
    assert "core.hooksPath" in ran.err


def test_outside_a_repository(
    tmp_path: Path, run_cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for argv in (["--install", "all"], ["--uninstall"], []):
        ran = run_cli("presubmit", *argv)
        assert ran.status == 2
        assert "in no git repository" in ran.err


def test_the_program_that_installed_it_is_called(
    project: Project, run_cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "it's here" / "patchgen"
    program.parent.mkdir()
    program.write_text('#!/bin/sh\necho "called: $*" >&2\nexit 1\n')
    program.chmod(0o755)
    monkeypatch.setattr("sys.argv", [str(program)])
    assert run_cli("presubmit", "--install", "pre-push").status == 0
    project.good()
    ran = project.git("push", "origin", "main")
    assert ran.status == 1
    assert f"called: presubmit --hook pre-push -- origin {project.origin}" in ran.err
    program.unlink()
    assert project.git("push", "origin", "main").status == 0  # by the interpreter


@pytest.mark.parametrize(
    "argv",
    [("main..HEAD",), ("--install", "all", "--uninstall"), ("--b4", "--hook", "pre-push")],
    ids=" ".join,
)
def test_what_does_not_go_together(project: Project, run_cli: Cli, argv: list[str]) -> None:
    assert run_cli("presubmit", *argv).status == 2
