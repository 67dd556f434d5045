"""The parts of a patch mail's body: message, notes, diff; divided where git-am divides them."""

import re
from dataclasses import dataclass, field

from patchgen.series.diff.scanner import starts_file
from patchgen.series.mail.body import Fault, decoded
from patchgen.series.mail.charset import is_known, is_utf8
from patchgen.series.mail.headers import Header
from patchgen.series.mail.identity import Identity, parse_identity
from patchgen.series.mail.message import Mail, header_text, in_charset
from patchgen.series.mail.subject import parse_subject
from patchgen.series.text import BLANKS, Line, Lines, to_bytes

_BREAK = re.compile(r"diff -|Index: |---(?: [^ \t\r]|[ \t\r]*\Z)")
_HEADER = re.compile(f"(from|subject|date):[{BLANKS}]*", re.IGNORECASE)
_SUBJECT = re.compile(r"\[PATCH\](?:[ \t\r]|\Z)")
_QUOTED_FROM = re.compile(r">From(?:[ \t\r]|\Z)")
_SEPARATOR = re.compile(r">From [0-9a-f]{40} Mon Sep 17 00:00:00 2001")
_RAW = re.compile("[\udc80-\udcff]")


@dataclass(frozen=True, slots=True)
class Parts:
    """A body taken apart.

    ``author``, ``summary`` and ``date`` are those of in-body headers, if there are any; ``message``
    is what git records, ``notes`` what stands between the marker line and the diff (the diffstat,
    too), ``rest`` everything that git hands to git-apply, whose last line has a newline unless it
    is ``cut_off``. ``faults`` are what git-am dies of.
    """

    author: Identity | None
    summary: str | None
    date: str | None
    message: Lines
    notes: Lines
    diff: Lines
    rest: Lines
    cut_off: bool
    faults: tuple[Fault, ...]


def take_apart(mail: Mail) -> Parts:
    """Divide the body of a patch mail as ``handle_commit_msg()`` in git's mailinfo.c does.

    As there, the lines of the message are decoded from the charset of their part, those of
    in-body headers and of the diff are not. A line that is not in its charset is left as it is;
    git-am refuses it.
    """
    found = _Headers()
    faults: list[Fault] = []
    text: list[Line] = []
    cut = len(mail.body)
    reading_headers = True
    charsets = _charsets(mail)
    for index, line in enumerate(mail.body):
        if reading_headers:
            reading_headers = found.take(line)
            if reading_headers or not line.text:
                continue
        converted, fault = _converted(line, charsets[index] if charsets else "")
        breaks = _breaks(converted.text, index in mail.open_ends)
        if fault is not None and (fault.refused or not breaks):
            faults.append(fault)
        if "\0" in line.text:
            faults.append(Fault(line.number, "NUL in the commit message", refused=True))
        text.append(converted)
        if breaks:
            cut = index
            break
    found.flush()
    lines: Lines = text if cut == len(mail.body) else text[:-1]
    rest: Lines = (*text[len(lines) :], *mail.body[cut + 1 :])
    first = next((index for index in range(len(rest)) if starts_file(rest, index)), len(rest))
    diff: Lines = _without_attachments(mail, cut, rest, first)
    if ends := mail.open_ends:
        lines = _glued(lines, {index - cut + len(lines) for index in ends})
        rest = _glued(rest, {index - cut for index in ends})
        diff = _glued(diff, {index - cut - first for index in ends})
    if not rest:
        found.values.clear()  # without a patch git does not use them
    elif "from" in found.values and not found.author:
        message = f'no address in "From: {found.values["from"]}" at the start of the message'
        faults.append(Fault(found.from_line, message, refused=True, author=True))
    return Parts(
        found.author,
        found.summary,
        found.date,
        _trimmed(lines),
        _notes(mail, cut, cut + first),
        tuple(diff),
        tuple(rest),
        len(mail.body) - 1 in mail.open_ends,
        (*found.faults, *faults),
    )


