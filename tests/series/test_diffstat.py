"""Diffstats, held against the tables git draws of generated changes."""

import random
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patchgen.series.claims import Contradiction, agrees, arithmetic, contradictions, wrong_scale
from patchgen.series.diff.diffstat import (
    POSTED_WIDTHS,
    Diffstat,
    FileChange,
    bars,
    find_diffstat,
    renamed_path,
    totals,
)
from patchgen.series.text import numbered
from tests.series.generated import (
    commit_trees,
    examples,
    generated_trees,
    git,
    numstat,
    seeds,
)

WIDTHS = (20, 40, 60, 72, 80, 100, 120, 200)


def changed(repository: Path, *commits: str) -> list[FileChange]:
    found = numstat(repository, "-M", *commits)
    return [FileChange(path, added, removed, old) for path, (added, removed, old) in found.items()]


def drawn(repository: Path, width: int, *commits: str) -> str:
    stat = git("diff", "-M", f"--stat={width}", "--summary", *commits, cwd=repository)
    return stat.decode("utf-8", "surrogateescape")


def parsed(text: str) -> Diffstat:
    table = find_diffstat(numbered(text))
    assert table is not None, text
    return table


@pytest.mark.parametrize("path", ["lib/{a => b}/ring.c", "lib/a => b/ring.c", "lib/}x/ring.c"])
def test_a_shortened_name_may_have_arrows_and_braces_itself(repository: Path, path: str) -> None:
    whole = f"drivers/net/ethernet/manufacturer/product/generation/{path}"
    trees = ({}, {whole: ("100644", b"one\n")})
    commits = commit_trees(repository, trees)
    for width in range(30, 80, 5):
        (row,) = parsed(drawn(repository, width, *commits)).rows
        assert row.names(whole)
        assert not row.names(whole.replace("ring", "rung"))


@pytest.mark.parametrize("width", WIDTHS)
@seeds(12)
def test_git_tables_are_read_and_their_bars_known(repository: Path, width: int, seed: int) -> None:
    commits = commit_trees(repository, generated_trees(seed))
    ends = (commits[0], commits[-1])
    changes = changed(repository, *ends)
    if not changes:
        return
    text = drawn(repository, width, *ends)
    table = parsed(text)
    assert len(table.rows) == table.files == len(changes)
    assert f" {table.totals}" in text.split("\n")
    for row, change in zip(table.rows, changes, strict=True):
        assert row.names(change.path)
        assert row.changes == change.changes
    assert agrees(table, changes)
    assert [(row.plus, row.minus) for row in table.rows] == list(bars(changes, width))
    assert list(arithmetic(table)) == []
    if width in (72, 80, 100, 120, 200):
        assert list(contradictions(table, changes, "the diff")) == []


def faults(table: Diffstat, changes: list[FileChange]) -> list[Contradiction]:
    scale = wrong_scale(table, changes)
    return [*contradictions(table, changes, "the diff"), *arithmetic(table), *scale]


@seeds(30)
def test_a_wrong_number_is_contradicted(repository: Path, seed: int) -> None:
    commits = commit_trees(repository, generated_trees(seed))
    ends = (commits[0], commits[-1])
    changes = changed(repository, *ends)
    if not changes:
        return
    text = drawn(repository, 80, *ends)
    source = random.Random(seed)
    end = re.search(r"^ \d+ files? changed.*\n", text, re.MULTILINE)
    assert end
    claims = list(re.finditer(r"(?<= )\d+(?=(?: [+-]+)?$)", text[: end.start()], re.MULTILINE))
    claims += re.compile(r"\d+").finditer(text, end.start(), end.end())
    for match in source.sample(claims, min(4, len(claims))):
        wrong = f"{int(match[0]) + source.choice((1, 7, 100))}"
        damaged = text[: match.start()] + wrong + text[match.end() :]
        assert not agrees(parsed(damaged), changes)
        assert faults(parsed(damaged), changes)


@seeds(30)
def test_a_wrong_bar_is_contradicted(repository: Path, seed: int) -> None:
    commits = commit_trees(repository, generated_trees(seed))
    ends = (commits[0], commits[-1])
    changes = changed(repository, *ends)
    if not changes:
        return
    text = drawn(repository, 72, *ends)
    possible = {bars(changes, posted) for posted in POSTED_WIDTHS}
    for match in re.finditer(r"(?<= )[+-]+$", text, re.MULTILINE):
        for wrong in (match[0] + "+", match[0][1:], match[0][1:] + "-+"):
            damaged = parsed(text[: match.start()] + wrong + text[match.end() :])
            bar = tuple((row.plus, row.minus) for row in damaged.rows)
            if bar not in possible or not all(row.bar_in_order for row in damaged.rows):
                assert faults(damaged, changes), (match[0], wrong)


