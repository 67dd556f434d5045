"""Booting a step's kernel in QEMU, which emulates the processor: that needs no special rights.

Where there is one CPU, QEMU counts instructions, so that for the kernel a slow or busy machine is
as fast as any other: its clocks agree, and no timer is late for want of a processor of ours. It
emulates AMD's SVM, so KVM works in there; it has neither VMX nor posted interrupts.

Several CPUs run by this machine's clock, in turns. Their CPUID says that there is AVIC, for a
kernel that is told to use it (kvm_amd.avic=1): all of KVM's part in it can be seen then. QEMU's
part is missing, nothing takes the interrupts that KVM leaves in the virtual APIC.
"""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from patchgen.running.console import last_words, splats_in
from patchgen.running.ending import killed_by
from patchgen.running.ktap import NO_OUTPUT, TestRun, parse_ktap
from patchgen.running.step import StepRun
from patchgen.sandbox import Limits, Sandbox, run_confined, toolchain

QEMU = "qemu-system-x86_64"
_OWN = f"{QEMU}: "
"""How lines begin that QEMU says itself."""
IMAGE = "arch/x86/boot/bzImage"
"""Where the kernel's make puts what can be booted."""

_CPU = "qemu64,+svm,+npt,+x2apic,+monitor,+arat"
_ONE = ("-accel", "tcg", "-icount", "shift=3,sleep=off", "-cpu", f"{_CPU},+tsc-deadline")
# QEMU hangs when it counts the instructions of several.
_SEVERAL = ("-accel", "tcg,thread=single", "-cpu", f"{_CPU},+avic,x-force-features=on")
_MACHINE = (
    *("-machine", "q35", "-m", "512"),
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
    cpus: int = 1

    def boot(self, number: int, objects: Path, walls: bool) -> StepRun:
        """Boot the image below ``objects``, the one of step ``number``."""
        image = objects / IMAGE
        words = f"{_WORDS} {self.append}".rstrip()
        processors = _ONE if self.cpus == 1 else (*_SEVERAL, "-smp", str(self.cpus))
        # By its full name, for the sandbox has a search path of its own.
        command = [shutil.which(QEMU) or QEMU, *_MACHINE, *processors]
        command += ["-kernel", str(image), "-initrd", str(self.initramfs), "-append", words]
        limits = Limits(self.seconds, _MEMORY, output=_OUTPUT)
        readable = (self.initramfs.parent, *toolchain(QEMU))
        sandbox = Sandbox(image.parent, readable, limits=limits)
        done = run_confined(command, sandbox, walls)
        output = done.output.decode("utf-8", "replace").replace("\r", "")
        tests = parse_ktap(output)
        stopped = done.stopped or _failed(done.status, output)
        return StepRun(number, tests, _end(tests, stopped, output), output, splats_in(output))


def no_machine() -> str | None:
    """Why nothing can be booted here, whatever is built; None when it can."""
    return None if shutil.which(QEMU) else f"{QEMU} is not installed"


def cannot_boot(objects: Path) -> str | None:
    """Why no kernel is booted, or None when one can be that is built below ``objects``."""
    try:
        config = (objects / ".config").read_text("utf-8", "replace")
    except OSError:
        return "the kernel has no configuration"
    missing = [one for one in _NEEDED if f"\nCONFIG_{one}=y\n" not in f"\n{config}"]
    if missing:
        return f"the configuration has no {', '.join(missing)}, without which nothing is seen"
    return None


_NEEDED = ("X86_64", "PRINTK", "SERIAL_8250_CONSOLE", "BLK_DEV_INITRD", "BINFMT_ELF")


def _failed(status: int, output: str) -> str | None:
    """What became of QEMU itself, if that did not end well; it does when the machine stops."""
    if status == 0:
        return None
    own = [line for line in output.split("\n") if line.startswith(_OWN)]
    said = killed_by(status) or f"ended with status {status}"
    return f"ended with QEMU, which {said}{''.join(f': {line}' for line in own[-1:])}"


def _end(tests: TestRun, stopped: str | None, output: str) -> str | None:
    if tests.complete or tests.cases or tests.started:
        return stopped
    said = last_words(re.sub(rf"^{_OWN}.*", "", output, flags=re.MULTILINE))
    end = stopped or ("says nothing in KTAP" if NO_OUTPUT in tests.faults else None)
    return f'{end}; the last that the kernel says is "{said[:200]}"' if said and end else end
