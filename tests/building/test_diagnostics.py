"""What real compilers say, read back."""

import random
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from patchgen.building.diagnostics import SPARSE, Diagnostic, by_object, new_ones
from tests.series.generated import seeds

SOURCE = """\
int global;
static int helper(void)
{
	int unused;
	return missing;
}
int caller(void)
{
	int left;
	int right;
	return undeclared();
}
"""


def said(compiler: str, folder: Path, source: str, *options: str) -> tuple[Diagnostic, ...]:
    if not shutil.which(compiler):
        pytest.skip(f"{compiler} is not installed")
    (folder / "x.c").write_text(source)
    done = subprocess.run(
        [compiler, "-Wall", "-c", "x.c", "-o", "x.o", *options],
        cwd=folder,
        capture_output=True,
        text=True,
        env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"},
    )
    log = ["  CC      x.o", *done.stderr.splitlines()]
    (found,) = by_object(log).values()
    return found


@pytest.mark.parametrize("compiler", ["gcc", "clang"])
def test_errors_and_warnings_of_a_compiler_are_read(compiler: str, tmp_path: Path) -> None:
    found = said(compiler, tmp_path, SOURCE)
    errors = [one for one in found if one.is_error]
    assert (errors[0].path, errors[0].line) == ("x.c", 5)
    assert "missing" in errors[0].text
    assert errors[0].flag == ""
    assert len(errors) == 1
    flags = {(one.line, one.flag) for one in found if not one.is_error}
    assert {(9, "-Wunused-variable"), (10, "-Wunused-variable")} <= flags
    assert (11, "-Wimplicit-function-declaration") in flags


def test_gcc_names_the_function(tmp_path: Path) -> None:
    functions = {one.line: one.function for one in said("gcc", tmp_path, SOURCE)}
    assert functions[4] == "helper"
    assert functions[9] == "caller"


@pytest.mark.parametrize("compiler", ["gcc", "clang"])
@pytest.mark.parametrize(
    "option", ["-fdiagnostics-color=never", "-fno-caret-diagnostics", "-fno-show-column"]
)
def test_layouts_of_a_compiler_are_read(compiler: str, tmp_path: Path, option: str) -> None:
    if (compiler, option) == ("gcc", "-fno-caret-diagnostics"):
        option = "-fno-diagnostics-show-caret"
    assert {one.line for one in said(compiler, tmp_path, SOURCE, option)} >= {5, 9, 10, 11}


@pytest.mark.parametrize("compiler", ["gcc", "clang"])
def test_an_identity_survives_moving_lines(compiler: str, tmp_path: Path) -> None:
    before = said(compiler, tmp_path, SOURCE)
    after = said(compiler, tmp_path, "\n\n\n" + SOURCE.replace("int left;", "\n\tint left;"))
    assert [one.identity for one in after] == [one.identity for one in before]
    assert list(new_ones(before, after)) == []


@pytest.mark.parametrize("compiler", ["gcc", "clang"])
def test_a_warning_that_takes_the_place_of_another_is_new(compiler: str, tmp_path: Path) -> None:
    before = said(compiler, tmp_path, SOURCE)
    after = said(compiler, tmp_path, SOURCE.replace("int left;", "int other;"))
    assert len(before) == len(after)
    (fresh,) = new_ones(before, after)
    assert "other" in fresh.text


@pytest.mark.parametrize("compiler", ["gcc", "clang"])
def test_a_missing_header_is_an_error(compiler: str, tmp_path: Path) -> None:
    (found,) = said(compiler, tmp_path, '#include "none.h"\n')
    assert (found.kind, found.line, found.is_error) == ("fatal error", 1, True)


def test_diagnostics_belong_to_the_object_being_compiled() -> None:
    log = [
        "  CC      a.o",
        "./a.c:1:2: warning: one [-Wx]",
        "  CC [M]  b.o",
        "b.c:3: error: two",
        "make: *** [Makefile:5: b.o] Error 1",
        "  CC      c.o",
    ]
    found = by_object(log)
    assert {name: [str(one) for one in said] for name, said in found.items()} == {
        "a.o": ["a.c:1: warning: one [-Wx]"],
        "b.o": ["b.c:3: error: two"],
        "c.o": [],
    }


def test_the_same_said_twice_counts_once() -> None:
    log = ["  CC      a.o", *["a.h:1:2: warning: one [-Wx]"] * 3]
    assert len(by_object(log)["a.o"]) == 1


Defect = tuple[str, str]
"""A way to be warned about, and the name of a variable; or a number, which does not count."""
KINDS = {
    "unused": "\tint {};\n",
    "overflow": "\tc = 3{:0>2};\n",
    "sign": "\tif (i < u)\n\t\ti = {};\n",
}
NUMBERED = ("overflow", "sign")


def drawn(source: random.Random) -> Defect:
    kind = source.choice([*KINDS])
    return kind, str(source.randrange(90)) if kind in NUMBERED else f"v{source.randrange(9)}"


