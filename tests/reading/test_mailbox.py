"""Mboxes, held against git-mailsplit."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patchgen.reading.mailbox import split_mailbox
from patchgen.reading.read import parse_series
from tests.series.generated import (
    commit_trees,
    examples,
    format_patch,
    generated_trees,
    git,
    seeds,
)

POSTMARKS = (
    "From 0123456789012345678901234567890123456789 Mon Sep 17 00:00:00 2001",
    "From a@example.com Wed Jun  5 12:00:00 2019",
    "From MAILER-DAEMON Wed Jun  5 12:00:00 2019 +0200",
    "From - Wed Jun  5 12:00 2019",
)
BODY = (
    "",
    "text",
    "From me",
    "From here on it is 12:00 somewhere",
    ">From a@example.com Wed Jun  5 12:00:00 2019",
    "from a@example.com Wed Jun  5 12:00:00 2019",
    "+From a@example.com Wed Jun  5 12:00:00 2019",
)


def git_split(data: bytes, folder: Path) -> list[bytes]:
    for old in folder.iterdir():
        old.unlink()
    (folder / "mbox").write_bytes(data)
    count = int(git("mailsplit", "-d4", "-o.", "mbox", cwd=folder))
    return [(folder / f"{number:04}").read_bytes() for number in range(1, count + 1)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("split")


@examples(80)
@given(
    mails=st.lists(
        st.tuples(st.sampled_from(POSTMARKS), st.lists(st.sampled_from(BODY), max_size=5)),
        min_size=1,
        max_size=4,
    )
)
def test_mboxes_are_split_where_git_splits_them(
    folder: Path, mails: list[tuple[str, list[str]]]
) -> None:
    text = "".join(
        "\n".join([postmark, "From: a@x", "Subject: [PATCH] x", "", *body, ""])
        for postmark, body in mails
    )
    own = split_mailbox(text.encode())
    theirs = git_split(text.encode(), folder)
    assert [mail for mail, _ in own] == theirs
    lines = text.split("\n")
    assert [lines[first - 1] for _, first in own] == [postmark for postmark, _ in mails]


@seeds(15)
def test_format_patch_output_is_split(repository: Path, folder: Path, seed: int) -> None:
    trees = generated_trees(seed)
    commits = commit_trees(repository, trees)
    data = format_patch(repository, commits[0], "--cover-letter")
    own = split_mailbox(data)
    assert len(own) == len(git_split(data, folder)) == len(trees)
    series = parse_series([("x.mbox", data)])
    lines = data.split(b"\n")
    for patch in series.patches:
        assert lines[patch.subject_line - 1].startswith(b"Subject: ")
        for file in patch.diff.files:
            assert lines[file.line - 1].startswith(b"diff --git ")
            for hunk in file.hunks:
                assert lines[hunk.line - 1].startswith(b"@@ ")
                for line in hunk.lines:
                    assert lines[line.number - 1].decode("utf-8", "surrogateescape") == line.text


def test_a_file_without_postmark_is_one_mail() -> None:
    data = b"From: a@x\nSubject: x\n\nFrom me\n"
    assert split_mailbox(data) == ((data, 1),)


def test_text_before_the_first_postmark_is_a_mail() -> None:
    data = b"Subject: x\n\nFrom a@x Wed Jun  5 12:00:00 2019\nSubject: y\n"
    assert [first for _, first in split_mailbox(data)] == [1, 3]


def test_prose_with_a_time_and_a_year_is_no_postmark() -> None:
    mail = b"From: a@example.com\nSubject: [PATCH] x\n\nFrom here on 12:34:56 in 2020 we see\nit.\n"
    assert split_mailbox(mail) == ((mail, 1),)
