"""Blobs given to git in a pack: the ids are git's own."""

from pathlib import Path

import pytest

from patchgen.trees.packing import blob_id, write_blobs
from patchgen.trees.repository import Repository
from tests.series.generated import git

SIZES = (0, 1, 15, 16, 17, 2047, 2048, 65_535, 65_536, 262_143, 262_144, 1_000_000)


@pytest.mark.parametrize("kind", ["sha1", "sha256"])
def test_git_finds_what_was_written(tmp_path: Path, kind: str) -> None:
    git("init", "--quiet", "--bare", f"--object-format={kind}", ".", cwd=tmp_path)
    like = "0" * (40 if kind == "sha1" else 64)
    blobs = [bytes(number % 251 for number in range(size)) for size in SIZES]
    write_blobs(Repository(tmp_path), blobs, {}, like)
    for data in blobs:
        assert git("cat-file", "blob", blob_id(data, like), cwd=tmp_path) == data
    git("fsck", "--strict", cwd=tmp_path)
