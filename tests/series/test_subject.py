"""Subjects, held against what git-mailinfo records of them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patchgen.series.mail.subject import Subject, parse_subject
from tests.series.generated import examples, git

WORDS = st.sampled_from(["PATCH", "RFC", "RESEND", "net-next", "kvm", "5.2", "v"])
SUMMARIES = st.sampled_from(
    [
        "kvm: lapic: add a timer",
        "Revert: it again",
        "retire x",
        "x86/kvm: [fix] the rest",
        "a [v2] b 1/2",
        "é",
        "version v3 of it",
        "r",
        "re",
    ]
)


@st.composite
def subjects(draw: st.DrawFn) -> Subject:
    version = draw(st.integers(1, 12))
    number = draw(st.none() | st.integers(0, 30))
    total = None if number is None else draw(st.integers(max(number, 1), 40))
    prefix = tuple(draw(st.lists(WORDS, min_size=1, max_size=3)))
    return Subject(prefix, version, number, total, draw(SUMMARIES))


@examples(100)
@given(subject=subjects())
def test_a_subject_is_read_back(subject: Subject) -> None:
    assert parse_subject(str(subject)) == subject


@examples(60)
@given(
    start=st.lists(
        st.sampled_from(["Re:", "RE: ", "[PATCH]", "[PATCH v2 1/3]", "[x] ", "[RFC]", " ", ":"]),
        max_size=4,
    ),
    summary=SUMMARIES,
)
def test_the_summary_is_what_git_records(
    start: list[str], summary: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder: Path = tmp_path_factory.getbasetemp()
    text = "".join(start) + summary
    mail = f"From: A <a@example.com>\nSubject: {text}\n\nbody\n---\n"
    said = git("mailinfo", "message", "patch", cwd=folder, stdin=mail.encode()).decode()
    (recorded,) = [line[9:] for line in said.split("\n") if line.startswith("Subject: ")]
    assert parse_subject(text).summary == recorded


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("x", Subject((), 1, None, None, "x")),
        ("[PATCH] x", Subject(("PATCH",), 1, None, None, "x")),
        ("[PATCH 2/3] x", Subject(("PATCH",), 1, 2, 3, "x")),
        ("[PATCH 02/13] x", Subject(("PATCH",), 1, 2, 13, "x")),
        ("[RFC PATCH V2 0/3]x", Subject(("RFC", "PATCH"), 2, 0, 3, "x")),
        ("[PATCH net-next v3 2/7] x", Subject(("PATCH", "net-next"), 3, 2, 7, "x")),
        ("[kvm] [PATCH 1/1] x", Subject(("kvm", "PATCH"), 1, 1, 1, "x")),
        ("Re: [PATCH 1/2] x", Subject(("PATCH",), 1, 1, 2, "x", reply=True)),
        ("[PATCH] a  b\tc", Subject(("PATCH",), 1, None, None, "a b c")),
        ("[PATCH 1/2]", Subject(("PATCH",), 1, 1, 2, "")),
        ("[PATCH 1/2", Subject((), 1, None, None, "[PATCH 1/2")),
        ("", Subject((), 1, None, None, "")),
    ],
)
def test_subjects_people_write_are_taken_apart(text: str, subject: Subject) -> None:
    assert parse_subject(text) == subject
