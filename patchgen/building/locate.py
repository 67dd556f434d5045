"""From a line of a source file back to the line of the mail that brought it."""

from patchgen.building.diagnostics import Diagnostic
from patchgen.series.text import from_bytes
from patchgen.trees.apply import AppliedPatch
from patchgen.trees.changes import added_lines
from patchgen.trees.repository import GitFailedError, Repository


def patch_line(repository: Repository, step: AppliedPatch, diagnostic: Diagnostic) -> int | None:
    """The line of the mail at which to look for the cause of a diagnostic."""
    return mail_line(repository, step, diagnostic.path, diagnostic.line)


def mail_line(repository: Repository, step: AppliedPatch, path: str, line: int) -> int | None:
    """The line of the mail at which to look for the cause of what is said of a line of a file.

    That is the added line itself, else the file's diff, else None: a change in one file can make
    the compiler complain about another.
    """
    file = next((file for file in step.patch.diff.files if file.path == path), None)
    if file is None:
        return None
    added = [line for hunk in file.hunks for line in hunk.lines if line.text.startswith("+")]
    numbers = added_lines(repository, step.before, step.after, path)
    if line in numbers:
        index = numbers.index(line)
        if index < len(added) and added[index].text[1:] == _text(repository, step, path, line):
            return added[index].number
    return file.line


def _text(repository: Repository, step: AppliedPatch, path: str, line: int) -> str | None:
    try:
        content = repository.run("cat-file", "blob", f"{step.after}:{path}")
    except GitFailedError:
        return None
    lines = from_bytes(content).split("\n")
    return lines[line - 1] if line <= len(lines) else None
