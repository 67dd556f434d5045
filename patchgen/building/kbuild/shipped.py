"""The ways to build a kernel that come with patchgen."""

import tomllib
from functools import cache
from pathlib import Path

from patchgen.settings.matrix import MatrixEntry, read_matrix

_MATRIX = Path(__file__).with_name("matrix.toml")


@cache
def shipped_matrix() -> dict[str, MatrixEntry]:
    """The entries that everybody can name, by their names."""
    table = tomllib.loads(_MATRIX.read_text("utf-8"))
    return {one.name: one for one in read_matrix(table["matrix"], _MATRIX.name)}
