"""Shortlogs: who wrote which patches, as `git shortlog` lists them in a cover letter."""

import re
from dataclasses import dataclass

from patchgen.series.text import Lines

_AUTHOR = re.compile(r"(?P<name>\S.*?)\s+\((?P<count>\d+)\):\s*")
_TITLE_INDENT = re.compile(r"( +)\S")


@dataclass(frozen=True, slots=True)
class Entry:
    """A title, unwrapped, and the line on which it begins."""

    title: str
    line: int


@dataclass(frozen=True, slots=True)
class AuthorBlock:
    """An ``A U Thor (3):`` line and the titles below it."""

    author: str
    count: int
    entries: tuple[Entry, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Shortlog:
    """All author blocks of a cover letter, in their order."""

    blocks: tuple[AuthorBlock, ...]


def find_shortlog(lines: Lines) -> Shortlog | None:
    """The last author blocks in ``lines`` with nothing but blank lines between them, or None.

    A list in the blurb can look like one; git writes the shortlog below the blurb. Titles stand
    at one indentation and their continuation lines deeper, whether git wrapped them or a person
    did not.
    """
    blocks: list[AuthorBlock] = []
    index = below = 0
    while index < len(lines):
        match = _AUTHOR.fullmatch(lines[index].text)
        start = index
        index += 1
        if not match:
            continue
        end = index
        while end < len(lines) and _TITLE_INDENT.match(lines[end].text):
            end += 1
        if end == index:
            continue
        if blocks and any(line.text.strip() for line in lines[below:start]):
            blocks.clear()
        below = end
        entries = _entries(lines[index:end])
        blocks.append(AuthorBlock(match["name"], int(match["count"]), entries, lines[start].number))
        index = end
    return Shortlog(tuple(blocks)) if blocks else None


def _entries(lines: Lines) -> tuple[Entry, ...]:
    entries: list[Entry] = []
    indents = [len(line.text) - len(line.text.lstrip(" ")) for line in lines]
    outer = indents[0]
    for line, indent in zip(lines, indents, strict=True):
        words = " ".join(line.text.split())
        if indent <= outer or not entries:
            entries.append(Entry(words, line.number))
        else:
            last = entries[-1]
            entries[-1] = Entry(f"{last.title} {words}", last.line)
    return tuple(entries)
