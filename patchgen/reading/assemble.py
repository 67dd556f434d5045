"""From mails to a series: which one is the cover letter, and what each patch is made of."""

from collections.abc import Iterator
from dataclasses import replace

from patchgen.reading.choose import Chosen
from patchgen.series.commits.references import base_commit
from patchgen.series.diff.counts import count_changes
from patchgen.series.diff.damage import judged
from patchgen.series.diff.diffstat import find_diffstat, find_diffstats
from patchgen.series.diff.hunks import Diff
from patchgen.series.diff.scanner import SIGNATURE, scan
from patchgen.series.letter import own_lines
from patchgen.series.mail.charset import with_latin1_guessed
from patchgen.series.mail.identity import Identity
from patchgen.series.mail.message import Mail
from patchgen.series.model import CoverLetter, Patch, Series
from patchgen.series.parts import Parts
from patchgen.series.shortlog import find_shortlog
from patchgen.series.text import Line, Lines, from_bytes, joined, to_bytes
from patchgen.series.trailers.block import parse_trailers


def assemble(chosen: Chosen, letter: CoverLetter | None = None) -> Series:
    """Make a series of the mails that were chosen; ``letter`` replaces their cover letter."""
    cover: CoverLetter | None = None
    patches: list[Patch] = []
    base = base_commit(letter.body) if letter else None
    for one in chosen.mails:
        base = base_commit(one.mail.body) or base
        if one.is_cover:
            cover = cover or cover_letter(one.mail, one.mail.text)
        else:
            patches.append(make_patch(len(patches) + 1, one.mail, one.parts))
    return Series(
        letter or cover,
        tuple(patches),
        base,
        chosen.left_out,
        chosen.part,
        versions=chosen.versions,
    )


def cover_letter(mail: Mail, body: Lines) -> CoverLetter:
    """The cover letter in ``mail``, whose text is ``body``."""
    own = tuple(map(_guessed, own_lines(body)))
    shortlog = find_shortlog(own)
    tables = find_diffstats(own)
    diffstat = tables[-1] if tables else None
    claims = [block.line for block in shortlog.blocks] if shortlog else []
    claims += [row.line for row in diffstat.rows] if diffstat else []
    end = min(claims, default=None)
    blurb = [line for line in own if end is None or line.number < end]
    return CoverLetter(
        mail.file,
        mail.subject,
        mail.subject_line,
        mail.author,
        tuple(_before_signature(blurb)),
        shortlog,
        diffstat,
        tuple(body),
        mail,
        tables[:-1],
    )


def _guessed(line: Line) -> Line:
    """A line that is no UTF-8 as if it were Latin-1.

    With i18n.logOutputEncoding git writes shortlogs in that encoding and names it nowhere.
    """
    return line._replace(text=from_bytes(with_latin1_guessed(to_bytes(line.text))))


def _before_signature(lines: Lines) -> Iterator[Line]:
    for line in lines:
        if line.text == SIGNATURE:
            return
        yield line


def make_patch(position: int, mail: Mail, parts: Parts) -> Patch:
    """The patch in ``mail``, which was taken apart; ``position`` is its place in the series."""
    return Patch(
        position,
        mail.file,
        mail.subject if parts.summary is None else replace(mail.subject, summary=parts.summary),
        mail.subject_line,
        _author(mail, parts),
        parts.message,
        parse_trailers(parts.message),
        find_diffstat(parts.notes),
        _diff(mail, parts),
        parts.rest,
        count_changes(joined(parts.diff)),
        mail,
        parts.notes,
        mail.date if parts.date is None else parts.date,
        parts.cut_off,
        (*mail.faults, *parts.faults),
    )


def _diff(mail: Mail, parts: Parts) -> Diff:
    """The diff, and what a mailer did to it where git did not put lines together itself."""
    found = scan(parts.rest)
    return found if any(part.flowed for part in mail.parts) else judged(parts.rest, found)


def _author(mail: Mail, parts: Parts) -> Identity:
    return parts.author or mail.author
