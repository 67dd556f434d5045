"""``Fixes:`` trailers: which commit a patch mends, and whether the line has its form."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from patchgen.series.text import Lines
from patchgen.series.trailers.block import Trailer, is_trailer

FIXES = "Fixes"
DIGITS = 12
"""So many Documentation/process/submitting-patches.rst asks for."""
_VALUE = re.compile(r"(?P<word>commit\s+)?(?P<id>[0-9a-f]{7,64})\b[:,]?\s*(?P<title>.*)", re.I)
_QUOTED = re.compile(r"\(\"(?P<title>.+)\"\)")


@dataclass(frozen=True, slots=True)
class FixesTag:
    """A Fixes trailer: the id, the title as far as one is given, and what is wrong with it.

    ``id`` is None where the value names no commit; ``value`` is as it was written.
    """

    id: str | None
    title: str | None
    line: int
    value: str
    faults: tuple[str, ...]


def fixes_tags(message: Lines, trailers: Sequence[Trailer]) -> Iterator[FixesTag]:
    """The Fixes trailers of a message, with what is left of them on the line below."""
    lines = {line.number: line.text for line in message}
    for trailer in trailers:
        if not trailer.named(FIXES):
            continue
        match = _VALUE.fullmatch(trailer.value)
        if match is None:
            yield FixesTag(None, None, trailer.line, trailer.value, ("names no commit",))
            continue
        title, wrapped = match["title"], trailer.value not in lines.get(trailer.line, "")
        below = lines.get(trailer.line + 1, "").strip()
        open_ended = title.startswith('("') and '")' not in title
        if open_ended and below.endswith('")') and not is_trailer(below):
            title, wrapped = f"{title} {below}", True
        text, faults = _title(title)
        faults = [*_id_faults(match["id"]), *faults]
        if match["word"]:
            faults.append('has the word "commit" before its id')
        if wrapped:
            faults.append("is wrapped")
        yield FixesTag(match["id"].lower(), text, trailer.line, trailer.value, tuple(faults))


def _id_faults(digits: str) -> list[str]:
    short = len(digits) < DIGITS
    return [f"has {len(digits)} digits, {DIGITS} are asked for"] if short else []


def _title(text: str) -> tuple[str | None, list[str]]:
    """The bare title, and what is wrong with how it is written."""
    if not text or text.startswith("#"):
        return None, ["has no title"]
    if match := _QUOTED.match(text):
        return match["title"], []
    bare = text.strip("()\"'“”‘’ ")
    opens, closes = text.startswith('("'), text.endswith('")')
    if opens and not closes:
        return bare, ['has no ") after its title']
    if closes and not opens:
        return bare, ['has no (" before its title']
    return bare or None, ["has its title without parentheses and double quotes"]
