"""Mails, diffs, diffstats and cover letters that are nearly right, from a source of randomness."""

import base64
import quopri
import random
from collections.abc import Callable

from tests.series.generated import LINES, PATHS

NUMBERS = (
    "0",
    "1",
    "2",
    "3",
    "7",
    "10",
    "999",
    "4294967296",
    "18446744073709551616",
    "-1",
    "٣",
    "",
)
TAGS = ("PATCH", "RFC", "v2", "v0", "0/3", "1/3", "3/1", "99999999999/1", "net-next", "", "[", "]")
CHARSETS = ("utf-8", "iso-8859-1", "koi8-r", "utf-16", "utf-7", "us-ascii", "x-none", "idna", "hex")
ENCODINGS = ("8bit", "7bit", "quoted-printable", "base64", "x-uuencode", "binary", " BASE64 ", "")
TYPES = ("text/plain", "text/html", "multipart/mixed", "multipart/alternative", "image/png", "/")
WORDS = (
    "=?utf-8?q?=C3=BC?=", "=?utf-8?b?w7w=?=", "=?utf-8?b?w7w?=", "=?x?q??=", "=?utf-8?x?a?=",
    "=?iso-8859-1?q?=FC?=", "=?utf-7?q?+AAA-?=", "=?utf-8?q?=ff?=", "=?", "?=", "ünï", "Re:", "fix",

    "<a@x.org>", '"A, B"', "(c", "@", ";", ",", "\t", "\r", "\0", "\x1b[31m", "\u202e", "\udcfc",
)  # fmt: skip
HEADERS = (
    "From", "Subject", "Date", "To", "Cc", "Message-ID", "In-Reply-To", "References", "X-Y",
    "MIME-Version", "List-Id", "from", "SUBJECT", "Subject ", "",
)  # fmt: skip
TRAILERS = (
    "Signed-off-by: A U Thor <author@example.com>", "Fixes: 123456789abc (\"x\")", "Cc: a@x.org",
    "Link: https://example.com/1", "base-commit: " + "a" * 40, "Co-developed-by:", ": ", "x:",
    "change-id: 2019", "prerequisite-patch-id: " + "b" * 40, "Reviewed-by: ünï <u@x.org>",
    "commit 123456789abc (\"x", "format=flowed ", "-- >8 --", "--- >8 ---", "From: B <b@x.org>",
    "Subject: other", "Date: never", ">From 1", "From here on", "---", "--- ", "diff -", "Index: x",
)  # fmt: skip


def path(source: random.Random) -> str:
    """A path as it may stand in a diff, hostile ones too."""
    odd = (
        "../x",
        "/etc/x",
        ".git/x",
        "a//b",
        "",
        '"q\\"',
        '"\\377\\n"',
        '"\\9"',
        "a\tb",
        "a b/a b",
    )
    return source.choice(PATHS + odd)


def diff(source: random.Random) -> str:
    """A diff of some files."""
    return "".join(_file(source) for _ in range(source.randint(1, 3)))


def _file(source: random.Random) -> str:
    old = path(source)
    new = old if source.random() < 0.7 else path(source)
    out = [f"diff --git a/{old} b/{new}"] if source.random() < 0.85 else []
    out += source.sample(
        (
            "new file mode 100644", "deleted file mode 100755", "old mode 100644",
            "new mode 160000",
            f"rename from {old}", f"rename to {new}", "similarity index 90%", "copy from x",
            "index 0000000..1234567 100644", "index 1..2", "GIT binary patch", "literal 5",
            "Binary files a/x and b/x differ", "delta 99999999999", "McmZ?wbhEHbQ~!iXc3",
            "diff --cc x",
        ),
        source.choice((0, 1, 2, 5)),
    )  # fmt: skip
    if source.random() < 0.85:
        out += [f"--- {source.choice((f'a/{old}', '/dev/null', old))}"]
        out += [f"+++ {source.choice((f'b/{new}', '/dev/null', new))}"]
    for _ in range(source.choice((0, 1, 1, 2, 4))):
        out += _hunk(source)
    return "".join(line + "\n" for line in out)


