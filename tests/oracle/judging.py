"""Holding what patchgen says of a series against what git-am makes of it."""

import email.utils
import random
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from patchgen.findings import Severity
from patchgen.reading.read import read_series
from patchgen.series.model import Patch, Series
from patchgen.series.text import to_bytes
from patchgen.stages.facts import Wishes
from patchgen.trees.apply import AppliedSeries, apply_series
from patchgen.trees.base import Base
from patchgen.trees.scratch import workspace
from patchgen.verify import verify_series
from tests.oracle.history import history, write_history
from tests.oracle.posting import Posting, post
from tests.oracle.transport import CONTAINERS, TRANSPORTS
from tests.series.generated import crud, git
from tests.series.recorded import recorded

HALF = {"-U0", "-s", "-B"}
"""Options that make mails which git-am does not apply everywhere, or not at all."""


@dataclass(frozen=True, slots=True)
class Made:
    """A generated series on disk, and how it came about.

    ``sources`` is what patchgen is given, ``for_am`` what git-am is: the same without the letter.
    ``returns`` says whether there are CRs in any file.
    """

    seed: int
    base: str
    tip: str
    returns: bool
    posting: Posting
    transport: str
    sources: list[str]
    for_am: list[str]


@dataclass(frozen=True, slots=True)
class Record:
    """What git-am records of one patch; the date is seconds and zone."""

    name: bytes
    address: bytes
    date: tuple[int, int]
    message: bytes
    commit: str


def make_series(seed: int, repository: Path, folder: Path) -> Made:
    """The series of a seed, written below ``folder``."""
    source = random.Random(seed)
    made = history(source, source.choice((1, 1, 2, 3, 4, 5, 8)))
    commits = write_history(repository, made)
    returns = any(b"\r" in data for commit in made for _, data in commit.tree.values())
    posting = post(source, repository, commits[0], folder / "posted")
    change = source.choice(TRANSPORTS)
    mails = [change(source, mail) for mail in posting.mails]
    keep = source.choice(CONTAINERS)
    kept = keep(folder / "series", mails, posting.has_cover)
    transport = f"{change.__name__} {keep.__name__}"
    return Made(
        seed, commits[0], commits[-1], returns, posting, transport, kept.sources, kept.for_am
    )


def am(checkout: Path, made: Made) -> list[Record]:
    """What git-am records of the series, up to the patch that it refuses."""
    git("am", "--quit", cwd=checkout, check=False)
    git("checkout", "--quiet", "--force", "--detach", made.base, cwd=checkout)
    git("clean", "-fdxq", cwd=checkout)
    git("-c", "core.hooksPath=/dev/null", "am", "--quiet", *made.for_am, cwd=checkout, check=False)
    listed = git(
        "log", "--reverse", "--date=raw", "-z", "--format=%an%n%ae%n%ad%n%H%n%B",
        f"{made.base}..HEAD", cwd=checkout,
    )  # fmt: skip
    found = []
    for entry in listed.split(b"\0"):
        if entry:
            name, address, date, commit, message = entry.split(b"\n", 4)
            seconds, zone = date.split()
            found.append(Record(name, address, (int(seconds), int(zone)), message, commit.decode()))
    return found


def differences(checkout: Path, made: Made) -> list[str]:
    """Everything in which patchgen and git disagree about a series; empty when they agree."""
    records = am(checkout, made)
    series = read_series(made.sources)
    found: list[str] = []
    if len(series.patches) != len(made.posting.mails) - made.posting.has_cover:
        return [f"{len(series.patches)} patches read, {len(made.posting.mails)} mails"]
    if bool(series.cover) != made.posting.has_cover:
        found.append("cover letter not seen, or seen where there is none")
    for patch, record in zip(series.patches, records, strict=False):
        found += _differing(patch, record)
    with workspace() as folder:
        found += _verified(series, checkout, made, records, folder)
    return found


