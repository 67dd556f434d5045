"""The lines below a diffstat that ``git diff --summary`` prints: files that come, go and move.

They are written as ``diff_summary()`` in git's diff.c writes them.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from patchgen.series.diff.diffstat import FileChange, shown_name
from patchgen.series.diff.hunks import FileDiff
from patchgen.series.diff.quoting import quoted
from patchgen.series.text import Line, Lines

_LINE = re.compile(
    r" (?:(?:create|delete) mode [0-7]{6} .+|mode change [0-7]{6} => [0-7]{6}(?: .+)?"
    r"|(?:rename|copy) .+ => .+ \(\d+%\)|rewrite .+ \(\d+%\))"
)


def find_summary(notes: Lines) -> tuple[Line, ...]:
    """The summary lines among ``notes``, what stands between marker line and diff."""
    return tuple(line for line in notes if _LINE.fullmatch(line.text))


def summary_of(file: FileDiff) -> Iterator[tuple[str, ...]]:
    """The lines git prints for a file; of several ways to write a name, each one."""
    if file.created or file.deleted:
        kind, mode = ("create", file.new_mode) if file.created else ("delete", file.old_mode)
        yield tuple(f" {kind} mode {mode} {name}" for name in _names(file.path))
        return
    changed = ""
    if file.old_mode and file.new_mode and file.old_mode != file.new_mode:
        changed = f" mode change {file.old_mode} => {file.new_mode}"
    if file.moved:
        kind = "rename" if file.renamed else "copy"
        name = shown_name(FileChange(file.path, None, None, file.old_path))
        pairs = zip(_names(file.old_path or ""), _names(file.path), strict=True)
        ways = dict.fromkeys((name, *(f"{old} => {new}" for old, new in pairs)))
        yield tuple(f" {kind} {one} ({file.similarity or 0}%)" for one in ways)
    elif file.similarity is not None:
        yield tuple(f" rewrite {one} ({file.similarity}%)" for one in _names(file.path))
    if changed and (file.moved or file.similarity is not None):
        yield (changed,)
    elif changed:
        yield tuple(f"{changed} {name}" for name in _names(file.path))


def summary_of_all(
    files: Iterable[FileDiff], said: Iterable[str]
) -> Iterator[tuple[FileDiff, tuple[str, ...]]]:
    """The lines git prints for all files, each with the file.

    A file that becomes one of another kind is deleted and created in the diff. In the summary the
    two are a change of its mode, with a rewrite above it under --break-rewrites.
    """
    files = tuple(files)
    deleted = {file.path: file for file in files if file.deleted}
    rewritten = {text.rpartition(" (")[0]: text for text in said if text.startswith(" rewrite ")}
    turned = {file.path for file in files if file.created and file.path in deleted}
    for file in files:
        if file.path not in turned:
            for ways in summary_of(file):
                yield file, ways
        elif file.created:
            for ways in _turned(deleted[file.path], file, rewritten):
                yield file, ways


def _turned(
    before: FileDiff, after: FileDiff, rewritten: Mapping[str, str]
) -> Iterator[tuple[str, ...]]:
    change = f" mode change {before.old_mode} => {after.new_mode}"
    heads = (f" rewrite {name}" for name in _names(after.path))
    rewrites = tuple(rewritten[head] for head in heads if head in rewritten)
    if rewrites:
        yield rewrites
        yield (change,)
    else:
        yield tuple(f"{change} {name}" for name in _names(after.path))


def _names(path: str) -> tuple[str, ...]:
    """As core.quotePath is set or not."""
    return (quoted(path), quoted(path, fully=False), path)
