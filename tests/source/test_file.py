"""C files as text: comments, conditions, and files that are there to take time."""

import time

import pytest

from patchgen.source.callbacks import Member, assigned, calls, initialisers, looks, members
from patchgen.source.file import CFile, without_comments
from patchgen.source.names import Kind, defined
from patchgen.source.typed import Types
from patchgen.source.uses import declares, may_be_made, uses

SECONDS = 60
"""Far more than it takes, and far less than what grows with the square of the size."""


def test_comments_are_blanked_where_they_are() -> None:
    text = 'a /* b\nc */ d // e\nf "/* g */" h'
    blank = without_comments(text)
    assert [len(line) for line in blank.split("\n")] == [len(line) for line in text.split("\n")]
    assert blank.split() == ["a", "d", "f", '"/*', "g", '*/"', "h"]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a\n#if B\nc\n#else\nd\n#endif\ne\n", {2, 3, 4, 5, 6}),
        ("#ifndef A_H\n#define A_H\nb\n#endif\n", set()),
        ("/* c */\n#ifndef A_H\n#define A_H\n#ifdef B\nc\n#endif\n#endif\n", {4, 5, 6}),
        ("#ifndef A\n#define B\nc\n#endif\n", {1, 2, 3, 4}),
        ("a\n#ifndef A_H\n#define A_H\n#endif\n", {2, 3, 4}),
    ],
)
def test_conditions(text: str, lines: set[int]) -> None:
    assert CFile("a.h", text.encode()).conditional == lines


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("int word(void)\n{\n}\n", Kind.FUNCTION),
        ("static int __init word(void)\n{\n\tfor_each(a, b) {\n\t}\n}\n", Kind.FUNCTION),
        ("struct a *\nword(int a)\n{\n}\n", Kind.FUNCTION),
        ("int *word(void);\n", Kind.PROTOTYPE),
        ("int (*word)(void);\n", Kind.VARIABLE),
        ("static struct a word[] = { { 1 } };\n", Kind.VARIABLE),
        ("#define word 1\n", Kind.MACRO),
        ("#define word(a) a\n", Kind.MACRO),
        ("struct a { int b, *word; };\n", Kind.MEMBER),
        ("struct a { int (*word)(int b); };\n", Kind.MEMBER),
        ("enum { A, word = 2 };\n", Kind.ENUMERATOR),
        ("struct word { int a; };\n", Kind.TAG),
        ("typedef int word;\n", Kind.TYPEDEF),
        ("struct word;\n", None),
        ("void f(int word)\n{\n}\n", None),
        ("void f(void)\n{\n\tint word = 1;\n}\n", None),
        ("int a = word;\n", None),
        ("int a[word];\n", None),
        ("EXPORT_SYMBOL(word);\n", None),
    ],
)
def test_what_a_word_defines(text: str, kind: Kind | None) -> None:
    (node,) = CFile("a.c", text.encode()).nodes("word")
    assert defined(node) is kind


@pytest.mark.parametrize(
    "text",
    [
        "(" * 100_000,
        "{" * 100_000 + "word",
        "word " * 50_000,
        "word" * 50_000,
        "word(" * 100_000,
        '\\"' * 100_000,
        "/*" * 100_000,
        "#if word\n" * 80_000,
        "struct ops a " * 50_000,
        "struct ops = { .word = word, " * 20_000,
        "x->word = " * 50_000,
        "p->word(" * 190 + "x" + ")" * 190,
        "void f(void) { " + "if (p->word) " * 190 + "p->word(); }",
        "\0\xff" * 100_000,
    ],
    ids=lambda text: text[:12].strip(),
)
def test_time_is_bounded(text: str) -> None:
    start = time.monotonic()
    file = CFile("a.c", text.encode("latin-1"))
    member = Member("ops", "word")
    types = Types("ops", "word")
    types.learn(file)
    for found in (calls(file, member, types), initialisers(file, member), members(file, "word")):
        list(found)
    assigned(file, member), looks(file, member), declares(file, "word")
    may_be_made(file, "word"), list(uses(file, "word")), file.conditional
    assert time.monotonic() - start < SECONDS
