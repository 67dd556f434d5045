"""trailer-in-wrong-place"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.findings import Location, Problem, Severity
from patchgen.series.lost import lost_to_diff, lost_to_marker
from patchgen.series.model import Patch
from patchgen.series.text import Line, Lines, paragraphs
from patchgen.series.trailers.tags import Tag, tag


@check(Patch, Severity.WARNING)
def trailer_in_wrong_place(patch: Patch) -> Iterator[Problem]:
    """A trailer stands where git does not look for it, or drops it.

    Why: git takes for trailers what stands at the end of the message. One in the middle of it is
    prose, one below the marker line ``---`` is dropped when the patch is applied, and a blank line
    between Fixes and the sign-offs hides the upper part from ``git interpret-trailers``. What is
    indented or amid a sentence is a quotation, and Cc below the marker line is custom.

    Bad:
        Signed-off-by: A U Thor <author@example.com>
        ---
        Reviewed-by: R E Viewer <reviewer@example.com>

    Good:
        Reviewed-by: R E Viewer <reviewer@example.com>
        Signed-off-by: A U Thor <author@example.com>
        ---
    """
    taken = {trailer.line for trailer in patch.trailers}
    above = {" ".join(line.text.split()).casefold() for line in patch.message}
    groups = paragraphs(patch.message)
    for line, found in _tags(patch.message):
        apart = line.number in taken and line not in groups[-1]
        if line.number not in taken:
            where = "stands in the text of the message, where git does not see it"
        elif apart and found.known == "Fixes":
            where = "is parted from the last trailers by a blank line, so git does not see it"
        else:
            continue
        yield _problem(patch, line, where, "move it to the trailers at the end of the message")
    if lost_to_marker(patch) or lost_to_diff(patch):
        return  # all of the message's end is lost, which has checks of its own
    notes = _notes(patch)
    quoted = {line.number for line in _quoted(notes)}
    for line, _ in _tags(notes):
        if line.number not in quoted and " ".join(line.text.split()).casefold() not in above:
            where = "stands below the marker line, where git drops it"
            yield _problem(patch, line, where, 'move it above the "---", to the other trailers')


def _tags(lines: Lines) -> Iterator[tuple[Line, Tag]]:
    for line in lines:
        if (found := tag(line.text)) and not found.misspelt:
            yield line, found


def _notes(patch: Patch) -> Lines:
    """What stands between the message and the diff."""
    first = patch.message[-1].number if patch.message else patch.subject_line
    ends = [file.line for file in patch.diff.files]
    end = min(ends, default=0)
    return [line for line in patch.mail.text if first < line.number < end]


def _quoted(notes: Lines) -> Iterator[Line]:
    """Paragraphs amid a sentence: the one before ends in a colon, the one after goes on."""
    groups = paragraphs(notes)
    for before, group, after in zip(groups, groups[1:], groups[2:], strict=False):
        if before[-1].text.rstrip().endswith(":") and after[0].text[:1].islower():
            yield from group


def _problem(patch: Patch, line: Line, where: str, hint: str) -> Problem:
    location = Location(patch.file, line.number, patch.position)
    return Problem(f'"{line.text.strip()}" {where}', location, hint)
