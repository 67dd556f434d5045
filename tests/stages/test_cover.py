"""Cover letters of generated series, judged without their base; git wrote them, so they are right.

The trees are small and full of lines that are alike, which is where composing is hardest.
"""

import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from patchgen.checks.catalogue import run_checks
from patchgen.findings import Finding, Severity
from patchgen.reading.read import parse_series
from patchgen.series.composed.composition import compose
from patchgen.stages.cover import cover_stage
from patchgen.stages.facts import Facts
from patchgen.trees.changes import WAYS_TO_DIFF, tree_changes
from patchgen.trees.repository import Repository
from patchgen.trees.scratch import scratch_repository
from tests.series.generated import (
    bare_repository,
    commit_trees,
    format_patch,
    generated_trees,
    git,
    seeds,
)

CHOICES = (
    (),
    ("-M",),
    ("-C",),
    ("--no-renames",),
    ("--diff-algorithm=histogram",),
    ("--diff-algorithm=patience",),
    ("--diff-algorithm=minimal",),
)
WIDTHS = (72, 80, 100, 120)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bare_repository(tmp_path_factory.mktemp("git") / "generated.git")


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    return scratch_repository(tmp_path_factory.mktemp("scratch") / "repository")


def posted(repository: Path, seed: int) -> str:
    """A series of two to eight patches with a cover letter, formatted in some way."""
    source = random.Random(seed)
    commits = commit_trees(repository, generated_trees(seed, source.randint(2, 8)))
    options = ["--cover-letter", f"-U{source.randint(0, 10)}", *source.choice(CHOICES)]
    options.append(f"--stat={source.choice(WIDTHS)}")
    if source.random() < 0.3:
        options.append("--compact-summary")
    return format_patch(repository, commits[0], *options).decode("utf-8", "surrogateescape")


def found(text: str, scratch: Repository) -> list[Finding]:
    series = parse_series([("all.mbox", text.encode("utf-8", "surrogateescape"))])
    assert series.cover is not None
    facts = Facts()
    cover_stage(series, None, scratch, facts)
    return list(run_checks(facts.subjects))


def told(findings: list[Finding]) -> list[str]:
    return [f"{finding.check}: {finding.problem.message}" for finding in findings]


@seeds(60, 342)
def test_what_git_wrote_is_never_called_wrong(
    repository: Path, scratch: Repository, seed: int
) -> None:
    text = posted(repository, seed)
    wrong = [one for one in found(text, scratch) if one.severity > Severity.NOTE]
    assert told(wrong) == []


def letter_of(text: str) -> int:
    """Where the cover letter ends."""
    return text.index("\nFrom ", 1)


def numbers(text: str) -> Iterator[re.Match[str]]:
    """The counts of a cover letter: of its shortlog, its rows, its summary line."""
    end = letter_of(text)
    yield from re.finditer(r"^.* \((\d+)\):$", text[:end], re.MULTILINE)
    summary = re.search(r"^ (\d+) files? changed(.*)$", text[:end], re.MULTILINE)
    if summary:
        table = text.rindex("\n\n", 0, summary.start())
        yield from re.compile(r" +\| +(\d+)(?= ?[+-]*$)", re.MULTILINE).finditer(
            text, table, summary.start()
        )
        yield from re.compile(r"(\d+) (?:file|insert|delet)").finditer(
            text, summary.start(), summary.end()
        )


@seeds(40)
def test_a_count_that_is_changed_is_found(repository: Path, scratch: Repository, seed: int) -> None:
    text = posted(repository, seed)
    source = random.Random(seed)
    places = list(numbers(text))
    for match in source.sample(places, min(3, len(places))):
        other = str(int(match[1]) + source.choice((1, 2, 7)))
        damaged = text[: match.start(1)] + other + text[match.end(1) :]
        errors = [one for one in found(damaged, scratch) if one.severity is Severity.ERROR]
        assert errors, match[0]


@seeds(40)
def test_every_diff_of_git_is_within_the_bounds(
    repository: Path, scratch: Repository, seed: int
) -> None:
    text = posted(repository, seed).encode("utf-8", "surrogateescape")
    known = compose(parse_series([("all.mbox", text)]).patches).bounds
    tip = git("rev-parse", "tip", cwd=repository).decode().strip()
    base = git("rev-list", "--max-parents=0", tip, cwd=repository).decode().strip()
    for options in WAYS_TO_DIFF:
        for change in tree_changes(Repository(repository), base, tip, *options):
            bound = known.get(change.path)
            if bound and change.old_path is None and change.changes is not None:
                assert bound.least <= change.changes
                assert bound.most is None or change.changes <= bound.most
