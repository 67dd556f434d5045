"""Which lines a compiler has seen, held against a compiler: a wrong character breaks it, or not."""

import random
import re
import shutil
import subprocess
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import pytest

from patchgen.building.compiled.built import Built, MadeObject
from patchgen.building.compiled.lines import uncompiled
from patchgen.building.compiled.regions import layout
from patchgen.process import Completed, run
from patchgen.sandbox import PLAIN
from tests.series.generated import seeds

SLOT = "\x01"
"""Where in a generated line a character can be put that no C program has."""
WRONG = " @ "
PATHS = ("a.c", "a.h")
FLAGS = ("ON", "OFF", "TWO", "NONE")


class Program:
    """A random C file and a header that it includes, with a slot in each line that has code."""

    def __init__(self, seed: int) -> None:
        self._choose = random.Random(seed)
        self._serial = 0
        self.macros: list[tuple[str, bool]] = []
        self.lines = {
            "a.h": ["#ifndef A_H", "#define A_H", *self._body(3), "#endif"],
            "a.c": ['#include "a.h"', *self._body(5)],
        }

    def text(self, path: str, wrong: Collection[int] = ()) -> str:
        return "".join(
            line.replace(SLOT, WRONG if number in wrong else "") + "\n"
            for number, line in enumerate(self.lines[path], 1)
        )

    def slots(self, path: str) -> frozenset[int]:
        return frozenset(at for at, line in enumerate(self.lines[path], 1) if SLOT in line)

    def _name(self, what: str) -> str:
        self._serial += 1
        return f"{what}_{self._serial}"

    def _body(self, most: int, depth: int = 0) -> Iterator[str]:
        makers = [self._function, self._macro, self._macro, self._words, self._variable]
        for _ in range(self._choose.randint(1, most)):
            make = self._choose.choice([*makers, self._group] if depth < 3 else makers)
            yield from self._group(depth) if make == self._group else make()

    def _condition(self) -> str:
        flag = self._choose.choice(FLAGS)
        return self._choose.choice(
            [
                f"#ifdef {flag}",
                f"#ifndef {flag}",
                f"#if {flag}",
                f"# if defined({flag}) && \\\n\t{flag} > 1",
                f"#if {flag} == 2 /* a comment\n that goes on */",
                f"#if !defined {flag}",
            ]
        )

    def _group(self, depth: int = 3) -> Iterator[str]:
        inside = self._body if depth < 3 else lambda *_: self._words()
        yield from self._condition().split("\n")
        yield from inside(2, depth + 1)
        if self._choose.random() < 0.4:
            yield f"#elif {self._choose.choice(FLAGS)} > 0"
            yield from inside(2, depth + 1)
        if self._choose.random() < 0.5:
            yield self._choose.choice(["#else", "# else /* not */", "#else // not"])
            yield from inside(2, depth + 1)
        yield self._choose.choice(["#endif", "#  endif /* over */"])

    def _words(self) -> Iterator[str]:
        yield from self._choose.choice(
            [
                [""],
                ["/* int code; */"],
                ["/*", "#ifdef NEVER", " * int code;", "#endif", " */"],
                ["// it's code();"],
                ["/* ends", f" here */ {SLOT}int {self._name('v')};"],
                [f'{SLOT}static const char {self._name("t")}[] = "/* #if // \\" ";'],
            ]
        )

    def _variable(self) -> Iterator[str]:
        name = self._name("v")
        yield from self._choose.choice(
            [
                [f"{SLOT}int {name};"],
                [f"{SLOT}static int \\", f"\t{SLOT}{name};"],
                [f"{SLOT}int /* of", f" */ {SLOT}{name}", f"{SLOT}= 1;"],
            ]
        )

    def _macro(self) -> Iterator[str]:
        name, used = self._name("M"), self._choose.random() < 0.6
        body = self._choose.choice(["1", "(x)", "((x) + 2)"])
        takes = "x" in body
        if takes and self._choose.random() < 0.5:
            yield f"#define {name}(x) {SLOT}\\"
            yield f"\t({SLOT}2 + \\"
            yield f"\t {SLOT}{body})"
        elif takes:
            yield f"# define {name}(x) {SLOT}{body}"
        else:
            yield f"#define {name}\t{SLOT}{body} /* one"
            yield " * way */"
        if self._choose.random() < 0.3:
            outer = self._name("M")
            yield f"#define {outer} {SLOT}{name}{'(3)' if takes else ''}"
            name, takes = outer, False
        if used:
            yield f"{SLOT}int {self._name('v')} = {name}{'(4)' if takes else ''};"

    def _function(self) -> Iterator[str]:
        name = self._name("f")
        yield f"#define CALL_{name}(a, b) {SLOT}((a) + (b))"
        yield f"{SLOT}static inline int {name}(int a)"
        yield f"{SLOT}{{"
        yield f"\t{SLOT}return CALL_{name}(a,"
        if self._choose.random() < 0.5:
            yield from self._condition().split("\n")
            yield f"\t\t{SLOT}1 +"
            yield "#endif"
        yield f"\t\t{SLOT}2);"
        yield f"{SLOT}}}"


