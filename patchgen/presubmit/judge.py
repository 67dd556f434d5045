"""Verifying what was found to be submitted."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from patchgen.errors import InputError
from patchgen.presubmit.found import Nothing, Submission
from patchgen.reading.git_range import EmptyRange, read_range
from patchgen.reading.read import parse_series
from patchgen.report import Report
from patchgen.series.model import Series
from patchgen.stages.facts import Progress, Wishes
from patchgen.trees.base import NoBase
from patchgen.trees.repository import UserRepository
from patchgen.trees.scratch import scratch_repository
from patchgen.verify import verify_on, verify_range, verify_series

Judged = Report | Nothing


def judge_commits(
    user: UserRepository,
    found: Submission,
    wishes: Wishes,
    command: Callable[[str], str],
    workspace: Path,
    tell: Progress,
) -> Judged:
    """Verify a range of commits; ``command`` says how a person does that with a given range.

    Raises InputError when it cannot be read.
    """
    tell(f"reading {found.source}")
    opened = read_range(workspace, user, found.commits)
    if isinstance(opened, EmptyRange):
        return Nothing(found.source, opened.reason)
    report = verify_range(opened, wishes, workspace, tell)
    shown = f"{opened.base.commit[:12]}..{found.commits.tip[:12]}"
    return replace(report, command=command(shown))


def judge_mails(
    files: tuple[tuple[str, bytes], ...], wishes: Wishes, workspace: Path, tell: Progress
) -> Judged:
    """Verify the mails of a whole series. Without any patch there is nothing to verify."""
    try:
        series = replace(parse_series(files), part="")  # what is not among them is not sent
    except InputError as error:
        return Nothing(files[-1][0], error.message)
    return verify_series(series, wishes, workspace, tell)


def judge_alone(
    mail: tuple[str, bytes], because: str, wishes: Wishes, workspace: Path, tell: Progress
) -> Judged:
    """Verify one mail of a series without the others, and ``because`` of what.

    Its number means nothing then, and the tree it is for is not known.
    """
    try:
        series = parse_series([mail])
    except InputError as error:
        return Nothing(mail[0], error.message)
    base = NoBase(scratch_repository(workspace / "repository"), because)
    return verify_on(_unnumbered(series), base, wishes, workspace, tell)


def _unnumbered(series: Series) -> Series:
    patches = tuple(
        replace(patch, subject=replace(patch.subject, number=None, total=None))
        for patch in series.patches
    )
    return replace(series, patches=patches, base_commit=None)
