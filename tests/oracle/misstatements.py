"""More ways to break a series: its headers, what a diff says of a file, and how it is encoded."""

import random
import re

from tests.oracle.mutations import (
    ANY_HUNK,
    Kind,
    Mutation,
    any_match,
    in_diff,
    other_number,
    replaced,
)

_SIGN_OFF = re.compile(rb"(?m)^Signed-off-by: [^\n]*\n")


def _one_patch(pattern: bytes, new: bytes) -> Mutation:
    """The first match in one of the patches replaced."""
    compiled = re.compile(pattern, re.MULTILINE)

    def mutate(source: random.Random, mails: list[bytes]) -> list[bytes] | None:
        at = source.randrange(1, len(mails))
        mails[at], count = compiled.subn(new, mails[at], count=1)
        return mails if count else None

    return mutate


def _any_patch(pattern: bytes, new: bytes) -> Mutation:
    """A match somewhere in the diffs replaced, in whichever patch has one."""
    compiled = re.compile(pattern, re.MULTILINE)

    def mutate(source: random.Random, mails: list[bytes]) -> list[bytes] | None:
        having = [
            at
            for at in range(1, len(mails))
            if compiled.search(mails[at], mails[at].index(b"\n---\n"))
        ]
        if not having:
            return None
        at = source.choice(having)
        match = any_match(source, compiled, mails[at], mails[at].index(b"\n---\n"))
        assert match
        mails[at] = mails[at][: match.start()] + match.expand(new) + mails[at][match.end() :]
        return mails

    return mutate


def _below_the_marker(source: random.Random, mails: list[bytes]) -> list[bytes] | None:
    at = source.randrange(1, len(mails))
    match = _SIGN_OFF.search(mails[at])
    if match is None:
        return None
    without = mails[at][: match.start()] + mails[at][match.end() :]
    mails[at] = without.replace(b"\n---\n", b"\n---\n" + match[0], 1)
    return mails


def _id(group: int) -> Mutation:
    """A digit of a blob's id; ids of no blob stay, they say that there is none."""
    pattern = re.compile(rb"^index ([0-9a-f]{12})\.\.([0-9a-f]{12})", re.MULTILINE)

    def mutate(source: random.Random, mails: list[bytes]) -> list[bytes] | None:
        at, start = in_diff(source, mails)
        match = any_match(source, pattern, mails[at], start)
        if match is None or not match[group].strip(b"0"):
            return None
        place, text = source.randrange(12), match[group]
        digit = b"%x" % (int(text[place : place + 1], 16) ^ source.randint(1, 15))
        new = text[:place] + digit + text[place + 1 :]
        mails[at] = replaced(mails[at], match, group, new)
        return mails

    return mutate


def _base_commit(source: random.Random, mails: list[bytes]) -> list[bytes] | None:
    """The id of a commit that is nowhere."""
    match = re.search(rb"(?m)^base-commit: ([0-9a-f]{40})$", mails[0])
    if match is None:
        return None
    place = source.randrange(40)
    digit = b"%x" % (int(match[1][place : place + 1], 16) ^ source.randint(1, 15))
    mails[0] = replaced(mails[0], match, 1, match[1][:place] + digit + match[1][place + 1 :])
    return mails


def _binary_byte(source: random.Random, mails: list[bytes]) -> list[bytes] | None:
    """One character of the data of a binary patch; its first one is the length of the line."""
    data = re.compile(rb"(?m)^(?:literal|delta) \d+\n(?:[A-Za-z][^\n]+\n)*?[A-Za-z]([^\n]+)\n")
    having = [at for at in range(1, len(mails)) if b"\nGIT binary patch\n" in mails[at]]
    if not having:
        return None
    at = source.choice(having)
    match = any_match(source, data, mails[at], mails[at].index(b"\nGIT binary patch\n"))
    if match is None:
        return None
    place = match.start(1) + source.randrange(len(match[1]))
    new = b"A" if mails[at][place : place + 1] != b"A" else b"B"
    mails[at] = mails[at][:place] + new + mails[at][place + 1 :]
    return mails


def _binary_length(source: random.Random, mails: list[bytes]) -> list[bytes] | None:
    having = [at for at in range(1, len(mails)) if b"\nGIT binary patch\n" in mails[at]]
    if not having:
        return None
    at = source.choice(having)
    pattern = re.compile(rb"(?m)^(?:literal|delta) (\d+)$")
    match = any_match(source, pattern, mails[at])
    assert match
    mails[at] = replaced(mails[at], match, 1, other_number(source, match[1]))
    return mails


def _charset(charset: bytes) -> Mutation:
    """Another charset said of a mail that is UTF-8 and has more than ASCII in its message."""

    def mutate(source: random.Random, mails: list[bytes]) -> list[bytes] | None:
        at = source.randrange(1, len(mails))
        mails[at], count = re.subn(rb"charset=UTF-8", b"charset=" + charset, mails[at], count=1)
        return mails if count else None

    return mutate


