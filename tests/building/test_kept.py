"""What building kernels leaves behind: it is listed, stays below a limit, and can be removed."""

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from patchgen.building.kbuild.kept import kept_trees, make_room, remove
from patchgen.building.kbuild.place import tree_place
from patchgen.sizes import parse_size, shown_size
from patchgen.stages.facts import silent
from tests.building.small_kernel import FAN, FILES, TOOLS, Kernel, compiled
from tests.conftest import Ran

MIB = 1 << 20
needs_tools = pytest.mark.skipif(
    not all(map(shutil.which, TOOLS)), reason=f"not all of {', '.join(TOOLS)} are installed"
)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache."""
    place = tmp_path / "cache"
    monkeypatch.setenv("PATCHGEN_CACHE_DIR", str(place))
    monkeypatch.chdir(tmp_path)
    return place


def keep(tree: str, *builds: str, size: int = MIB, used: float = 0.0) -> None:
    """Leave behind what builds of a tree would, each used a second after the one before."""
    with tree_place(tree, silent) as place:
        place.source.mkdir(exist_ok=True)
        (place.source / "source.c").write_bytes(b"x" * size)
        for number, name in enumerate(builds):
            where = place.configured(name, name.encode())
            with where.building() as ended:
                (where.objects / "a.o").write_bytes(b"x" * size)
                ended()
            (where.directory / "verdicts").mkdir(exist_ok=True)
            (where.directory / "verdicts" / "x.json").write_text("{}")
            os.utime(where.directory / "used", (used + number, used + number))


def names() -> list[tuple[str, list[str]]]:
    return [(tree.tree, [build.name for build in tree.builds]) for tree in kept_trees()]


def test_the_latest_comes_first_and_sizes_are_true(cache: Path, tmp_path: Path) -> None:
    assert kept_trees() == ()
    keep(f"directory {tmp_path}/one", "tiny", "defconfig", used=100)
    keep(f"directory {tmp_path}/two", "tiny", used=200)
    assert names() == [
        (f"directory {tmp_path}/two", ["tiny"]),
        (f"directory {tmp_path}/one", ["defconfig", "tiny"]),
    ]
    for tree in kept_trees():
        assert tree.used == tree.builds[0].used >= 100
        for size in (tree.size, *(build.size for build in tree.builds)):
            assert MIB <= size < MIB + 100_000


def test_a_size_is_looked_at_again_after_a_build(tmp_path: Path) -> None:
    keep(f"directory {tmp_path}", "tiny")
    assert kept_trees()[0].builds[0].size < 2 * MIB
    keep(f"directory {tmp_path}", "tiny", size=3 * MIB)
    (tree,) = kept_trees()
    assert tree.builds[0].size >= 3 * MIB
    assert tree.size < 2 * MIB  # the source: once is enough for deciding what goes
    assert kept_trees(measure=True)[0].size >= 3 * MIB


def test_what_was_not_used_for_longest_goes_first(tmp_path: Path) -> None:
    one, two = f"directory {tmp_path / 'one'}", f"directory {tmp_path / 'two'}"
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    keep(one, "a", "b", used=100)
    keep(two, "c", "d", used=90)
    for limit, left in (
        (10, [(one, ["b", "a"]), (two, ["d", "c"])]),
        (5.5, [(one, ["b", "a"]), (two, ["d"])]),
        (4.5, [(one, ["b", "a"])]),  # with the last build the source goes
        (2.5, [(one, ["b"])]),
        (0, []),
    ):
        make_room(int(limit * MIB), 1000, silent)
        assert names() == left


def test_trees_that_are_gone_go_first(tmp_path: Path) -> None:
    keep(f"directory {tmp_path}/removed", "a", used=500)
    keep(f"directory {tmp_path}", "b", used=100)
    assert make_room(3 * MIB, 1000, silent) >= 2 * MIB
    assert names() == [(f"directory {tmp_path}", ["b"])]


def test_one_that_is_spared_does_not_spare_others(tmp_path: Path) -> None:
    keep(f"directory {tmp_path}/removed", "a", used=2000)
    keep(f"directory {tmp_path}", "b", used=100)
    make_room(0, 1000, silent)
    assert names() == [(f"directory {tmp_path}/removed", ["a"])]


def test_what_was_just_used_or_is_in_use_stays(tmp_path: Path) -> None:
    tree = f"directory {tmp_path}"
    keep(tree, "a", "b", used=100)
    make_room(0, 101, silent)
    assert names() == [(tree, ["b"])]
    with tree_place(tree, silent):
        assert make_room(0, 1000, silent) == 0
        assert not remove(kept_trees()[0])
    assert names() == [(tree, ["b"])]


def test_verdicts_outlive_objects(cache: Path, tmp_path: Path) -> None:
    keep(f"directory {tmp_path}", "a")
    make_room(0, 1000, silent)
    assert kept_trees() == ()
    left = sorted(path.name for path in cache.rglob("*") if path.is_file())
    assert left == ["lock", "name", "tree", "used", "x.json"]


def test_what_a_killed_one_left_half_removed_is_removed(cache: Path, tmp_path: Path) -> None:
    keep(f"directory {tmp_path}", "a")
    (place,) = (path.parent for path in cache.rglob("obj"))
    (place / "going").mkdir()
    (place / "obj").rename(place / "going" / "1-obj")
    assert names() == [(f"directory {tmp_path}", ["a"])]
    make_room(0, 1000, silent)
    assert not [*cache.rglob("*.o")]


@needs_tools
def test_a_limit_is_kept_and_what_went_is_built_again(
    run_cli: Callable[..., Ran],
    tmp_path: Path,
    surroundings: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kernel = Kernel(run_cli, tmp_path)
    change = {"fan/fan.c": "\n" + FAN}
    pump = {"pump/pump.c": FILES["pump/pump.c"] + "\n"}
    kernel.verify(change)
    kernel.verify(pump, options=("--defconfig", "pump_defconfig"))
    assert names()[0][1] == ["pump_defconfig", "a tiny configuration"]
    home = tmp_path / "home"
    shutil.copytree(surroundings, home, ignore=shutil.ignore_patterns("cache"))
    with (home / ".gitconfig").open("a") as config:
        config.write("[patchgen]\n\tcacheLimit = 1k\n")
    monkeypatch.setenv("HOME", str(home))
    again = kernel.verify(pump, options=("--defconfig", "pump_defconfig"))
    assert compiled(again) == [None, None]
    assert names()[0][1] == ["pump_defconfig"]
    known = kernel.verify(change)
    assert compiled(known) == [None, None]
    assert names() == []
    other = kernel.verify({"fan/fan.c": "\n\n" + FAN})
    assert compiled(other) == [None, 3]
    assert not [one for one in other["findings"] if one["check"].startswith("build-")]


def test_the_command_lists_and_removes(run_cli: Callable[..., Ran], tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir()
    (two / ".git").mkdir(parents=True)
    keep(f"directory {one}", "a tiny configuration", used=time.time() - 7300)
    keep(f"repository {two}/.git", "defconfig", used=time.time() - 90)
    lines = run_cli("cache").out.splitlines()
    assert [line.split(None, 2)[2] for line in lines[:-1]] == [
        f"repository {two}/.git",
        "source",
        "defconfig, used 1 minute ago",
        f"directory {one}",
        "source",
        "a tiny configuration, used 2 hours ago",
    ]
    assert lines[-1].endswith("of 20 GiB that are kept at most")
    assert run_cli("cache", "--shrink", "3m").out.splitlines()[0] == "removed 2.0 MiB"
    assert f"repository {two}/.git" in run_cli("cache").out
    ran = run_cli("cache", "--remove", tmp_path / "tow")
    assert ran.status == 2
    assert "did you mean" in ran.err
    assert run_cli("cache", "--remove", two).status == 0
    assert len(run_cli("cache").out.splitlines()) == 1


def test_sizes_are_written_as_git_writes_them(run_cli: Callable[..., Ran]) -> None:
    sizes = {"0": 0, "7": 7, "2k": 2048, "3M": 3 << 20, "1g": 1 << 30}
    assert {text: parse_size(text, "x") for text in sizes} == sizes
    for text in ("", "g", "-1", "1.5g", "1gb", "9" * 40):
        ran = run_cli("cache", f"--shrink={text}")
        assert ran.status == 2
        assert ran.err.startswith(f'error: --shrink: "{text}" is no size\nhint: ')


@pytest.mark.parametrize(
    ("size", "shown"),
    [(0, "0 bytes"), (1023, "1023 bytes"), (1536, "1.5 KiB"), (20 << 30, "20 GiB")],
)
def test_sizes_are_shown_for_people(size: int, shown: str) -> None:
    assert shown_size(size) == shown
