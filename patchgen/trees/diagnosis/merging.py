"""What a three-way merge would make of a patch that does not apply."""

from patchgen.series.diff.hunks import FileDiff
from patchgen.trees.diagnosis.causes import Cause, Why
from patchgen.trees.placement import PlacedFile, place_hunks
from patchgen.trees.repository import GitFailedError, Repository


def merged(repository: Repository, file: FileDiff, old: bytes, ours: bytes) -> Cause | None:
    """Merge the change to ``old``, on which the patch was made, into ``ours``; git does it."""
    placement = place_hunks(PlacedFile(old), file.hunks)
    if placement is None:
        return None
    names = []
    for name, data in (("ours", ours), ("old", old), ("theirs", placement.result)):
        (repository.git_dir / f"merge-{name}").write_bytes(data)
        names.append(f"merge-{name}")
    try:
        repository.run("merge-file", "-p", "-q", *names)
    except GitFailedError as error:
        if not 0 < error.status < 128:
            return None
        count = f"{error.status} conflict{'' if error.status == 1 else 's'}"
        return Cause(Why.CONFLICTS, f'git am -3 would leave {count} in "{file.path}"')
    return Cause(Why.MERGES, f'git am -3 would merge "{file.path}" without a conflict')
