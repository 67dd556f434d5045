"""Generated mails: every way to encode a patch that people use, and many that they should not."""

import base64
import quopri
import random
from email.header import Header

CHARSETS = ("utf-8", "UTF8", "iso-8859-1", "us-ascii", "windows-1252", "koi8-r", "iso-2022-jp")
NAMES = (
    "A U Thor <author@example.com>",
    "Béla Ünï <b@example.com>",
    '"Thor, A. \\"U\\"" <author@example.com>',
    "author@example.com (A U Thor)",
    "A (not B) Thor <author@example.com> (office)",
    "author@example.com",
    "<author@example.com>",
    "A. U. Thor <author>",
    "nobody in particular",
    "A @ B <author@example.com>",
    f"{'long ' * 13}<author@example.com>",
    "=?UTF-8?q?B=C3=A9la?= <b@example.com>",
    "=?iso-8859-1?Q?B=E9la_=DCn=EF?= <b@example.com>",
    "=?utf-8?b?QsOpbGE=?= =?utf-8?q?_T?= <b@example.com>",
    "=?koi8-r?B?8M/Q1dPL?=\n =?utf-8?q?_x?= <p@example.com>",
    "=?no-such?q?x?= <b@example.com>",
    "=?utf-8?q?open <b@example.com>",
    "=?utf-8?x?y?= <b@example.com>",
    "=?us-ascii?q?=E9?= <b@example.com>",
)
SUBJECTS = (
    "[PATCH] a: b",
    "[PATCH v2 1/2] é: one",
    "Re: [PATCH]  two   blanks",
    "[PATCH 1/1] a\n  folded\n\tsubject",
    "[PATCH] =?utf-8?q?=C3=A9=3A?= =?utf-8?q?_adjacent?=  end",
    "[PATCH] =?utf-8?q?one?= and =?iso-8859-1?q?tw=F6?=",
    "=?UTF-8?B?W1BBVENIXSDDqQ==?=",
    "[PATCH] =?utf-8?q?broken",
    "[PATCH] =? no word",
    "[PATCH] =?=\n",
    "[[PATCH] nested] x",
    "[unclosed x",
    "rebase: x",
    ": :x",
    "[PATCH] \u00a0 no-break\u00a0\u00a0blanks",
    "",
)
PROSE = (
    "It was missing.",
    "",
    "",
    "  indented ",
    " ",
    "tab\t",
    "From: nobody in particular",
    "Subject: none",
    "Date: tomorrow",
    "--",
    "-- ",
    "----",
    "--- ",
    "--- x",
    "---- 8< ----",
    "ünïcode",
    "@@ -1 +1 @@",
    "+added",
    "> quoted",
    ">From the list",
    ">From 0123456789012345678901234567890123456789 Mon Sep 17 00:00:00 2001",
    "a = b == c =3D d=",
    "diff -u",
    "Index: x",
    "--edge",
    "\u00a0",
    "Signed-off-by: Béla <b@example.com>",
)
STARTS = (
    "",
    "",
    "",
    "From: Béla <b@example.com>\n\n",
    "From: C <c@example.com>\nSubject: another summary\nDate: Wed, 5 Jun 2019 12:00:00 +0000\n\n",
    "from: =?utf-8?q?D=C3=A9?= <d@example.com>\n\n",
    "From: =?utf-8?x?D?= <d@example.com>\n\n",
    "Subject: [PATCH 1/1] in the body\n\n",
    "From: C <c@example.com>\nFrom: D <d@example.com>\n\n",
    "From: C <c@example.com>\nnot a header\n\n",
    "From:C <c@example.com>\n\n",
    "From: C\n <c@example.com>\n\n",
    "[PATCH] in the body\n\n",
    ">From the start\n\n",
    "Subject: folded\n over lines\n\n",
    "\n\nDate: Wed, 5 Jun 2019 12:00:00 +0000\n\n",
)
DIFF = """---
 a | 2 +-
 1 file changed, 1 insertion(+), 1 deletion(-)

diff --git a/a b/a
index 0123456..1234567 100644
--- a/a
+++ b/a
@@ -1,3 +1,3 @@
 one = "é"
-two
+zwei = trailing\x20
\x20
--\x20
2.39.5
"""


