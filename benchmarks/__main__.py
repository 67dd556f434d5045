"""Time patchgen's commands next to what people use instead, and print the ratios.

Each command runs several times, in turns with its peers, so that noise hits all alike; the best
time counts, by the clock and, in brackets, of all processors. ``python -m benchmarks WORDS`` runs
only the contests with these words in their title.
b4 is no peer here: it asks lore.kernel.org about every series.
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

from benchmarks.kernel_builds import KernelSeries, no_kernel
from benchmarks.large_tree import make_series, make_tree
from benchmarks.long_history import ask_for_objects, guess_by_commits, make_history, make_posting
from patchgen.shipped import fixture_trees

_PATCHES = 200
_TREES = (100, 10_000, 64_000)
_COMMITS = 5_000
_TREE = "linux-5.2-kvm"
_PATCHGEN = [sys.executable, "-m", "patchgen"]


def _nothing() -> None:
    """What there is to prepare and to undo in most contests."""


@dataclass(frozen=True)
class Contest:
    """A command of ours, and what it is compared with.

    ``prepare`` is run before all of them and ``undo`` after each; neither counts.
    """

    title: str
    ours: Callable[[], None]
    peers: dict[str, Callable[[], None]]
    prepare: Callable[[], None] = _nothing
    undo: Callable[[], None] = _nothing
    rounds: int = 5


def _quiet(*argv: str, cwd: Path | None = None) -> None:
    subprocess.run(argv, cwd=cwd, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@dataclass(frozen=True)
class Took:
    """Seconds by the clock, and of all processors."""

    clock: float = float("inf")
    processors: float = float("inf")

    def best(self, other: "Took") -> "Took":
        """The smaller of each."""
        return Took(min(self.clock, other.clock), min(self.processors, other.processors))

    def in_words(self) -> str:
        """Both in milliseconds."""
        return f"{self.clock * 1000:.0f} ms [{self.processors * 1000:.0f} ms]"


def _best(contest: Contest) -> dict[str, Took]:
    calls = {contest.title: contest.ours, **contest.peers}
    best = dict.fromkeys(calls, Took())
    contest.prepare()
    for _ in range(contest.rounds):
        for name, call in calls.items():
            best[name] = best[name].best(_timed(call))
            contest.undo()
    return best


def _timed(call: Callable[[], None]) -> Took:
    began, before = time.perf_counter(), os.times()
    call()
    after = os.times()
    used = (then - now for then, now in zip(after[:4], before[:4], strict=True))
    return Took(time.perf_counter() - began, sum(used))


def _large(home: Path, files: int) -> Contest:
    """Many patches for a tree of so many files, of which they touch only a few."""
    tree, series = home / f"tree-{files}", home / f"series-{files}"

    def prepare() -> None:
        make_tree(tree, files)
        make_series(tree, series, _PATCHES)

    def ours() -> None:
        _quiet(*_PATCHGEN, "verify", str(series), "--no-build", "--tree", str(tree))

    def git_am() -> None:
        _quiet("git", "am", "--quiet", *map(str, sorted(series.glob("*.patch"))[1:]), cwd=tree)

    def undo() -> None:
        _quiet("git", "reset", "--quiet", "--hard", "base", cwd=tree)

    title = f"patchgen verify, {_PATCHES} patches, tree of {files} files, no build"
    return Contest(title, ours, {"git am of the same patches": git_am}, prepare, undo, 3)


def _searched(home: Path) -> Contest:
    """A series that does not say what it is based on, and a long history to look for that."""
    tree, series = home / "history", home / "posted"
    base = [""]

    def prepare() -> None:
        make_history(tree, _COMMITS)
        base[0] = make_posting(tree, series, 10)

    def ours() -> None:
        argv = ("verify", str(series), "--no-build", "--tree", str(tree), "--base", "auto")
        done = subprocess.run([*_PATCHGEN, *argv], stdout=subprocess.PIPE)
        assert base[0][:12] in done.stdout.decode(), "the base was not found"

    def by_commits() -> None:
        assert guess_by_commits(tree, series) == base[0]

    peers = {
        "git ls-tree of one commit after the other, as b4 does": by_commits,
        "git log --find-object of every file": lambda: ask_for_objects(tree, series),
    }
    title = f"patchgen verify --base auto, 10 patches, history of {_COMMITS} commits, no build"
    return Contest(title, ours, peers, prepare, rounds=3)


def _small(home: Path) -> Iterator[Contest]:
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


def _kernel(home: Path) -> Iterator[Contest]:
    series = KernelSeries(home / "kernel")
    peers = {
        "git rebase --exec 'make arch/x86/kvm/'": series.rebase,
        "the same with make -j": lambda: series.rebase(f"-j{os.cpu_count()}"),
    }
    what = "patchgen verify --build, 3 patches on Linux 6.1, the base known"
    yield Contest(f"{what}, no step", series.verify, peers, series.prepare, series.forget, 2)

    def known() -> None:
        series.prepare()
        series.verify()

    yield Contest(f"{what}, all steps, too", series.verify, peers, known, rounds=2)
    title = "a step of Linux 6.1 booted, with all shipped tests of KVM in it"
    yield Contest(title, series.boot, {}, series.make_images)


def main() -> None:
    """Run the contests whose titles have these words in them, and print a table for each."""
    wanted = " ".join(sys.argv[1:])
    with tempfile.TemporaryDirectory() as directory:
        home = Path(directory)
        os.environ["PATCHGEN_CACHE_DIR"] = str(home / "cache")
        os.environ |= {
            f"GIT_{who}_{what}": "bench@example.com"
            for who in ("AUTHOR", "COMMITTER")
            for what in ("NAME", "EMAIL")
        }
        contests = (*_small(home), _searched(home), *(_large(home, files) for files in _TREES))
        if reason := no_kernel():
            print(f"no kernel is built and booted: {reason}")
        else:
            (home / "kernel").mkdir()
            contests = (*contests, *_kernel(home))
        for contest in contests:
            if wanted not in contest.title:
                continue
            best = _best(contest)
            ours = best.pop(contest.title)
            print(f"{contest.title}: {ours.in_words()}")
            for peer, theirs in best.items():
                clock, processors = _ratios(ours, theirs)
                print(f"    {clock} [{processors}] times {peer} ({theirs.in_words()})", flush=True)


def _ratios(ours: Took, theirs: Took) -> tuple[str, str]:
    pairs = ((ours.clock, theirs.clock), (ours.processors, theirs.processors))
    clock, processors = (f"{one / max(other, 1e-3):.3f}" for one, other in pairs)
    return clock, processors


if __name__ == "__main__":
    main()
