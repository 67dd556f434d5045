"""Every step of a series booted on the distribution's kernel, and programs that mean no good there.

Takes minutes: the kernel is built once, the programs run on the image that is left.
"""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from patchgen.cli.main import main
from patchgen.running.initramfs import initramfs
from patchgen.running.ktap import Outcome
from patchgen.running.programs import make_initramfs
from patchgen.running.qemu import IMAGE, QEMU, Machine
from patchgen.running.sources import Decoder
from tests.kernel.needs import LINUX_6_1, builds, whole_6_1

pytestmark = [whole_6_1, *builds(QEMU)]


class Booted:
    """timer-injection-stats, verified with all its steps booted; what was built last is left."""

    def __init__(self, place: Path) -> None:
        cache, series, report = place / "cache", place / "series", place / "report.json"
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PATCHGEN_CACHE_DIR", str(cache))
            argv = ["timer-injection-stats", "--tree", str(LINUX_6_1), "-o", str(series)]
            assert main(["render", *argv]) == 0
            argv = [str(series), "--tree", str(LINUX_6_1), "--boot", f"--format=json={report}"]
            self.status = main(["verify", *argv])
        self.report: Any = json.loads(report.read_text())
        (image,) = cache.glob(f"kernels/*/*/obj/{IMAGE}")
        self.objects = image.parents[len(Path(IMAGE).parts) - 1]
        (self.source,) = cache.glob("kernels/*/src")


def stage(booted: Booted, name: str) -> Any:
    return next(one for one in booted.report["stages"] if one["name"] == name)


def test_every_step_boots_and_the_counters_move_and_no_program_gets_out(tmp_path: Path) -> None:
    """One test, for the kernel is built once, whatever the number of workers."""
    booted = Booted(tmp_path)
    nothing_is_found(booted)
    the_counters_move(booted)
    what_is_posted_is_counted_as_posted(booted, tmp_path / "made")
    a_trace_names_the_lines(booted, tmp_path / "made")
    for does in HOSTILE:
        is_stopped(booted, tmp_path / "made", does)
    shutil.rmtree(tmp_path)


def nothing_is_found(booted: Booted) -> None:
    assert booted.status == 0
    assert booted.report["findings"] == []
    assert [step["outcome"] for step in stage(booted, "build")["steps"]] == ["builds"] * 4
    assert [step["outcome"] for step in stage(booted, "run")["steps"]] == ["passes"] * 4


def the_counters_move(booted: Booted) -> None:
    measured: list[dict[str, dict[str, float]]] = []
    for run in booted.report["runs"]:
        found: dict[str, dict[str, float]] = {}
        for case in run["cases"]:
            for name, value in case["metrics"].items():
                found.setdefault(name, {})[case["name"]] = value
        measured.append(found)
    pending, posted = "timer_pending_injections", "timer_posted_injections"
    assert [pending in found for found in measured] == [False, False, True, True]
    assert [posted in found for found in measured] == [False, False, False, True]
    for found in measured[2:]:
        assert len(found[pending]) > 20
        assert min(found[pending].values()) >= 10
        assert set(found["counted-when-masked"].values()) == {0.0}
    assert set(measured[3][posted].values()) == {0.0}
    outcomes = [claim["outcome"] for claim in booted.report["claims"]]
    assert outcomes == ["held"] * 5 + ["not checked"] * 3


def what_is_posted_is_counted_as_posted(booted: Booted, place: Path) -> None:
    """All of KVM's part of AVIC at work; what QEMU has no part in, the guest looks for itself."""
    words = "nohz_full=1 kvm_amd.avic=1"
    machine = Machine(make_initramfs(None, place, True), words, seconds=120, cpus=2)
    run = machine.boot(3, booted.objects, True)
    assert run.end is None, run.output[-2000:]
    assert not run.splats
    assert not [case for case in run.tests.cases if case.outcome is Outcome.FAILED]
    cases = {"posted/oneshot", "posted/tscdeadline"}
    posted, pending = (run.metrics[f"timer_{path}_injections"] for path in ("posted", "pending"))
    assert {case for case, count in posted.items() if count} == cases
    for case in cases:
        assert posted[case] + pending[case] == 10


def a_trace_names_the_lines(booted: Booted, place: Path) -> None:
    """The kernel panics where /init ends, in a line of its source that says so."""
    source, program, archive = place / "ends.c", place / "ends", place / "ends.cpio"
    source.write_text("int main(void) { return 3; }\n")
    subprocess.run(["gcc", "-static", "-o", program, source], check=True)
    archive.write_bytes(initramfs({"init": program.read_bytes()}))
    run = Machine(archive, seconds=60).boot(3, booted.objects, True)
    decoder = Decoder(booted.objects, booted.source, True)
    (splat,) = decoder.decode(run).splats
    assert decoder.reason == ""
    assert splat.says.startswith("Kernel panic - not syncing: Attempted to kill init!")
    (frame,) = (frame for frame in splat.trace if frame.name == "do_exit")
    path, _, number = frame.source.rpartition(":")
    assert path == "kernel/exit.c"
    lines = (LINUX_6_1 / path).read_text().splitlines()
    assert "panic(" in "".join(lines[int(number) - 2 : int(number)])


HOSTILE = {
    "prints without end": 'for (;;) printf("KTAP version 1 ok 1 not ok 2 BUG: %d\\n", n++);',
    "waits for ever": "for (;;) pause();",
    "forks": "for (;;) fork();",
    "fills the disk": 'int to = open("/f", O_CREAT | O_WRONLY, 0600);'
    " static char much[1 << 20]; for (;;) write(to, much, sizeof(much));",
}
PROGRAM = """\
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int main(void)
{
	volatile unsigned int n = 0;

	printf("KTAP version 1\\n1..2\\nok 1 begun\\n");
	fflush(stdout);
	%s
	return n;
}
"""


def is_stopped(booted: Booted, place: Path, does: str) -> None:
    place.mkdir(exist_ok=True)
    source = place / "hostile.c"
    source.write_text(PROGRAM % HOSTILE[does])
    machine = Machine(make_initramfs(str(source), place, True), seconds=15)
    before, began = files(booted.objects), time.monotonic()
    run = machine.boot(1, booted.objects, True)
    assert time.monotonic() - began < 30, does
    assert not run.tests.complete, does
    assert run.end or run.tests.faults, does
    assert len(run.output) <= 8 << 20
    assert files(booted.objects) == before
    assert not list(running(machine.initramfs)), does


def running(initramfs: Path) -> Iterator[bytes]:
    """The command lines of machines that still run with it."""
    for place in Path("/proc").glob("[1-9]*/cmdline"):
        try:
            words = place.read_bytes()
        except OSError:  # it has just ended
            continue
        if QEMU.encode() in words and os.fsencode(initramfs) in words:
            yield words


def files(place: Path) -> dict[str, tuple[int, int]]:
    found = (path for path in place.rglob("*") if path.is_file())
    return {str(path): (path.stat().st_size, path.stat().st_mtime_ns) for path in found}
