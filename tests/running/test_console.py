"""What kernels report on their consoles, found among everything else that they print."""

import random
import re

import pytest

from patchgen.running.console import Frame, Splat, Trouble, fresh_splats, last_words, splats_in
from tests.series.generated import seeds

# Each is what a kernel prints, the first line that is reported, and where it says it was.
OOPS = """\
BUG: kernel NULL pointer dereference, address: 0000000000000010
#PF: supervisor read access in kernel mode
Oops: 0000 [#1] PREEMPT SMP NOPTI
CPU: 1 PID: 77 Comm: test Not tainted 6.1.0 #2
RIP: 0010:lamp_dim+0x1c/0x40
Code: 48 8b 47 10 <48> 8b 00
Call Trace:
 <TASK>
 ? __die_body.cold+0x1a/0x1f
 lamp_ioctl.isra.0+0x91/0x2a0 [lamp]
 __x64_sys_ioctl+0x8f/0xd0
 </TASK>
CR2: 0000000000000010
---[ end trace 0000000000000000 ]---
RIP: 0010:lamp_dim+0x1c/0x40
"""
OLD_OOPS = """\
BUG: unable to handle kernel NULL pointer dereference at 0000000000000000
#PF error: [INSTR]
Oops: 0010 [#1] SMP
RIP: 0010:          (null)
Call Trace:
 kvm_create_lapic+0x8c/0x1d0
"""
GPF = """\
general protection fault, probably for non-canonical address 0xdead000000000100: 0000 [#1] SMP
RIP: 0010:lamp_free+0x11/0x30
Call Trace:
 lamp_exit+0x5/0x10
"""
BUG_ON = """\
kernel BUG at drivers/lamp.c:31!
invalid opcode: 0000 [#1] SMP
RIP: 0010:lamp_on+0x3/0x10
Call Trace:
 lamp_init+0x8/0x20
"""
WARN = """\
------------[ cut here ]------------
WARNING: CPU: 0 PID: 9 at drivers/lamp.c:12 lamp_on+0x3/0x10
RIP: 0010:lamp_on+0x3/0x10
Call Trace:
 lamp_init+0x8/0x20
---[ end trace 0000000000000000 ]---
"""
PANIC = """\
Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)
CPU: 0 PID: 1 Comm: swapper/0 Not tainted 6.1.0 #2
Call Trace:
 panic+0xd8/0x2a0
 mount_root+0x1/0x30
---[ end Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0) ]---
"""
SLEEPS = """\
BUG: sleeping function called from invalid context at mm/slab.h:270
in_atomic(): 1, irqs_disabled(): 1, pid: 3, name: lamp
Call Trace:
 __might_resched+0x11/0x30
"""
LOCKS = """\
WARNING: inconsistent lock state
lamp/3 [HC0[0]:SC0[0]:HE1:SE1] takes:
stack backtrace:
Call Trace:
 print_usage_bug+0x1/0x2
 lamp_irq+0x3/0x10
"""
LOCKUP = """\
watchdog: BUG: soft lockup - CPU#0 stuck for 22s! [lamp:3]
RIP: 0010:lamp_wait+0x3/0x10
"""
HUNG = """\
INFO: task lamp:3 blocked for more than 120 seconds.
Call Trace:
 schedule+0x3/0x10
"""
KASAN = """\
BUG: KASAN: slab-out-of-bounds in lamp_dim+0x1c/0x40
Read of size 8 at addr ffff888004012345 by task lamp/3
Call Trace:
 kasan_report+0x3/0x10
"""
ALL = {
    OOPS: (Trouble.OOPS, ("lamp_dim", "lamp_ioctl", "__x64_sys_ioctl")),
    OLD_OOPS: (Trouble.OOPS, ("(null)", "kvm_create_lapic")),
    GPF: (Trouble.OOPS, ("lamp_free", "lamp_exit")),
    BUG_ON: (Trouble.OOPS, ("lamp_on", "lamp_init")),
    WARN: (Trouble.WARNING, ("lamp_on", "lamp_init")),
    PANIC: (Trouble.PANIC, ("panic", "mount_root")),
    SLEEPS: (Trouble.LOCKING, ("__might_resched",)),
    LOCKS: (Trouble.LOCKING, ("print_usage_bug", "lamp_irq")),
    LOCKUP: (Trouble.STALL, ("lamp_wait",)),
    HUNG: (Trouble.STALL, ("schedule",)),
    KASAN: (Trouble.WARNING, ("kasan_report",)),
}
NOISE = (
    "Linux version 6.1.0 (me@example.com)",
    "Command line: console=ttyS0 panic=-1 oops=panic",
    "lamp: WARNING: the lamp is dim",
    "# BUG: is what the next test provokes",
    "ok 1 lamp # SKIP no BUG: here",
    "    ok 3 lamp/on",
    "KTAP version 1",
    "rcu: Hierarchical SRCU implementation.",
    "Oops is a word",
    "call trace: none",
    " lamp_on+0x3/0x10",
    "RIP: rest in peace",
    "INFO: lamp: 3 tasks blocked",
    "kvm: no hardware support for 'kvm_intel'",
    "\x1b[31m\x00\ufffd",
    "",
)


