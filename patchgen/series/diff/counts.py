"""The only door to unidiff, which gives the counts that diffstats are held against."""

import re
from io import StringIO

from unidiff.constants import DEV_NULL
from unidiff.errors import UnidiffParseError
from unidiff.patch import PatchSet

from patchgen.series.diff.diffstat import FileChange, united
from patchgen.series.diff.header_names import name_of_line
from patchgen.series.diff.hunks import FileDiff
from patchgen.series.diff.quoting import unquoted
from patchgen.series.diff.scanner import scan
from patchgen.series.text import numbered

_UNSURE = re.compile(
    r"^diff --git (?!a/[^\s\"]+ b/[^\s\"]+$)|^(?:---|\+\+\+) (?!(?:[ab]/[^\s\"]+|/dev/null)$)",
    re.MULTILINE,
)
_HEAD = re.compile(
    r"diff --git |--- |\+\+\+ |(?:old|new|new file|deleted file) mode |(?:dis)?similarity index "
    r"|rename |copy |index |Binary files "
)


def count_changes(diff: str) -> tuple[FileChange, ...] | None:
    """What unidiff counts for every path of ``diff``, or None when it cannot read it.

    ``diff`` must be a decoded diff, never a raw mail: unidiff 1.0.1 finds nothing in base64 and
    finds files in prose. Source files of renames are given, copies look like renames to it.

    It cannot divide names that hold blanks from each other, nor take all prefixes off. Where
    there are such names, the scanner's are put in the place of those it finds.
    """
    found = _counted(diff)
    if found is not None and not _UNSURE.search(diff):
        return united(found)
    files = scan(numbered(diff)).files
    again = _counted(_with_plain_names(diff, files))
    if again is None or len(again) != len(files):
        return found and united(found)
    return united(
        FileChange(file.path, change.added, change.removed, _moved_from(file))
        for file, change in zip(files, again, strict=True)
    )


def _moved_from(file: FileDiff) -> str | None:
    return file.old_path if file.moved and file.old_path != file.new_path else None


def _with_plain_names(diff: str, files: tuple[FileDiff, ...]) -> str:
    """The diff with a number in the place of each file's names."""
    lines = diff.split("\n")
    for number, file in enumerate(files):
        at = file.line - 1
        end = file.hunks[0].line - 1 if file.hunks else len(lines)
        while at < end and _HEAD.match(lines[at]):
            lines[at] = _plain(lines[at].removesuffix("\r"), number)
            at += 1
    return "\n".join(lines)


def _plain(line: str, number: int) -> str:
    if line.startswith("diff --git "):
        return f"diff --git a/{number} b/{number}"
    if line.startswith("Binary files "):
        return f"Binary files a/{number} and b/{number} differ"
    if line.startswith(("--- ", "+++ ")) and name_of_line(line[4:], by_git=False) is not None:
        return f"{line[:4]}{'a' if line[0] == '-' else 'b'}/{number}"
    if line.startswith(("rename ", "copy ")):
        return f"{' '.join(line.split(' ')[:2])} {number}"
    return line


def _counted(diff: str) -> tuple[FileChange, ...] | None:
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


def _path(name: str) -> str:
    """Without quotes and the first component, as ``-p1`` takes it."""
    plain = unquoted(name.removesuffix("\r"))
    return plain.partition("/")[2] or plain
