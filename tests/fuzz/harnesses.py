"""What is fuzzed: from bytes to everything that is read out of them, checks included."""

import hashlib
import random
import resource
import signal
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from patchgen.checks.catalogue import run_checks
from patchgen.errors import InputError
from patchgen.reading.assemble import cover_letter
from patchgen.reading.read import parse_series
from patchgen.series.claims import agrees, arithmetic, contradictions
from patchgen.series.diff.counts import count_changes
from patchgen.series.diff.diffstat import FileChange, find_diffstat
from patchgen.series.diff.scanner import scan
from patchgen.series.mail.message import parse_mail
from patchgen.series.parts import take_apart
from patchgen.series.shortlog import find_shortlog
from patchgen.series.text import from_bytes, numbered

HOME = Path("out/fuzz")
"""Where inputs that broke something are left."""
SLOWEST = 5.0
"""Seconds of computing that one input may take, however busy the machine is; they are small."""
BIGGEST = 300 * 1024
"""KiB that the process may have taken at its fullest."""


class TooMuchError(Exception):
    """An input took too long, or too much memory."""


def fuzz_mail(data: bytes) -> None:
    """One mail, its parts and its text."""
    mail = parse_mail(data, "x")
    take_apart(mail)
    assert all(line.number >= 1 for line in mail.text)


def fuzz_series(data: bytes) -> None:
    """Whatever a file may hold, up to the checks that need no git."""
    try:
        series = parse_series([("x", data)])
    except InputError:
        return
    list(run_checks([series, *series.patches]))


def fuzz_hunks(data: bytes) -> None:
    """A diff; every line that a hunk has was there."""
    text = from_bytes(data)
    lines = numbered(text)
    for file in scan(lines).files:
        for hunk in file.hunks:
            assert all(lines[line.number - 1] == line for line in hunk.lines)
    count_changes(text)


def fuzz_diffstat(data: bytes) -> None:
    """A table, held against itself and against a diff that is not its own."""
    table = find_diffstat(numbered(from_bytes(data)))
    if table is None:
        return
    changes = [FileChange(row.path, row.plus, row.minus) for row in table.rows]
    changes += [FileChange("x", None, None), FileChange("b", 10**6, 1, "a")]
    agrees(table, changes)
    list(contradictions(table, changes, "the diff"))
    list(arithmetic(table))


def fuzz_cover(data: bytes) -> None:
    """A cover letter."""
    mail = parse_mail(b"Subject: [PATCH 0/3] x\nFrom: A <a@x.org>\n\n" + data, "x")
    cover_letter(mail, mail.text)
    find_shortlog(numbered(from_bytes(data)))


HARNESSES: dict[str, Callable[[bytes], None]] = {
    "mail": fuzz_mail,
    "series": fuzz_series,
    "hunks": fuzz_hunks,
    "diffstat": fuzz_diffstat,
    "cover": fuzz_cover,
}


@contextmanager
def limits() -> Iterator[None]:
    """Raise TooMuchError when what is done here takes too long, or took too much memory."""

    def late(_number: int, _frame: FrameType | None) -> None:
        raise TooMuchError(f"longer than {SLOWEST} s")

    known = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    before = signal.signal(signal.SIGPROF, late)
    signal.setitimer(signal.ITIMER_PROF, SLOWEST)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    if peak > max(known, BIGGEST):
        raise TooMuchError(f"{peak} KiB at the fullest")


def seeded(text: str) -> random.Random:
    """A source of randomness that is the same for the same text."""
    return random.Random(text)


def survives(name: str, data: bytes) -> bool:
    """Whether a harness takes an input; one that breaks it in a new way is kept and shown."""
    try:
        with limits():
            HARNESSES[name](data)
    except TooMuchError as error:
        return _kept(name, data, str(error))
    except Exception as error:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{frame.filename}:{frame.lineno}"
        return _kept(name, data, f"{type(error).__name__} in {where}")
    return True


def _kept(name: str, data: bytes, why: str) -> bool:
    kept = HOME / f"broke-{name}-{hashlib.sha256(why.encode()).hexdigest()[:12]}"
    if not kept.exists() or kept.stat().st_size > len(data):
        kept.write_bytes(data)
        print(f"{kept}: {why}", flush=True)
    return False
