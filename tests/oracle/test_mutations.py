"""Generated series with one thing wrong: what is found of each kind, printed with ``pytest -s``."""

import os
import random
from pathlib import Path

import pytest

from patchgen.reading.read import parse_series
from patchgen.stages.facts import Wishes
from patchgen.trees.scratch import workspace
from patchgen.verify import verify_series
from tests.oracle.mutations import KINDS, Kind
from tests.series.generated import commit_trees, generated_trees, git

TRIES = int(os.environ.get("PATCHGEN_MUTATIONS", "6"))


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("mutations") / "git"
    path.mkdir()
    git("init", "--quiet", "--bare", ".", cwd=path)
    return path


def made(seed: int, repository: Path, folder: Path) -> tuple[str, list[bytes]]:
    """A base and the mails of a series on it, the letter first."""
    source = random.Random(seed)
    trees = generated_trees(seed, changes=source.randint(2, 4), binary=False)
    messages = [
        f"area: change number {number}\n\nWhy.\n\nSigned-off-by: A U Thor <author@example.com>\n"
        for number in range(len(trees))
    ]
    base = commit_trees(repository, trees, messages)[0]
    git(
        "-c", "core.abbrev=12", "format-patch", "--quiet", "--cover-letter", "-o", str(folder),
        f"{base}..tip", cwd=repository,
    )  # fmt: skip
    mails = [path.read_bytes() for path in sorted(folder.iterdir())]
    letter = mails[0].replace(b"*** SUBJECT HERE ***", b"area: changes")
    mails[0] = letter.replace(b"*** BLURB HERE ***", b"They are good.")
    return base, mails


def findings(mails: list[bytes], repository: Path, base: str) -> set[str]:
    series = parse_series([(f"{at:04}.patch", mail) for at, mail in enumerate(mails)])
    with workspace() as folder:
        report = verify_series(series, Wishes(str(repository), base, build=False), folder)
    return {finding.check for finding in report.findings}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_one_thing_wrong_is_found(kind: Kind, repository: Path, tmp_path: Path) -> None:
    tried, found, missed = 0, 0, []
    seed = 0
    while tried < TRIES and seed < 20 * TRIES:
        seed += 1
        base, mails = made(seed, repository, tmp_path / str(seed))
        mutated = kind.mutate(random.Random(seed), list(mails))
        if mutated is None or mutated == mails:
            continue
        tried += 1
        told = findings(mutated, repository, base)
        if told & {*kind.found_by}:
            found += 1
        else:
            missed.append(f"seed {seed}: {sorted(told) or 'nothing'}")
    print(f"{kind.name}: {found} of {tried} found{'; ' + kind.why if kind.why else ''}")
    assert tried >= TRIES, "hardly a series has this"
    assert found >= kind.share * tried, "\n".join(missed)
