"""The shape of the code: floors, doors, sizes and names."""

import ast
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import patchgen
from tests.conftest import Ran

PACKAGE = Path(patchgen.__path__[0])
FLOORS = {
    "errors": 0,
    "process": 0,
    "shipped": 0,
    "version": 0,
    "findings": 1,
    "promises": 1,
    "report": 1,
    "series": 1,
    "sizes": 1,
    "watching": 1,
    "sandbox": 2,
    "settings": 2,
    "trees": 2,
    "building": 3,
    "checkers": 3,
    "reading": 3,
    "rendering": 3,
    "running": 3,
    "source": 3,
    "checks": 4,
    "reporting": 4,
    "stages": 5,
    "verify": 6,
    "presubmit": 7,
    "cli": 8,
    "__main__": 9,
}
"""A room imports from lower floors and from itself; rooms on the same floor do not know each
other, so no report format can ask a check."""

SERIES_FLOORS = {
    "text": 0,
    "diff": 1,
    "mail": 1,
    "shortlog": 1,
    "claims": 2,
    "letter": 2,
    "parts": 2,
    "trailers": 2,
    "model": 3,
    "commits": 4,
    "composed": 4,
    "lost": 4,
    "ranges": 4,
}
"""The largest room has floors of its own."""

NEIGHBOURS = {("report", "findings")}
"""But a report holds findings, and both are plain data."""

DOORS = {
    "email": "series/mail/message.py",
    "git": "trees/repository.py",
    "jinja2": "rendering/environment.py",
    "rich": "cli/progress.py",
    "subprocess": "process.py",
    "tree_sitter": "source/grammar.py",
    "tree_sitter_c": "source/grammar.py",
    "unidiff": "series/diff/counts.py",
}
LONGEST = 400
NO_NAMES = re.compile(
    r"(?:.*_)?(?:utils?|helpers?|common|misc|managers?|engines?|contexts?|base_class(?:es)?|core)"
)
MODULES = sorted(PACKAGE.rglob("*.py"))

every_module = pytest.mark.parametrize(
    "module", MODULES, ids=[path.relative_to(PACKAGE).as_posix() for path in MODULES]
)


def imported(module: Path) -> Iterator[str]:
    """The dotted names of all modules that ``module`` imports, at the top or later."""
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{name.name}" for name in node.names)


def room(module: Path) -> str:
    """The folder of a module, or the module itself when it stands in the hall."""
    return module.relative_to(PACKAGE).parts[0].removesuffix(".py")


@every_module
def test_imports_lower_floors_only(module: Path) -> None:
    own = room(module)
    if own == "__init__":
        return
    for name in imported(module):
        top, _, rest = name.partition(".")
        other = rest.partition(".")[0]
        if top == "patchgen" and other != own and (own, other) not in NEIGHBOURS:
            assert FLOORS[other] < FLOORS[own], f"{own} must not know {name}"


@pytest.mark.parametrize(
    "module", [path for path in MODULES if room(path) == "series"], ids=lambda path: path.stem
)
def test_a_series_is_read_from_the_bottom_up(module: Path) -> None:
    own = module.relative_to(PACKAGE / "series").parts[0].removesuffix(".py")
    for name in imported(module):
        other = name.removeprefix("patchgen.series.").partition(".")[0]
        if name.startswith("patchgen.series.") and other != own:
            assert SERIES_FLOORS[other] < SERIES_FLOORS[own], f"{own} must not know {name}"


@every_module
def test_one_door_for_each_library(module: Path) -> None:
    for name in imported(module):
        door = DOORS.get(name.partition(".")[0])
        assert door in (None, module.relative_to(PACKAGE).as_posix()), f"{name}: use {door}"


@every_module
def test_only_the_command_line_prints(module: Path) -> None:
    calls = (node for node in ast.walk(ast.parse(module.read_text())) if isinstance(node, ast.Call))
    named = {call.func.id for call in calls if isinstance(call.func, ast.Name)}
    assert "print" not in named or room(module) == "cli"


@every_module
def test_no_module_is_long(module: Path) -> None:
    assert len(module.read_text("utf-8").splitlines()) <= LONGEST


@every_module
def test_module_is_named_after_what_is_in_it(module: Path) -> None:
    assert not NO_NAMES.fullmatch(module.stem)
    assert not NO_NAMES.fullmatch(module.parent.name)


@pytest.mark.parametrize(
    "folder", sorted({path.parent for path in MODULES}), ids=lambda folder: folder.name
)
def test_init_holds_a_docstring_only(folder: Path) -> None:
    tree = ast.parse((folder / "__init__.py").read_text("utf-8"))
    assert ast.get_docstring(tree)
    assert len(tree.body) == 1


def test_every_room_has_a_floor() -> None:
    rooms = {room(path) for path in MODULES} - {"__init__"}
    assert rooms <= set(FLOORS)


def test_version_loads_no_heavy_library(run_process: Callable[..., Ran]) -> None:
    ran = run_process("--version", python=("-X", "importtime"))
    assert ran.status == 0
    loaded = {line.rpartition("|")[2].strip() for line in ran.err.splitlines()}
    assert "patchgen.cli.main" in loaded
    heavy = {"email", "git", "jinja2", "rich", "subprocess", "tree_sitter", "unidiff"}
    assert not {name.partition(".")[0] for name in loaded} & heavy


def test_verifying_loads_no_template_engine() -> None:
    script = "import sys, patchgen.verify, patchgen.cli.verify; sys.exit('jinja2' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], cwd=PACKAGE.parent).returncode == 0
