"""Mails as git-send-email sends them, if it is installed."""

import random
import re
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.series.generated import git

_PROGRAM = Path(git("--exec-path", cwd=Path("/")).decode().strip()) / "git-send-email"
INSTALLED = _PROGRAM.exists()
WHY_NOT = "git send-email is not installed (Debian: git-email): its encodings are left out"
_SENDER = "C O Mitter <committer@example.com>"
_FROM = re.compile(rb"(?m)^From: ([^\n]*(?:\n[ \t][^\n]*)*)")


def sent_by_git(encoding: str) -> Callable[[random.Random, bytes], bytes]:
    """A way for a mail to travel: with ``git send-email --transfer-encoding=<encoding>``.

    A multipart mail stays as it is: git-send-email encodes all of it at once, which no mail may be.
    """

    def send(source: random.Random, mail: bytes) -> bytes:
        if not INSTALLED or b"\nContent-Type: multipart/" in mail.partition(b"\n\n")[0]:
            return mail
        return _sent(mail, encoding, source.random() < 0.5)

    send.__name__ = f"sent_by_git_{encoding}"
    return send


def _sent(mail: bytes, encoding: str, by_author: bool) -> bytes:
    """The mail, with the postmark it had; sent by its author or by someone else."""
    postmark, _, _ = mail.partition(b"\n")
    head, _, body = mail.partition(b"\n\n")
    author = _FROM.search(head)
    sender = _SENDER
    if author and (by_author or _FROM.match(body)):
        sender = " ".join(author[1].decode("utf-8", "surrogateescape").split())
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "mail.patch").write_bytes(mail)
        program = folder / "take"
        program.write_text('#!/bin/sh\nexec cat >"${0%/*}/sent"\n')
        program.chmod(0o755)
        git(
            "send-email", "--quiet", "--confirm=never", "--suppress-cc=all", "--no-validate",
            "--no-thread", "--8bit-encoding=UTF-8", f"--transfer-encoding={encoding}",
            f"--smtp-server={program}", f"--from={sender}", "--to=list@example.org", "mail.patch",
            cwd=folder,
        )  # fmt: skip
        return postmark + b"\n" + (folder / "sent").read_bytes()
