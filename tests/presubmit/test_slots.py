"""The files for other people's slots, in the programs they are for."""

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.presubmit.conftest import Project
from tests.series.generated import AS_AUTHOR, git

PATCHGEN = f"{shlex.quote(sys.executable)} -P -m patchgen"
MESSAGE = "[signed-off-by-missing]"


def program(name: str) -> str:
    """A program that is installed beside this interpreter."""
    path = Path(sys.executable).with_name(name)
    if not path.exists():
        pytest.skip(f"{name} is not installed (pip install '.[dev]')")
    return str(path)


def from_yaml(name: str) -> Any:
    return pytest.importorskip("yaml").safe_load((ROOT / name).read_text("utf-8"))


def run(
    argv: list[str], cwd: Path, fds: tuple[int, ...] = (), **variables: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        argv,
        cwd=cwd,
        env=os.environ | variables,
        pass_fds=fds,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.fixture
def shim(tmp_path: Path) -> Path:
    """A directory with a program ``patchgen`` that is this one."""
    place = tmp_path / "patchgen" / "bin" / "patchgen"
    place.parent.mkdir(parents=True)
    place.write_text(f'#!/bin/sh\nexec {PATCHGEN} "$@"\n')
    place.chmod(0o755)
    return place.parent


def pre_commit(project: Project, *argv: str) -> subprocess.CompletedProcess[str]:
    """pre-commit with the hook of the manifest, run by this interpreter."""
    (hook,) = from_yaml(".pre-commit-hooks.yaml")
    entry = hook["entry"].replace("patchgen", PATCHGEN, 1)
    local = {**hook, "language": "system", "entry": entry}
    config = project.checkout.parent / "pre-commit.yaml"
    config.write_text(json.dumps({"repos": [{"repo": "local", "hooks": [local]}]}))
    home = str(project.checkout.parent / "pre-commit")
    command, *rest = argv
    return run(
        [program("pre-commit"), command, f"--config={config}", *rest],
        project.checkout,
        PRE_COMMIT_HOME=home,
    )


def test_pre_commit_takes_the_manifest() -> None:
    path = str(ROOT / ".pre-commit-hooks.yaml")
    ran = run([program("pre-commit"), "validate-manifest", path], ROOT)
    assert ran.returncode == 0, ran.stdout


def test_pre_commit_run(project: Project) -> None:
    good, bad = project.good(), project.bad_on_top()
    ends = ("run", "--hook-stage=pre-push", "--from-ref", "origin/main", "--to-ref")
    ran = pre_commit(project, *ends, good)
    assert ran.returncode == 0, ran.stdout
    assert "Passed" in ran.stdout
    ran = pre_commit(project, *ends, bad)
    assert ran.returncode == 1
    assert MESSAGE in ran.stdout


def test_pre_commit_as_the_pre_push_hook(project: Project) -> None:
    assert pre_commit(project, "install", "--hook-type=pre-push").returncode == 0
    before = project.remote_refs()
    project.bad()
    ran = project.git("push", "origin", "main")
    assert ran.status == 1
    assert MESSAGE in ran.out + ran.err
    assert project.remote_refs() == before
    git("reset", "--quiet", "--hard", "origin/main", cwd=project.checkout)
    tip = project.good()
    assert project.git("push", "origin", "main").status == 0
    assert project.remote_refs()["refs/heads/main"] == tip


@pytest.mark.parametrize("broken", [False, True])
def test_b4_prep_check(project: Project, broken: bool) -> None:
    b4 = program("b4")
    git("config", "b4.prep-perpatch-check-cmd", f"{PATCHGEN} presubmit --b4", cwd=project.checkout)
    # By default b4 keeps the letter in a commit, and looks for it among those of the last year.
    git("config", "b4.prep-cover-strategy", "branch-description", cwd=project.checkout)
    home = str(project.checkout.parent)
    surroundings = {"XDG_CACHE_HOME": home, "XDG_DATA_HOME": home, "EDITOR": "true"}
    ran = run([b4, "prep", "-n", "topic", "-f", "main"], project.checkout, **surroundings)
    assert ran.returncode == 0, ran.stdout
    if broken:
        project.bad()
    else:
        project.good()
    ran = run([b4, "--no-interactive", "prep", "--check"], project.checkout, **surroundings)
    assert ran.returncode == 0, ran.stdout
    summary = "Success: 1, Warning: 0, Error: 1" if broken else "Success: 2, Warning: 0, Error: 0"
    assert summary in ran.stdout
    assert (MESSAGE in ran.stdout) is broken


@pytest.mark.parametrize(
    ("kind", "status", "said"),
    [
        ("good", 0, "patchgen found nothing"),
        ("bad", 1, "0001-lamp-dim-it.patch:6: error: no Signed-off-by trailer"),
        ("doubtful", 250, ": warning: "),
        ("none", 2, "error: unknown revision"),
    ],
)
def test_nipa(project: Project, kind: str, status: int, said: str) -> None:
    if kind == "doubtful":
        (project.checkout / "lamp.c").write_text("int lamp;\n")
        message = "lamp: dim it\n\nSince commit 0123456 it is too bright."
        words = ("commit", "--quiet", "--signoff", "-am", message)
        git(*words, cwd=project.checkout, env=AS_AUTHOR)
    elif kind == "none":
        git("checkout", "--quiet", "--orphan", "empty", cwd=project.checkout)
        git("commit", "--quiet", "-m", "root", cwd=project.checkout)
    else:
        options = ("--no-signoff",) if kind == "bad" else ()
        project.commit("lamp.c", "int lamp;\n", "lamp: dim it", *options)
    folder = ROOT / "ci" / "nipa" / "patchgen"
    (script,) = json.loads((folder / "info.json").read_text())["run"]
    reader, writer = os.pipe()
    try:
        ran = run(
            [str(folder / script)],
            project.checkout,
            (writer,),
            DESC_FD=str(writer),
            PATCHGEN=PATCHGEN,
        )
    finally:
        os.close(writer)
    with os.fdopen(reader) as description:
        assert said in description.read()
    assert ran.returncode == status, ran.stdout


@pytest.mark.parametrize("broken", [False, True])
def test_the_github_action(project: Project, shim: Path, tmp_path: Path, broken: bool) -> None:
    action = from_yaml("action.yml")
    assert action["runs"]["using"] == "composite"
    *_, verify = action["runs"]["steps"]
    base, tip = project.id("HEAD"), project.bad() if broken else project.good()
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"pull_request": {"base": {"sha": base}, "head": {"sha": tip}}}))
    ran = run(
        ["bash", "-e", "-o", "pipefail", "-c", verify["run"]],
        project.checkout,
        RUNNER_TEMP=str(shim.parent.parent),
        FAIL_ON=action["inputs"]["fail-on"]["default"],
        ARGUMENTS=action["inputs"]["arguments"]["default"],
        GITHUB_EVENT_NAME="pull_request",
        GITHUB_EVENT_PATH=str(event),
    )
    assert ran.returncode == int(broken), ran.stdout
    assert "lamp: dim it (2 patches)" in ran.stdout


