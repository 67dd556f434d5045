from pathlib import Path

import pytest

from tests.trees.lamp import make_lamp, post_series


@pytest.fixture
def lamp(tmp_path: Path) -> Path:
    """A small checkout."""
    return make_lamp(tmp_path / "lamp")


@pytest.fixture
def posted(lamp: Path, tmp_path: Path) -> Path:
    """A series for it, with nothing wrong."""
    return post_series(lamp, tmp_path / "posted")
