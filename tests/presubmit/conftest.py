"""A project with a remote, and series to submit to it."""

import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import ROOT, Ran
from tests.series.generated import AS_AUTHOR, git
from tests.trees.lamp import DECLARED, DIMMED, make_lamp

_SERVICES = ("CI_", "GITHUB_", "GITLAB_", "GERRIT_", "PRE_COMMIT", "GIT_")


@pytest.fixture(autouse=True)
def no_service(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nobody's CI around us, a cache of our own, and hooks that find this patchgen."""
    for name in list(os.environ):
        if name.startswith(_SERVICES):
            monkeypatch.delenv(name)
    monkeypatch.setenv("PATCHGEN_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))


@dataclass(frozen=True, slots=True)
class Project:
    """A checkout whose main is that of the bare repository ``origin``."""

    checkout: Path
    origin: Path

    def commit(self, name: str, text: str, title: str, *options: str) -> str:
        """Commit a file, signed off unless the options say otherwise; its id is returned."""
        (self.checkout / name).write_text(text)
        git("add", "--all", cwd=self.checkout)
        options = options or ("--signoff",)
        words = ("commit", "--quiet", *options, "-m", title, "-m", "Why.")
        git(*words, cwd=self.checkout, env=AS_AUTHOR)
        return self.id("HEAD")

    def good(self) -> str:
        """Two commits with nothing wrong."""
        self.commit("lamp.c", DIMMED, "lamp: dim it")
        return self.commit("lamp.h", DECLARED, "lamp: declare lamp_level")

    def bad(self) -> str:
        """Two commits, the first of which nobody signed."""
        self.commit("lamp.c", DIMMED, "lamp: dim it", "--no-signoff")
        return self.commit("lamp.h", DECLARED, "lamp: declare lamp_level")

    def bad_on_top(self) -> str:
        """Another commit, which nobody signed."""
        return self.commit("doc/lamp.txt", "A bad lamp.\n", "doc: say so", "--no-signoff")

    def id(self, revision: str) -> str:
        """The id of a commit in the checkout."""
        return git("rev-parse", revision, cwd=self.checkout).decode().strip()

    def remote_refs(self) -> dict[str, str]:
        """What the remote has, as everybody sees it."""
        shown = git("for-each-ref", "--format=%(refname) %(objectname)", cwd=self.origin)
        return dict(line.split() for line in shown.decode().splitlines())

    def git(self, *argv: str, **variables: str) -> Ran:
        """Run git in the checkout as a user does."""
        done = subprocess.run(
            ["git", *argv],
            cwd=self.checkout,
            env=os.environ | variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        return Ran(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """The project, with its checkout as the current directory."""
    checkout = make_lamp(tmp_path / "lamp")
    origin = tmp_path / "origin.git"
    git("init", "--quiet", "--bare", "-b", "main", str(origin), cwd=tmp_path)
    git("remote", "add", "origin", str(origin), cwd=checkout)
    git("push", "--quiet", "--set-upstream", "origin", "main", cwd=checkout)
    monkeypatch.chdir(checkout)
    return Project(checkout, origin)


@pytest.fixture
def installed(project: Project, run_cli: Callable[..., Ran]) -> Project:
    """The project with all hooks."""
    assert run_cli("presubmit", "--install", "all").status == 0
    return project
