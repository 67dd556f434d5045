"""What git-am drops of a message: all that stands below what it takes for the message's end."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from patchgen.series.diff.scanner import MARKER
from patchgen.series.model import Patch
from patchgen.series.text import BLANKS, Line
from patchgen.series.trailers.block import SIGN_OFF
from patchgen.series.trailers.tags import tag


@dataclass(frozen=True, slots=True)
class Lost:
    """The line that ended the message, and the first below it that shows that it goes on."""

    end: Line
    first: Line


def lost_to_marker(patch: Patch) -> Lost | None:
    """What a ``---`` within the message made git lose, if it did.

    People write notes below the marker line, so only a sign-off there, where the message above has
    none, tells that it was not meant for one.
    """
    if not patch.rest or not _is_marker(patch.rest[0]) or _is_signed(patch.message):
        return None
    if not patch.diff.outside[0]:
        return None  # it is the diff itself that begins so, with a file without a name
    end, *notes = patch.diff.outside[0]
    first = next((line for line in notes if _is_sign_off(line)), None)
    return Lost(end, first) if first else None


def lost_to_diff(patch: Patch) -> Lost | None:
    """What a diff in the message, or a line that git takes for the start of one, made git lose.

    The message goes on where trailers, or a marker line, stand above the last file's diff.
    """
    if not patch.rest or patch.mail.headless or len(patch.diff.outside) < 2:
        return None
    above, *between = patch.diff.outside[:-1]
    text = [line for lines in between for line in lines]
    ended_by_diff = not _is_marker(patch.rest[0])
    if ended_by_diff:
        text[:0] = above[1:] if above else ()
    first = next(_of_a_message(text, patch.message), None)
    if first is None:
        return None
    line = patch.diff.files[0].line
    end = next((one for one in patch.rest if ended_by_diff or one.number == line), patch.rest[0])
    return Lost(end, first)


def has_lost_sign_off(patch: Patch) -> bool:
    """Whether there is a sign-off in what git drops of the message."""
    found = lost_to_marker(patch) or lost_to_diff(patch)
    return found is not None and any(
        _is_sign_off(line) for lines in patch.diff.outside for line in lines
    )


def _of_a_message(lines: Iterable[Line], message: Iterable[Line]) -> Iterator[Line]:
    above = {line.text.strip() for line in message}
    for line in lines:
        if line.text == MARKER or (tag(line.text) and line.text.strip() not in above):
            yield line


def _is_marker(line: Line) -> bool:
    return line.text.startswith(MARKER) and not line.text[len(MARKER) :].strip(BLANKS)


def _is_signed(lines: Iterable[Line]) -> bool:
    return any(_is_sign_off(line) for line in lines)


def _is_sign_off(line: Line) -> bool:
    found = tag(line.text)
    return found is not None and found.known == SIGN_OFF
