"""Generated series: patchgen finds no error in them, and sees in them what git-am does.

``make soak SERIES=2000`` runs more of them than a test run does; a series that fails is left in
``out/oracle``, and ``make soak SERIES=1 FIRST=<its seed>`` runs it alone.
"""

import os
import traceback
from pathlib import Path

import pytest

from tests.oracle.judging import differences, keep, make_series
from tests.series.generated import git

SERIES = int(os.environ.get("PATCHGEN_ORACLE_SERIES", "200"))
FIRST = int(os.environ.get("PATCHGEN_ORACLE_FIRST", "0"))


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("oracle") / "checkout"
    path.mkdir()
    git("init", "--quiet", ".", cwd=path)
    git("config", "gc.auto", "0", cwd=path)
    return path


@pytest.mark.parametrize("seed", range(FIRST, FIRST + SERIES))
def test_git_and_patchgen_agree(checkout: Path, tmp_path: Path, seed: int) -> None:
    made = make_series(seed, checkout, tmp_path)
    try:
        found = differences(checkout, made)
    except Exception:
        found = traceback.format_exc().splitlines()
    if found:
        place = keep(made, tmp_path, found)
        text = "\n".join([f"{place} (make soak SERIES=1 FIRST={seed}):", *found])
        pytest.fail(text.encode("utf-8", "backslashreplace").decode())
