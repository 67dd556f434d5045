"""Scratch directories: private, swept up, and never in each other's way."""

import multiprocessing
from pathlib import Path

import pytest

from patchgen.errors import ToolError
from patchgen.trees.scratch import cache_directory, workspace


def test_a_workspace_is_gone_afterwards(cache: Path) -> None:
    with workspace() as path:
        assert path.is_dir()
        assert path.is_relative_to(cache)
        (path / "file").write_text("x")
    assert list((cache / "scratch").iterdir()) == []


def test_a_workspace_is_gone_after_an_error(cache: Path) -> None:
    with pytest.raises(ZeroDivisionError), workspace():
        raise ZeroDivisionError
    assert list((cache / "scratch").iterdir()) == []


def test_a_workspace_in_use_is_not_swept_up() -> None:
    with workspace() as first, workspace() as second:
        assert first != second
        assert first.is_dir()


def test_what_a_killed_run_left_is_swept_up(cache: Path) -> None:
    for name in ("abandoned", "abandoned-before-it-was-locked"):
        left = cache / "scratch" / name
        left.mkdir(parents=True)
        (left / "big").write_text("x")
    (cache / "scratch" / "abandoned" / "lock").touch()
    with workspace() as path:
        assert [found.name for found in (cache / "scratch").iterdir()] == [path.name]


def _busy(count: int) -> None:
    for _ in range(count):
        with workspace() as path:
            (path / "file").write_text("x")
            assert (path / "file").read_text() == "x"


def test_many_processes_do_not_sweep_each_other_up(cache: Path) -> None:
    processes = [multiprocessing.Process(target=_busy, args=(100,)) for _ in range(6)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0] * 6
    assert list((cache / "scratch").iterdir()) == []


def test_the_cache_is_where_the_user_wants_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cache_directory() == tmp_path / "cache"
    monkeypatch.setenv("PATCHGEN_CACHE_DIR", "")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert cache_directory() == tmp_path / "xdg" / "patchgen"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache_directory() == tmp_path / ".cache" / "patchgen"


def test_a_relative_cache_is_below_the_current_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATCHGEN_CACHE_DIR", "here")
    with workspace() as path:
        assert path.is_absolute()
        assert path.is_relative_to(tmp_path / "here")


def test_a_cache_that_cannot_be_written_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("PATCHGEN_CACHE_DIR", str(tmp_path / "file"))
    with pytest.raises(ToolError, match="cannot make a scratch directory") as raised, workspace():
        pass
    assert raised.value.exit_code == 3
    assert "PATCHGEN_CACHE_DIR" in raised.value.hint
