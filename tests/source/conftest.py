"""Series made of whole trees, and what the checks say of their C files."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from patchgen.checks.catalogue import run_checks
from patchgen.findings import Finding
from patchgen.reading.read import parse_series
from patchgen.stages.facts import Facts, silent
from patchgen.stages.source import source_stage
from patchgen.trees.apply import apply_series
from patchgen.trees.base import Base, CommitBase, open_tree
from tests.series.generated import bare_repository, commit_trees, format_patch

Judge = Callable[[Sequence[Mapping[str, str]]], list[Finding]]


def judged(base: Base, mbox: bytes) -> tuple[list[Finding], Facts]:
    """What the checks say of the C files of a series on its base, and all that was gathered."""
    applied = apply_series(parse_series([("series.mbox", mbox)]), base)
    assert applied.refusal is None
    facts = Facts()
    source_stage(base, applied, facts, silent)
    return list(run_checks(facts.subjects)), facts


@pytest.fixture
def judge(tmp_path: Path, workspace: Path) -> Judge:
    """Make a series of trees, the first of them the base, and judge it."""
    repository = bare_repository(tmp_path / "judged.git")

    def made(trees: Sequence[Mapping[str, str]]) -> list[Finding]:
        files = [{path: ("100644", text.encode()) for path, text in tree.items()} for tree in trees]
        base, *_ = commit_trees(repository, files)
        opened = open_tree(workspace, str(repository), base, None)
        assert isinstance(opened, CommitBase)
        return judged(opened, format_patch(repository, base))[0]

    return made
