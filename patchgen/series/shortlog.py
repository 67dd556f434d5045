"""Shortlogs: who wrote which patches, as `git shortlog` lists them in a cover letter."""

import re
from dataclasses import dataclass

from patchgen.series.text import Lines

_AUTHOR = re.compile(r"(?P<name>\S.*?)\s+\((?P<count>\d+)\):\s*")
_TITLE_INDENT = re.compile(r"( +|\t+)\S")
_NUMBERED = re.compile(r"\[(?P<number>\d+)/(?P<total>\d+)\]\s+(?P<title>\S.*)")
_BELOW_LIST = re.compile(r" .*\|\s+(?:\d|Bin)| ?\d+ files? changed|-- ?$|---|base-commit: ")


@dataclass(frozen=True, slots=True)
class Entry:
    """A title, unwrapped, and the line on which it begins."""

    title: str
    line: int


@dataclass(frozen=True, slots=True)
class AuthorBlock:
    """An ``A U Thor (3):`` line and the titles below it.

    A list of ``[1/3] title`` lines names nobody: ``author`` is empty, ``count`` is the total.
    """

    author: str
    count: int
    entries: tuple[Entry, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Shortlog:
    """All author blocks of a cover letter, in their order."""

    blocks: tuple[AuthorBlock, ...]


def find_shortlog(lines: Lines) -> Shortlog | None:
    """The list of patches in ``lines``, or None: author blocks, or ``[1/3] title`` lines.

    The latter are git's "modern" layout (``--commit-list-format``, git 2.54). Of several groups of
    blocks, with more than blank lines between them, the last counts that lists as many titles as
    it says: a list in the blurb, or in a changelog below, can look like one. Titles stand at one
    indentation and their continuation lines deeper, whether git wrapped them or a person did not.
    """
    groups = _groups(lines)
    complete = [group for group in groups if all(b.count == len(b.entries) for b in group)]
    if groups:
        return Shortlog((complete or groups)[-1])
    block = _numbered(lines)
    return Shortlog((block,)) if block else None


def _groups(lines: Lines) -> list[tuple[AuthorBlock, ...]]:
    """All runs of author blocks with nothing but blank lines between them."""
    groups: list[list[AuthorBlock]] = []
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
        if not groups or any(line.text.strip() for line in lines[below:start]):
            groups.append([])
        below = end
        entries = _entries(lines[index:end])
        name = match["name"].strip('"')
        groups[-1].append(AuthorBlock(name, int(match["count"]), entries, lines[start].number))
        index = end
    return [tuple(group) for group in groups]


def _numbered(lines: Lines) -> AuthorBlock | None:
    """The last ``[1/3] title`` list that stands where git puts it, above diffstat or signature.

    git wraps titles without indentation there.
    """
    found = None
    for index, line in enumerate(lines):
        first = _NUMBERED.fullmatch(line.text)
        if not first or int(first["number"]) != 1:
            continue
        entries: list[Entry] = []
        while index < len(lines) and lines[index].text.strip():
            match = _NUMBERED.fullmatch(lines[index].text)
            if match and int(match["number"]) == len(entries) + 1:
                entries.append(Entry(" ".join(match["title"].split()), lines[index].number))
            else:
                more = " ".join(lines[index].text.split())
                entries[-1] = Entry(f"{entries[-1].title} {more}", entries[-1].line)
            index += 1
        below = next((one.text for one in lines[index:] if one.text.strip()), "-- ")
        if _BELOW_LIST.match(below):
            found = AuthorBlock("", int(first["total"]), tuple(entries), line.number)
    return found


def _entries(lines: Lines) -> tuple[Entry, ...]:
    entries: list[Entry] = []
    indents = [len(line.text) - len(line.text.lstrip()) for line in lines]
    outer = indents[0]
    for line, indent in zip(lines, indents, strict=True):
        words = " ".join(line.text.split())
        if indent <= outer or not entries:
            entries.append(Entry(words, line.number))
        else:
            last = entries[-1]
            entries[-1] = Entry(f"{last.title} {words}", last.line)
    return tuple(entries)
