"""Every place a series can be read from, and the forms its files have."""

import gzip
import io
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from patchgen.errors import InputError, PatchgenError
from patchgen.reading import sources
from patchgen.reading.read import parse_series, read_series
from patchgen.series.model import Series
from tests.conftest import Ran
from tests.series.generated import commit_trees, format_patch, generated_trees, git, seeds

DIFF = b"diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n"
SIGNED = b"Why.\n\nSigned-off-by: A <a@example.com>\n---\n"


def mail(number: int, total: int) -> bytes:
    head = f"From: A <a@example.com>\nSubject: [PATCH {number}/{total}] x: change {number}\n\n"
    return head.encode() + SIGNED + DIFF.replace(b"+b", b"+b%d" % number)


def titles(series: Series) -> list[str]:
    return [patch.subject.summary for patch in series.patches]


def test_a_maildir_is_read_by_the_time_of_arrival(tmp_path: Path) -> None:
    for place in ("cur/10.x:2,S", "new/9.x", "cur/2.x:2,"):
        file = tmp_path / "box" / place
        file.parent.mkdir(parents=True, exist_ok=True)
        number = {"2": 1, "9": 2, "10": 3}[file.name.partition(".")[0]]
        file.write_bytes(mail(number, 3))
    (tmp_path / "box/cur/.hidden").write_text("not a mail")
    series = read_series([str(tmp_path / "box")])
    assert titles(series) == ["x: change 1", "x: change 2", "x: change 3"]
    assert series.patches[1].file == f"{tmp_path}/box/new/9.x"


def test_standard_input_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Stdin:
        buffer = io.BytesIO(mail(1, 1))

    monkeypatch.setattr(sys, "stdin", Stdin)
    (patch,) = read_series(["-"]).patches
    assert (patch.file, patch.subject.summary) == ("stdin", "x: change 1")


def test_the_command_reads_standard_input(run_process: Callable[..., Ran]) -> None:
    ran = run_process("verify", "-", stdin=mail(1, 1).decode())
    assert ran.status == 0, ran.out + ran.err
    assert ran.out.startswith("x: change 1 (1 patch)\n")
    assert "to do it again: patchgen verify -" in ran.out