@pytest.mark.parametrize("broken", [False, True])
def test_the_gitlab_template(project: Project, shim: Path, broken: bool) -> None:
    job = from_yaml("ci/gitlab.yml")["patchgen"]
    _, verify = job["script"]
    base, tip = project.id("HEAD"), project.bad() if broken else project.good()
    ran = run(
        ["bash", "-e", "-c", verify],
        project.checkout,
        PATH=f"{shim}:{os.environ['PATH']}",
        GITLAB_CI="true",
        CI_MERGE_REQUEST_DIFF_BASE_SHA=base,
        CI_COMMIT_SHA=tip,
        **{name: str(value) for name, value in job["variables"].items()},
    )
    assert ran.returncode == int(broken), ran.stdout
    assert "lamp: dim it (2 patches)" in ran.stdout


def test_b4_is_told_in_its_own_form(project: Project) -> None:
    project.bad()
    mail = git("format-patch", "--stdout", "-1", "HEAD~", cwd=project.checkout)
    done = subprocess.run(
        [*shlex.split(PATCHGEN), "presubmit", "--b4"], input=mail, capture_output=True
    )
    assert done.returncode == 1
    assert done.stdout.startswith(b"-:6: ERROR: no Signed-off-by trailer")
    assert done.stdout.count(b"\n") == 1
    assert done.stderr == b""
