"""Reading a series from wherever the user keeps it."""

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from patchgen.errors import InputError, UsageError
from patchgen.reading.assemble import assemble
from patchgen.reading.letter import read_letter
from patchgen.reading.mailbox import split_mailbox
from patchgen.series.mail import parse_mail
from patchgen.series.model import CoverLetter, Series


def read_series(sources: Sequence[str], letter: str | None = None) -> Series:
    """Read patch files, directories of ``*.patch`` files, and mboxes, in the order given.

    Inside a directory files are taken by name, as ``git am DIR/*.patch`` would. ``letter`` is a
    file with the cover letter to use. Raises InputError for what cannot be read.
    """
    files = [file for source in sources for file in _files(source)]
    return parse_series(files, read_letter(Path(letter), letter) if letter else None)


def parse_series(files: Iterable[tuple[str, bytes]], letter: CoverLetter | None = None) -> Series:
    """The series in ``files``, pairs of a name to show and the content of a mail or an mbox.

    Raises InputError when there is no patch in them.
    """
    mails = [
        parse_mail(mail, shown, first_line)
        for shown, data in files
        for mail, first_line in split_mailbox(data)
    ]
    return assemble(mails, letter)


def _files(source: str) -> Iterator[tuple[str, bytes]]:
    path = Path(source)
    if not path.is_dir():
        yield source, _content(path, source)
        return
    if (path / "cur").is_dir():
        raise UsageError(
            f"{source} is a maildir, which is not supported yet",
            "export the thread as an mbox and give that",
        )
    found = sorted(path.glob("*.patch"))
    if not found:
        raise InputError(f"no *.patch file in {source}", "is it the right directory?")
    for file in found:
        shown = os.path.join(source, file.name)
        yield shown, _content(file, shown)


def _content(path: Path, shown: str) -> bytes:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot read {shown}: {error.strerror}", "is the name right?") from error
    if not data.strip():
        raise InputError(f"{shown} is empty", "is it the right file?")
    return data
