"""What the other patches of a series have to do with the lines that one misses."""

from collections.abc import Iterator, Sequence

from patchgen.series.diff.hunks import FileDiff, Hunk
from patchgen.series.model import Patch
from patchgen.trees.diagnosis.causes import Cause, Why


def missing_lines(hunk: Hunk, lines: Sequence[str]) -> tuple[str, ...]:
    """The lines with something in them that a hunk wants and a file does not have."""
    have = {*lines}
    return tuple(
        line.text
        for line in hunk.pre_image
        if line.text not in have and any(map(str.isalnum, line.text))
    )


def by_other_patches(
    patches: Sequence[Patch], patch: Patch, file: FileDiff, missing: Sequence[str]
) -> Iterator[Cause]:
    """A patch further down that adds what is missing, or one before that took it away."""
    if not missing:
        return
    for other in patches:
        if other.position == patch.position:
            continue
        later = other.position > patch.position
        mark = "+" if later else "-"
        texts = {
            line.text[1:]
            for one in other.diff.files
            if file.old_path in (one.path, one.old_path)
            for hunk in one.hunks
            for line in hunk.lines
            if line.text.startswith(mark)
        }
        found = next((text for text in missing if text in texts), None)
        if found is not None and later:
            yield Cause(
                Why.LATER_PATCH,
                f'patch {other.position} adds "{found.strip()}": it has to come before',
            )
        elif found is not None:
            yield Cause(Why.EARLIER_PATCH, f'patch {other.position} removes "{found.strip()}"')


def creates_later(patches: Sequence[Patch], patch: Patch, path: str) -> Iterator[Cause]:
    """A later patch that brings a file, or an earlier one that takes it away."""
    for other in patches:
        for file in other.diff.files:
            if other.position > patch.position and path == file.new_path != file.old_path:
                says = f'patch {other.position} brings "{path}": it has to come before'
                yield Cause(Why.LATER_PATCH, says)
            elif other.position < patch.position and path == file.old_path != file.new_path:
                how = f'renames "{path}" to "{file.new_path}"' if file.new_path else "removes it"
                yield Cause(Why.EARLIER_PATCH, f"patch {other.position} {how}")