def _hunk(source: random.Random) -> list[str]:
    marks = source.choices(
        (" ", "+", "-", "", "\\", "@"), (8, 4, 4, 1, 1, 0.2), k=source.randint(0, 8)
    )
    lines = [mark + source.choice(LINES) for mark in marks]
    old = sum(line[:1] in ("", " ", "-") for line in lines)
    new = sum(line[:1] in ("", " ", "+") for line in lines)
    numbers = [str(source.randint(1, 90)), str(old), str(source.randint(1, 90)), str(new)]
    if source.random() < 0.3:
        numbers[source.randrange(4)] = source.choice(NUMBERS)
    return ["@@ -{},{} +{},{} @@ int f(void)".format(*numbers), *lines]


def diffstat(source: random.Random) -> str:
    """A table with its summary, and what git writes below it."""
    out = []
    for _ in range(source.randint(0, 5)):
        name = source.choice(
            (path(source), f"d/{{{path(source)} => {path(source)}}}/x", "...ail", "=>")
        )
        value = source.choice((*NUMBERS, "Bin", "Bin 6 -> 7 bytes", "Unmerged", "Bin 0 -> x bytes"))
        bar = (
            "+" * source.randint(0, 9) + "-" * source.randint(0, 9) + source.choice(("", "+", " -"))
        )
        out.append(f" {name}{' ' * source.randint(0, 6)}|{' ' * source.randint(0, 4)}{value} {bar}")
    files, added, removed = (source.choice(NUMBERS) for _ in range(3))
    out += [f" {files} files changed, {added} insertions(+), {removed} deletions(-)"]
    out += source.sample(
        (
            " create mode 100644 x",
            " delete mode 1 x",
            " rename a => b (95%)",
            " rewrite x (9%)",
            " mode ",
        ),
        source.randint(0, 2),
    )
    return "".join(line + "\n" for line in out)


def cover(source: random.Random) -> str:
    """The body of a cover letter."""
    out = []
    for _ in range(source.randint(0, 3)):
        out.append(f"{source.choice(WORDS)} ({source.choice(NUMBERS)}):")
        indents = source.choices(("  ", "    ", " ", "\t", "      "), k=source.randint(0, 4))
        out += [indent + " ".join(source.choices(WORDS, k=3)) for indent in indents] + [""]
    tail = source.sample(TRAILERS, 2) + source.sample(
        ("Range-diff against v1:", "1:  1234567 ! 1:  7654321 x", "-- ", "2.39.5", "[1/3] title"), 2
    )
    pieces = [
        "\n".join(source.choices(LINES, k=4)),
        "\n".join(out),
        diffstat(source),
        "\n".join(tail),
    ]
    if source.random() < 0.3:
        source.shuffle(pieces)
    return "\n\n".join(pieces) + "\n"


def patch_body(source: random.Random) -> str:
    """Message, trailers, marker, diffstat, diff and signature; now and then without one of them."""
    pieces = [
        "\n".join(source.choices(LINES, k=source.randint(0, 5))) + "\n\n",
        "\n".join(source.sample(TRAILERS, source.randint(0, 4))) + "\n",
        "---\n",
        diffstat(source) + "\n",
        diff(source),
        "-- \n2.39.5\n\n",
    ]
    if source.random() < 0.3:
        del pieces[source.randrange(len(pieces))]
    return "".join(pieces)


