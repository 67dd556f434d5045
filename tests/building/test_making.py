"""What make is asked for, in which order."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from patchgen.building.kbuild import making
from patchgen.building.kbuild.making import KernelMake, in_turn
from patchgen.building.kbuild.toolchain import Toolchain
from patchgen.process import Completed


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The targets of every make, in order; those called bad fail, those called slow are stopped."""
    found: list[list[str]] = []

    def run(words: Sequence[str], *_: Any) -> Completed:
        targets = [word for word in words if word[0] not in "-m" and "=" not in word]
        found.append(targets)
        stopped = "was stopped" if "slow/" in targets else None
        return Completed(int("bad/" in targets), f"{targets}".encode(), stopped)

    monkeypatch.setattr(making, "run_confined", run)
    return found


def test_directories_come_before_an_image_that_is_made_of_them(asked: list[list[str]]) -> None:
    made = KernelMake(Path("src"), Path("obj"), Toolchain(), False, Path("ccache")).run(
        "a/", "bzImage", "b/"
    )
    assert asked == [["a/", "b/"], ["bzImage"]]
    assert made == Completed(0, b"['a/', 'b/']['bzImage']")


def test_people_are_told_the_same_order() -> None:
    assert in_turn(("a/", "bzImage", "b/")) == (("a/", "b/"), ("bzImage",))
    assert in_turn(("vmlinux",)) == (("vmlinux",),)
    assert in_turn(()) == ()


def test_one_make_does_what_can_be_done_at_once(asked: list[list[str]]) -> None:
    make = KernelMake(Path("src"), Path("obj"), Toolchain(), False, Path("ccache"))
    make.run("a/", "b/")
    make.run("vmlinux", "bzImage")
    assert asked == [["a/", "b/"], ["vmlinux", "bzImage"]]


def test_a_directory_that_fails_is_not_forgotten(asked: list[list[str]]) -> None:
    make = KernelMake(Path("src"), Path("obj"), Toolchain(), False, Path("ccache"))
    assert make.run("bad/", "bzImage").status == 1
    assert make.run("slow/", "bzImage").stopped == "was stopped"
    assert asked == [["bad/"], ["bzImage"], ["slow/"]]
