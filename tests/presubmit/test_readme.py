"""A fresh repository, set up with nothing but README's blocks as they are copied.

Only the place-holders are filled in, with this checkout. What is installed is installed without
asking an index: what patchgen depends on is this interpreter's.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.presubmit.conftest import Project
from tests.presubmit.test_slots import MESSAGE, from_yaml, program, run, shim
from tests.series.generated import git

__all__ = ["shim"]
README = (ROOT / "README.md").read_text("utf-8")
OFFLINE = {
    "PIP_NO_INDEX": "1",
    "PIP_NO_DEPS": "1",
    "PIP_NO_BUILD_ISOLATION": "0",  # pip reads it as the value of build isolation
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "PYTHONPATH": os.pathsep.join((sysconfig.get_paths()["purelib"], str(ROOT))),
    "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
}
REPOSITORY, TAG = "https://github.com/OWNER/patchgen", "v0.1.0"


def blocks(heading: str) -> list[str]:
    """The fenced blocks below a heading."""
    section = README[README.index(f"\n### {heading}\n") + 1 :]
    section = re.split(r"(?m)^#{2,3} ", section[4:], maxsplit=1)[0]
    return re.findall(r"(?ms)^```\w*\n(.*?)^```$", section)


def copied_yaml(heading: str) -> Any:
    (text,) = blocks(heading)
    return pytest.importorskip("yaml").safe_load(text)


def shell(command: str, project: Project, shim: Path) -> None:
    path = f"{shim}{os.pathsep}{os.environ['PATH']}"
    ran = run(["sh", "-e", "-c", command], project.checkout, PATH=path)
    assert ran.returncode == 0, ran.stdout


def pushes(project: Project, **variables: str) -> None:
    """A broken push is refused and says why, a clean one goes through."""
    before = project.remote_refs()
    project.bad()
    ran = project.git("push", "origin", "main", **variables)
    assert ran.status == 1, ran.err
    assert MESSAGE in ran.out + ran.err
    assert project.remote_refs() == before
    git("reset", "--quiet", "--hard", "origin/main", cwd=project.checkout)
    tip = project.good()
    ran = project.git("push", "origin", "main", **variables)
    assert ran.status == 0, ran.out + ran.err
    assert project.remote_refs()["refs/heads/main"] == tip


def requests(project: Project) -> Iterator[tuple[str, str, int]]:
    """The base and the tip of a broken request and of a clean one, and the exit code for it."""
    base = project.id("HEAD")
    yield base, project.bad(), 1
    git("reset", "--quiet", "--hard", "origin/main", cwd=project.checkout)
    yield base, project.good(), 0


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with this checkout's files at the tag that README names."""
    place = tmp_path_factory.mktemp("released") / "patchgen"
    place.mkdir()
    for name in ("patchgen", "templates", "kernel-fixtures"):
        shutil.copytree(ROOT / name, place / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml"):
        shutil.copy(ROOT / name, place / name)
    git("init", "--quiet", "-b", "main", ".", cwd=place)
    git("add", "--all", "--force", cwd=place)
    git("commit", "--quiet", "-m", "release", cwd=place)
    git("tag", TAG, cwd=place)
    return place


def test_git_hooks(project: Project, shim: Path) -> None:
    install, _ = blocks("Git hooks")
    shell(install.splitlines()[0], project, shim)
    pushes(project)
    shell(install.splitlines()[1], project, shim)
    project.bad_on_top()
    assert project.git("push", "origin", "main").status == 0


def test_call_from_a_hook_that_is_there(project: Project, shim: Path) -> None:
    _, calls = blocks("Git hooks")
    call = next(line for line in calls.splitlines() if "--hook pre-push" in line)
    hook = project.checkout / ".git" / "hooks" / "pre-push"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\n{call}\necho the rest of the hook >&2\n")
    hook.chmod(0o755)
    path = f"{shim}{os.pathsep}{os.environ['PATH']}"
    pushes(project, PATH=path)
    project.commit("doc/lamp.txt", "A lamp that is on.\n", "doc: it is on")
    assert "the rest of the hook" in project.git("push", "origin", "main", PATH=path).err


def test_pre_commit(project: Project, released: Path, tmp_path: Path) -> None:
    pre_commit = program("pre-commit")
    (text,) = blocks("pre-commit")
    assert REPOSITORY in text
    assert TAG in text
    config = project.checkout / ".pre-commit-config.yaml"
    config.write_text(text.replace(REPOSITORY, str(released)))
    git("add", config.name, cwd=project.checkout)
    git("commit", "--quiet", "-m", "have pre-commit", cwd=project.checkout)
    git("push", "--quiet", "origin", "main", cwd=project.checkout)
    (install,) = re.findall(r"then `(pre-commit install .*?)`", README)
    variables = {**OFFLINE, "PRE_COMMIT_HOME": str(tmp_path / "pre-commit")}
    ran = run([pre_commit, *install.split()[1:]], project.checkout, **variables)
    assert ran.returncode == 0, ran.stdout
    pushes(project, **variables)


def test_github(project: Project, tmp_path: Path) -> None:
    workflow = copied_yaml("GitHub, Forgejo, Gitea")
    assert workflow[True] == "pull_request", "YAML reads on as true, and so does GitHub"
    checkout, ours = workflow["jobs"]["patchgen"]["steps"]
    assert checkout["with"]["fetch-depth"] == 0
    assert ours["uses"] == f"OWNER/patchgen@{TAG}"
    action = from_yaml("action.yml")
    assert set(ours["with"]) <= set(action["inputs"])
    inputs = {name: about["default"] for name, about in action["inputs"].items()} | ours["with"]
    event = tmp_path / "event.json"
    install, verify = action["runs"]["steps"]
    for base, tip, expected in requests(project):
        request = {"base": {"sha": base}, "head": {"sha": tip}}
        event.write_text(json.dumps({"pull_request": request}))
        for step in (install, verify):
            values = {
                name: re.sub(r"\$\{\{ github\.action_path \}\}", str(ROOT), text)
                for name, text in step["env"].items()
            }
            for name, text in inputs.items():
                values = {
                    key: value.replace(f"${{{{ inputs.{name} }}}}", text)
                    for key, value in values.items()
                }
            ran = run(
                ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]],
                project.checkout,
                **{
                    **OFFLINE,
                    **values,
                    "GITHUB_ACTIONS": "true",
                    "GITHUB_EVENT_NAME": "pull_request",
                    "GITHUB_EVENT_PATH": str(event),
                    "GITHUB_BASE_REF": "main",
                    "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
                    "RUNNER_TEMP": str(tmp_path / "runner"),
                },
            )
        assert ran.returncode == expected, ran.stdout
        assert ("::error file=0001-lamp-dim-it.patch" in ran.stdout) == bool(expected)
    broken, clean = re.findall(
        r"(?m)^(1 error|nothing found);", (tmp_path / "summary.md").read_text()
    )
    assert (broken, clean) == ("1 error", "nothing found")


