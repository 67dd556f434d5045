"""What a kernel says on its console when something has gone wrong in it.

The forms are those of Linux: Documentation/admin-guide/bug-hunting.rst, and what lockdep, RCU,
the watchdogs and the sanitizers print.
"""

import enum
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

_PRINTK = re.compile(r"(?:<\d+>)?\[ *\d+\.\d+\](?:\[[^\]]*\])? ?")
_WIDEST = 1024
"""How much of a line is looked at: a record of the kernel's log is no longer."""
_LONGEST = 400
"""How many lines a report may have; lockdep's are long."""
_DEEPEST = 32
_FRAME = re.compile(
    r"(?P<unsure>\? )?(?P<name>[A-Za-z_][\w.]*)\+0x(?P<offset>[\da-f]+)/0x(?P<size>[\da-f]+)"
    r"(?: \[\w+\])?"
)
_IP = re.compile(r"(?:RIP|EIP|pc|PC is at)\s*:?\s+(?:[\da-f]{2,4}:)?\s*(?P<place>\S+)")
_AT_FUNCTION = re.compile(r" at (?:\S+:\d+ )?(?P<place>[\w.]+\+0x[\da-f]+/0x[\da-f]+)")
_COMPILERS_OWN = re.compile(r"\.(?:isra|part|constprop|cold)\b.*")
_NUMBER = re.compile(r"0x[\da-f]+|\b[\da-f]{8,}\b|\d+")
_TRACE_BEGINS = re.compile(r"(?:Call Trace|Call trace|stack backtrace|Backtrace)\s*:.*")
_OVER = re.compile(r"---\[ end .*\]---")


class Trouble(enum.Enum):
    """What happened; the words say what the kernel does."""

    OOPS = "oopses"
    PANIC = "panics"
    STALL = "stalls"
    LOCKING = "breaks a rule of locking"
    WARNING = "warns"

    @property
    def is_fatal(self) -> bool:
        """Whether a task or the whole machine has been lost."""
        return self in (Trouble.OOPS, Trouble.PANIC, Trouble.STALL)


_FIRST_LINES = tuple(
    (trouble, re.compile(pattern))
    for trouble, pattern in (
        (Trouble.PANIC, r"Kernel panic - not syncing: .*"),
        (Trouble.STALL, r"(?:watchdog: )?BUG: (?:soft lockup|workqueue lockup) - .*"),
        (Trouble.STALL, r"(?:NMI watchdog: )?Watchdog detected hard LOCKUP .*"),
        (Trouble.STALL, r"INFO: task .* blocked for more than \d+ seconds\."),
        (Trouble.STALL, r"(?:rcu: )?INFO: \w+ (?:self-detected stall|detected stalls?).*"),
        (
            Trouble.LOCKING,
            r"(?:WARNING|BUG|INFO): (?:possible (?:circular|recursive|irq) .*|inconsistent lock"
            r" state|suspicious RCU usage\.?|bad unlock balance detected!|.* lock order .*"
            r"|held lock freed!|lock held when returning to user space!"
            r"|trying to register non-static key\.|.*-safe -> .*-unsafe lock order detected)",
        ),
        (
            Trouble.LOCKING,
            r"BUG: (?:sleeping function called from invalid context|scheduling while atomic"
            r"|spinlock |rwlock |using \w+\(\) in preemptible|Invalid wait context).*",
        ),
        (Trouble.WARNING, r"BUG: (?:KASAN|KCSAN|KMSAN|KFENCE): .*"),
        (Trouble.WARNING, r"BUG \S+ \([^)]*\): .*"),
        (Trouble.WARNING, r"BUG: memory leak.*"),
        (Trouble.WARNING, r"UBSAN: .*"),
        (Trouble.WARNING, r"unchecked MSR access error: .*"),
        (Trouble.OOPS, r"BUG: .*"),
        (Trouble.OOPS, r"kernel BUG at \S+:\d+!"),
        (Trouble.OOPS, r"Unable to handle kernel .*"),
        (
            Trouble.OOPS,
            r"(?:general protection fault|divide error|invalid opcode|int3).*\[#\d+\].*",
        ),
        (Trouble.OOPS, r"(?:stack segment|double fault|Oops|Internal error)\b.*\[#\d+\].*"),
        (Trouble.WARNING, r"WARNING: .*"),
    )
)
_SAME_OOPS = re.compile(r"(?:Oops|invalid opcode): .*\[#\d+\].*")


