"""Booting, with a program in the place of QEMU that says on the console what is to be read."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from patchgen.running.console import Trouble
from patchgen.running.qemu import IMAGE, QEMU, Machine, cannot_boot, no_machine
from patchgen.running.step import StepRun
from patchgen.sandbox import has_walls

Boot = Callable[..., StepRun]
CONFIG = "".join(
    f"CONFIG_{option}=y\n"
    for option in ("X86_64", "PRINTK", "SERIAL_8250_CONSOLE", "BLK_DEV_INITRD", "BINFMT_ELF")
)


@pytest.fixture(params=[True, False], ids=["walls", "none"])
def boot(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Boot:
    """Boot a kernel with this script in the place of QEMU."""
    walls = bool(request.param)
    if walls and not has_walls():
        pytest.skip("bubblewrap is not installed or may not make sandboxes here")
    program = tmp_path / "opt" / "bin" / QEMU
    program.parent.mkdir(parents=True)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    image = tmp_path / "obj" / IMAGE
    image.parent.mkdir(parents=True)
    image.write_bytes(b"a kernel")
    initramfs = tmp_path / "boot" / "initramfs-1"
    initramfs.parent.mkdir()
    initramfs.write_bytes(b"an archive")

    def run(script: str, append: str = "", seconds: float = 20, cpus: int = 1) -> StepRun:
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        machine = Machine(initramfs, append, seconds, cpus)
        return machine.boot(3, tmp_path / "obj", walls)

    return run


def says(*lines: str) -> str:
    return "".join(f"printf '%b\\n' '{line}'\n" for line in lines)


PASSES = ("[    0.100000] Linux version 6.1.0", "KTAP version 1", "1..1", "ok 1 ticks")


def test_a_machine_that_stops_when_the_tests_are_over_ends_well(boot: Boot) -> None:
    run = boot(says(*PASSES, "reboot: Restarting system"))
    assert (run.number, run.end, run.tests.complete, run.splats) == (3, None, True, ())
    assert [case.name for case in run.tests.cases] == ["ticks"]


def test_it_is_told_what_to_boot_and_can_read_it(boot: Boot, tmp_path: Path) -> None:
    reads = 'echo "arguments: $*"; while [ "$1" != -kernel ]; do shift; done; cat "$2" "$4"'
    run = boot(reads, append="kvm.pi_inject_timer=1 quiet")
    assert run.output.endswith("a kernelan archive")
    said = run.output.splitlines()[0]
    assert f"-kernel {tmp_path}/obj/{IMAGE} -initrd {tmp_path}/boot/initramfs-1 " in said
    assert said.endswith("panic=-1 loglevel=7 printk.devkmsg=on kvm.pi_inject_timer=1 quiet")
    assert "-icount" in said
    assert "-smp" not in said
    assert "avic" not in said
    several = boot(reads, cpus=3).output.splitlines()[0]
    assert "-smp 3" in several
    assert "avic" in several
    assert "-icount" not in several


def test_one_that_hangs_is_stopped_in_the_case_that_was_announced(boot: Boot) -> None:
    begun = ("KTAP version 1", "1..2", "ok 1 made", "    # Subtest: timer", "    # case: oneshot")
    started = time.monotonic()
    run = boot(says(*begun) + "sleep 100", seconds=1)
    assert time.monotonic() - started < 15
    assert run.end == "was stopped after 1 seconds"
    assert not run.tests.complete
    assert run.tests.started == "timer/oneshot"


def test_one_that_hangs_before_any_test_says_where(boot: Boot) -> None:
    run = boot(says("[    1.25] smp: Bringing up secondary CPUs ...") + "sleep 100", seconds=1)
    said = 'the last that the kernel says is "smp: Bringing up secondary CPUs ..."'
    assert run.end == f"was stopped after 1 seconds; {said}"
    assert boot("sleep 100", seconds=1).end == "was stopped after 1 seconds"


def test_one_that_hangs_when_its_tests_are_over_has_not_ended_well(boot: Boot) -> None:
    run = boot(says(*PASSES) + "sleep 100", seconds=1)
    assert run.tests.complete
    assert run.end == "was stopped after 1 seconds"


@pytest.mark.parametrize(
    "line",
    [
        "BUG: kernel NULL pointer dereference",
        "WARNING: a-safe -> b-unsafe lock order",
        "ok 1 a # SKIP",
        "    # case: x",
        f"{QEMU}: warning",
    ],
)
def test_output_without_end_is_cut_and_read_in_time(boot: Boot, line: str) -> None:
    started = time.process_time()
    run = boot(f"yes '{line}'", seconds=60)
    assert run.end is not None
    assert run.end.startswith("was stopped after 8388608 bytes of output")
    assert len(run.output) == 8 << 20
    assert time.process_time() - started < 30


@pytest.mark.parametrize(
    ("begins", "goes_on"),
    [
        ("WARNING: ", "x-safe -> x-unsafe "),
        ("INFO: possible irq ", "possible irq lock order "),
        ("BUG: ", "scheduling while atomic "),
        ("BUG a", " (a)"),
        ("watchdog: ", "BUG: soft lockup "),
        ("invalid opcode", "[#1] [#1]"),
        ("ok 1 ", "# #"),
        ("# metric: ", "a 1 "),
    ],
)
def test_a_line_without_end_is_read_in_time(boot: Boot, begins: str, goes_on: str) -> None:
    started = time.process_time()
    boot(f"printf '{begins}'; yes '{goes_on}' | tr -d '\\n' | head -c 4000000", seconds=60)
    assert time.process_time() - started < 10


def test_a_kernel_that_says_nothing_has_not_booted(boot: Boot) -> None:
    assert boot("exit 0").end == "says nothing in KTAP"
    said = 'says nothing in KTAP; the last that the kernel says is "Loading Linux"'
    assert boot(says("Loading Linux")).end == said


def test_a_crash_of_qemu_itself_is_told_from_one_of_the_kernel(boot: Boot) -> None:
    run = boot(says(*PASSES) + "kill -SEGV $$")
    assert run.end == "ended with QEMU, which was killed by SIGSEGV"
    message = f"{QEMU}: could not load PVH kernel"
    run = boot(f"echo '{message}' >&2; exit 1")
    assert run.end == f"ended with QEMU, which ended with status 1: {message}"
    assert boot("exit 3").end == "ended with QEMU, which ended with status 3"


def test_what_is_no_text_does_no_harm(boot: Boot) -> None:
    lines = (
        r"\0033[2J\0000\0377\r",
        r"KTAP version 1\r",
        r"1..2\r",
        r"ok 1 a\0000b\0033[31m\r",
        r"\0377\0376",
        r"ok 2 \0303\0244\r",
    )
    run = boot(says(*lines))
    assert run.end is None
    assert run.tests.complete
    assert [case.name for case in run.tests.cases] == ["a\0b\x1b[31m", "\xe4"]


def test_results_that_are_cut_off_are_not_complete(boot: Boot) -> None:
    lines = ("KTAP version 1", "1..2", "    KTAP version 1", "    # Subtest: timer", "    1..3")
    run = boot(says(*lines, "    ok 1 oneshot", "    # case: periodic") + "printf '    o'")
    assert run.end is None
    assert not run.tests.complete
    assert [case.name for case in run.tests.cases] == ["timer/oneshot"]
    assert run.tests.started == "timer/periodic"


def test_a_panic_ends_the_machine_and_is_what_is_reported(boot: Boot) -> None:
    panic = "Kernel panic - not syncing: Attempted to kill init! exitcode=0x0000000b"
    run = boot(says(*PASSES[:3], f"[    2.5] {panic}", "Call Trace:", " do_exit+0x1/0x10"))
    assert run.end is None
    (splat,) = run.splats
    assert (splat.trouble, splat.says) == (Trouble.PANIC, panic)
    assert [str(frame) for frame in splat.trace] == ["do_exit"]


def test_what_is_missing_for_booting_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cannot_boot(tmp_path) == "the kernel has no configuration"
    (tmp_path / ".config").write_text(CONFIG)
    assert cannot_boot(tmp_path) is None
    without = CONFIG.replace("CONFIG_PRINTK=y", "# CONFIG_PRINTK is not set")
    (tmp_path / ".config").write_text(without + "CONFIG_PRINTK_TIME=y\n")
    assert "has no PRINTK, without which" in (cannot_boot(tmp_path) or "")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert no_machine() == f"{QEMU} is not installed"
