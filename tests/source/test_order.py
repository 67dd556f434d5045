"""The order of patches: gcc says which names are undeclared or unused, and we must agree."""

import random
import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from patchgen.findings import Finding
from patchgen.trees.base import CommitBase, open_tree
from patchgen.trees.scratch import workspace as scratch_workspace
from tests.conftest import ROOT
from tests.series.generated import bare_repository, commit_trees, format_patch, seeds
from tests.source.conftest import judged

TINY = ROOT / "kernel-fixtures" / "trees" / "tiny"
TREE = {
    path.relative_to(TINY).as_posix(): path.read_text()
    for path in sorted(TINY.rglob("*"))
    if path.suffix in (".c", ".h", "") and path.is_file()
}
Edit = tuple[str, str, str]
"""A file, what stands there, and what is put before it."""

HEADER, TICK, RING, RING_HEADER = (
    "include/linux/tick.h",
    "kernel/tick.c",
    "lib/ring.c",
    "include/linux/ring.h",
)
END = "#endif /* _LINUX_TICK_H */\n"
STOP = "/**\n * tick_stop"
TO_STOP = "\ttick->running = 0;\n"

FEATURES: Sequence[tuple[Sequence[Edit], Sequence[Edit]]] = (
    (  # a function of another file
        [
            (HEADER, END, "void tick_reset(struct tick *tick);\n\n"),
            (TICK, STOP, "void tick_reset(struct tick *tick)\n{\n\ttick->count = 0;\n}\n\n"),
        ],
        [
            (RING, "#include", "#include <linux/tick.h>\n"),
            (RING, "int ring_push", "void ring_clear(struct tick *tick);\n"
             "void ring_clear(struct tick *tick)\n{\n\ttick_reset(tick);\n}\n\n"),
        ],
    ),
    (  # a static function
        [(TICK, STOP, "static int tick_left(const struct tick *tick)\n{\n"
          "\treturn tick->period - 1;\n}\n\n")],
        [(TICK, TO_STOP, "\ttick->count = tick_left(tick);\n")],
    ),
    (  # a static variable
        [(TICK, STOP, "static unsigned int tick_stops;\n\n")],
        [(TICK, TO_STOP, "\ttick_stops++;\n")],
    ),
    (  # a macro
        [(HEADER, "struct tick {", "#define TICK_STOPPED\t(-2)\n\n")],
        [(TICK, TO_STOP, "\ttick->count = TICK_STOPPED;\n")],
    ),
    (  # a macro with arguments
        [(HEADER, "struct tick {", "#define tick_twice(t)\t((t)->count * 2)\n\n")],
        [(TICK, TO_STOP, "\ttick->count = tick_twice(tick);\n")],
    ),
    (  # a member
        [(HEADER, "\tint running;\n", "\tunsigned int stops;\n")],
        [(TICK, TO_STOP, "\ttick->stops++;\n")],
    ),
    (  # a constant
        [(HEADER, "struct tick {", "enum tick_state {\n\tTICK_IDLE,\n\tTICK_BUSY,\n};\n\n")],
        [(TICK, TO_STOP, "\ttick->count = TICK_BUSY;\n")],
    ),
    (  # a type
        [(HEADER, "struct tick {", "typedef unsigned long tick_count_t;\n\n")],
        [(TICK, TO_STOP, "\ttick_count_t before = tick->count;\n\n\ttick->count = before + 1;\n")],
    ),
    (  # a structure
        [(HEADER, "struct tick {", "struct tick_mark {\n\tunsigned long at;\n};\n\n")],
        [(TICK, TO_STOP, "\tstruct tick_mark mark;\n\n\ttick->count = sizeof(mark);\n")],
    ),
    (  # a structure that is only pointed to
        [(HEADER, END, "struct tick_hand {\n\tint hour;\n};\n\n")],
        [(TICK, STOP, "struct tick_hand;\nvoid tick_move(struct tick_hand *hand);\n"
          "void tick_move(struct tick_hand *hand)\n{\n\t(void)hand;\n}\n\n")],
    ),
    (  # under a condition that is not met
        [(HEADER, END, "void tick_debug(struct tick *tick);\n\n")],
        [(TICK, TO_STOP, "#ifdef CONFIG_TICK_DEBUG\n\ttick_debug(tick);\n#endif\n")],
    ),
    (  # a name that only a macro spells
        [(HEADER, END, "int tick_get_period(const struct tick *tick);\n\n")],
        [(TICK, STOP, "#define TICK_GET(name)\ttick_get_##name\n\n")],
    ),
)  # fmt: skip
_UNKNOWN = re.compile(
    r"implicit declaration of function ‘(\w+)’|‘(\w+)’ undeclared|unknown type name ‘(\w+)’"
    r"|has no member named ‘(\w+)’|storage size of ‘(?:\w+)’ isn’t known"
)
_UNUSED = re.compile(r"‘(\w+)’ defined but not used")


