"""Cover letters kept apart from the series."""

from pathlib import Path

import pytest

from patchgen.errors import InputError
from patchgen.reading.letter import read_letter
from patchgen.reading.read import read_series

PASTED = """\
# Notes of the week

Some words that are not the letter.

### [PATCH v2 0/2] lamp: dim it at night\x20\x20

From: A U Thor <author@example.com>

```
Lamps are bright. See commit 0123456789ab ("lamp: shine").\x20\x20

A U Thor (2):
  lamp: add a dimmer that has a name which is quite a bit longer than the
    others
  lamp: use it at night, and during the day when nobody is at home and looking at it

 lamp.c | 3 ++-
 lamp.h | 1 +
 2 files changed, 3 insertions(+), 1 deletion(-)

--\x20
2.39.5
```
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "letter.md"
    path.write_text(text)
    return path


def test_a_letter_pasted_into_a_document_is_read(tmp_path: Path) -> None:
    letter = read_letter(written(tmp_path, PASTED), "letter.md")
    assert str(letter.subject) == "[PATCH v2 0/2] lamp: dim it at night"
    assert (letter.file, letter.subject_line) == ("letter.md", 5)
    assert letter.shortlog
    (block,) = letter.shortlog.blocks
    assert (block.author, block.count) == ("A U Thor", 2)
    assert [entry.title for entry in block.entries] == [
        "lamp: add a dimmer that has a name which is quite a bit longer than the others",
        "lamp: use it at night, and during the day when nobody is at home and looking at it",
    ]
    assert letter.diffstat
    assert letter.diffstat.totals == "2 files changed, 3 insertions(+), 1 deletion(-)"
    assert [line.number for line in letter.blurb if "Lamps" in line.text] == [10]
    assert not any("```" in line.text for line in letter.blurb)


@pytest.mark.parametrize(
    "heading",
    [
        "[PATCH 0/1] x",
        "## [PATCH 0/1] x",
        "> [PATCH 0/1] x",
        "**[PATCH 0/1] x**",
        "**Subject: [PATCH 0/1] x**",
        "  Subject: [PATCH 0/1] x  ",
        "Subject: [PATCH 0/1] x",
    ],
)
def test_a_heading_in_any_dress_is_the_subject(tmp_path: Path, heading: str) -> None:
    letter = read_letter(written(tmp_path, f"{heading}\n\nBlurb.\n"), "x")
    assert (letter.subject.number, letter.subject.total, letter.subject.summary) == (0, 1, "x")
    assert [line.text for line in letter.blurb if line.text] == ["Blurb."]


def test_the_author_below_the_heading_is_known(tmp_path: Path) -> None:
    text = "# [PATCH 0/1] x\nFrom: B <b@example.com>\nTo: c@example.com\n\nBlurb.\n"
    letter = read_letter(written(tmp_path, text), "x")
    assert str(letter.author) == "B <b@example.com>"


def test_a_mail_is_read_as_one(tmp_path: Path) -> None:
    text = "From: B <b@example.com>\nSubject: [PATCH 0/1] =?utf-8?q?=C3=A9?=\n\nBlurb.\n"
    letter = read_letter(written(tmp_path, text), "x")
    assert letter.subject.summary == "é"
    assert str(letter.author) == "B <b@example.com>"


def test_the_letter_given_replaces_the_posted_one(tmp_path: Path) -> None:
    folder = tmp_path / "posted"
    folder.mkdir()
    for number in (0, 1):
        (folder / f"{number}.patch").write_text(
            f"From: A <a@x.org>\nSubject: [PATCH {number}/1] posted\n\nB.\n"
        )
    path = written(tmp_path, "# [PATCH 0/1] mine\n\nB.\n")
    series = read_series([str(folder)], str(path))
    assert series.title == "mine"
    assert len(series.patches) == 1


def test_the_base_of_the_letter_given_is_the_series(tmp_path: Path) -> None:
    posted = tmp_path / "1.patch"
    posted.write_text("From: A <a@x.org>\nSubject: [PATCH 1/1] posted\n\nB.\n")
    path = written(tmp_path, f"# [PATCH 0/1] mine\n\nB.\n\nbase-commit: {'5' * 40}\n")
    assert read_series([str(posted)], str(path)).base_commit == "5" * 40
    posted.write_text(f"{posted.read_text()}---\nbase-commit: {'6' * 40}\n")
    assert read_series([str(posted)], str(path)).base_commit == "6" * 40


@pytest.mark.parametrize("text", ["", "# no prefix\n\ntext\n", "[PATCH 0/1]\n", "\0\1\2"])
def test_a_document_without_a_letter_is_an_error(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError, match=r"no cover letter in x") as raised:
        read_letter(written(tmp_path, text), "x")
    assert raised.value.hint


def test_a_letter_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot read cover letter x") as raised:
        read_letter(tmp_path / "none", "x")
    assert raised.value.hint