def made(compiler: str, place: Path) -> Built:
    words = (compiler, "-DON", "-DTWO=2", "-I.", "-MD", "-MF", "a.d", "-c", "-o", "a.o", "a.c")
    read = MadeObject("a.o", words, frozenset(PATHS))

    def confined(argv: Sequence[str]) -> Completed:
        return run(argv, place, PLAIN, 60)

    return Built(place, place, lambda _: (read,), confined, compiler == "clang")


def compiled(compiler: str, place: Path) -> tuple[bool, set[tuple[str, int]]]:
    """Whether the program in ``place`` is one, and the lines at which a compiler says it is not."""
    options = ("-fsyntax-only", "-w", "-DON", "-DTWO=2", "-I.", "-fno-show-column", "a.c")
    every = "-ferror-limit=0" if compiler == "clang" else "-fmax-errors=0"
    done = subprocess.run(
        [compiler, every, *options], cwd=place, capture_output=True, text=True, env=PLAIN
    )
    said = re.findall(r"(?m)(?:^| )(?:\./)?(a\.[ch]):(\d+)[:,]", done.stderr)
    return done.returncode == 0, {(path, int(line)) for path, line in said}


def written(program: Program, place: Path, wrong: Collection[tuple[str, int]] = ()) -> None:
    for path in PATHS:
        (place / path).write_text(program.text(path, {at for file, at in wrong if file == path}))


@seeds(150)
def test_lines_are_compiled_where_a_wrong_character_in_them_is_an_error(
    seed: int, tmp_path: Path
) -> None:
    program, hidden, seen = judged("gcc", seed, tmp_path)
    written(program, tmp_path, hidden)
    good, said = compiled("gcc", tmp_path)
    assert good, f"compiled after all: {said & hidden}"
    written(program, tmp_path, seen)
    _, said = compiled("gcc", tmp_path)
    assert seen <= said, f"not compiled: {seen - said}"


@seeds(15)
def test_clang_tells_of_all_but_macros(seed: int, tmp_path: Path) -> None:
    program, hidden, seen = judged("clang", seed, tmp_path)
    written(program, tmp_path, hidden)
    good, said = compiled("clang", tmp_path)
    assert good, f"compiled after all: {said & hidden}"
    macros = {
        (path, line)
        for path in PATHS
        for macro in layout(program.text(path)).macros
        for line in range(macro.first, macro.last + 1)
    }
    for line in seen - macros:  # clang says of some only where it gave up before them
        written(program, tmp_path, {line})
        assert not compiled("clang", tmp_path)[0], f"not compiled: {line}"


def judged(
    compiler: str, seed: int, place: Path
) -> tuple[Program, set[tuple[str, int]], set[tuple[str, int]]]:
    """A program, and those of its lines with code that patchgen says are not compiled, and are."""
    if not shutil.which(compiler):
        pytest.skip(f"{compiler} is not installed")
    program = Program(seed)
    written(program, place)
    good, said = compiled(compiler, place)
    assert good, said
    before = {path: (place / path).stat().st_mtime_ns for path in PATHS}
    every = {path: frozenset(range(1, len(program.lines[path]) + 1)) for path in PATHS}
    found = uncompiled(made(compiler, place), every)
    assert {path: (place / path).stat().st_mtime_ns for path in PATHS} == before
    assert all((place / path).read_text() == program.text(path) for path in PATHS)
    hidden = {(one.path, line) for one in found for line in one.lines}
    slots = {(path, line) for path in PATHS for line in program.slots(path)}
    assert hidden <= slots, f"without code: {hidden - slots}"
    return program, hidden, slots - hidden


def test_a_link_in_the_source_is_not_written_through(tmp_path: Path) -> None:
    program, elsewhere = Program(1), tmp_path / "elsewhere.c"
    place = tmp_path / "source"
    place.mkdir()
    written(program, place)
    (place / "a.c").rename(elsewhere)
    (place / "a.c").symlink_to(elsewhere)
    before = elsewhere.stat().st_ctime_ns
    uncompiled(made("gcc", place), {path: program.slots(path) for path in PATHS})
    assert elsewhere.stat().st_ctime_ns == before
