"""What real compilers say, read back."""

import shutil
import subprocess
from pathlib import Path

import pytest

from patchgen.building.diagnostics import Diagnostic, by_object, new_ones

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
