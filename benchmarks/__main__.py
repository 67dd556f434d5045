"""Time patchgen's commands next to what people use instead, and print the ratios.

Each command runs several times, in turns with its peers, so that noise hits all alike; the best
time counts. b4 is no peer here: it asks lore.kernel.org about every series.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from patchgen.shipped import fixture_trees

_ROUNDS = 5
_TREE = "linux-5.2-kvm"
_PATCHGEN = [sys.executable, "-m", "patchgen"]


@dataclass(frozen=True)
class Contest:
    """A command of ours, and what it is compared with."""

    title: str
    ours: Callable[[], None]
    peers: dict[str, Callable[[], None]]


def _quiet(*argv: str, cwd: Path | None = None) -> None:
    subprocess.run(argv, cwd=cwd, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _best(calls: dict[str, Callable[[], None]]) -> dict[str, float]:
    best = dict.fromkeys(calls, float("inf"))
    for _ in range(_ROUNDS):
        for name, call in calls.items():
            start = time.perf_counter()
            call()
            best[name] = min(best[name], time.perf_counter() - start)
    return best


def _contests(home: Path) -> Iterator[Contest]:
    series, tree = home / "series", home / "tree"
    _quiet(*_PATCHGEN, "render", "exitless-timer", "-o", str(series))
    shutil.copytree(fixture_trees() / _TREE, tree)
    _quiet("git", "init", "--quiet", cwd=tree)
    _quiet("git", "add", ".", cwd=tree)
    _quiet("git", "commit", "--quiet", "--message=base", cwd=tree)
    patches = sorted(map(str, series.glob("000[123]*.patch")))

    yield Contest(
        "patchgen --version",
        lambda: _quiet(*_PATCHGEN, "--version"),
        {"python3 -c pass": lambda: _quiet(sys.executable, "-c", "pass")},
    )

    def git_am() -> None:
        _quiet("git", "am", *patches, cwd=tree)
        _quiet("git", "reset", "--quiet", "--hard", "HEAD~3", cwd=tree)

    yield Contest(
        "patchgen verify, 3 patches, no build",
        lambda: _quiet(*_PATCHGEN, "verify", str(series), "--no-build"),
        {"git am of the same patches": git_am},
    )
    yield Contest(
        "patchgen verify, 3 patches, 4 steps built and run",
        lambda: _quiet(*_PATCHGEN, "verify", str(series)),
        {"git am and make check, from nothing at each step": lambda: _rebuild(tree, patches, home)},
    )


def _rebuild(tree: Path, patches: list[str], home: Path) -> None:
    for number in range(len(patches) + 1):
        if number:
            _quiet("git", "am", patches[number - 1], cwd=tree)
        objects = home / f"obj-{number}"
        shutil.rmtree(objects, ignore_errors=True)
        _quiet("make", f"-j{os.cpu_count()}", f"O={objects}", "check", cwd=tree)
    _quiet("git", "reset", "--quiet", "--hard", f"HEAD~{len(patches)}", cwd=tree)


def main() -> None:
    """Run all contests and print a table for each."""
    with tempfile.TemporaryDirectory() as directory:
        home = Path(directory)
        os.environ["PATCHGEN_CACHE_DIR"] = str(home / "cache")
        os.environ |= {
            f"GIT_{who}_{what}": "bench@example.com"
            for who in ("AUTHOR", "COMMITTER")
            for what in ("NAME", "EMAIL")
        }
        for contest in _contests(home):
            best = _best({contest.title: contest.ours, **contest.peers})
            ours = best.pop(contest.title)
            print(f"{contest.title}: {ours * 1000:.0f} ms")
            for peer, seconds in best.items():
                print(f"    {ours / seconds:5.2f} times {peer} ({seconds * 1000:.0f} ms)")


if __name__ == "__main__":
    main()