def _latin1_in_utf8(source: random.Random, mails: list[bytes]) -> list[bytes] | None:
    at = source.randrange(1, len(mails))
    head, body = mails[at].split(b"\n\n", 1)
    mails[at] = head + b"\n\n" + body.replace("ä".encode(), b"\xe4", 1)
    return mails if b"\xe4" in mails[at] else None


_UNREADABLE = "mail-unreadable"
_SIGNED = ("signed-off-by-missing", "author-not-signed-off")
_DIFF = ("diff-header-mismatch", "diffstat-summary-mismatch", "lines-lost", *ANY_HUNK)

MORE_KINDS: tuple[Kind, ...] = (
    Kind("date: no date", _one_patch(rb"^Date: .*$", b"Date: sooner or later"), (_UNREADABLE,)),
    Kind(
        "date: lost", _one_patch(rb"^Date: .*\n", b""), (_UNREADABLE,),
        0.0, "git-am takes the time at which it runs; nothing is contradicted",
    ),
    Kind(
        "date: another day", _one_patch(rb"^Date: .*$", b"Date: Tue, 2 Jan 2018 03:04:05 +0000"),
        (_UNREADABLE,), 0.0, "nothing else in a series says when it was made",
    ),
    Kind("From lost", _one_patch(rb"^From: .*\n", b""), ("author-mismatch",)),
    Kind(
        "From without an address", _one_patch(rb"^From: .*$", b"From: A U Thor"),
        ("author-mismatch",),
    ),
    Kind(
        "From in the message", _one_patch(rb"\n\n", b"\n\nFrom: N O Body <no@example.com>\n\n"),
        ("shortlog-mismatch", "author-not-signed-off"),
    ),
    Kind("sign-off below the marker", _below_the_marker, ("message-cut-by-marker",)),
    Kind(
        "no blank line below the headers", _one_patch(rb"\n\n", b"\n"), (_UNREADABLE,),
        0.0, "for git, too, the message begins at the first line that is no header",
    ),
    Kind("base-commit", _base_commit, ("base-commit-unknown",), on_base=False),
    Kind("id before", _id(1), ("blob-mismatch", "blob-id-mismatch", *ANY_HUNK)),
    Kind(
        "id after",
        _id(2),
        ("blob-id-mismatch", "blob-result-mismatch", "diff-empty", *ANY_HUNK),
    ),
    Kind(
        "mode of a new file", _any_patch(rb"^new file mode 100644$", b"new file mode 100755"), _DIFF
    ),
    Kind(
        "mode of a file gone",
        _any_patch(rb"^deleted file mode 100644$", b"deleted file mode 100755"), _DIFF,
    ),
    Kind("old mode", _any_patch(rb"^old mode 100644$", b"old mode 100755"), _DIFF),
    Kind("new mode", _any_patch(rb"^new mode 100755$", b"new mode 100644"), _DIFF),
    Kind("rename from", _any_patch(rb"^(rename from .*?)(\"?)$", rb"\1x\2"), _DIFF),
    Kind("rename to", _any_patch(rb"^(rename to .*?)(\"?)$", rb"\1x\2"), _DIFF),
    Kind(
        "rename line lost", _any_patch(rb"^rename from .*\n", b""), _DIFF,
        0.0, "git renames as well with one of the two lines",
    ),
    Kind(
        "diff line lost above modes or names",
        _any_patch(rb"^diff --git .*\n(?=old mode|similarity)", b""), _DIFF,
    ),
    Kind(
        "diff line lost", _any_patch(rb"^diff --git .*\n(?=index)", b""), _DIFF,
        0.0, "git finds the file by the two lines with its names, and nothing is changed",
    ),
    Kind("binary data", _binary_byte, ("binary-damaged", *ANY_HUNK)),
    Kind("binary length", _binary_length, ("binary-damaged", *ANY_HUNK)),
    Kind("charset: unknown", _charset(b"x-none"), (_UNREADABLE,)),
    Kind("charset: too wide", _charset(b"utf-16"), (_UNREADABLE,)),
    Kind("charset: too narrow", _charset(b"us-ascii"), (_UNREADABLE,)),
    Kind(
        "charset: another one", _charset(b"koi8-r"), (*_SIGNED, _UNREADABLE), 0.0,
        "every byte is a letter in it, and the sign-off has an address to know its author by",
    ),
    Kind(
        "charset: not that of a byte", _latin1_in_utf8, (_UNREADABLE,), 0.0,
        "git takes a byte that is no UTF-8 for Latin-1, which here it is",
    ),
)  # fmt: skip