def mail(source: random.Random) -> bytes:
    """A whole mail, encoded in one of the ways that mails are."""
    text = cover(source) if source.random() < 0.3 else patch_body(source)
    tags = " ".join(source.sample(TAGS, source.randint(0, 4)))
    head = [f"Subject: [{tags}] " + " ".join(source.choices(WORDS, k=source.randint(0, 5)))]
    for name in source.sample(HEADERS, source.randint(1, 6)):
        value = source.choice((" ", "\n ", "\n\t")).join(
            source.choices(WORDS, k=source.randint(0, 6))
        )
        head.append(f"{name}: {value}")
    head += _content_headers(
        source, source.choice(TYPES) if source.random() < 0.3 else "text/plain"
    )
    source.shuffle(head)
    if source.random() < 0.3:
        head.insert(0, f"From {'0' * 40} Mon Sep 17 00:00:00 2001")
    body = _part(source, text, "".join(head), 0)
    data = "\n".join(head).encode("utf-8", "surrogateescape") + b"\n\n" + body
    return data.replace(b"\n", b"\r\n") if source.random() < 0.1 else data


def _content_headers(source: random.Random, kind: str) -> list[str]:
    parameters = source.sample(
        (
            f"charset={source.choice(CHARSETS)}", f'charset="{source.choice(CHARSETS)}"',
            'boundary="b"', "boundary=b",
            "charset*=utf-8''x", "charset*0=ut; charset*1=f-8", "format=flowed",
            "delsp=yes", 'x="', "boundary*=%ff''b",
        ),
        source.randint(0, 3),
    )  # fmt: skip
    return [
        "; ".join((f"Content-Type: {kind}", *parameters)),
        f"Content-Transfer-Encoding: {source.choice(ENCODINGS)}",
    ]


def _part(source: random.Random, text: str, head: str, depth: int) -> bytes:
    if "multipart/" in head and depth < 4:
        out = b"preamble\n"
        for _ in range(source.randint(0, 3)):
            own = _content_headers(source, source.choice(TYPES))
            out += (
                b"--b\n"
                + "\n".join(own).encode()
                + b"\n\n"
                + _part(source, text, own[0], depth + 1)
            )
        return out + source.choice((b"--b--\n", b"--b\n", b""))
    data = text.encode("utf-8", "surrogateescape")
    kind = source.random()
    if "quoted-printable" in head and kind < 0.8:
        return quopri.encodestring(data)
    if "base64" in head.lower() and kind < 0.8:
        return base64.encodebytes(data)
    return data


def damaged(source: random.Random, data: bytes) -> bytes:
    """The data with up to three things wrong with it."""
    for _ in range(source.choice((0, 1, 1, 2, 3))):
        lines = data.split(b"\n")
        at, other = source.randrange(len(lines)), source.randrange(len(lines))
        spot = source.randint(0, len(data))
        kind = source.randrange(8)
        if kind == 0:
            lines[at : at + source.randint(1, 5)] = []
        elif kind == 1:
            lines.insert(at, lines[other])
        elif kind == 2:
            lines[at], lines[other] = lines[other], lines[at]
        elif kind == 3:
            lines[at] = lines[at] * source.choice((2, 50))
        elif kind == 4:
            lines[at] = lines[at][:-1]
        if kind < 5:
            data = b"\n".join(lines)
        elif kind == 5:
            data = data[:spot]
        elif kind == 6:
            data = data[:spot] + source.randbytes(source.randint(1, 4)) + data[spot + 1 :]
        else:
            data = (
                data[:spot]
                + source.choice((b"\0", b"\r", b"\x85", b"\xff\xfe", b"\n\n"))
                + data[spot:]
            )
    return data


GRAMMARS: dict[str, Callable[[random.Random], bytes]] = {
    "mail": mail,
    "series": lambda source: b"\n".join(mail(source) for _ in range(source.randint(1, 4))),
    "hunks": lambda source: diff(source).encode("utf-8", "surrogateescape"),
    "diffstat": lambda source: diffstat(source).encode("utf-8", "surrogateescape"),
    "cover": lambda source: cover(source).encode("utf-8", "surrogateescape"),
}
"""What each harness is fed; the names are those of `tests.fuzz.harnesses`."""