@pytest.mark.parametrize("name", ["x.mbox.gz", "x.patch.gz", "x"])
def test_what_is_packed_is_known_by_its_bytes(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(gzip.compress(mail(1, 1)))
    assert titles(read_series([str(tmp_path / name)])) == ["x: change 1"]
    if name != "x":
        assert titles(read_series([str(tmp_path)])) == ["x: change 1"]


def test_several_packed_members_are_one_file(tmp_path: Path) -> None:
    data = mail(1, 1)
    (tmp_path / "x.gz").write_bytes(gzip.compress(data[:100]) + gzip.compress(data[100:]))
    assert titles(read_series([str(tmp_path / "x.gz")])) == ["x: change 1"]


def test_versions_of_a_directory_are_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    for name in ("1", "2", "10", "9", "README"):
        number = {"1": 1, "2": 2, "9": 3, "10": 4}.get(name, 0)
        (tmp_path / name).write_bytes(mail(number, 4) if number else b"text\n")
    assert titles(read_series([str(tmp_path)])) == [f"x: change {n}" for n in range(1, 5)]


@pytest.mark.parametrize(
    ("names", "read"),
    [
        (["1.patch", "2.diff", "3.eml"], ["1.patch"]),
        (["1.patch", "2.patch.gz"], ["1.patch", "2.patch.gz"]),
        (["2.diff", "1.eml", "notes.txt"], ["1.eml"]),
        (["2.diff", "1.txt"], ["2.diff"]),
        (["v10-0001-x.patch", "v9-0001-x.patch"], ["v9-0001-x.patch", "v10-0001-x.patch"]),
    ],
)
def test_a_directory_is_read_for_one_kind_of_file(
    tmp_path: Path, names: list[str], read: list[str]
) -> None:
    for name in names:
        (tmp_path / name).write_bytes(mail(1, 1))
    assert [Path(shown).name for shown, _ in sources.read_source(str(tmp_path))] == read


def test_a_quilt_series_is_read_in_its_order(tmp_path: Path) -> None:
    (tmp_path / "series").write_text("# of mine\n\nb.patch -p1\nsub/a.patch # last\n")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/a.patch").write_bytes(b"x: second\n\n" + SIGNED + DIFF)
    (tmp_path / "b.patch").write_bytes(b"From: A <a@example.com>\nSubject: x: first\n\n" + DIFF)
    (tmp_path / "c.patch").write_bytes(mail(1, 1))
    assert titles(read_series([str(tmp_path)])) == ["x: first", "x: second"]


@pytest.mark.parametrize("name", ["../x.patch", "/etc/passwd", "a/../../x.patch", ".."])
def test_a_quilt_series_stays_below_its_directory(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "patches"
    folder.mkdir()
    (tmp_path / "x.patch").write_bytes(mail(1, 1))
    (folder / "series").write_text(name + "\n")
    with pytest.raises(InputError, match="not below it") as raised:
        read_series([str(folder)])
    assert raised.value.hint


def test_quoting_is_undone_in_an_mboxrd_only() -> None:
    body = b"Why.\n\n>From here on.\n>>From there.\n> From x\n---\n"
    text = b"From: A <a@example.com>\nSubject: [PATCH] x\n\n" + body + DIFF
    for postmark, expected in (
        (
            b"From mboxrd@z Thu Jan  1 00:00:00 1970\n",
            ["From here on.", ">From there.", "> From x"],
        ),
        (b"From a@b Thu Jan  1 00:00:00 1999\n", [">From here on.", ">>From there.", "> From x"]),
    ):
        (patch,) = parse_series([("x.mbox", postmark + text)]).patches
        assert [line.text for line in patch.message[2:]] == expected
        assert patch.message[2].number == 7


@seeds(10)
def test_a_diff_without_a_mail_is_a_series_of_one(repository: Path, seed: int) -> None:
    commits = commit_trees(repository, generated_trees(seed, changes=2))
    by_mail = parse_series([("x", format_patch(repository, commits[0]))])
    for form in (("diff", commits[0], commits[1]), ("show", commits[1]),
                 ("show", "--format=fuller", "--stat", "-p", commits[1])):  # fmt: skip
        data = git("-c", "core.abbrev=12", *form, "--binary", cwd=repository)
        (patch,) = parse_series([("x.diff", data)]).patches
        assert patch.counts == by_mail.patches[0].counts
        assert [file.path for file in patch.diff.files] == [
            file.path for file in by_mail.patches[0].diff.files
        ]
        if form[0] == "show":
            mailed = by_mail.patches[0]
            assert patch.author == mailed.author
            assert patch.subject.summary == mailed.subject.summary
            assert [line.text for line in patch.message] == [
                line.text for line in by_mail.patches[0].message
            ]


def test_a_bare_diff_is_not_asked_for_a_sign_off(
    run_cli: Callable[..., Ran], tmp_path: Path
) -> None:
    (tmp_path / "x.diff").write_bytes(DIFF)
    ran = run_cli("verify", tmp_path / "x.diff")
    assert ran.status == 0, ran.out
    assert "skipped signed-off-by-missing: a diff without a message" in ran.out
    (tmp_path / "y.diff").write_bytes(DIFF.replace(b"@@ -1 ", b"@@ -1,2 "))
    ran = run_cli("verify", tmp_path / "y.diff")
    assert ran.status == 1
    assert "[hunk-count-mismatch]" in ran.out


def test_text_above_a_diff_is_its_message(tmp_path: Path) -> None:
    text = b"\nx: change it\n\nWhy.\n\nSigned-off-by: A <a@example.com>\n\n" + DIFF
    (patch,) = parse_series([("x.patch", text)]).patches
    assert (patch.subject.summary, patch.subject_line) == ("x: change it", 2)
    assert patch.message[0] == (4, "Why.")
    assert [trailer.token for trailer in patch.trailers] == ["Signed-off-by"]
    assert not patch.mail.headless


def packed(data: bytes) -> Callable[[Path], str]:
    def make(path: Path) -> str:
        (path / "x.gz").write_bytes(data)
        return "x.gz"

    return make


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (packed(gzip.compress(mail(1, 1))[:-9]), "cannot unpack x.gz"),
        (packed(b"\x1f\x8b\x08\0 no gzip"), "cannot unpack x.gz"),
        (packed(gzip.compress(b"")), "x.gz is empty"),
        (packed(b"commit 0123456789\n\n    x\n\n" * 2 + DIFF), "x.gz shows 2 commits"),
        (lambda path: (path / "series").write_text("gone.patch") and ".", "cannot read ./gone"),
        (lambda path: (path / "series").write_text("# none\n") and ".", "no *.patch file"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_an_error_with_a_hint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make: Callable[[Path], str], says: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(PatchgenError) as raised:
        read_series([make(tmp_path)])
    assert says in raised.value.message
    assert raised.value.hint
    assert raised.value.exit_code == 2


def test_no_file_is_read_beyond_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "INPUT_LIMIT", 1 << 20)
    data = mail(1, 1)
    padded = data + b"-- \n" + b"x" * ((1 << 20) - len(data) - 4)
    for name, content in {"plain": padded, "packed": gzip.compress(padded)}.items():
        (tmp_path / name).write_bytes(content)
        assert titles(read_series([str(tmp_path / name)])) == ["x: change 1"]
    for name, content in {"plain": padded + b"x", "packed": gzip.compress(padded + b"x")}.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(InputError, match="more than 1 MiB"):
            read_series([str(tmp_path / name)])
