"""What happens to mails between git-format-patch and the one who reads them."""

import base64
import random
import re
from collections.abc import Callable, Sequence
from pathlib import Path

_TEXT_HEADERS = re.compile(
    rb"(?im)^(?:mime-version|content-type|content-transfer-encoding):[^\n]*\n(?:[ \t][^\n]*\n)*"
)
_CHARSET = re.compile(rb"(?i)charset=\"?([^\s;\"]+)")


def _parts(mail: bytes) -> tuple[bytes, bytes]:
    head, _, body = mail.partition(b"\n\n")
    return head + b"\n", body


def _encoded(mail: bytes, name: bytes, encode: Callable[[bytes], bytes]) -> bytes:
    """The mail with its body in another transfer encoding; a multipart one as it is."""
    head, body = _parts(mail)
    if b"multipart/" in head:
        return mail
    charset = _CHARSET.search(head)
    head = _TEXT_HEADERS.sub(b"", head) + b"MIME-Version: 1.0\n"
    head += b"Content-Type: text/plain; charset=%s\n" % (charset[1] if charset else b"UTF-8")
    return head + b"Content-Transfer-Encoding: %s\n\n" % name + encode(body)


def _quoted(body: bytes) -> bytes:
    """Quoted-printable as mailers write it: lines of at most 76 characters."""
    lines = []
    for line in body.split(b"\n"):
        out = b""
        for at, byte in enumerate(line):
            last = at == len(line) - 1
            plain = (33 <= byte <= 126 and byte != 61) or (byte in b" \t" and not last)
            piece = bytes([byte]) if plain else b"=%02X" % byte
            if len(out) - out.rfind(b"\n") - 1 + len(piece) > 75:
                out += b"=\n"
            out += piece
        lines.append(
            out.replace(b"\nFrom ", b"\n=46rom ")
            if not out.startswith(b"From ")
            else b"=46" + out[1:]
        )
    return b"\n".join(lines)


def as_it_is(_source: random.Random, mail: bytes) -> bytes:
    """8bit, or whatever git made."""
    return mail


def quoted_printable(_source: random.Random, mail: bytes) -> bytes:
    """Quoted-printable."""
    return _encoded(mail, b"quoted-printable", _quoted)


def in_base64(_source: random.Random, mail: bytes) -> bytes:
    """base64."""
    return _encoded(mail, b"base64", base64.encodebytes)


def with_returns(_source: random.Random, mail: bytes) -> bytes:
    """Line ends as they are on the wire."""
    return mail.replace(b"\n", b"\r\n")


def in_base64_with_returns(source: random.Random, mail: bytes) -> bytes:
    """base64 with line ends as they are on the wire, outside of it."""
    return with_returns(source, in_base64(source, mail))


def readdressed(source: random.Random, mail: bytes) -> bytes:
    """Headers of relays and lists put in, names of headers in other case, longer lines folded."""
    head, body = _parts(mail)
    lines = head.split(b"\n")
    relay = b"Received: from a.example.org (a.example.org [192.0.2.1])\n\tby b.example.org"
    relay += b"; Mon, 1 Jan 2024 00:00:00 +0000"
    lines[1:1] = [relay, b"X-Mailing-List: list@example.org", b"List-Id: <list.example.org>"]
    if b"\nMessage-I" not in head:
        lines.insert(1, b"Message-ID: <%032x@example.org>" % source.getrandbits(128))
    folded = [
        line.replace(b", ", b",\n ") if line.startswith((b"To:", b"Cc:")) else line
        for line in lines
    ]
    if source.random() < 0.3:
        folded = [re.sub(rb"^Subject:", b"SUBJECT:", line) for line in folded]
    return b"\n".join(folded) + b"\n" + body


def refolded(source: random.Random, mail: bytes) -> bytes:
    """The subject on as many lines as it has words, with tabs."""
    head, body = _parts(mail)
    match = re.search(rb"(?m)^Subject: [^\n]*(?:\n[ \t][^\n]*)*", head)
    if not match or b"=?" in match[0]:
        return mail
    words = match[0].split()
    head = head[: match.start()] + words[0] + b" " + b"\n\t".join(words[1:]) + head[match.end() :]
    return head + b"\n" + body


TRANSPORTS: tuple[Callable[[random.Random, bytes], bytes], ...] = (
    as_it_is, as_it_is, as_it_is, quoted_printable, in_base64, with_returns, in_base64_with_returns,
    readdressed, refolded,
)  # fmt: skip


def _as_files(folder: Path, mails: Sequence[bytes]) -> list[str]:
    folder.mkdir(parents=True)
    paths = [folder / f"{number:04}-x.patch" for number in range(len(mails))]
    for path, mail in zip(paths, mails, strict=True):
        path.write_bytes(mail)
    return list(map(str, paths))


def _as_mbox(folder: Path, mails: Sequence[bytes]) -> list[str]:
    folder.mkdir(parents=True)
    path = folder / "series.mbox"
    path.write_bytes(b"".join(mails))
    return [str(path)]


CONTAINERS: tuple[Callable[[Path, Sequence[bytes]], list[str]], ...] = (_as_files, _as_mbox)
"""Ways to keep mails; each returns what to name to git-am and to patchgen."""
