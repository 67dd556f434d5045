"""References to commits in prose, and the base of a series."""

import pytest

from patchgen.series.references import base_commit, commit_references
from patchgen.series.text import numbered

FULL = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('commit 0123456789ab ("x: y")', [("0123456789ab", "x: y", True)]),
        ("commit 0123456789ab (x: y)", [("0123456789ab", "x: y", False)]),
        ("commit 0123456789ab (x: f() is y)", [("0123456789ab", "x: f() is y", False)]),
        ('Commit 0123456 ("a \\"b\\" c")', [("0123456", 'a \\"b\\" c', True)]),
        ('commit 0123456789ab ("x:\n  y")', [("0123456789ab", "x: y", True)]),
        ('commit\n0123456789ab\n("x")', [("0123456789ab", "x", True)]),
        (f"commits {FULL} and more", [(FULL, None, False)]),
        ("commit 0123456789AB", [("0123456789ab", None, False)]),
        ("commit 012345", []),
        ("commit deadbeefs", []),
        ("commit defaced", []),
        ("committed 0123456789ab", []),
        ("uncommit0123456789ab", []),
    ],
)
def test_references_are_found(text: str, found: list[tuple[str, str | None, bool]]) -> None:
    references = commit_references(numbered(text + "\n"))
    assert [(ref.id, ref.title, ref.quoted) for ref in references] == found


def test_a_reference_stands_on_the_line_of_its_id() -> None:
    (found,) = commit_references(numbered("see\ncommit\n0123456789ab\n", 5))
    assert found.line == 7


@pytest.mark.parametrize(
    ("text", "base"),
    [
        (f"base-commit: {FULL}\n", FULL),
        (f"base-commit: {FULL}\nbase-commit: {FULL[::-1]}\n", FULL[::-1]),
        (f"base-commit: {FULL}{FULL[:24]}\n", FULL + FULL[:24]),
        (f"  base-commit: {FULL}\n", None),
        ("base-commit: 0123456789ab\n", None),
        ("base-commit: v5.2\n", None),
        ("", None),
    ],
)
def test_the_base_commit_is_the_last_full_id(text: str, base: str | None) -> None:
    assert base_commit(numbered(text)) == base
