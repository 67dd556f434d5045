"""Nothing below the user's directory changes, whatever happens."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import patchgen
from patchgen.cli.main import main
from tests.series.generated import git
from tests.trees.lamp import make_lamp, post_series, snapshot, write_template

ROOT = Path(patchgen.__file__).parent.parent
HOOKS = (
    "applypatch-msg",
    "pre-applypatch",
    "post-applypatch",
    "pre-commit",
    "commit-msg",
    "post-commit",
    "post-checkout",
    "post-index-change",
    "reference-transaction",
    "pre-auto-gc",
    "sendemail-validate",
)


def dirty(checkout: Path) -> Path:
    (checkout / "lamp.c").write_text("/* not committed */\n")
    (checkout / "staged.c").write_text("int staged;\n")
    git("add", "staged.c", cwd=checkout)
    (checkout / "untracked.c").write_text("int untracked;\n")
    return checkout


def hooked(checkout: Path) -> Path:
    hooks = checkout / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    for name in (*HOOKS, "fsmonitor"):
        (hooks / name).write_text(f"#!/bin/sh\ntouch '{checkout}/{name}-ran'\n")
        (hooks / name).chmod(0o755)
    git("config", "core.fsmonitor", str(hooks / "fsmonitor"), cwd=checkout)
    git("config", "core.hooksPath", str(hooks), cwd=checkout)
    git("config", "filter.evil.clean", f"touch '{checkout}/filtered'; cat", cwd=checkout)
    (checkout / ".git" / "info").mkdir(exist_ok=True)
    (checkout / ".git" / "info" / "attributes").write_text("* filter=evil\n")
    return checkout


def linked(checkout: Path) -> Path:
    other = checkout.parent / "linked"
    git("worktree", "add", "--quiet", "--detach", str(other), cwd=checkout)
    return other


def bare(checkout: Path) -> Path:
    git("config", "core.bare", "true", cwd=checkout)
    return checkout / ".git"


def read_only(checkout: Path) -> Path:
    for path in [checkout, *checkout.rglob("*")]:
        path.chmod(path.stat().st_mode & ~0o222)
    return checkout


@pytest.mark.parametrize(
    "arrange", [dirty, hooked, linked, bare, read_only], ids=lambda arrange: arrange.__name__
)
def test_no_command_changes_the_repository(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    cache: Path,
    arrange: Callable[[Path], Path],
) -> None:
    home = tmp_path / "home"
    checkout = make_lamp(home / "lamp")
    posted = str(post_series(checkout, tmp_path / "posted"))
    template = str(write_template(tmp_path / "dim"))
    tree = arrange(checkout)
    before = snapshot(home)
    monkeypatch.chdir(tree)
    out = str(tmp_path / "out")
    assert main(["verify", posted]) == 0
    assert main(["verify", posted, "--tree", "."]) == 0
    assert main(["verify", posted, "--base", "HEAD~1"]) == 0
    assert main(["render", template, "-o", out]) == 0
    assert main(["render", template, "--tree", str(tree), "--mbox", f"{out}.mbox"]) == 0
    assert main(["verify", f"{out}.mbox", "--tree", str(tree)]) == 0
    assert snapshot(home) == before
    assert list((cache / "scratch").iterdir()) == []


def test_a_series_that_does_not_apply_changes_nothing(tmp_path: Path) -> None:
    checkout = make_lamp(tmp_path / "lamp")
    posted = post_series(checkout, tmp_path / "posted")
    (posted / "0001-lamp-dim-it.patch").unlink()
    git("rm", "--quiet", "lamp.h", cwd=checkout)
    git("commit", "--quiet", "-m", "lamp: drop the header", cwd=checkout)
    before = snapshot(checkout)
    assert main(["verify", str(posted), "--tree", str(checkout), "--base", "HEAD"]) == 1
    assert snapshot(checkout) == before


@pytest.mark.parametrize("variable", ["GIT_DIR", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY"])
def test_variables_a_hook_inherits_do_no_harm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    checkout = make_lamp(tmp_path / "lamp")
    posted = post_series(checkout, tmp_path / "posted")
    decoy = make_lamp(tmp_path / "decoy")
    values = {
        "GIT_DIR": decoy / ".git",
        "GIT_INDEX_FILE": decoy / ".git" / "index",
        "GIT_OBJECT_DIRECTORY": decoy / ".git" / "objects",
    }
    before = snapshot(decoy), snapshot(checkout)
    monkeypatch.setenv(variable, str(values[variable]))
    monkeypatch.setenv("GIT_CONFIG_PARAMETERS", "'core.bare=maybe'")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    monkeypatch.setenv("GIT_TRACE", str(tmp_path / "trace"))
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", "false")
    assert main(["verify", str(posted), "--tree", str(checkout)]) == 0
    monkeypatch.chdir(checkout)
    assert main(["verify", str(posted)]) == 0
    assert (snapshot(decoy), snapshot(checkout)) == before
    assert not (tmp_path / "trace").exists()


def test_a_killed_run_changes_nothing_and_is_swept_up(tmp_path: Path, cache: Path) -> None:
    checkout = dirty(make_lamp(tmp_path / "lamp"))
    git("stash", "--quiet", cwd=checkout)
    posted = post_series(checkout, tmp_path / "posted")
    template = write_template(tmp_path / "dim")
    before = snapshot(checkout)
    out = tmp_path / "out"
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    commands = (
        ["verify", str(posted), "--tree", "."],
        ["render", str(template), "--tree", ".", "-o", str(out)],
    )
    source = random.Random(5)
    for number in range(8):
        running = subprocess.Popen(
            [sys.executable, "-m", "patchgen", *commands[number % 2]],
            cwd=checkout,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        time.sleep(source.uniform(0.1, 0.6))
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()
        assert snapshot(checkout) == before
        if out.exists():  # it was done before it could be killed
            assert len(list(out.iterdir())) == 3
            for path in out.iterdir():
                path.unlink()
            out.rmdir()
    assert main(["verify", str(posted), "--tree", str(checkout)]) == 0
    assert list((cache / "scratch").iterdir()) == []
    assert snapshot(checkout) == before