@dataclass(slots=True)
class _Headers:
    """In-body headers as ``check_inbody_header()`` has them; a folded one ends at the next line."""

    open: list[str] = field(default_factory=list)
    line: int = 0
    from_line: int = 0
    values: dict[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def take(self, line: Line) -> bool:
        """Read a line; False when the message begins with it, or below it if it is empty."""
        text = line.text
        if not text:
            ended = bool(self.open)
            self.flush()
            return not ended
        if self.open and text[0] in " \t":
            self.open.append(text)
            return True
        self.flush()
        if _QUOTED_FROM.match(text):
            return _SEPARATOR.fullmatch(text) is not None
        if _SUBJECT.match(text):
            self.values["subject"] = text
            if "\0" in text:
                self.faults.append(Fault(line.number, "NUL in the subject", refused=True))
            return True
        match = _HEADER.match(text)
        if match is None or match[1].lower() in self.values:
            return False
        self.open, self.line = [text], line.number
        return True

    def flush(self) -> None:
        """End the header that is being read, if there is one."""
        if not self.open:
            return
        name, _, value = "".join(self.open).partition(":")
        self.open = []
        header = Header(self.line, to_bytes(name.lower()), to_bytes(value.lstrip(BLANKS)))
        found, faults = decoded(header)
        self.values[name.lower()] = header_text(found)
        self.faults += faults
        if name.lower() == "from":
            self.from_line = self.line

    @property
    def author(self) -> Identity | None:
        author = parse_identity(self.values.get("from", ""))
        return author if author.email else None

    @property
    def summary(self) -> str | None:
        text = self.values.get("subject")
        return None if text is None else parse_subject(text).summary

    @property
    def date(self) -> str | None:
        return self.values.get("date")


def _converted(line: Line, charset: str) -> tuple[Line, Fault | None]:
    """A line of the message in UTF-8 and what is wrong with it; git takes UTF-8 on trust."""
    converted = in_charset(line, charset)
    if converted is None:
        message = f'not in the charset "{charset}"'
        if not is_known(charset):
            message = f'unknown charset "{charset}"'
        return line, Fault(line.number, message, refused=True)
    if is_utf8(charset) and _RAW.search(line.text):
        return line, Fault(line.number, f'not in the charset "{charset}"')
    return converted, None


def _breaks(text: str, open_end: bool) -> bool:
    """Whether the message ends above this line, as ``patchbreak()`` decides."""
    if not _BREAK.match(text):
        return False
    blank = text.startswith("---") and not text[3:].strip(BLANKS)
    return not (open_end and blank) or text == "--- "


def _charsets(mail: Mail) -> list[str]:
    """The charset of every line, or nothing where all are left as they are."""
    if not any(part.charset for part in mail.parts):
        return []
    return [part.charset for part in mail.parts for _ in range(part.start, part.stop)]


def _notes(mail: Mail, cut: int, end: int) -> Lines:
    charsets = _charsets(mail)
    if not charsets:
        return mail.body[cut + 1 : end]
    return tuple(
        in_charset(mail.body[index], charsets[index]) or mail.body[index]
        for index in range(cut + 1, end)
    )


def _without_attachments(mail: Mail, cut: int, rest: Lines, first: int) -> list[Line]:
    """The diff without parts behind it that have none: signatures, lists' footers, HTML."""
    if len(mail.parts) < 2:
        return list(rest[first:])
    kept: list[Line] = []
    for part in mail.parts:
        start, stop = max(part.start - cut, first), part.stop - cut
        if not kept or any(starts_file(rest, index) for index in range(start, stop)):
            kept += rest[start:stop] if stop > start else []
    return kept


def _glued(lines: Lines, open_ends: set[int]) -> list[Line]:
    """Lines without a newline and what follows them, in one."""
    found: list[Line] = []
    for index, line in enumerate(lines):
        if found and index - 1 in open_ends:
            found[-1] = Line(found[-1].number, found[-1].text + line.text)
        else:
            found.append(line)
    return found


def _trimmed(lines: Lines) -> Lines:
    """Without blank lines at either end."""
    filled = [index for index, line in enumerate(lines) if line.text.strip(BLANKS)]
    return tuple(lines[filled[0] : filled[-1] + 1]) if filled else ()
