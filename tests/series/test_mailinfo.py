"""What git would record of a mail, held against git-mailinfo for generated ones."""

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from patchgen.reading.assemble import make_patch
from patchgen.series.mail.charset import with_latin1_guessed
from patchgen.series.mail.message import may_be_date, parse_mail
from patchgen.series.model import Patch
from patchgen.series.parts import take_apart
from patchgen.series.text import to_bytes
from tests.series.generated import ENVIRONMENT, crud, git, seeds
from tests.series.mails import generated_mail
from tests.series.recorded import CRUD_AND_DOTS, recorded

NOT_MAILINFO = ("no address in ", "no date in ", "NUL in the commit message")
"""Faults that git-mailinfo lets pass and git-am dies of later."""


@dataclass(frozen=True)
class Info:
    """What git-mailinfo makes of a mail."""

    fields: dict[bytes, bytes]
    message: bytes
    patch: bytes


def mailinfo(data: bytes, folder: Path) -> Info | None:
    """Ask git, whose mailsplit takes CRs away first; None when it refuses the mail."""
    done = subprocess.run(
        ["git", "mailinfo", "--no-scissors", "message", "patch"],
        cwd=folder,
        input=data.replace(b"\r\n", b"\n"),
        env=ENVIRONMENT,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        return None
    lines = (line.partition(b": ") for line in done.stdout.split(b"\n") if b": " in line)
    fields: dict[bytes, bytes] = {}
    for name, _, value in lines:
        fields[name] = fields[name] + b"\n" + value if name in fields else value
    return Info(fields, (folder / "message").read_bytes(), (folder / "patch").read_bytes())


def patch_in(data: bytes) -> Patch:
    mail = parse_mail(data, "x")
    return make_patch(1, mail, take_apart(mail))


def committed(name: bytes, email: bytes) -> tuple[bytes, bytes] | None:
    """Name and address as git makes an author of them; None where it refuses to."""
    if all(text.strip(to_bytes(CRUD_AND_DOTS)) == text for text in (name, email)):
        return name, email
    values = {"GIT_AUTHOR_NAME": os.fsdecode(name), "GIT_AUTHOR_EMAIL": os.fsdecode(email)}
    said = git("var", "GIT_AUTHOR_IDENT", cwd=Path.cwd(), env=values, check=False)
    match = re.match(rb"(.*) <([^>]*)> \d", said, re.DOTALL)
    return (match[1], match[2]) if match else None


def differences(data: bytes, info: Info | None, folder: Path) -> list[str]:
    """In what we differ from git."""
    patch = patch_in(data)
    if any("ends within its headers" in fault.message for fault in patch.faults):
        return []  # git takes the last header for the message
    refusing = [fault.message for fault in patch.faults if fault.refused]
    refusing = [message for message in refusing if not message.startswith(NOT_MAILINFO)]
    if info is None or refusing:
        return [] if info is None and refusing else [f"git {info}, we {refusing}"]
    ours = recorded(patch, crud())
    text = info.fields.get(b"Subject", b"") + b"\n\n" + info.message
    message = git("stripspace", cwd=folder, stdin=text)
    author = committed(info.fields.get(b"Author", b""), info.fields.get(b"Email", b""))
    name, email = author or (b"", b"")
    pairs = {
        "message": (with_latin1_guessed(message), ours.message),
        "name": (with_latin1_guessed(name), to_bytes(ours.author.name)),
        "email": (email, to_bytes(ours.author.email)),
        "date": (info.fields.get(b"Date", b"").strip(), to_bytes(ours.date)),
        "patch": (info.patch, patch.handed),
    }
    if not author:
        del pairs["name"], pairs["email"]
    elif not email:  # git-am dies, and we say so
        assert not patch.author.email or "no address" in "".join(
            fault.message for fault in patch.faults
        )
        del pairs["name"], pairs["email"]
    return [f"{what}: git {a!r}, we {b!r}" for what, (a, b) in pairs.items() if a != b]


@seeds(400)
def test_a_mail_is_read_as_git_reads_it(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    folder = tmp_path_factory.getbasetemp()
    data = generated_mail(seed)
    assert differences(data, mailinfo(data, folder), folder) == []


@pytest.mark.parametrize(
    "text",
    [
        "Wed, 1 Mar 2023 10:00:00 +0000",
        "2023-03-01T10:00:00Z",
        "2023/03/01 10:00:00",
        "@1678000000 +0000",
        "1678000000",
        "Wed Mar  1 10:00:00 2023",
    ],
)
def test_what_git_takes_for_a_date_may_be_one(text: str) -> None:
    assert as_date(text)
    assert may_be_date(text)


@pytest.mark.parametrize("text", ["sooner or later", "10:00", "Wed", "1 2 3", "12", "x y +0000"])
def test_what_cannot_be_a_date_is_none_for_git(text: str) -> None:
    assert not as_date(text)
    assert not may_be_date(text)


def as_date(text: str) -> bytes:
    """What git makes of it as the date of an author; nothing where it refuses it."""
    date = {"GIT_AUTHOR_DATE": text}
    return git("var", "GIT_AUTHOR_IDENT", cwd=Path.cwd(), env=date, check=False)
