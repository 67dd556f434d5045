"""What a patch makes of the files it touches, where there is no doubt about it.

git looks for a hunk first on the line that its header names, and takes it there if all its lines
are there. Only that is done here; whatever else there is in a patch is for git alone to decide.
"""

from collections.abc import Mapping, Sequence
from itertools import chain

from patchgen.series.hunks import FileDiff, Hunk
from patchgen.series.model import Patch
from patchgen.series.text import to_bytes
from patchgen.trees.importing import TreeFile

_PLAIN = ("100644", "100755")

Changes = Mapping[str, TreeFile | None]
"""Files by path with what becomes of them; None is a deletion."""


def foresee(patch: Patch, files: Mapping[str, TreeFile]) -> Changes | None:
    """What git will make of ``files``, or None when that is not sure.

    Not sure are links, binary files, copies and renames, a path that is there twice, odd diffs,
    and hunks that are not found right where they say.
    """
    paths = [{file.old_path, file.new_path} - {None} for file in patch.diff.files]
    twice = len([*chain(*paths)]) > len({*chain(*paths)})
    if patch.diff.irregularities or twice or not patch.diff.files:
        return None
    changes: dict[str, TreeFile | None] = {}
    for file in patch.diff.files:
        if file.binary or (file.old_path and file.new_path and file.old_path != file.new_path):
            return None
        old = files.get(file.path)
        if (old is None) != (file.old_path is None) or (old and old.mode not in _PLAIN):
            return None
        new = _made(file, old)
        if new is None:
            return None
        changes[file.path] = new if file.new_path else None
    return changes


def _made(file: FileDiff, old: TreeFile | None) -> TreeFile | None:
    mode = file.new_mode or (old.mode if old else "")
    data = placed(old.data if old else b"", file.hunks)
    if data is None or mode not in _PLAIN or (data and not file.new_path):
        return None
    return TreeFile(mode, data)


def placed(data: bytes, hunks: Sequence[Hunk]) -> bytes | None:
    """The file with all hunks put where their headers say, or None when one does not fit there.

    As in ``apply_one_fragment()`` of git's apply.c: the line is that of the new file, a hunk of
    the first line is at the beginning, one without trailing context at the end, and lines that an
    earlier hunk has gone over are not looked at again.
    """
    lines = data.split(b"\n")
    last = lines.pop()
    lines = [line + b"\n" for line in lines] + ([last] if last else [])
    out: list[bytes] = []
    done = 0
    for hunk in hunks:
        old, new = image(hunk, "-"), image(hunk, "+")
        at = max(hunk.new_start - 1, 0) - len(out) + done
        end = at + len(old)
        if at < done or lines[at:end] != old or end > len(lines):
            return None
        if (hunk.old_start <= 1 and (at or out)) or (_ends(hunk) and end != len(lines)):
            return None
        out += lines[done:at]
        out += new
        done = end
    return b"".join([*out, *lines[done:]])


def _ends(hunk: Hunk) -> bool:
    """Whether a hunk has no context below its changes, and so must be at the end of the file."""
    marks = [line.text[:1] for line in hunk.lines if not line.text.startswith("\\")]
    return marks[-1:] not in ([" "], [""])


def image(hunk: Hunk, side: str) -> list[bytes]:
    """The lines of the pre-image (``-``) or the post-image (``+``) as the file holds them."""
    found: list[bytes] = []
    ours = False
    for _, text in hunk.lines:
        if text.startswith("\\"):
            if ours and found:
                found[-1] = found[-1].removesuffix(b"\n")
            continue
        ours = text[:1] in (" ", "", side)
        if ours:
            found.append(to_bytes(text[1:]) + b"\n")
    return found