def _verified(
    series: Series, checkout: Path, made: Made, records: Sequence[Record], folder: Path
) -> list[str]:
    seen: list[AppliedSeries] = []

    def overheard(series: Series, base: Base) -> AppliedSeries:
        seen.append(apply_series(series, base))
        return seen[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("patchgen.stages.apply.apply_series", overheard)
        report = verify_series(series, Wishes(str(checkout), made.base, build=False), folder)
    (applied,) = seen
    told = [
        f"{finding.problem.location.file}:{finding.problem.location.line}: "
        f"{finding.problem.message} [{finding.check}]"
        for finding in report.findings
        if finding.severity >= Severity.ERROR
        and not (finding.check == "mail-unreadable" and _misdeclared(made.posting))
    ]
    found = _trees(applied, checkout, records)
    if len(applied.steps) != len(records):
        found.append(f"git-am stops after {len(records)}, patchgen after {len(applied.steps)}")
    if _arrived(checkout, made, records):
        return found + (told if _titled(checkout, made, records) else [])
    if not made.returns and not HALF & {*made.posting.options}:
        found.append("git-am makes another tree than the author had, and there is no CR")
    return found


def _misdeclared(posting: Posting) -> bool:
    """Whether git says UTF-8, as it does in all attachments, of a message it wrote in Latin-1."""
    return bool({"--attach", "--inline"} & {*posting.options}) and any(
        setting.startswith("i18n.logOutputEncoding=") for setting in posting.settings
    )


def _arrived(checkout: Path, made: Made, records: Sequence[Record]) -> bool:
    """Whether git-am makes the very tree that the author had.

    If not, CRs of the content were lost on the way, and that is no good series any more.
    """
    last = records[-1].commit if records else made.base
    trees = git("rev-parse", f"{last}^{{tree}}", f"{made.tip}^{{tree}}", cwd=checkout).split()
    return trees[0] == trees[1]


def _titled(checkout: Path, made: Made, records: Sequence[Record]) -> bool:
    """Whether git-am records the authors and titles that were given.

    If not, git-format-patch wrote them in an encoding that does not have their letters, and the
    letter is right to disagree with the patches.
    """
    words = ("log", "--reverse", "--encoding=UTF-8", "--format=%an: %s", f"{made.base}..{made.tip}")
    given = git(*words, cwd=checkout).decode("utf-8", "replace").splitlines()
    taken = [
        (record.name + b": " + record.message.split(b"\n")[0]).decode("utf-8", "replace")
        for record in records
    ]
    return [" ".join(line.split()) for line in given] == taken


def _trees(applied: AppliedSeries, checkout: Path, records: Sequence[Record]) -> list[str]:
    """Trees that are not git-am's, as far as ours go: they hold the touched files only."""
    pairs = [
        f"{step.after} {record.commit}^{{tree}}"
        for step, record in zip(applied.steps, records, strict=False)
    ]
    if not pairs:
        return []
    objects = applied.repository.git_dir / "applied"
    trees = git("rev-parse", *(pair.split()[1] for pair in pairs), cwd=checkout).decode().split()
    stdin = "".join(f"{pair.split()[0]} {tree}\n" for pair, tree in zip(pairs, trees, strict=True))
    output = git(
        "diff-tree", "--stdin", "-r", "--raw", "--no-renames", "-z", "--diff-filter=MDT",
        cwd=checkout, stdin=stdin.encode(), env={"GIT_ALTERNATE_OBJECT_DIRECTORIES": str(objects)},
    )  # fmt: skip
    return [f"trees differ: {output!r}"] if b":" in output else []


def _differing(patch: Patch, record: Record) -> list[str]:
    read = recorded(patch, crud())
    name, address = to_bytes(read.author.name), to_bytes(read.author.email)
    ours = Record(name, address, _date(read.date), read.message, "")
    return [
        f"patch {patch.position}: {field} is {getattr(ours, field)!r}, for git-am "
        f"{getattr(record, field)!r}"
        for field in ("name", "address", "date", "message")
        if getattr(ours, field) != getattr(record, field)
    ]


def _date(text: str) -> tuple[int, int]:
    parsed = email.utils.parsedate_tz(text)
    if parsed is None:
        return (0, 0)
    seconds = parsed[9] or 0
    sign = -1 if seconds < 0 else 1
    minutes = abs(seconds) // 60
    return (email.utils.mktime_tz(parsed), sign * (minutes // 60 * 100 + minutes % 60))


def keep(made: Made, folder: Path, found: Sequence[str]) -> Path:
    """Leave a series that failed where somebody can look at it."""
    place = Path("out/oracle") / f"seed-{made.seed}"
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(folder, place)
    told = [repr(made.posting.settings), repr(made.posting.options), made.transport, made.base]
    (place / "why.txt").write_text("\n".join([*told, *found]) + "\n", "utf-8", "backslashreplace")
    return place
