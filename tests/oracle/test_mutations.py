"""Generated series with one thing wrong: what is found of each kind, printed with ``pytest -s``."""

import os
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from patchgen.errors import InputError
from patchgen.reading.read import parse_series
from patchgen.stages.facts import Wishes
from patchgen.trees.scratch import workspace
from patchgen.verify import verify_series
from tests.oracle.misstatements import MORE_KINDS
from tests.oracle.mutations import KINDS, Kind
from tests.series.generated import commit_trees, generated_trees, git

TRIES = int(os.environ.get("PATCHGEN_MUTATIONS", "6"))
AUTHOR = "Jörg Thor <author@example.com>"


@dataclass(frozen=True, slots=True)
class Made:
    """A good series: its base, its mails with the letter first, and what is found in it."""

    base: str
    mails: tuple[bytes, ...]
    told: frozenset[str]


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("mutations") / "git"
    path.mkdir()
    git("init", "--quiet", "--bare", ".", cwd=path)
    return path


@pytest.fixture(scope="module")
def made(repository: Path) -> Callable[[int], Made]:
    """A series for every seed; a base and the mails of a series on it."""

    @cache
    def make(seed: int) -> Made:
        source = random.Random(seed)
        trees = generated_trees(seed, changes=source.randint(2, 4), binary=seed % 3 == 0)
        messages = [
            f"area: change number {number}\n\nNot as älways.\n\nSigned-off-by: {AUTHOR}\n"
            for number in range(len(trees))
        ]
        base = commit_trees(repository, trees, messages, AUTHOR)[0]
        git("update-ref", "HEAD", base, cwd=repository)
        folder = repository.parent / str(seed)
        git(
            "-c", "core.abbrev=12", "format-patch", "--quiet", "--cover-letter", f"--base={base}",
            "-o", str(folder), f"{base}..tip", cwd=repository,
        )  # fmt: skip
        mails = [path.read_bytes() for path in sorted(folder.iterdir())]
        letter = mails[0].replace(b"*** SUBJECT HERE ***", b"area: changes")
        mails[0] = letter.replace(b"*** BLURB HERE ***", b"They are good.")
        return Made(base, tuple(mails), findings(mails, repository, base))

    return make


def findings(mails: Sequence[bytes], repository: Path, base: str | None) -> frozenset[str]:
    try:
        series = parse_series([(f"{at:04}.patch", mail) for at, mail in enumerate(mails)])
        with workspace() as folder:
            report = verify_series(series, Wishes(str(repository), base, build=False), folder)
    except InputError as error:
        return frozenset((f"refused: {error}",))
    return frozenset(finding.check for finding in report.findings)


@pytest.mark.parametrize("kind", [*KINDS, *MORE_KINDS], ids=lambda kind: kind.name)
def test_one_thing_wrong_is_found(
    kind: Kind, repository: Path, made: Callable[[int], Made]
) -> None:
    """By a check that is silent on the series as it was."""
    tried, found, missed = 0, 0, []
    seed = 0
    while tried < TRIES and seed < 30 * TRIES:
        seed += 1
        good = made(seed)
        mutated = kind.mutate(random.Random(seed), list(good.mails))
        if mutated is None or mutated == list(good.mails):
            continue
        tried += 1
        told = findings(mutated, repository, good.base if kind.on_base else None) - good.told
        if told & {*kind.found_by}:
            found += 1
        else:
            missed.append(f"seed {seed}: {sorted(told) or 'nothing'}")
    print(f"{kind.name}: {found} of {tried} found{'; ' + kind.why if kind.why else ''}")
    assert tried >= TRIES, "hardly a series has this"
    assert found >= kind.share * tried, "\n".join(missed)
