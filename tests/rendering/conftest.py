from pathlib import Path

import pytest

from tests.trees.lamp import make_lamp, write_template


@pytest.fixture
def lamp(tmp_path: Path) -> Path:
    """A small checkout."""
    return make_lamp(tmp_path / "lamp")


@pytest.fixture
def dim(tmp_path: Path) -> Path:
    """A template for it."""
    return write_template(tmp_path / "dim")
