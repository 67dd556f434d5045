"""Lines that are meant as trailers, and those that only look like it."""

import time

import pytest

from patchgen.series.trailers.tags import tag

WHO = "A U Thor <author@example.com>"


@pytest.mark.parametrize(
    ("token", "known"),
    [
        ("Signed-off-by", "Signed-off-by"),
        ("signed-off-by", "Signed-off-by"),
        ("Signed-of-by", "Signed-off-by"),
        ("Singed-off-by", "Signed-off-by"),
        ("Signed off by", "Signed-off-by"),
        ("Sign-off-by", "Signed-off-by"),
        ("Reveiwed-by", "Reviewed-by"),
        ("Review-by", "Reviewed-by"),
        ("Tested by", "Tested-by"),
        ("Sugested-by", "Suggested-by"),
        ("Co-authored-by", "Co-developed-by"),
    ],
)
def test_the_tag_that_is_meant_is_known(token: str, known: str) -> None:
    found = tag(f"{token}: {WHO}")
    assert found is not None
    assert (found.known, found.value) == (known, WHO)
    assert found.misspelt == (token.lower() != known.lower())


@pytest.mark.parametrize(
    "token",
    [
        "Nacked-by", "Attested-by", "Backed-by", "Previewed-by", "Requested-by", "Merged-by",
        "Debugged-by", "Fixed-by", "Reported-and-tested-by", "Cc", "Link", "Based-on-idea-by",
    ],
)  # fmt: skip
def test_other_tags_are_no_slips(token: str) -> None:
    assert tag(f"{token}: {WHO}") is None


@pytest.mark.parametrize(
    "line",
    [
        f" Signed-off-by: {WHO}",
        f"- Reviewed-by: {WHO}",
        "Reported-by: everybody",
        "Fixes: the counter, see 0123456",
        'Fixed: 0123456789ab ("x")',
        "Tested by: all of those who answered the mail that was sent to list@example.com first",
        "",
    ],
)
def test_prose_and_quotations_are_no_tags(line: str) -> None:
    assert tag(line) is None


def test_a_commit_is_what_fixes_asks_for() -> None:
    found = tag('Fixes: 0123456789ab ("x: y")')
    assert found is not None
    assert (found.known, found.misspelt) == ("Fixes", False)


def test_hostile_lines_take_no_time() -> None:
    start = time.perf_counter()
    for line in ("a-" * 100_000, "a " * 100_000 + ":", "Fixes: " + "a" * 100_000, ":" * 100_000):
        assert tag(line) is None
    assert time.perf_counter() - start < 1
