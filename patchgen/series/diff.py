"""The only door to unidiff, which gives the counts that diffstats are held against."""

import re
from io import StringIO

from unidiff.constants import DEV_NULL
from unidiff.errors import UnidiffParseError
from unidiff.patch import PatchSet

from patchgen.series.diffstat import FileChange
from patchgen.series.quoting import unquoted
from patchgen.series.scanner import scan
from patchgen.series.text import numbered

_AMBIGUOUS = re.compile(r"^diff --git .* \"?b/.* \"?b/", re.MULTILINE)


def count_changes(diff: str) -> tuple[FileChange, ...] | None:
    """What unidiff counts for every file of ``diff``, or None when it cannot read it.

    ``diff`` must be a decoded diff, never a raw mail: unidiff 1.0.1 finds nothing in base64 and
    finds files in prose. Source files of renames are given, copies look like renames to it. It
    cannot divide the names where one holds `` b/``: there the scanner counts instead.
    """
    if _AMBIGUOUS.search(diff):
        return scanned_changes(diff)
    try:
        patch_set = PatchSet(StringIO(diff, newline="\n"))
    except UnidiffParseError:
        return None
    changes = []
    for file in patch_set:
        path = _path(file.target_file if file.target_file != DEV_NULL else file.source_file)
        old_path = _path(file.source_file) if file.is_rename else None
        binary = file.is_binary_file
        changes.append(
            FileChange(
                path,
                None if binary else file.added,
                None if binary else file.removed,
                old_path if old_path != path else None,
            )
        )
    return tuple(changes)


def scanned_changes(diff: str) -> tuple[FileChange, ...]:
    """What the strict scanner counts for every file of ``diff``."""
    return tuple(
        FileChange(
            file.path,
            None if file.binary else file.added,
            None if file.binary else file.removed,
            file.old_path if file.moved and file.old_path != file.new_path else None,
        )
        for file in scan(numbered(diff)).files
    )


def _path(name: str) -> str:
    """Without quotes and the first component, as ``-p1`` takes it."""
    plain = unquoted(name)
    return plain.partition("/")[2] or plain
