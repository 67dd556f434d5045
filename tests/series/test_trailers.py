"""Trailers, held against git-interpret-trailers where kernel custom is the same."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patchgen.series.text import numbered
from patchgen.series.trailers.block import parse_trailers
from tests.series.generated import examples, git

TRAILERS = st.sampled_from(
    [
        "Signed-off-by: A U Thor <author@example.com>",
        "signed-off-by: B <b@example.com>",
        "Reviewed-by: C <c@example.com>",
        'Fixes: 0123456789ab ("x: y")',
        "Cc: stable@vger.kernel.org # 5.2+",
        "Link: https://example.com/a:b",
        "X-y:z",
    ]
)
PROSE = st.sampled_from(
    ["It was missing.", "See: below, for more", "a b: c", "Not a trailer", "http://example.com/x"]
)
FOLDED = st.sampled_from([" folded on", "\tfolded on"])


@st.composite
def messages(draw: st.DrawFn) -> str:
    prose = draw(st.lists(st.lists(PROSE, min_size=1, max_size=3), min_size=1, max_size=2))
    last = draw(st.lists(TRAILERS, min_size=1, max_size=5))
    if draw(st.booleans()):
        last.insert(draw(st.integers(1, len(last))), draw(FOLDED))
    blocks = ["\n".join(lines) for lines in [*prose, last]]
    return "\n\n".join(blocks) + "\n"


def git_trailers(message: str, folder: Path) -> list[tuple[str, str]]:
    said = git(
        "interpret-trailers", "--parse", cwd=folder, stdin=f"summary\n\n{message}".encode()
    ).decode()
    return [(line.partition(":")[0], line.partition(":")[2].strip()) for line in said.splitlines()]


@examples(80)
@given(message=messages())
def test_the_last_paragraph_is_read_as_git_reads_it(
    message: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    own = [(found.token, found.value) for found in parse_trailers(numbered(message))]
    theirs = git_trailers(message, tmp_path_factory.getbasetemp())
    assert own[len(own) - len(theirs) :] == theirs
    assert theirs


@examples(60)
@given(prose=st.lists(PROSE, min_size=1, max_size=4), trailer=TRAILERS, at=st.integers(0, 4))
def test_a_mixed_paragraph_counts_when_it_does_for_git(
    prose: list[str], trailer: str, at: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    lines = [*prose[:at], trailer, *prose[at:]]
    message = "Why.\n\n" + "\n".join(lines) + "\n"
    own = [(found.token, found.value) for found in parse_trailers(numbered(message))]
    assert own == git_trailers(message, tmp_path_factory.getbasetemp())


def test_groups_apart_from_each_other_all_count() -> None:
    message = (
        "Why.\n\nCc: a@example.com\n\nFixes: 1\n[b: fixed a typo]\nSigned-off-by: B <b@x.org>\n"
    )
    found = parse_trailers(numbered(message, 5))
    assert [(trailer.token, trailer.line) for trailer in found] == [
        ("Cc", 7),
        ("Fixes", 9),
        ("Signed-off-by", 11),
    ]


def test_prose_ends_the_search() -> None:
    assert parse_trailers(numbered("Signed-off-by: A <a@x.org>\n\nAnd so it ends.\n")) == ()


def test_tokens_are_compared_without_case() -> None:
    (found,) = parse_trailers(numbered("SIGNED-OFF-BY: A <a@x.org>\n"))
    assert found.named("Signed-off-by")
    assert str(found) == "SIGNED-OFF-BY: A <a@x.org>"