@seeds(30)
def test_missing_and_invented_files_are_contradicted(repository: Path, seed: int) -> None:
    commits = commit_trees(repository, generated_trees(seed))
    changes = changed(repository, commits[0], commits[-1])
    if not changes:
        return
    table = parsed(drawn(repository, 200, commits[0], commits[-1]))
    extra = FileChange("not/there.c", 1, 0)
    said = [wrong.message for wrong in contradictions(table, [*changes, extra], "the patches")]
    assert 'diffstat does not list "not/there.c", the patches change it' in said
    assert any(
        "touch" in wrong.message for wrong in contradictions(table, changes[1:], "the patches")
    )


COUNTS = st.integers(0, 3) | st.integers(0, 2000)


@examples(60)
@given(
    counts=st.lists(st.tuples(COUNTS, COUNTS), min_size=1, max_size=4), width=st.integers(20, 200)
)
def test_bars_are_scaled_as_git_scales_them(
    repository: Path, counts: list[tuple[int, int]], width: int
) -> None:
    """The graph of big changes: git draws each from a file of its own."""
    before = {
        f"f{n}": ("100644", b"-\n" * removed + b"=\n") for n, (_, removed) in enumerate(counts)
    }
    after = {f"f{n}": ("100644", b"+\n" * added + b"=\n") for n, (added, _) in enumerate(counts)}
    commits = commit_trees(repository, [before, after])
    changes = changed(repository, *commits)
    if changes:
        rows = parsed(drawn(repository, width, *commits)).rows
        assert [(row.plus, row.minus) for row in rows] == list(bars(changes, width))


@pytest.mark.parametrize(
    ("said", "path"),
    [
        ("a.c", "a.c"),
        ("a.c => b.c", "b.c"),
        ("dir/{a.c => b.c}", "dir/b.c"),
        ("{old => new}/a.c", "new/a.c"),
        ("dir/{ => sub}/a.c", "dir/sub/a.c"),
        ("dir/{sub => }/a.c", "dir/a.c"),
        ("a/{b => c}/d/e.c", "a/c/d/e.c"),
    ],
)
def test_renames_name_the_new_path(said: str, path: str) -> None:
    assert renamed_path(said) == path


@examples(50)
@given(files=st.integers(0, 3), insertions=st.integers(0, 3), deletions=st.integers(0, 3))
def test_totals_are_read_back(files: int, insertions: int, deletions: int) -> None:
    text = f" {totals(files, insertions, deletions)}"
    rows = " a | 1 +\n" if files else ""
    table = parsed(f"{rows}{text}\n")
    assert (table.files, table.insertions, table.deletions) == (files, insertions, deletions)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (" a | 2 ++\n 1 file changed, 2 insertions(+)", []),
        (" a | 3 ++\n 1 file changed, 2 insertions(+)", ["2 insertions and deletions"]),
        (" a | 2 ++\n 2 files changed, 2 insertions(+)", ["2 files changed, it lists 1"]),
    ],
)
def test_a_table_that_contradicts_itself_needs_no_diff(rows: str, said: list[str]) -> None:
    found = [wrong.message for wrong in arithmetic(parsed(rows + "\n"))]
    assert len(found) == len(said)
    assert all(part in message for part, message in zip(said, found, strict=True))


def test_the_last_of_two_tables_counts() -> None:
    table = parsed(
        " a | 1 +\n 1 file changed, 1 insertion(+)\n\n b | 2 --\n 1 file changed, 2 deletions(-)\n"
    )
    assert [row.name for row in table.rows] == ["b"]


def test_prose_is_no_table() -> None:
    assert find_diffstat(numbered("we have 3 files changed, as\n a | b\nsays\n")) is None


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ('dir/{x => y}/z.c => "caf\\351.c"', "caf\udce9.c"),
        ("a => b.c (new)", "a => b.c"),
        ("{a => b}.c", "{a => b}.c"),
    ],
)
def test_arrows_and_braces_may_be_in_the_names_themselves(name: str, path: str) -> None:
    (row,) = parsed(f" {name} | 1 +\n 1 file changed, 1 insertion(+)\n").rows
    assert row.names(path)
    assert not row.names(f"{path}x")


def test_a_path_that_is_no_utf_8_is_known_in_a_letter_read_as_latin_1() -> None:
    (row,) = parsed(" dir\xff/plain.c | 2 ++\n 1 file changed, 2 insertions(+)").rows
    assert row.names("dir\udcff/plain.c")
    assert not row.names("dir\udcfe/plain.c")
    assert row.names("dir\xff/plain.c")
