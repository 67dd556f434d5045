"""What happens to mails between git-format-patch and the one who reads them."""

import base64
import gzip
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.oracle.sending import sent_by_git

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


def flowed(source: random.Random, mail: bytes) -> bytes:
    """format=flowed by a mailer that does it right; not where lines of the mail end in blanks."""
    head, body = _parts(mail)
    lines = body.split(b"\n")
    if b"multipart/" in head or any(line.endswith(b" ") and line != b"-- " for line in lines):
        return mail
    gone = b" " if source.random() < 0.5 else b""
    sent = []
    for number, line in enumerate(lines):
        wraps = len(line) > 60 and not line.startswith((b" ", b">", b"From ")) and number
        words = line.split(b" ") if wraps and b"  " not in line else [line]
        stuffed = b" " + words[0] if words[0].startswith((b" ", b">", b"From ")) else words[0]
        sent += [*(word + b" " + gone for word in [stuffed, *words[1:]][:-1])]
        sent.append(words[-1] if len(words) > 1 else stuffed)
    charset = _CHARSET.search(head)
    head = _TEXT_HEADERS.sub(b"", head) + b"MIME-Version: 1.0\nContent-Type: text/plain; "
    head += b"format=flowed; charset=%s" % (charset[1] if charset else b"UTF-8")
    head += b"; delsp=yes\n" if gone else b"\n"
    return head + b"Content-Transfer-Encoding: 8bit\n\n" + b"\n".join(sent)


TRANSPORTS: tuple[Callable[[random.Random, bytes], bytes], ...] = (
    as_it_is, as_it_is, as_it_is, quoted_printable, in_base64, with_returns, in_base64_with_returns,
    readdressed, refolded, flowed, sent_by_git("8bit"), sent_by_git("quoted-printable"),
    sent_by_git("base64"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kept:
    """Where mails are: what to name to patchgen, and to git-am."""

    sources: list[str]
    for_am: list[str]


def _as_files(folder: Path, mails: Sequence[bytes], letter: bool) -> Kept:
    folder.mkdir(parents=True)
    paths = [folder / f"{number:04}-x.patch" for number in range(len(mails))]
    for path, mail in zip(paths, mails, strict=True):
        path.write_bytes(mail)
    names = list(map(str, paths))
    return Kept(names, names[letter:])


def _as_mbox(folder: Path, mails: Sequence[bytes], letter: bool) -> Kept:
    folder.mkdir(parents=True)
    paths = folder / "series.mbox", folder / "patches.mbox"
    paths[0].write_bytes(b"".join(mails))
    paths[1].write_bytes(b"".join(mails[letter:]))
    return Kept([str(paths[0])], [str(paths[1])])


def _as_packed_mbox(folder: Path, mails: Sequence[bytes], letter: bool) -> Kept:
    kept = _as_mbox(folder, mails, letter)
    packed = folder / "series.mbox.gz"
    packed.write_bytes(gzip.compress(Path(kept.sources[0]).read_bytes()))
    return Kept([str(packed)], kept.for_am)


def _as_mboxrd(folder: Path, mails: Sequence[bytes], letter: bool) -> Kept:
    """As public-inbox hands threads out."""
    quoted = [_POSTMARK + _FROM.sub(rb">\1", _bare(mail)) for mail in mails]
    kept = _as_mbox(folder, quoted, letter)
    return Kept(kept.sources, ["--patch-format=mboxrd", *kept.for_am])


def _as_maildir(folder: Path, mails: Sequence[bytes], letter: bool) -> Kept:
    """Some mails read, some new; git-am takes all that are read first, so it gets them as read."""
    for name, kept in (("all", mails), ("patches", mails[letter:])):
        for part in ("cur", "new", "tmp"):
            (folder / name / part).mkdir(parents=True)
        for number, mail in enumerate(kept):
            new = name == "all" and number % 2
            file = f"{1_700_000_000 + number}.M{number}P1.example" + ("" if new else ":2,S")
            (folder / name / ("new" if new else "cur") / file).write_bytes(_bare(mail))
    return Kept([str(folder / "all")], [str(folder / "patches")])


def _bare(mail: bytes) -> bytes:
    """The mail without its postmark."""
    return mail.partition(b"\n")[2] if mail.startswith(b"From ") else mail


_FROM = re.compile(rb"(?m)^(>*From )")
_POSTMARK = b"From mboxrd@z Thu Jan  1 00:00:00 1970\n"

CONTAINERS: tuple[Callable[[Path, Sequence[bytes], bool], Kept], ...] = (
    _as_files, _as_files, _as_mbox, _as_packed_mbox, _as_mboxrd, _as_maildir,
)  # fmt: skip
"""Ways to keep mails, the first of which is a cover letter or not."""
