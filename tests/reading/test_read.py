"""Series from files, directories and mboxes."""

import os
from pathlib import Path

import pytest

from patchgen.errors import InputError, PatchgenError
from patchgen.reading.read import parse_series, read_series
from patchgen.series.model import Series
from patchgen.series.text import joined
from tests.series.generated import commit_trees, format_patch, generated_trees, git, seeds


def numbered_mail(number: int, total: int, body: str = "Why.\n---\n") -> bytes:
    return (
        f"From: A <a@example.com>\nSubject: [PATCH {number}/{total}] change {number}\n\n{body}"
    ).encode()


@pytest.fixture
def posted(tmp_path: Path) -> Path:
    folder = tmp_path / "posted"
    folder.mkdir()
    (folder / "0000-cover-letter.patch").write_bytes(numbered_mail(0, 2, "Blurb.\n"))
    (folder / "0002-second.patch").write_bytes(numbered_mail(2, 2))
    (folder / "0001-first.patch").write_bytes(numbered_mail(1, 2))
    (folder / "notes.txt").write_text("not a patch")
    return folder


def outline(series: Series) -> list[int | None]:
    return [patch.subject.number for patch in series.patches]


def test_a_directory_is_read_by_name(posted: Path) -> None:
    series = read_series([str(posted)])
    assert outline(series) == [1, 2]
    assert series.cover
    assert series.cover.file == f"{posted}/0000-cover-letter.patch"
    assert series.title == "change 0"


def test_files_are_read_in_the_order_given(posted: Path) -> None:
    names = ["0002-second.patch", "0001-first.patch"]
    series = read_series([str(posted / name) for name in names])
    assert outline(series) == [2, 1]
    assert [patch.position for patch in series.patches] == [1, 2]
    assert series.cover is None
    assert series.title == "change 2"


def test_names_are_shown_as_they_were_given(posted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(posted.parent)
    assert read_series(["posted"]).patches[0].file == "posted/0001-first.patch"
    assert read_series(["./posted/"]).patches[0].file == "./posted/0001-first.patch"


@seeds(15)
def test_an_mbox_and_a_directory_are_the_same_series(
    repository: Path, tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    commits = commit_trees(repository, generated_trees(seed))
    folder = tmp_path_factory.mktemp("series")
    options = ("--cover-letter", f"--base={commits[0]}", "-v2")
    git(
        "-c", "core.abbrev=12", "format-patch", "--quiet", f"-o{folder}", *options,
        f"{commits[0]}..tip", cwd=repository,
    )  # fmt: skip
    one = parse_series([("mbox", format_patch(repository, commits[0], *options))])
    other = read_series([str(folder)])
    assert one.base_commit == other.base_commit == commits[0]
    assert one.version == other.version == 2
    assert len(one.patches) == len(commits) - 1
    for a, b in zip(one.patches, other.patches, strict=True):
        assert (a.subject, a.author, a.counts) == (b.subject, b.author, b.counts)
        assert joined(a.rest).rstrip() == joined(b.rest).rstrip()
    assert one.cover
    assert other.cover
    assert one.cover.diffstat
    assert one.cover.shortlog


def test_every_patch_of_a_generated_series_has_what_git_put_in(repository: Path) -> None:
    commits = commit_trees(
        repository,
        generated_trees(7, changes=2),
        ["base\n", "a: b\n\nWhy.\n\nSigned-off-by: A U Thor <author@example.com>\n", "c: d\n"],
    )
    first, second = parse_series([("x", format_patch(repository, commits[0]))]).patches
    assert str(first.author) == "A U Thor <author@example.com>"
    assert first.message[0].text == "Why."
    assert [trailer.token for trailer in first.trailers] == ["Signed-off-by"]
    assert first.diffstat
    assert (second.message, second.trailers) == ((), ())


def test_replies_and_other_mails_are_no_patches() -> None:
    reply = b"From: B <b@example.com>\nSubject: looks good\n\nThanks.\n"
    series = parse_series([("x", numbered_mail(1, 1)), ("y", reply)])
    assert outline(series) == [1]


@pytest.mark.parametrize(
    ("make", "error", "says"),
    [
        (lambda _: "missing.patch", InputError, "No such file"),
        (lambda path: (path / "e.patch").write_bytes(b"\n\n") and "e.patch", InputError, "empty"),
        (lambda path: (path / "d").mkdir() or "d", InputError, "no *.patch file in d"),
        (lambda path: (path / "m/cur").mkdir(parents=True) or "m", InputError, "no mail in the"),
        (lambda path: (path / "t.txt").write_bytes(b"text") and "t.txt", InputError, "no patch"),
        (lambda path: (path / "b").write_bytes(bytes(range(256))) and "b", InputError, "no patch"),
        (lambda path: os.mkfifo(path / "x.patch") or (path / "x.patch").unlink() or "x.patch",
         InputError, "No such file"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_an_error_with_a_hint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make, error: type[PatchgenError], says: str
) -> None:
    monkeypatch.chdir(tmp_path)
    source = make(tmp_path)
    with pytest.raises(error, match=says.replace("*", r"\*")) as raised:
        read_series([source])
    assert raised.value.hint
    assert raised.value.exit_code == 2


def test_mails_that_are_neither_patch_nor_letter_are_named(run_cli, tmp_path: Path) -> None:
    reply = "From: a@example.com\nSubject: Re: [PATCH 1/1] x\n\nLooks good.\n"
    patch = "From: a@example.com\nSubject: [PATCH 1/1] x\n\nx\n\nSigned-off-by: a <a@example.com>\n"
    patch += "---\ndiff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n"
    postmark = "From a@example.com Mon Sep 17 00:00:00 2001\n"
    mbox = tmp_path / "thread.mbox"
    mbox.write_text(postmark + patch + "\n" + postmark + reply)
    ran = run_cli("verify", mbox)
    assert ran.out.startswith("x (1 patch)\n")
    assert f"skipped read: {mbox}:18: a reply" in ran.out
