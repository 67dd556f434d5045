"""Anchored hunks: any diff git writes, without its numbers, finds its way back."""

import re
from pathlib import Path

import pytest

from patchgen.errors import TemplateError
from patchgen.rendering.anchored import parse_patch_template
from patchgen.rendering.commits import GrowingTree
from patchgen.rendering.environment import Templates
from patchgen.series.text import from_bytes, numbered
from patchgen.trees.base import CommitBase
from patchgen.trees.importing import NewCommit, TreeFile
from patchgen.trees.repository import Repository
from tests.series.generated import (
    SCALE,
    Tree,
    bare_repository,
    commit_trees,
    generated_trees,
    git,
)

NUMBERS = re.compile(r"^@@ -[\d,]+ \+[\d,]+ @@", re.MULTILINE)
HONEST = re.compile(r"the hunk (fits \d+ places|has no line to find)")


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bare_repository(tmp_path_factory.mktemp("git") / "generated.git")


def without_numbers(diff: str) -> str:
    """The diff as a person would write it; only its headers look like ``@@ -1 +1 @@``."""
    return NUMBERS.sub("@@", diff)


def committed(base: CommitBase, text: str) -> NewCommit:
    lines = numbered(f"x: y\n\nWhy.\n---\n{text}")
    patch = parse_patch_template(lines, "template")
    return GrowingTree(base).commit(patch, "template", "A <a@x.org>", "0 +0000")


def changed(tree: Tree, commit: NewCommit) -> dict[str, tuple[str, bytes]]:
    result = dict(tree)
    for path, file in commit.files.items():
        if file is None:
            result.pop(path, None)
    return result | {path: (file.mode, file.data) for path, file in commit.files.items() if file}


@pytest.mark.parametrize("context", [0, 1, 3, 8])
@pytest.mark.parametrize("numbers", [True, False])
def test_a_diff_of_git_makes_the_commit_it_came_from(
    repository: Path, numbers: bool, context: int
) -> None:
    found = 0
    for seed in range(20 * SCALE):
        trees = generated_trees(1000 * context + seed, changes=1, binary=False)
        commits = commit_trees(repository, trees)
        diff = from_bytes(
            git("diff-tree", "-r", "-p", "-M", f"-U{context}", *commits, cwd=repository)
        )
        base = CommitBase(Repository(repository), commits[0], "the tree")
        try:
            commit = committed(base, diff if numbers else without_numbers(diff))
        except TemplateError as error:
            said = [one.message for one in (error, *error.also)]
            assert all(HONEST.search(message) for message in said), (seed, said)
        else:
            found += 1
            assert changed(trees[0], commit) == dict(trees[1]), seed
    assert found > (0 if context == 0 else 10 * SCALE)


def test_long_headings_are_cut_as_git_cuts_them(repository: Path) -> None:
    for heading in ("int f(" + "a" * 90, "int f(" + "ü" * 90, "int g(" + "é " * 60 + "x"):
        before = f"top\n{heading}\n" + "line\n" * 3 + "unique\n"
        after = before.replace("unique", "changed")
        trees: list[Tree] = [{"a.c": ("100644", text.encode())} for text in (before, after)]
        commits = commit_trees(repository, trees)
        diff = from_bytes(git("diff-tree", "-r", "-p", *commits, cwd=repository))
        base = CommitBase(Repository(repository), commits[0], "the tree")
        assert changed(trees[0], committed(base, without_numbers(diff))) == dict(trees[1])


@pytest.mark.parametrize("driver", ["", "*.c diff=cpp\n"])
def test_labels_are_headings_only_where_git_takes_them_for_some(
    repository: Path, driver: str
) -> None:
    before = "int f(void)\n{\n\tone();\n\ttwo();\n\tx();\nout:\n\ta();\n\tb();\n\tx();\n\tc();\n}\n"
    after = before.replace("\tx();\n\tc", "\ty();\n\tc")
    trees: list[Tree] = [{"a.c": ("100644", text.encode())} for text in (before, after)]
    commits = commit_trees(repository, trees)
    (repository / "info").mkdir(exist_ok=True)
    (repository / "info" / "attributes").write_text(driver)
    diff = from_bytes(git("diff-tree", "-r", "-p", "-U0", *commits, cwd=repository))
    (repository / "info" / "attributes").unlink()
    base = CommitBase(Repository(repository), commits[0], "the tree")
    if driver:
        with pytest.raises(TemplateError, match="fits 2 places"):
            committed(base, without_numbers(diff))
    else:
        assert changed(trees[0], committed(base, without_numbers(diff))) == dict(trees[1])


def test_lines_remember_the_template_they_came_from(tmp_path: Path) -> None:
    (tmp_path / "a.j2").write_text(
        "one\n{% if yes %}\nthree\n{% endif %}\n{% if not yes %}\nno\n{% endif %}\n"
        "{# a comment\n over lines #}\nten {{ n }} ten\n{% for i in range(2) %}\ntwelve\n"
        "{% endfor %}\n{% include 'b.j2' %}\nfifteen\n"
    )
    (tmp_path / "b.j2").write_text("included\n")
    lines = Templates(tmp_path, "t", {"yes": True, "n": 7}).render("a.j2")
    assert [(line.number, line.text) for line in lines] == [
        (1, "one"),
        (3, "three"),
        (10, "ten 7 ten"),
        (12, "twelve"),
        (12, "twelve"),
        (1, "included"),
        (15, "fifteen"),
    ]


def test_the_marks_of_lines_are_never_seen(tmp_path: Path) -> None:
    (tmp_path / "a.j2").write_text(
        "{% set text %}\nlevel\n{% endset %}\n{{ text | length }} {{ text == 'level\\n' }}\n"
        "{% macro m() %}x{% endmacro %}{{ m() == 'x' }} {{ m() | upper }}\n"
        "{% filter indent(4, true) %}\ny\n{% endfilter %}\n"
    )
    lines = Templates(tmp_path, "t", {}).render("a.j2")
    assert [line.text for line in lines] == ["6 True", "True X", "    y"]


def test_a_file_of_the_tree_is_read_as_it_is(repository: Path) -> None:
    data = b"\r\n\0\xff"
    (commit,) = commit_trees(repository, [{"a": ("100755", data)}])
    base = CommitBase(Repository(repository), commit, "the tree")
    assert base.file("a") == TreeFile("100755", data)
    assert base.file("none") is None
    assert base.read("a") == data
    assert base.read("none") is None
