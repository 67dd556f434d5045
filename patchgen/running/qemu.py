"""Booting a step's kernel in QEMU, which emulates the processor: that needs no special rights.

QEMU counts instructions, so that for the kernel a slow or busy machine is as fast as any other:
its clocks agree, and no timer is late for want of a processor of ours. It emulates AMD's SVM, so
KVM works in there; it has neither VMX nor posted interrupts.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path

from patchgen.running.console import last_words, splats_in
from patchgen.running.ktap import TestRun, parse_ktap
from patchgen.running.step import StepRun
from patchgen.sandbox import Limits, Sandbox, run_confined, toolchain

QEMU = "qemu-system-x86_64"
IMAGE = "arch/x86/boot/bzImage"
"""Where the kernel's make puts what can be booted."""

_MACHINE = (
    *("-machine", "q35", "-accel", "tcg", "-icount", "shift=3,sleep=off", "-m", "512"),
    *("-cpu", "qemu64,+svm,+npt,+x2apic,+tsc-deadline,+monitor,+arat"),
    *("-no-user-config", "-nodefaults", "-nic", "none", "-display", "none"),
    *("-monitor", "none", "-serial", "stdio", "-no-reboot"),
)
_WORDS = "console=ttyS0 earlyprintk=serial,ttyS0,115200 panic=-1 loglevel=7 printk.devkmsg=on"
_MEMORY = 4 << 30
"""QEMU reserves more addresses than the machine has memory."""
_OUTPUT = 8 << 20


@dataclass(frozen=True, slots=True)
class Machine:
    """What is booted besides a kernel: an initramfs, and more words for the command line."""

    initramfs: Path
    append: str = ""
    seconds: float = 60.0

    def boot(self, number: int, objects: Path, walls: bool) -> StepRun:
        """Boot the image below ``objects``, the one of step ``number``."""
        image = objects / IMAGE
        words = f"{_WORDS} {self.append}".rstrip()
        command = [QEMU, *_MACHINE, "-kernel", str(image), "-initrd", str(self.initramfs)]
        limits = Limits(self.seconds, _MEMORY, output=_OUTPUT)
        readable = (self.initramfs.parent, *toolchain(QEMU))
        sandbox = Sandbox(image.parent, readable, limits=limits)
        done = run_confined([*command, "-append", words], sandbox, walls)
        output = done.output.decode("utf-8", "replace").replace("\r", "")
        tests = parse_ktap(output)
        stopped = done.stopped or (f"ended with status {done.status}" if done.status else None)
        return StepRun(number, tests, _end(tests, stopped, output), output, splats_in(output))


def cannot_boot(objects: Path) -> str | None:
    """Why no kernel is booted, or None when one can be that is built below ``objects``."""
    if shutil.which(QEMU) is None:
        return f"{QEMU} is not installed"
    try:
        config = (objects / ".config").read_text("utf-8", "replace")
    except OSError:
        return "the kernel has no configuration"
    missing = [one for one in _NEEDED if f"\nCONFIG_{one}=y\n" not in f"\n{config}"]
    if missing:
        return f"the configuration has no {', '.join(missing)}, without which nothing is seen"
    return None


_NEEDED = ("X86_64", "PRINTK", "SERIAL_8250_CONSOLE", "BLK_DEV_INITRD", "BINFMT_ELF")


def _end(tests: TestRun, stopped: str | None, output: str) -> str | None:
    if tests.complete or tests.cases or tests.started:
        return stopped
    said = last_words(output)
    end = stopped or "says nothing in KTAP"
    return f'{end}; the last that the kernel says is "{said[:200]}"' if said else end
