from pathlib import Path

import pytest

from tests.series.generated import bare_repository


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bare repository that the generated examples of one module share."""
    return bare_repository(tmp_path_factory.mktemp("git") / "generated.git")
