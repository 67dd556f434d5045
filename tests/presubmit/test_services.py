"""What CI services say in their variables."""

import json
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Ran
from tests.presubmit.conftest import Project
from tests.series.generated import git
from tests.trees.lamp import snapshot

Cli = Callable[..., Ran]
ZERO = "0" * 40


@pytest.fixture
def says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., None]:
    """Set a service's variables; ``event`` goes into GITHUB_EVENT_PATH."""

    def say(event: Any = None, **variables: str) -> None:
        if event is not None:
            path = tmp_path / "event.json"
            path.write_text(event if isinstance(event, str) else json.dumps(event))
            monkeypatch.setenv("GITHUB_EVENT_PATH", str(path))
        for name, value in variables.items():
            monkeypatch.setenv(name, value)

    return say


@pytest.fixture
def branch(project: Project) -> dict[str, str]:
    """Main, a bad branch of two commits on top of it, and HEAD on the merge of both."""
    base = project.id("HEAD")
    git("checkout", "--quiet", "-b", "topic", cwd=project.checkout)
    tip = project.bad()
    git("checkout", "--quiet", "--detach", "main", cwd=project.checkout)
    git("merge", "--quiet", "--no-ff", "-m", "merge", "topic", cwd=project.checkout)
    return {"base": base, "tip": tip, "merge": project.id("HEAD")}


def judged(ran: Ran) -> bool:
    """Whether the two commits of the branch were verified, and nothing else."""
    return ran.status == 1 and "(2 patches)" in ran.out and "[signed-off-by-missing]" in ran.out


@pytest.mark.parametrize("kind", ["pull_request", "pull_request_target"])
def test_github_pull_request(
    branch: dict[str, str], says: Callable[..., None], run_cli: Cli, kind: str
) -> None:
    request = {"base": {"sha": branch["base"]}, "head": {"sha": branch["tip"]}}
    says({"pull_request": request}, GITHUB_EVENT_NAME=kind, GITHUB_SHA=branch["merge"])
    assert judged(run_cli("presubmit"))


def test_github_pull_request_whose_base_moved_on(
    branch: dict[str, str], says: Callable[..., None], run_cli: Cli
) -> None:
    request = {"base": {"sha": "1" * 40}, "head": {"sha": branch["tip"]}}
    says({"pull_request": request}, GITHUB_EVENT_NAME="pull_request", GITHUB_BASE_REF="main")
    assert judged(run_cli("presubmit"))


def test_github_shallow_checkout(
    branch: dict[str, str], says: Callable[..., None], run_cli: Cli
) -> None:
    request = {"base": {"sha": branch["base"]}, "head": {"sha": "1" * 40}}
    says({"pull_request": request}, GITHUB_EVENT_NAME="pull_request")
    ran = run_cli("presubmit")
    assert ran.status == 2
    assert "not in this checkout" in ran.err
    assert "fetch-depth: 0" in ran.err


def test_github_merge_group(
    branch: dict[str, str], says: Callable[..., None], run_cli: Cli
) -> None:
    group = {"base_sha": branch["base"], "head_sha": branch["tip"]}
    says({"merge_group": group}, GITHUB_EVENT_NAME="merge_group")
    assert judged(run_cli("presubmit"))


@pytest.mark.parametrize("new", [False, True])
def test_github_push(
    branch: dict[str, str], says: Callable[..., None], run_cli: Cli, new: bool
) -> None:
    event = {
        "before": ZERO if new else branch["base"],
        "after": branch["tip"],
        "repository": {"default_branch": "main"},
    }
    says(event, GITHUB_EVENT_NAME="push")
    assert judged(run_cli("presubmit"))


def test_github_deleted_branch(
    branch: dict[str, str], says: Callable[..., None], run_cli: Cli
) -> None:
    says({"before": branch["tip"], "after": ZERO}, GITHUB_EVENT_NAME="push")
    ran = run_cli("presubmit")
    assert ran.status == 0
    assert "nothing to verify in push event: the branch was deleted" in ran.err