def generated_mail(seed: int) -> bytes:
    """A mail made from ``seed``; one in four has been damaged somewhere."""
    source = random.Random(seed)
    charset = source.choice(CHARSETS)
    head = [f"From: {source.choice(NAMES)}", f"Subject: {_subject(source, charset)}"]
    if source.random() < 0.7:
        head.append(source.choice(("Date: Wed, 5 Jun 2019  12:00:00 +0000", "date:x", "DATE: \t")))
    if source.random() < 0.1:
        head.append("Subject: twice")
    source.shuffle(head)
    if source.random() < 0.1:
        head.pop()
    if source.random() < 0.5:
        head.insert(0, f"From {'0123456789' * 4} Mon Sep 17 00:00:00 2001")
    text = source.choice(STARTS)
    text += "".join(f"{line}\n" for line in source.choices(PROSE, k=source.randint(0, 6)))
    text += source.choice((DIFF, DIFF, DIFF, DIFF[4:], DIFF.partition("diff")[0], ""))
    depth = source.choice((0, 0, 0, 1, 1, 2, 5))
    content = _multipart(source, text, charset, depth) if depth else _part(source, text, charset)
    data = "\n".join(head).encode("utf-8") + b"\n" + content
    if source.random() < 0.25:
        data = _damaged(source, data)
    if source.random() < 0.1:
        data = data.rstrip(b"\n")
    return data.replace(b"\n", b"\r\n") if source.random() < 0.1 else data


def _subject(source: random.Random, charset: str) -> str:
    text = source.choice(SUBJECTS)
    if text.isascii() or source.random() < 0.3:
        return text
    name = charset if charset in ("utf-8", "iso-8859-1", "windows-1252") else "utf-8"
    return Header(text, name, maxlinelen=source.choice((30, 76))).encode()


def _part(source: random.Random, text: str, charset: str) -> bytes:
    """The headers that say how a text was sent, and the text as it was sent."""
    encoding = source.choice(("", "7bit", "8bit", "quoted-printable", "base64", "BASE64", "x-odd"))
    body = text.encode(charset, "replace")
    if source.random() < 0.1:
        body = text.encode("utf-8")
    if source.random() < 0.1:
        body = body.replace(b"\n", b"\r\n")
    if source.random() < 0.05:
        body = body.replace(b"b", b"\0", 1)
    if source.random() < 0.1:
        body = body.rstrip(b"\n")
    if encoding == "quoted-printable":
        body = quopri.encodestring(body) if source.random() < 0.8 else body
    elif encoding.lower() == "base64":
        width = source.choice((57, 57, 57, 45, 10, 900))
        rows = (body[at : at + width] for at in range(0, len(body), width))
        body = b"".join(base64.b64encode(row) + b"\n" for row in rows)
    said = source.choice((charset, charset, charset, "", "no-such", source.choice(CHARSETS)))
    kind = source.choice(("text/plain", "text/plain", "TEXT/PLAIN", "text/html", "text/x-patch"))
    extra = source.choice(("", "", "", "", "; format=flowed", "; format=flowed; delsp=yes"))
    names = (
        f"; charset={said}",
        f'; charset="{said}"',
        f";\n\tcharset={said}",
        f"; charset*={said}",
    )
    lines = [f"Content-Type: {kind}{source.choice(names) if said else ''}{extra}"]
    if encoding:
        lines.append(f"Content-Transfer-Encoding: {encoding}")
    if not said and not encoding and source.random() < 0.5:
        lines = []
    source.shuffle(lines)
    return "".join(f"{line}\n" for line in lines).encode() + b"\n" + body


def _multipart(source: random.Random, text: str, charset: str, depth: int) -> bytes:
    edge = source.choice(("edge", "=_edge", "-edge-", "edge of")) + str(depth)
    cut = source.choice((0, len(text), text.find("---") if "---" in text else 0))
    parts = []
    for piece in (text[:cut], text[cut:]) if cut else (text,):
        inner = depth > 1 and source.random() < 0.8
        made = _multipart(source, piece, charset, depth - 1) if inner else None
        parts.append(made or _part(source, piece, charset))
    if source.random() < 0.3:
        parts.append(b"Content-Type: text/html\n\n<p>\n")
    name = source.choice((f'boundary="{edge}"', f'Boundary="{edge}"', f'boundary*="{edge}"'))
    if source.random() < 0.8:
        name = f'boundary="{edge}"'
    data = f"Content-Type: multipart/mixed; {name}\n\n".encode()
    data += source.choice((b"", b"This is a multipart mail.\n", b"\n"))
    mark = f"--{edge}".encode()
    for part in parts:
        data += mark + b"\n" + part + source.choice((b"", b"\n"))
        data += b"" if data.endswith(b"\n") else b"\n"
    return data + source.choice((mark + b"--\n", mark + b"--\nepilogue\n", b"", mark + b"-- \n"))


def _damaged(source: random.Random, data: bytes) -> bytes:
    """The mail with a few bytes lost, doubled, or others."""
    for _ in range(source.randint(1, 3)):
        at = source.randrange(len(data))
        other = source.choice(
            (b"", b"\n", b" ", b"=", b"\t", b":", b"\xe9", b"\0", data[at:][:9] * 2)
        )
        data = data[:at] + other + data[at + source.randint(0, 2) :]
    return data
