"""Headings as git finds them, and which of them name the same."""

import pytest

from patchgen.series.diff.headings import (
    function_above,
    heading_above,
    same_section,
    section_above,
    section_name,
)

LINES = [
    "int first(void)",
    "{",
    "out:",
    "\treturn 0;",
    "}",
    "",
    "static struct driver table = {",
    "\t.probe = first,",
    "};",
    "",
]


def test_the_drivers_differ() -> None:
    assert heading_above(LINES, 4) == (2, "out:")
    assert section_above(LINES, 4, "x.c") == (0, "int first(void)")
    assert section_above(LINES, 4, "x.S") == (2, "out:")
    assert section_above(LINES, 8, "x.c") == (6, "static struct driver table = {")
    assert function_above(LINES, 8) == (0, "int first(void)")
    assert heading_above(LINES, 0) is None


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("static int __init f(void)", "f"),
        ("struct foo {", "struct foo"),
        ("static const struct x table[] = {", "table"),
        ("SYSCALL_DEFINE3(open, int, x)", None),
        ("EXPORT_SYMBOL(f);", None),
        ("out:", None),
    ],
)
def test_the_name_of_a_section(heading: str, name: str | None) -> None:
    assert section_name(heading) == name


def test_the_same_section_by_another_heading() -> None:
    assert same_section("int f(int a)", "static int f(int a, int b)")
    assert same_section("int  f(int a)", "int f(int a)")
    assert not same_section("int f(int a)", "int g(int a)")
    assert not same_section("EXPORT_SYMBOL(f);", "EXPORT_SYMBOL(g);")
    long = "static int a_function_with_a_long_name_of_its_own(struct device *dev, unsigned int x)"
    assert same_section(long[:80], long)
