"""Whole threads: replies, other versions, patches that others post, and parts of a series."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from patchgen.errors import InputError, UsageError
from patchgen.reading.choose import Wanted
from patchgen.reading.read import parse_series
from patchgen.series.model import Series
from tests.conftest import Ran

AUTHOR, REVIEWER = "A <a@example.com>", "R <r@example.com>"
DIFF = "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+%s\n"


class Thread:
    """Mails one after the other, as an mbox or as files of their own."""

    def __init__(self) -> None:
        self.mails: list[str] = []

    def post(
        self,
        subject: str,
        name: str = "",
        answers: str = "",
        sender: str = AUTHOR,
        diff: str | None = "b",
    ) -> "Thread":
        """Add a mail; without ``name`` it has no message id, as format-patch leaves it."""
        head = f"From: {sender}\nSubject: {subject}\n"
        head += f"Message-ID: <{name}>\n" if name else ""
        head += f"In-Reply-To: <{answers}>\nReferences: <root> <{answers}>\n" if answers else ""
        body = "Why.\n\nSigned-off-by: A <a@example.com>\n---\n" + (DIFF % diff if diff else "")
        self.mails.append(f"{head}\n{body if diff else 'Some words.'}\n")
        return self

    def series(self, version: int, count: int, to: str = "", tag: str = "") -> "Thread":
        """A cover letter and ``count`` patches, threaded below it."""
        prefix = "PATCH" + (f" v{version}" if version > 1 else "")
        name = f"v{version}{tag}"
        self.post(f"[{prefix} 0/{count}] all", f"{name}-0", to, diff=None)
        for number in range(1, count + 1):
            subject = f"[{prefix} {number}/{count}] x: {number} of v{version}{tag}"
            self.post(subject, f"{name}-{number}", f"{name}-0", diff=f"{name} {number}")
        return self

    def mbox(self) -> list[tuple[str, bytes]]:
        """All in one file."""
        postmark = "From mboxrd@z Thu Jan  1 00:00:00 1970\n"
        return [("t.mbox", "".join(postmark + mail + "\n" for mail in self.mails).encode())]

    def files(self) -> list[tuple[str, bytes]]:
        """Each in its own."""
        return [(f"{at:04}.patch", mail.encode()) for at, mail in enumerate(self.mails, 1)]

    def read(self, **wanted: object) -> Series:
        return parse_series(self.mbox(), None, Wanted(**wanted))  # type: ignore[arg-type]


def titles(series: Series) -> list[str]:
    return [patch.subject.summary for patch in series.patches]


def reasons(series: Series) -> list[str]:
    return [row.reason for row in series.left_out]


def test_the_newest_version_is_taken_and_the_others_are_named() -> None:
    thread = Thread().series(1, 2).series(2, 3, to="v1-0").post("Re: [PATCH v2 1/3] x", "r", "v2-1")
    series = thread.read()
    assert titles(series) == ["x: 1 of v2", "x: 2 of v2", "x: 3 of v2"]
    assert series.cover
    assert series.cover.subject.version == series.version == 2
    assert series.versions == (1, 2)
    assert sorted(reasons(series)) == ["a reply", *["of version 1"] * 3]
    assert not series.part


@pytest.mark.parametrize("version", [1, 2, 3])
def test_any_version_can_be_asked_for(version: int) -> None:
    thread = Thread().series(1, 2).series(2, 2).series(3, 1)
    assert thread.read(version=version).version == version
    assert set(titles(thread.read(version=version))) == {
        f"x: {number} of v{version}" for number in range(1, 3 if version < 3 else 2)
    }


def test_a_version_that_is_not_there_is_an_error() -> None:
    with pytest.raises(InputError, match="no version 4 among the mails") as raised:
        Thread().series(1, 2).series(3, 2).read(version=4)
    assert raised.value.hint == "there is 1, 3"


def test_a_newer_version_that_is_not_complete_is_left() -> None:
    thread = Thread().series(2, 3).post("[PATCH v3 2/3] x: again", "v3", "v2-2")
    series = thread.read()
    assert series.version == 2
    assert reasons(series) == ["of version 3, version 2 is verified"]
    assert titles(thread.read(version=3)) == ["x: again"]


def test_without_a_complete_version_the_newest_is_judged() -> None:
    thread = Thread()
    thread.post("[PATCH 1/3] a", "1").post("[PATCH v2 1/3] b", "2").post("[PATCH v2 3/3] c", "3")
    assert titles(thread.read()) == ["b", "c"]


ANSWERS = ("Re: [PATCH 1/2] x", "RE: [PATCH 1/2] x", "AW: [PATCH 1/2] x")


@pytest.mark.parametrize(
    ("subject", "diff"),
    [
        *((subject, diff) for subject in ANSWERS for diff in (None, "suggested")),
        ("[PATCH 1/2] x", None),
    ],
)
def test_replies_are_no_patches(subject: str, diff: str | None) -> None:
    series = Thread().series(1, 2).post(subject, "r", "v1-1", REVIEWER, diff).read()
    assert titles(series) == ["x: 1 of v1", "x: 2 of v1"]
    assert reasons(series) == ["a reply"]


@pytest.mark.parametrize("subject", ["[PATCH] fix", "fix this", "[PATCH 1/1] fix", "[PATCH 1/2] y"])
def test_patches_of_others_are_no_part_of_it(subject: str) -> None:
    thread = Thread().series(1, 3).post(subject, "r", "v1-2", REVIEWER, "else")
    series = thread.read()
    assert titles(series) == ["x: 1 of v1", "x: 2 of v1", "x: 3 of v1"]
    assert len(reasons(series)) == 1


def test_mails_that_came_by_two_lists_are_one() -> None:
    thread = Thread().series(1, 2)
    thread.mails += thread.mails
    series = thread.read()
    assert len(series.patches) == 2
    assert reasons(series) == [
        "the same mail as t.mbox:3", "the same mail as t.mbox:10", "the same mail as t.mbox:29"
    ]  # fmt: skip


def test_a_patch_sent_again_is_one() -> None:
    thread = Thread().series(1, 2)
    thread.mails.append(thread.mails[1].replace("<v1-1>", "<again>").replace("@@ -1 ", "@@ -9 "))
    series = thread.read()
    assert titles(series) == ["x: 1 of v1", "x: 2 of v1"]
    assert reasons(series)[0].startswith("the same patch as t.mbox:")


def test_of_two_postings_of_a_version_the_later_is_taken() -> None:
    series = Thread().series(2, 2, tag="-old").series(2, 2, to="v2-old-0").read()
    assert titles(series) == ["x: 1 of v2", "x: 2 of v2"]
    assert series.cover
    assert series.cover.mail.message_id == "v2-0"
    assert reasons(series) == ["of another posting of the same version"] * 3


def test_a_different_patch_with_the_same_number_stays() -> None:
    thread = Thread().series(1, 2).post("[PATCH 2/2] x: changed", "again", "v1-0", diff="c")
    assert titles(thread.read()) == ["x: 1 of v1", "x: 2 of v1", "x: changed"]


def test_mails_in_one_file_are_sorted_and_files_are_not() -> None:
    thread = Thread().series(1, 3)
    thread.mails.reverse()
    assert titles(thread.read()) == ["x: 1 of v1", "x: 2 of v1", "x: 3 of v1"]
    assert titles(parse_series(thread.files())) == ["x: 3 of v1", "x: 2 of v1", "x: 1 of v1"]
    unnamed = Thread().post("[PATCH 2/2] b").post("[PATCH 1/2] a")
    assert titles(unnamed.read()) == ["b", "a"]


def test_a_directory_with_two_versions_is_the_newer_one() -> None:
    thread = Thread().post("[PATCH 1/2] a").post("[PATCH 2/2] b")
    thread.post("[PATCH v2 1/2] c").post("[PATCH v2 2/2] d")
    assert titles(parse_series(thread.files())) == ["c", "d"]


def test_one_posting_with_mixed_versions_is_judged_whole() -> None:
    thread = Thread().post("[PATCH v2 0/2] all", "0", diff=None)
    thread.post("[PATCH 1/2] a", "1", "0").post("[PATCH v2 2/2] b", "2", "0")
    series = thread.read()
    assert titles(series) == ["a", "b"]
    assert series.cover


def test_deep_threads_are_one_posting() -> None:
    thread = Thread().series(1, 2, tag="-old")
    thread.post("[PATCH 0/2] all", "0", diff=None).post("[PATCH 1/2] a", "1", "0", diff="new")
    thread.post("[PATCH 2/2] b", "2", "1", diff="new too")
    assert titles(thread.read()) == ["a", "b"]


def test_mails_that_answer_each_other_in_a_circle_are_read() -> None:
    thread = Thread().post("[PATCH 1/2] a", "1", "2").post("[PATCH 2/2] b", "2", "1", diff="c")
    thread.post("[PATCH 1/2] c", "3", "3", diff="d")
    assert len(thread.read().patches) >= 2


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [("1", [1]), ("1,3-4", [1, 3, 4]), ("4-", [4, 5]), ("2,2-3", [2, 3]), ("3-9", [3, 4, 5])],
)
def test_a_part_can_be_chosen(wanted: str, numbers: list[int]) -> None:
    series = Thread().series(1, 5).read(patches=wanted)
    assert [patch.subject.number for patch in series.patches] == numbers
    assert series.part == f"only a part was chosen with -P {wanted}"
    assert reasons(series) == [f"not chosen with -P {wanted}"] * (5 - len(numbers))


@pytest.mark.parametrize("wanted", ["", "x", "1,,2", "0", "-2", "2-1-", "1;2", "9" * 40])
def test_a_part_that_makes_no_sense_is_an_error(wanted: str) -> None:
    with pytest.raises(UsageError, match="names no patches"):
        Thread().series(1, 2).read(patches=wanted)


@pytest.mark.parametrize("wanted", ["3", "3-", "2-1", "999999999-"])
def test_a_part_that_is_not_there_is_an_error(wanted: str) -> None:
    with pytest.raises(InputError, match=r"no patch .* in the series") as raised:
        Thread().series(1, 2).read(patches=wanted)
    assert raised.value.hint == "it has 1 to 2"


def test_patches_without_numbers_are_chosen_by_their_place() -> None:
    thread = Thread().post("[PATCH] a").post("[PATCH] b").post("[PATCH] c")
    assert titles(thread.read(patches="2-")) == ["b", "c"]


def test_the_report_says_what_was_chosen(run_cli: Callable[..., Ran], tmp_path: Path) -> None:
    thread = Thread().series(1, 2).series(2, 2)
    for number in range(5):
        thread.post("Re: [PATCH v2 1/2] x", f"r{number}", "v2-1", REVIEWER, None)
    mbox = tmp_path / "t.mbox"
    mbox.write_bytes(thread.mbox()[0][1])
    ran = run_cli("verify", mbox)
    assert "read    a cover letter and 2 patches of version 2 (there is also 1)\n" in ran.out
    assert ran.out.count(": a reply\n") == 4
    assert "skipped read: 2 more mails: a reply\n" in ran.out
    assert ran.out.count(": of version 1\n") == 3
    ran = run_cli("verify", mbox, "-v1", "-P", "2")
    assert "skipped numbering-gap: only a part was chosen with -P 2\n" in ran.out
    assert "[numbering-gap]" not in ran.out
    assert "to do it again: patchgen verify " in ran.out
    assert "--reroll-count 1 --patches 2" in ran.out


@pytest.mark.parametrize("options", [("-v", "0"), ("-v", "x"), ("-P", "x")])
def test_bad_choices_are_usage_errors(
    run_cli: Callable[..., Ran], tmp_path: Path, options: Sequence[str]
) -> None:
    (tmp_path / "x.mbox").write_bytes(Thread().series(1, 2).mbox()[0][1])
    ran = run_cli("verify", tmp_path / "x.mbox", *options)
    assert ran.status == 2
    assert ran.err.startswith("error: ")
    assert "\nhint: " in ran.err


def test_one_file_of_a_series_is_not_a_series_with_gaps(
    run_cli: Callable[..., Ran], tmp_path: Path
) -> None:
    (tmp_path / "2.patch").write_text(Thread().post("[PATCH 2/3] b").mails[0])
    ran = run_cli("verify", tmp_path / "2.patch")
    assert ran.status == 0, ran.out
    assert "skipped numbering-gap: one patch of a series of 3 was given\n" in ran.out


@pytest.mark.parametrize("form", ["text", "json", "sarif", "junit", "github", "html"])
def test_names_of_files_left_out_are_harmless(
    run_cli: Callable[..., Ran], tmp_path: Path, form: str
) -> None:
    for number, mail in enumerate(Thread().series(1, 1).series(2, 1).mails):
        (tmp_path / f"{number}\x1b[31m\u202e.patch").write_text(mail)
    ran = run_cli("verify", tmp_path, "--format", form)
    assert ran.status == 0, ran.err
    assert "of version 1" in ran.out or form in ("sarif", "junit", "github")
    assert not {"\x1b", "\u202e"} & set(ran.out)
