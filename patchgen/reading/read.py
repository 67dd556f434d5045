"""Reading a series from wherever the user keeps it."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from patchgen.errors import InputError
from patchgen.reading.assemble import assemble
from patchgen.reading.choose import EVERYTHING, Wanted, choose
from patchgen.reading.letter import read_letter
from patchgen.reading.mailbox import split_mailbox
from patchgen.reading.plain import read_plain
from patchgen.reading.sources import INPUT_LIMIT, LINE_LIMIT, read_source
from patchgen.series.mail.message import Mail, parse_mail
from patchgen.series.model import CoverLetter, Series


def read_series(
    sources: Sequence[str], letter: str | None = None, wanted: Wanted = EVERYTHING
) -> Series:
    """Read a series from files, directories, mboxes, maildirs and standard input, in that order.

    ``letter`` is a file with the cover letter to use; ``wanted`` which version and which patches
    of a thread. Raises InputError for what cannot be read.
    """
    files = (file for source in sources for file in read_source(source))
    return parse_series(files, read_letter(Path(letter), letter) if letter else None, wanted)


def parse_series(
    files: Iterable[tuple[str, bytes]],
    letter: CoverLetter | None = None,
    wanted: Wanted = EVERYTHING,
) -> Series:
    """The series in ``files``, pairs of a name to show and the content of a mail or an mbox.

    Raises InputError when there is no patch in them, and when they are too much to hold.
    """
    return assemble(choose(tuple(_mails(files)), wanted), letter)


def _mails(files: Iterable[tuple[str, bytes]]) -> Iterator[Mail]:
    size, lines = 0, 0
    for shown, data in files:
        size += len(data)
        lines += data.count(b"\n")
        if size > INPUT_LIMIT or lines > LINE_LIMIT:
            limit = f"{INPUT_LIMIT >> 20} MiB" if size > INPUT_LIMIT else f"{LINE_LIMIT} lines"
            raise InputError(
                f"{shown} and what is before it have more than {limit}",
                "give the mails of one series only",
            )
        if plain := read_plain(data, shown):
            yield plain
            continue
        for mail, first_line in split_mailbox(data):
            yield parse_mail(mail, shown, first_line)