def timed(line: str, chosen: random.Random) -> str:
    stamp = f"[{chosen.uniform(0, 99):12.6f}] "
    return chosen.choice(("", stamp, f"<4>{stamp}", f"{stamp[:-1]}[    T1] ")) + line


def noise(chosen: random.Random, most: int) -> list[str]:
    return [timed(chosen.choice(NOISE), chosen) for _ in range(chosen.randrange(most))]


@pytest.mark.parametrize("text", ALL, ids=lambda text: text.split("\n")[0][:40])
def test_each_form_is_known_and_its_trace_read(text: str) -> None:
    trouble, trace = ALL[text]
    (splat,) = splats_in(text)
    assert splat.trouble is trouble
    assert splat.says in text.split("\n")
    assert tuple(frame.name for frame in splat.trace) == trace


@seeds(300)
def test_reports_are_found_in_order_among_noise_and_nothing_else_is(seed: int) -> None:
    """However they are stamped and mixed; a panic after an oops belongs to it."""
    chosen = random.Random(seed)
    lines, wanted = noise(chosen, 60), []
    lost = False
    for text in chosen.choices(list(ALL), k=chosen.randrange(6)):
        lines += [timed(line, chosen) for line in text.splitlines()]
        lines += [timed("ok 7 lamp", chosen), *noise(chosen, 60)]
        trouble, trace = ALL[text]
        if trouble is not Trouble.PANIC or not lost:
            wanted.append((trouble, trace))
        lost = lost or trouble is Trouble.OOPS
    found = splats_in("\n".join(lines))
    assert [(one.trouble, tuple(frame.name for frame in one.trace)) for one in found] == wanted


def test_guesses_of_the_unwinder_are_no_callers() -> None:
    (splat,) = splats_in(OOPS)
    assert splat.trace[1] == Frame("lamp_ioctl.isra.0", 0x91, 0x2A0, returns=True)
    assert "__die_body" not in str(splat)


def test_the_test_that_had_begun_is_named() -> None:
    (splat,) = splats_in(f"KTAP version 1\n1..2\n# case: on\nok 1 on\n    # case: dim\n{OOPS}")
    assert splat.case == "dim"


@seeds(100)
def test_what_was_there_before_is_not_new_wherever_it_lies_now(seed: int) -> None:
    chosen = random.Random(seed)
    alone = [text for text in ALL if text != PANIC]  # not the consequence of another
    before, after = chosen.sample(alone, k=4), chosen.sample(alone, k=4)
    moved = re.sub(
        r"0x[\da-f]+|(?<=PID: )\d+|(?<=c:)\d+",
        lambda match: "0x99" if match[0].startswith("0x") else str(chosen.randrange(1, 999)),
        "".join(after),
    )
    known = splats_in("".join(before))
    named = {splat.identity for splat in known}
    fresh = fresh_splats(splats_in(moved), known, ())
    assert fresh == tuple(one for one in splats_in(moved) if one.identity not in named)
    same = {one.identity for text in {*before} & {*after} for one in splats_in(text)}
    assert same.isdisjoint(one.identity for one in fresh)
    assert fresh_splats(splats_in(moved), (), splats_in("".join(after))) == ()


def test_one_of_a_kind_is_enough() -> None:
    found = splats_in(WARN + WARN.replace("c:12", "c:13") + SLEEPS)
    assert len(found) == 3
    assert fresh_splats(found, (), ()) == (found[0], found[2])


def test_a_console_without_end_is_read_in_time() -> None:
    text = "BUG: " + "x" * 50_000 + "\n" + "Call Trace:\n a+0x1/0x2\n" * 50_000
    assert splats_in(text)[0].trouble is Trouble.OOPS


def test_last_words_have_no_time() -> None:
    assert last_words("[    1.0] a\n[    2.0][    T1] Run /init\n\n[    3.0] \n") == "Run /init"
    assert last_words("") == ""


def test_a_splat_without_a_trace_has_an_identity() -> None:
    assert Splat(Trouble.PANIC, "Kernel panic - not syncing: 12").identity[1].endswith("#")