def written(functions: dict[str, list[Defect]], source: random.Random) -> str:
    """The functions in any order, with any number of lines between them."""
    text = ""
    for name in source.sample([*functions], len(functions)):
        text += "\n" * source.randrange(4) + f"void {name}(int i, unsigned u, signed char c)\n{{\n"
        text += "".join(KINDS[kind].format(word) for kind, word in functions[name])
        text += "\ti += u + c;\n}\n"
    return text


def known(functions: dict[str, list[Defect]]) -> Iterator[Defect]:
    for name, defects in functions.items():
        for kind, word in defects:
            yield f"{name} {kind}", "" if kind in NUMBERED else word


def changed(functions: dict[str, list[Defect]], source: random.Random) -> dict[str, list[Defect]]:
    """The same with some warnings moved, replaced, said twice, brought, mended, numbered anew."""
    after = {name: list(defects) for name, defects in functions.items()}
    for _ in range(source.randint(0, 4)):
        defects = after[source.choice([*after])]
        way = source.choice(("brought", "mended", "twice", "replaced", "numbers", "order"))
        if way == "brought":
            defects.append(drawn(source))
        elif way == "order":
            source.shuffle(defects)
        elif defects:
            at = source.randrange(len(defects))
            kind, word = defects[at]
            if way == "mended":
                del defects[at]
            elif way == "replaced":
                defects[at] = drawn(source)
            elif kind in NUMBERED:
                defects.insert(at, (kind, word)) if way == "twice" else None
                defects[at] = kind, str(source.randrange(90))
    return after


def once(functions: dict[str, list[Defect]]) -> dict[str, list[Defect]]:
    """Without variables that are declared twice."""
    return {
        name: [one for at, one in enumerate(all_) if one[0] in NUMBERED or one not in all_[:at]]
        for name, all_ in functions.items()
    }


@seeds(200)
def test_new_warnings_are_told_and_no_others(seed: int, tmp_path: Path) -> None:
    source = random.Random(seed)
    names = [f"f{letter}" for letter in "abcd"]
    before = once({name: [drawn(source) for _ in range(source.randrange(4))] for name in names})
    after = once(changed(before, source))
    flags = ("-Wextra", "-Wno-unused-parameter")
    was, now = (said("gcc", tmp_path, written(one, source), *flags) for one in (before, after))
    assert len(was) == sum(map(len, before.values()))
    assert len(now) == sum(map(len, after.values()))
    for old, new, first, second in ((was, now, before, after), (now, was, after, before)):
        expected = Counter(known(second)) - Counter(known(first))
        found = Counter(map(_known, new_ones(old, new)))
        assert found == expected


def _known(one: Diagnostic) -> Defect:
    kind = {"-Wunused-variable": "unused", "-Woverflow": "overflow", "-Wsign-compare": "sign"}
    quoted = one.text.replace("‘", "'").split("'")[1].partition("’")[0]
    word = quoted if one.flag == "-Wunused-variable" else ""
    return f"{one.function} {kind[one.flag]}", word


CHECKED = """\
  CC      a/a.o
a/a.c:3:2: warning: unused variable 'x' [-Wunused-variable]
  CHECK   a/a.c
a/a.c:5:18: warning: incorrect type in initializer (different address spaces)
a/a.c:5:18:    expected int *q
a/a.c:5:18:    got int [noderef] __user *u
a/a.h:9:1: error: undefined identifier 'nowhere'
a/a.c:9:1: warning: symbol 'g' redeclared with different type:
a/a.c:9:1:    int extern [addressable] g( ... )
a/a.c:12: warning: Function parameter or member 'b' not described in 'a'
  CC [M]  a/b.o
  CHECK   a/b.c
  LD      a/built-in.a
a/c.c:1:1: warning: somebody else's
"""


def test_what_sparse_says_belongs_to_the_object_and_is_no_error() -> None:
    found = by_object(CHECKED.splitlines())
    assert [(one.line, one.text, one.flag) for one in found["a/a.o"]] == [
        (3, "unused variable 'x'", "-Wunused-variable"),
        (
            5,
            "incorrect type in initializer (different address spaces), expected int *q,"
            " got int [noderef] __user *u",
            SPARSE,
        ),
        (9, "undefined identifier 'nowhere'", SPARSE),
        (9, "symbol 'g' redeclared with different type", SPARSE),
        (12, "Function parameter or member 'b' not described in 'a'", ""),
    ]
    assert not any(one.is_error for one in found["a/a.o"])
    assert (found["a/b.o"], len(found[""])) == ((), 1)


def test_older_kernels_ask_sparse_before_the_compiler() -> None:
    lines = CHECKED.splitlines()
    compiled, checked = lines[:2], lines[2:9]
    new, old = (by_object(one) for one in ([*compiled, *checked], [*checked, *compiled]))
    assert {*new["a/a.o"]} == {*old["a/a.o"]}
    assert len(new["a/a.o"]) == 4