@pytest.mark.parametrize("event", ["{", "[]", '"x"'])
def test_github_event_that_is_none(
    branch: dict[str, str], says: Callable[..., None], run_cli: Cli, event: str
) -> None:
    says(event, GITHUB_EVENT_NAME="pull_request")
    assert run_cli("presubmit").status == 2


def test_github_event_without_commits(
    branch: dict[str, str], says: Callable[..., None], run_cli: Cli
) -> None:
    says({}, GITHUB_EVENT_NAME="schedule")
    ran = run_cli("presubmit")
    assert ran.status == 2
    assert 'a "schedule" event submits no commits' in ran.err


def test_gitlab_merge_request(
    branch: dict[str, str], says: Callable[..., None], run_cli: Cli
) -> None:
    says(
        GITLAB_CI="true",
        CI_MERGE_REQUEST_DIFF_BASE_SHA=branch["base"],
        CI_MERGE_REQUEST_SOURCE_BRANCH_SHA="",
        CI_COMMIT_SHA=branch["tip"],
    )
    assert judged(run_cli("presubmit"))


def test_gitlab_merged_results(
    branch: dict[str, str], says: Callable[..., None], run_cli: Cli
) -> None:
    says(
        GITLAB_CI="true",
        CI_MERGE_REQUEST_DIFF_BASE_SHA=branch["base"],
        CI_MERGE_REQUEST_SOURCE_BRANCH_SHA=branch["tip"],
        CI_COMMIT_SHA=branch["merge"],
    )
    assert judged(run_cli("presubmit"))


@pytest.mark.parametrize("new", [False, True])
def test_gitlab_push(
    branch: dict[str, str], says: Callable[..., None], run_cli: Cli, new: bool
) -> None:
    says(
        GITLAB_CI="true",
        CI_COMMIT_BEFORE_SHA=ZERO if new else branch["base"],
        CI_COMMIT_SHA=branch["tip"],
        CI_DEFAULT_BRANCH="main",
    )
    assert judged(run_cli("presubmit"))


def test_gerrit_change(branch: dict[str, str], says: Callable[..., None], run_cli: Cli) -> None:
    says(
        GERRIT_BRANCH="main",
        GERRIT_PATCHSET_REVISION=branch["tip"],
        GERRIT_REFSPEC="refs/changes/01/1/1",
    )
    assert judged(run_cli("presubmit"))


def test_gerrit_branch_that_was_not_fetched(
    branch: dict[str, str], says: Callable[..., None], run_cli: Cli
) -> None:
    says(GERRIT_BRANCH="stable", GERRIT_REFSPEC="refs/changes/01/1/1")
    ran = run_cli("presubmit")
    assert ran.status == 2
    assert "Gerrit change refs/changes/01/1/1: origin/stable or " in ran.err


def test_without_a_service_it_is_the_upstream(project: Project, run_cli: Cli) -> None:
    ran = run_cli("presubmit")
    assert ran.status == 0
    assert "nothing to verify in @{upstream}..HEAD" in ran.err
    project.bad()
    assert judged(run_cli("presubmit"))
    assert judged(run_cli("presubmit", "--base", "HEAD~2"))
    assert run_cli("presubmit", "--ignore", "signed-off-by-missing").status == 0


def test_no_upstream(project: Project, run_cli: Cli) -> None:
    git("checkout", "--quiet", "-b", "topic", cwd=project.checkout)
    ran = run_cli("presubmit")
    assert ran.status == 2
    assert "--set-upstream-to" in ran.err


def test_the_repository_is_not_touched(project: Project, run_cli: Cli) -> None:
    project.bad()
    before = snapshot(project.checkout)
    assert judged(run_cli("presubmit"))
    assert snapshot(project.checkout) == before


def test_the_command_that_does_it_again(project: Project, run_cli: Cli) -> None:
    base, tip = project.id("HEAD")[:12], project.bad()[:12]
    ran = run_cli("presubmit", "--no-build", "--format", "json")
    command = json.loads(ran.out)["command"]
    assert command == f"patchgen verify {base}..{tip} --no-build"
    again = run_cli(*shlex.split(command)[1:], "--format", "json")
    assert again.status == 1
    assert json.loads(again.out) == json.loads(ran.out)