def edited(tree: Mapping[str, str], edits: Sequence[Edit]) -> dict[str, str]:
    """The tree after the edits."""
    made = dict(tree)
    for path, mark, text in edits:
        assert mark in made[path]
        made[path] = made[path].replace(mark, text + mark, 1)
    return made


def compiled(tree: Mapping[str, str], place: Path) -> tuple[set[str], set[str]]:
    """The names that gcc does not know, and those of statics that it calls unused."""
    for path, text in tree.items():
        (place / path).parent.mkdir(parents=True, exist_ok=True)
        (place / path).write_text(text)
    unknown: set[str] = set()
    unused: set[str] = set()
    for path in tree:
        if path.endswith(".c"):
            command = ["gcc", "-std=gnu11", "-Wall", "-ffreestanding", "-Iinclude", "-O1"]
            done = subprocess.run(
                [*command, "-c", path, "-o", "/dev/null"],
                cwd=place,
                capture_output=True,
                text=True,
                env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"},
            )  # fmt: skip
            for line in done.stderr.splitlines():
                if match := _UNKNOWN.search(line):
                    unknown.add(next(filter(None, match.groups()), "tick_mark"))
                if match := _UNUSED.search(line):
                    unused.add(match[1])
    return unknown, unused


def names(findings: Sequence[Finding], check: str, patch: int) -> set[str]:
    """The names that a check finds at a patch."""
    return {
        re.findall(r'"(\w+)"', finding.problem.message)[0]
        for finding in findings
        if finding.check == check and finding.problem.location.patch == patch
    }


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What all generated series are committed to."""
    return bare_repository(tmp_path_factory.mktemp("git") / "order.git")


@seeds(12)
def test_gcc_agrees(seed: int, repository: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    source = random.Random(seed)
    chosen = source.sample(range(len(FEATURES)), source.randint(1, 4))
    steps = [edits for number in chosen for edits in FEATURES[number]]
    source.shuffle(steps)
    if source.random() < 0.3:
        steps = [[*steps[0], *steps[1]], *steps[2:]]
    trees = [TREE]
    for edits in steps:
        trees.append(edited(trees[-1], edits))
    found = judged_trees(trees, repository)
    before: set[str] = set()
    never_used = compiled(trees[-1], tmp_path_factory.mktemp("tip"))[1]
    for number, tree in enumerate(trees[1:], 1):
        unknown, unused = compiled(tree, tmp_path_factory.mktemp("tree"))
        assert names(found, "symbol-used-before-added", number) == unknown - before, steps
        used_later = unused - never_used - before
        assert names(found, "unused-until-later", number) == used_later, steps
        before |= unknown | unused


def judged_trees(trees: Sequence[Mapping[str, str]], repository: Path) -> list[Finding]:
    """What the checks say of a series of trees, the first of them the base."""
    files = [{path: ("100644", text.encode()) for path, text in tree.items()} for tree in trees]
    base, *_ = commit_trees(repository, files)
    with scratch_workspace() as place:
        opened = open_tree(place, str(repository), base, None)
        assert isinstance(opened, CommitBase)
        return judged(opened, format_patch(repository, base))[0]