@dataclass(frozen=True, slots=True)
class Frame:
    """A place in the code: a function, and how far into it of how many bytes.

    ``returns`` says that a call returns to it, ``source`` is ``file:line`` where that is known.
    """

    function: str
    offset: int = 0
    size: int = 0
    source: str = ""
    returns: bool = False

    @property
    def name(self) -> str:
        """The function as it stands in the source."""
        return _COMPILERS_OWN.sub("", self.function)

    def __str__(self) -> str:
        return f"{self.name} ({self.source})" if self.source else self.name


@dataclass(frozen=True, slots=True)
class Splat:
    """One report of trouble: its first line, and where it was, the innermost function first.

    ``case`` is the test that had been announced last, empty before the first.
    """

    trouble: Trouble
    says: str
    trace: tuple[Frame, ...] = ()
    case: str = ""

    @property
    def identity(self) -> tuple[Trouble, str, str]:
        """What stays the same when addresses, lines and processes are others."""
        return self.trouble, _NUMBER.sub("#", self.says), self.trace[0].name if self.trace else ""


def splats_in(output: str) -> tuple[Splat, ...]:
    """All reports in what a machine printed, in order; a panic that follows an oops is part of it.

    Never raises, whatever stands there.
    """
    lines = [_PRINTK.sub("", line[:_WIDEST], count=1).rstrip() for line in output.split("\n")]
    return tuple(_without_consequences(_splats(lines)))


def fresh_splats(
    now: Sequence[Splat], before: Iterable[Splat], base: Iterable[Splat]
) -> tuple[Splat, ...]:
    """Those that neither the step before nor the base had; one of each kind."""
    known = {splat.identity for splat in (*before, *base)}
    fresh: dict[tuple[Trouble, str, str], Splat] = {}
    for splat in now:
        if splat.identity not in known:
            fresh.setdefault(splat.identity, splat)
    return tuple(fresh.values())


def last_words(output: str) -> str:
    """The last line that says something, without its time."""
    lines = (_PRINTK.sub("", line[:_WIDEST], count=1).strip() for line in output.split("\n")[::-1])
    return next((line for line in lines if line), "")


def _trouble(line: str) -> Trouble | None:
    return next((trouble for trouble, first in _FIRST_LINES if first.fullmatch(line)), None)


def _splats(lines: Sequence[str]) -> Iterator[Splat]:
    at, case = 0, ""
    while at < len(lines):
        line = lines[at].strip()
        at += 1
        if announced := re.fullmatch(r"# (?:case|Subtest): (\S.*)", line):
            case = announced[1]
        if trouble := _trouble(line):
            body = []
            for next_line in lines[at : at + _LONGEST]:
                if _ends(trouble, next_line.strip()):
                    break
                body.append(next_line.strip())
            at += len(body)
            yield Splat(trouble, line, tuple(_trace(line, body)), case)


def _ends(trouble: Trouble, line: str) -> bool:
    """Whether a line is no more part of a report: the next one begins, or tests go on."""
    if _OVER.fullmatch(line) or line.startswith(("ok ", "not ok ", "# ", "KTAP version")):
        return True
    again = trouble is Trouble.OOPS and _SAME_OOPS.fullmatch(line)
    return _trouble(line) is not None and not again


def _trace(first: str, body: Sequence[str]) -> Iterator[Frame]:
    """Where it was: the instruction, then its callers; guesses of the unwinder are left out."""
    found: list[Frame] = []
    if at := _AT_FUNCTION.search(first):
        found += _frame(at["place"])
    tracing = False
    for line in body:
        if ip := _IP.match(line):
            if not found:
                found += _frame(ip["place"]) or [Frame(ip["place"])]
        elif _TRACE_BEGINS.fullmatch(line):
            tracing = True
        elif tracing and (frame := _FRAME.fullmatch(line)):
            if not frame["unsure"]:
                found.append(replace(_frame_of(frame), returns=True))
        elif tracing and not line.startswith(("<", "[<")):
            tracing = False
    yield from found[:_DEEPEST]


def _frame(place: str) -> list[Frame]:
    match = _FRAME.fullmatch(place)
    return [_frame_of(match)] if match else []


def _frame_of(match: re.Match[str]) -> Frame:
    return Frame(match["name"], int(match["offset"], 16), int(match["size"], 16))


def _without_consequences(splats: Iterable[Splat]) -> Iterator[Splat]:
    fatal = False
    for splat in splats:
        if splat.trouble is Trouble.PANIC and fatal:
            continue
        fatal = fatal or splat.trouble is Trouble.OOPS
        yield splat


def located(splat: Splat, sources: Mapping[Frame, str]) -> Splat:
    """The splat with ``file:line`` at those frames of which they are known."""
    trace = (replace(frame, source=sources.get(frame, "")) for frame in splat.trace)
    return replace(splat, trace=tuple(trace))
