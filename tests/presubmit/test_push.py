"""``git push`` with the hook."""

import io
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Ran
from tests.presubmit.conftest import Project
from tests.series.generated import git


def test_a_clean_series_goes_through(installed: Project) -> None:
    tip = installed.good()
    ran = installed.git("push", "origin", "main")
    assert ran.status == 0, ran.err
    assert "2 of 2 patches apply" in ran.err
    assert ran.out == ""
    assert installed.remote_refs()["refs/heads/main"] == tip


def test_a_broken_series_is_refused(installed: Project) -> None:
    before = installed.remote_refs()
    installed.bad()
    ran = installed.git("push", "origin", "main")
    assert ran.status == 1
    assert "0001-lamp-dim-it.patch:6: error: " in ran.err
    assert "[signed-off-by-missing]" in ran.err
    assert installed.remote_refs() == before


def test_a_new_branch_is_what_no_remote_has(installed: Project) -> None:
    git("checkout", "--quiet", "-b", "topic", cwd=installed.checkout)
    tip = installed.good()
    ran = installed.git("push", "origin", "topic")
    assert ran.status == 0
    assert "(2 patches)" in ran.err
    assert installed.remote_refs()["refs/heads/topic"] == tip


def test_a_branch_without_news_goes_through(installed: Project) -> None:
    ran = installed.git("push", "origin", "HEAD:refs/heads/copy")
    assert ran.status == 0
    assert "nothing to verify in refs/heads/copy" in ran.err


def test_other_refs_are_not_disturbed(installed: Project) -> None:
    git("push", "--quiet", "--no-verify", "origin", "main:old", cwd=installed.checkout)
    git("tag", "-a", "-m", "v1", "v1", cwd=installed.checkout)
    git("checkout", "--quiet", "-b", "topic", cwd=installed.checkout)
    tip = installed.good()
    ran = installed.git("push", "origin", "topic", "v1", ":old")
    assert ran.status == 0, ran.err
    refs = installed.remote_refs()
    assert refs["refs/heads/topic"] == tip
    assert "refs/tags/v1" in refs
    assert "refs/heads/old" not in refs
    assert "nothing to verify in refs/heads/old: the push deletes it" in ran.err
    assert "nothing to verify in refs/tags/v1: it is no branch" in ran.err


def test_one_bad_branch_is_enough(installed: Project) -> None:
    before = installed.remote_refs()
    git("checkout", "--quiet", "-b", "bad", cwd=installed.checkout)
    installed.bad()
    git("checkout", "--quiet", "-b", "good", "main", cwd=installed.checkout)
    installed.good()
    ran = installed.git("push", "origin", "good", "bad")
    assert ran.status == 1
    assert ran.err.count("(2 patches)") == 2
    assert ran.err.count("[signed-off-by-missing]") == 1
    assert installed.remote_refs() == before


def test_a_rebased_branch_does_not_drag_in_upstream(installed: Project) -> None:
    git("checkout", "--quiet", "-b", "topic", cwd=installed.checkout)
    installed.good()
    assert installed.git("push", "--quiet", "origin", "topic").status == 0
    git("checkout", "--quiet", "main", cwd=installed.checkout)
    installed.commit("doc/lamp.txt", "A bad lamp.\n", "doc: say so", "--no-signoff")
    git("push", "--quiet", "--no-verify", "origin", "main", cwd=installed.checkout)
    git("rebase", "--quiet", "main", "topic", cwd=installed.checkout)
    ran = installed.git("push", "--force", "origin", "topic")
    assert ran.status == 0, ran.err
    assert "(2 patches)" in ran.err


def test_the_first_push_has_no_base(installed: Project) -> None:
    git("init", "--quiet", "--bare", "../empty.git", cwd=installed.checkout)
    git("remote", "remove", "origin", cwd=installed.checkout)
    ran = installed.git("push", "../empty.git", "main")
    assert ran.status == 0
    assert "it has no base" in ran.err


def test_from_a_linked_worktree(installed: Project) -> None:
    linked = installed.checkout.parent / "linked"
    git("worktree", "add", "--quiet", "-b", "topic", str(linked), cwd=installed.checkout)
    there = Project(linked, installed.origin)
    there.bad()
    ran = there.git("push", "origin", "topic")
    assert ran.status == 1
    assert "[signed-off-by-missing]" in ran.err


def test_a_repository_apart_from_its_files(installed: Project, tmp_path: Path) -> None:
    installed.bad()
    apart = (installed.checkout / ".git").rename(tmp_path / "apart")
    ran = installed.git(f"--git-dir={apart}", "--work-tree=.", "push", "origin", "main")
    assert ran.status == 1
    assert "[signed-off-by-missing]" in ran.err


@pytest.mark.parametrize("text", ["refs/heads/main", "a b c d e\n"])
def test_other_text_is_a_usage_error(
    project: Project, monkeypatch: pytest.MonkeyPatch, run_cli: Callable[..., Ran], text: str
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    ran = run_cli("presubmit", "--hook", "pre-push", "--", "origin", "url")
    assert ran.status == 2
    assert "git push" in ran.err


@pytest.mark.parametrize("tree", [False, True])
def test_the_command_in_the_output_makes_it_again(
    installed: Project, run_cli: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch, tree: bool
) -> None:
    installed.bad()
    if tree:
        monkeypatch.chdir(installed.origin)
        ran = run_cli("presubmit", "--base", "HEAD~2", "--tree", installed.checkout)
        said = ran.out
    else:
        said = installed.git("push", "origin", "main").err
    report, _, command = said.partition("to do it again: ")
    words = shlex.split(command.splitlines()[0].replace("TREE", str(installed.checkout)))
    again = run_cli(*words[1:])
    assert again.status == 1
    assert again.out.partition("to do it again: ")[0] == report
    assert "[signed-off-by-missing]" in report
