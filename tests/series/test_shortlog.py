"""Shortlogs as git writes them and as people do."""

import textwrap
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from patchgen.series.shortlog import find_shortlog
from patchgen.series.text import numbered
from tests.series.generated import examples, git

WORDS = st.sampled_from(
    [
        "kvm:",
        "x86",
        "a",
        "timer",
        "(again)",
        "is_a_word_that_is_quite_long",
        "2.0",
        "-",
        "é",
        "(3):",
    ]
)
TITLES = st.lists(WORDS, min_size=1, max_size=30).map(lambda words: " ".join(["fix", *words]))
NAMES = st.sampled_from(["A U Thor", "Béla B", "C (D) E", "f"])


@examples(40)
@given(commits=st.lists(st.tuples(NAMES, TITLES), min_size=1, max_size=6), wrapped=st.booleans())
def test_git_shortlogs_are_read_back(
    repository: Path, commits: list[tuple[str, str]], wrapped: bool
) -> None:
    written = "".join(
        f"commit 1\nAuthor: {name} <a@example.com>\n\n    {title}\n\n"
        for name, title in reversed(commits)
    )
    options = ["-w76,2,4"] if wrapped else ["-w0,2,4"]
    text = git("shortlog", *options, cwd=repository, stdin=written.encode()).decode()
    found = find_shortlog(numbered(text))
    assert found is not None
    lines = text.split("\n")
    own = {block.author: [entry.title for entry in block.entries] for block in found.blocks}
    theirs: dict[str, list[str]] = {}
    for name, title in commits:
        theirs.setdefault(name, []).append(title)
    assert own == theirs
    for block in found.blocks:
        assert block.count == len(theirs[block.author])
        assert lines[block.line - 1] == f"{block.author} ({block.count}):"
        for entry in block.entries:
            first = lines[entry.line - 1].split()
            assert first == entry.title.split()[: len(first)]


def test_one_letter_may_wrap_one_title_and_not_another() -> None:
    text = (
        "A U Thor (2):\n"
        "  kvm: a title that somebody joined again although it is longer than all the others are\n"
        "  kvm: a title that git\n"
        "    wrapped\n"
    )
    found = find_shortlog(numbered(text))
    assert found is not None
    assert [entry.title for entry in found.blocks[0].entries] == [
        "kvm: a title that somebody joined again although it is longer than all the others are",
        "kvm: a title that git wrapped",
    ]


def test_prose_with_a_number_is_no_shortlog() -> None:
    assert find_shortlog(numbered("as said in the paper (3):\n\n  it works\n")) is None


@examples(60)
@given(titles=st.lists(TITLES, min_size=1, max_size=12))
def test_the_modern_layout_is_read_back(titles: list[str]) -> None:
    """``--commit-list-format=modern`` wraps at 72 columns and indents nothing."""
    total = len(titles)
    entries = [
        textwrap.fill(f"[{n}/{total}] {title}", 72, break_long_words=False, break_on_hyphens=False)
        for n, title in enumerate(titles, 1)
    ]
    text = "A blurb.\n\n" + "\n".join(entries) + "\n\n a.c | 1 +\n 1 file changed\n"
    found = find_shortlog(numbered(text))
    assert found is not None
    (block,) = found.blocks
    assert (block.author, block.count) == ("", total)
    assert [entry.title for entry in block.entries] == titles
    assert find_shortlog(numbered(text.partition("\n\n a.c")[0] + "\n\nmore\n")) is None
