"""References to commits in prose, and the base of a series."""

import pytest

from patchgen.series.commits.references import base_commit, commit_references
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
        ('commit 0123456789ab, "x: y"', [("0123456789ab", "x: y", True)]),
        ('commit 0123456789ab and "x: y"', [("0123456789ab", None, False)]),
        ("QEMU commit 0123456789ab", []),
        ("qemu's commit 0123456789ab", []),
        ('commit 0123456789ab ("x") in the glibc', []),
        ("commit 0123456789ab in systemd.", []),
        ("commit 0123456789ab in xen: it is", [("0123456789ab", None, False)]),
        ("drivers/xen commit 0123456789ab", [("0123456789ab", None, False)]),
        ("The following changes since commit 0123456789ab:", []),
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
    ("text", "perhaps"),
    [
        ("With QEMU it works since commit 0123456789ab", True),
        ("QEMU does. It works since commit 0123456789ab", False),
        ("QEMU does\n\nsince commit 0123456789ab", False),
        ("with qemu-img since commit 0123456789ab", False),
        ("as in gcc: since commit 0123456789ab", False),
    ],
)
def test_another_project_in_the_sentence_may_be_whose_commit_it_is(
    text: str, perhaps: bool
) -> None:
    (found,) = commit_references(numbered(text))
    assert found.perhaps_elsewhere is perhaps


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("This is based on v6.1, that is, commit 0123456789ab", True),
        ("It applies to commit 0123456789ab", True),
        ("On top of commit 0123456789ab", True),
        ("It is based on v6.1. Since commit 0123456789ab", False),
        ("A database of commit 0123456789ab", False),
        ("v2:\n- see commit 0123456789ab", True),
        ("Changes since v1:\n\n- see commit 0123456789ab", True),
        ("Changelog\n- see commit 0123456789ab", True),
        ("See commit 0123456789ab\n\nv2:\n- none", False),
        ("Changes of mood since commit 0123456789ab", False),
    ],
)
def test_what_only_notes_the_base_or_the_history(text: str, note: bool) -> None:
    (found,) = commit_references(numbered(text))
    assert found.as_note is note


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