def test_gitlab(project: Project, tmp_path: Path) -> None:
    copied = copied_yaml("GitLab")
    (include,) = copied["include"]
    assert include["remote"].endswith(f"/OWNER/patchgen/{TAG}/ci/gitlab.yml")
    job = from_yaml("ci/gitlab.yml")["patchgen"]
    variables = {**job["variables"], **copied["patchgen"]["variables"]}
    assert variables["PATCHGEN"] == f"git+{REPOSITORY}@{TAG}"
    variables["PATCHGEN"] = str(ROOT)
    venv = tmp_path / "image"
    subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
    path = f"{venv / 'bin'}{os.pathsep}{os.environ['PATH']}"
    for base, tip, expected in requests(project):
        ran = run(
            ["bash", "-e", "-c", "\n".join(job["script"])],
            project.checkout,
            **{
                **OFFLINE,
                **variables,
                "PATH": path,
                "GITLAB_CI": "true",
                "CI_PIPELINE_SOURCE": "merge_request_event",
                "CI_MERGE_REQUEST_DIFF_BASE_SHA": base,
                "CI_COMMIT_SHA": tip,
            },
        )
        assert ran.returncode == expected, ran.stdout
        assert (MESSAGE in ran.stdout) == bool(expected)
        report = project.checkout / job["artifacts"]["reports"]["junit"]
        assert ("<failure" in report.read_text()) == bool(expected)
        report.unlink()


def test_gerrit(project: Project, shim: Path) -> None:
    (command,) = blocks("Gerrit")
    path = f"{shim}{os.pathsep}{os.environ['PATH']}"
    for _, tip, expected in requests(project):
        variables = {"GERRIT_BRANCH": "main", "GERRIT_PATCHSET_REVISION": tip, "PATH": path}
        ran = run(["sh", "-c", command], project.checkout, **variables)
        assert ran.returncode == expected, ran.stdout
        assert (MESSAGE in ran.stdout) == bool(expected)


@pytest.mark.parametrize("broken", [False, True])
def test_b4(project: Project, shim: Path, tmp_path: Path, broken: bool) -> None:
    b4 = program("b4")
    (text,) = blocks("b4")
    configure, check = text.splitlines()
    shell(configure, project, shim)
    git("config", "b4.prep-cover-strategy", "branch-description", cwd=project.checkout)
    home = str(tmp_path)
    path = f"{shim}{os.pathsep}{os.environ['PATH']}"
    around = {"XDG_CACHE_HOME": home, "XDG_DATA_HOME": home, "EDITOR": "true", "PATH": path}
    ran = run([b4, "prep", "-n", "topic", "-f", "main"], project.checkout, **around)
    assert ran.returncode == 0, ran.stdout
    if broken:
        project.bad()
    else:
        project.good()
    words = shlex.split(check)
    ran = run([b4, "--no-interactive", *words[1:]], project.checkout, **around)
    assert (MESSAGE in ran.stdout) is broken
    assert f"Error: {int(broken)}" in ran.stdout


def test_nipa(project: Project, shim: Path, tmp_path: Path) -> None:
    (command,) = blocks("NIPA")
    nipa = tmp_path / "nipa"
    (nipa / "tests" / "patch").mkdir(parents=True)
    subprocess.run(["sh", "-e", "-c", command.replace("NIPA", str(nipa))], cwd=ROOT, check=True)
    folder = nipa / "tests" / "patch" / "patchgen"
    (script,) = json.loads((folder / "info.json").read_text())["run"]
    path = f"{shim}{os.pathsep}{os.environ['PATH']}"
    for _, tip, expected in requests(project):
        # The broken commit is the first of two, and NIPA shows one at a time.
        git("checkout", "--quiet", f"{tip}~", cwd=project.checkout)
        reader, writer = os.pipe()
        ran = run(
            [str(folder / script)], project.checkout, (writer,), DESC_FD=str(writer), PATH=path
        )
        os.close(writer)
        with os.fdopen(reader) as description:
            said = description.read()
        git("checkout", "--quiet", "main", cwd=project.checkout)
        assert ran.returncode == expected, ran.stdout
        assert ("no Signed-off-by trailer" in said) == bool(expected)
