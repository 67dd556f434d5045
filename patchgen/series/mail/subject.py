"""The subject of a mail: its prefix, its place in the series, and the summary that git records."""

import re
from dataclasses import dataclass

from patchgen.series.text import BLANKS

_WORD = re.compile(r"[^\s,]+")
_BRACKETS = re.compile(r"\[([^\]]*)\]")
_DROPPED = re.compile(r"[ \t:]+|re:(?=.)|(?:aw|fwd?)\s*:\s*(?=\[)", re.IGNORECASE)
_REPLY = re.compile(r"\s*(?:re|aw|fwd?)\s*:\s*", re.IGNORECASE)
_MARKS = {"PATCH", "RFC"}
_RUN = re.compile(f"[{BLANKS}]+")
_PLACE = re.compile(r"(\d{1,100})/(\d{1,100})")
_VERSION = re.compile(r"(PATCH|RFC)?v(\d{1,100})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Subject:
    """``[PATCH net-next v3 2/7] summary`` taken apart.

    ``prefix`` holds the words in brackets other than version and place, whether blanks or commas
    part them, as in ``[PATCH net-next,v3,2/7]``; ``number`` and ``total`` are None for a patch that
    is posted alone. Of several groups in brackets, those behind the one with ``PATCH`` are
    about the change, as in ``[PATCH] [media] summary``; git drops them, and they are not kept.
    """

    prefix: tuple[str, ...]
    version: int
    number: int | None
    total: int | None
    summary: str
    reply: bool = False

    def __str__(self) -> str:
        words = list(self.prefix)
        if self.version > 1:
            words.append(f"v{self.version}")
        if self.number is not None:
            words.append(f"{self.number}/{self.total}")
        return f"[{' '.join(words)}] {self.summary}" if words else self.summary


def parse_subject(text: str) -> Subject:
    """Take a decoded subject apart.

    What git-am drops from the start is dropped: bracket groups, reply marks, blanks and colons, as
    in ``cleanup_subject()`` of git's mailinfo.c; and other mailers' reply marks before a bracket.
    """
    prefix: list[str] = []
    version, number, total = 1, None, None
    at, marked = 0, False
    while match := _BRACKETS.match(text, at) or _DROPPED.match(text, at):
        words: list[str] = []
        for word in _WORD.findall(match[1] if match.re is _BRACKETS else ""):
            if place := _PLACE.fullmatch(word):
                number, total = int(place[1]), int(place[2])
            elif tag := _VERSION.fullmatch(word):
                words += [tag[1]] if tag[1] else []
                version = int(tag[2])
            else:
                words.append(word)
        prefix += words if not marked else ()
        marked = marked or any(word.upper() in _MARKS for word in words)
        at = match.end()
    reply = _REPLY.match(text) is not None
    return Subject(
        tuple(prefix), version, number, total, _RUN.sub(" ", text[at:]).strip(BLANKS), reply
    )
