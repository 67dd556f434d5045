"""Mails taken apart, held against git-mailinfo."""

import base64
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patchgen.series.mail.identity import Identity, parse_identity
from patchgen.series.mail.message import parse_mail
from patchgen.series.parts import take_apart
from patchgen.series.text import Line, joined, to_bytes
from tests.series.generated import commit_trees, examples, format_patch, generated_trees, git, seeds


def mailinfo(data: bytes, folder: Path) -> tuple[dict[str, str], list[str], bytes]:
    said = git("mailinfo", "--no-scissors", "message", "patch", cwd=folder, stdin=data).decode(
        "utf-8", "replace"
    )
    info = dict(line.split(": ", 1) for line in said.splitlines() if ": " in line)
    message = (folder / "message").read_text("utf-8").split("\n")
    return info, message, (folder / "patch").read_bytes()


def trimmed(lines: list[str]) -> list[str]:
    return "\n".join(line if line.strip() else "" for line in lines).strip("\n").split("\n")


@seeds(30)
def test_what_git_formats_it_would_take_apart_as_we_do(
    repository: Path, tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    trees = generated_trees(seed, changes=1)
    title = "ünïcode: a title " + "that is long " * (seed % 8)
    commits = commit_trees(repository, trees, ["base\n", f"{title}\n\nWhy.\n\n--- a\nx\n"])
    data = format_patch(repository, commits[0])
    info, message, patch = mailinfo(data, tmp_path_factory.getbasetemp())
    mail = parse_mail(data, "x")
    parts = take_apart(mail)
    assert to_bytes(joined(parts.rest)) == patch
    assert trimmed([line.text for line in parts.message]) == trimmed(message)
    assert mail.subject.summary == info["Subject"]


def test_lines_keep_their_numbers_in_the_file() -> None:
    mail = parse_mail(b"From: a@x\nSubject: [PATCH]\n x\n\none\ntwo\n", "x", 11)
    assert mail.subject_line == 12
    assert [(line.number, line.text) for line in mail.body] == [(15, "one"), (16, "two")]


def test_quoted_printable_lines_have_the_number_of_their_first() -> None:
    head = b"Subject: x\nContent-Transfer-Encoding: quoted-printable\n\n"
    mail = parse_mail(head + b"a=3Db=\nc=\n d\ne=20\n=\n", "x")
    assert [(line.number, line.text) for line in mail.body] == [(4, "a=bc d"), (7, "e ")]


def test_base64_lines_have_the_number_of_their_first_byte_and_keep_crs() -> None:
    head = b"Subject: x\nContent-Transfer-Encoding: BASE64\n\n"
    mail = parse_mail(head + base64.encodebytes(b"a\r\nb\n"), "x")
    assert [(line.number, line.text) for line in mail.body] == [(4, "a\r"), (4, "b")]


@pytest.mark.parametrize(
    "head",
    [
        b"Subject: =?utf-8?q?=FF?=\n",
        b"Subject: =?no-such-charset?q?a?=\n",
        b"Subject: =?utf-8?b?!!!?=\n",
        b"Subject: \xff\xfe\n",
        b"Content-Type: text/plain; charset=no-such\nSubject: a\n",
        b"Content-Type: text/plain; charset=utf-16\nSubject: a\n",
        b"Content-Type: text/plain; charset=idna\nSubject: a\n",
        b"Content-Type: text/plain; charset=rot13\nSubject: a\n",
        b'Content-Type: text/plain; charset="\xff"\nSubject: a\n',
        b"Content-Type: text/plain; charset*=utf-8''%FF\nSubject: a\n",
        b"Content-Transfer-Encoding: base64\nSubject: a\n",
        b"Content-Transfer-Encoding: quoted-printable\nSubject: a\n",
        b"From: =?x?=\nSubject:\n",
        b"From: <<<>>>,;:\nSubject: a\nno header at all\n",
        b"",
        b"\n\n",
    ],
)
def test_a_broken_mail_is_still_read(head: bytes) -> None:
    mail = parse_mail(head + b"\n\xffa=b\n=zz\n", "x")
    take_apart(mail)
    assert len(mail.text) == len(mail.body)


@examples(100)
@given(data=st.binary(max_size=200))
def test_any_bytes_are_a_mail(data: bytes) -> None:
    take_apart(parse_mail(data, "x"))
    header = b"Subject: " + data
    parse_mail(header, "x")
    parse_mail(b"Content-Type: text/plain; charset=" + data + b"\n\nx\n", "x")
    parse_mail(b"From: " + data + b"\n\nx\n", "x")


@pytest.mark.parametrize(
    ("text", "identity"),
    [
        ("A U Thor <a@example.com>", Identity("A U Thor", "a@example.com")),
        ('"Thor, A" <a@example.com>', Identity("Thor, A", "a@example.com")),
        ("a@example.com", Identity("a@example.com", "a@example.com")),
    ],
)
def test_identities_are_read_back(text: str, identity: Identity) -> None:
    assert parse_identity(text) == identity


def test_the_text_of_a_signed_mail_is_its_plain_part() -> None:
    lines = [
        "From: A U Thor <author@example.com>",
        "Subject: [PATCH] signed",
        'Content-Type: multipart/signed; boundary="edge"',
        "",
        "--edge",
        "Content-Type: multipart/mixed; boundary=inner",
        "",
        "",
        "--inner",
        "Content-Type: text/plain; charset=us-ascii",
        "Content-Transfer-Encoding: quoted-printable",
        "",
        "one =3D two",
        "three",
        "--inner--",
        "--edge",
        "Content-Type: application/pgp-signature",
        "",
        "not text",
        "--edge--",
        "",
    ]
    mail = parse_mail("\n".join(lines).encode(), "signed.patch")
    assert mail.text == (Line(13, "one = two"), Line(14, "three"), Line(15, ""))
    assert "not text" in [line.text for line in mail.body], "git joins all parts"


def test_the_parts_of_a_cover_letter_begin_where_people_see_them_begin() -> None:
    lines = [
        "Subject: [PATCH {}] signed",
        'Content-Type: multipart/signed; boundary="edge"',
        "",
        "--edge",
        "Content-Type: multipart/mixed; boundary=inner",
        "",
        "--inner",
        "Content-Type: text/plain; charset=us-ascii",
        "Content-Transfer-Encoding: quoted-printable",
        "",
        "one =3D two",
        "--inner--",
        "--edge--",
        "",
    ]
    text = "\n".join(lines)
    letter = parse_mail(text.format("0/1").encode(), "letter")
    assert letter.text == (Line(11, "one = two"), Line(12, ""))
    assert not letter.faults
    patch = parse_mail(text.format("1/1").encode(), "patch")
    assert patch.text[0].text == "--inner", "to git that is text"
    assert patch.faults


def test_headers_in_plain_utf_8_are_read_as_git_writes_them_in_cover_letters() -> None:
    mail = parse_mail("From: Zoë Ärmel <zoe@example.com>\nSubject: [PATCH] é\n\nx\n".encode(), "x")
    assert mail.author == Identity("Zoë Ärmel", "zoe@example.com")
    assert mail.subject.summary == "é"


def test_message_ids_lose_their_brackets_and_the_nearest_answer_comes_first() -> None:
    mail = parse_mail(
        b"Message-Id: <c@example.com>\nIn-Reply-To: <b@example.com>\n"
        b"References: <a@example.com>\n <b@example.com>\nDate: tomorrow\nSubject: [PATCH] x\n\n",
        "x.patch",
    )
    assert (mail.message_id, mail.answers) == ("c@example.com", ("b@example.com", "a@example.com"))
    assert mail.date == "tomorrow"
