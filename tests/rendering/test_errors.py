"""Templates that cannot be rendered: what is said of them, and that nothing is written."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.series.generated import git
from tests.trees.lamp import COVER, PATCHES, SETTINGS, write_files, write_template

Cli = Callable[..., Any]
FIRST = PATCHES["0001-dim.patch.j2"]
HEADER = "@@ int lamp_on(void)\n"


def refused(run_cli: Cli, template: Path, lamp: Path, *options: str) -> list[str]:
    """The lines printed for a template that must be refused with nothing written."""
    out = lamp.parent / "out"
    ran = run_cli("render", template, "--tree", lamp, "-o", out, *options)
    assert ran.status == 2, ran
    assert ran.out == ""
    assert not out.exists()
    assert not [path for path in lamp.parent.iterdir() if path.name.startswith(".")]
    lines = [line.replace(f"{template}", "dim") for line in ran.err.splitlines()]
    assert lines[0].startswith("error: ")
    assert lines[1].startswith("hint: ")
    assert all(line.startswith(("error: ", "hint: ")) for line in lines)
    return lines


def edited(template: str, old: str, new: str) -> str:
    assert old in template
    return template.replace(old, new)


def test_lines_that_are_nowhere(run_cli: Cli, lamp: Path, tmp_path: Path) -> None:
    first = edited(FIRST, "-\tlevel = 10;\n", " {\n-\tlevel = 11;\n \treturn 0;\n")
    template = write_template(tmp_path / "dim", first=first)
    assert refused(run_cli, template, lamp) == [
        'error: dim/0001-dim.patch.j2:9: the hunk fits nowhere in section "int lamp_on(void)"'
        " of lamp.c",
        "hint: the nearest place is lamp.c:6",
        'hint: lamp.c:7: there stands "\tlevel = 10;"',
        'hint: dim/0001-dim.patch.j2:11: wanted "\tlevel = 11;"',
    ]


def test_lines_that_are_in_two_places(run_cli: Cli, lamp: Path, tmp_path: Path) -> None:
    hunk = "-\treturn 0;\n+\treturn 1;\n"
    first = edited(FIRST, f"{HEADER}-\tlevel = 10;\n+\tlevel = {{{{ level }}}};\n", f"@@\n{hunk}")
    template = write_template(tmp_path / "dim", first=first)
    assert refused(run_cli, template, lamp) == [
        "error: dim/0001-dim.patch.j2:9: the hunk fits 2 places in lamp.c",
        'hint: lamp.c:8 in "int lamp_on(void)"',
        'hint: lamp.c:14 in "int lamp_off(void)"',
        "hint: add context lines, or name the section after @@",
    ]


def test_lines_that_are_in_another_section(run_cli: Cli, lamp: Path, tmp_path: Path) -> None:
    first = edited(FIRST, HEADER, "@@ int lamp_off(void)\n")
    template = write_template(tmp_path / "dim", first=first)
    assert refused(run_cli, template, lamp) == [
        'error: dim/0001-dim.patch.j2:9: the hunk does not fit in section "int lamp_off(void)"'
        " of lamp.c, but elsewhere in the file",
        'hint: lamp.c:7 in "int lamp_on(void)"',
    ]


def test_a_section_that_is_not_there(run_cli: Cli, lamp: Path, tmp_path: Path) -> None:
    first = edited(FIRST, HEADER, "@@ int lamp_onn(void)\n")
    lines = refused(run_cli, write_template(tmp_path / "dim", first=first), lamp)
    assert lines[-1] == 'hint: no such section; there is "int lamp_on(void)"'


def test_a_file_that_is_elsewhere(run_cli: Cli, lamp: Path, tmp_path: Path) -> None:
    write_files(lamp, {"drivers/lamp.c": "x\n", "drivers/[old]/lamp.c": "x\n"})
    git("add", ".", cwd=lamp)
    git("commit", "--quiet", "-m", "more", cwd=lamp)
    first = edited(FIRST, "a/lamp.c\n+++ b/lamp.c", "a/light/lamp.c\n+++ b/light/lamp.c")
    lines = refused(run_cli, write_template(tmp_path / "dim", first=first), lamp)
    assert lines[0].startswith('error: dim/0001-dim.patch.j2:7: no file "light/lamp.c" in commit ')
    assert lines[1:] == [
        "hint: files of that name:",
        "hint: drivers/[old]/lamp.c",
        "hint: drivers/lamp.c",
        "hint: lamp.c",
    ]


@pytest.mark.parametrize("name", ["none[1].c", "[", "**", "?", "none/x.c"])
def test_a_file_that_is_nowhere(run_cli: Cli, lamp: Path, tmp_path: Path, name: str) -> None:
    first = edited(FIRST, "a/lamp.c\n+++ b/lamp.c", f"a/{name}\n+++ b/{name}")
    template = write_template(tmp_path / "dim", first=first)
    plain = write_files(tmp_path / "plain", {"lamp.c": "x\n"})
    for tree in (lamp, plain):
        lines = refused(run_cli, template, tree)
        assert f'no file "{name}" in ' in lines[0]
        assert lines[1] == "hint: no file of that name anywhere in the tree"


NEW = "--- /dev/null\n+++ b/{}\n@@\n+x\n"


@pytest.mark.parametrize(
    "path",
    ["../x", "/etc/x", ".git/x", ".GIT/x", "a/../../x", "a/../x", "./x", "a/./x", "a/", "",
     "sub/.git/config", ".git", "x\\..\\y/../../z"],
)  # fmt: skip
def test_a_path_that_leaves_the_tree(run_cli: Cli, lamp: Path, tmp_path: Path, path: str) -> None:
    first = FIRST.partition("--- a/")[0] + NEW.format(path)
    lines = refused(run_cli, write_template(tmp_path / "dim", first=first), lamp)
    assert lines[0].startswith("error: dim/0001-dim.patch.j2:7: ")


def test_a_new_file_that_is_there(run_cli: Cli, lamp: Path, tmp_path: Path) -> None:
    first = FIRST.partition("--- a/")[0] + NEW.format("lamp.c")
    lines = refused(run_cli, write_template(tmp_path / "dim", first=first), lamp)
    assert lines[0] == 'error: dim/0001-dim.patch.j2:7: new file "lamp.c" is already there'


@pytest.mark.parametrize("path", ["lamp.c/x", "doc"])
def test_a_new_file_where_none_can_be(run_cli: Cli, lamp: Path, tmp_path: Path, path: str) -> None:
    first = FIRST.partition("--- a/")[0] + NEW.format(path)
    lines = refused(run_cli, write_template(tmp_path / "dim", first=first), lamp)
    assert lines[0].startswith("error: dim/0001-dim.patch.j2:7: ")


BAD = [
    ("{{ unknown }}", 3, "'unknown' is undefined"),
    ("{{ level.nothing }}", 3, "no attribute 'nothing'"),
    ("{% if %}", 3, "expected"),
    ("{% if level %}", 11, "nexpected end of template"),
    ("{{ level", 5, "expected"),
    ("{% include '../secret.j2' %}", 3, 'no template "../secret.j2"'),
    ("{% include '/etc/passwd' %}", 3, 'no template "/etc/passwd"'),
    ("{% include 'link.j2' %}", 3, 'no template "link.j2"'),
    ("{% include 'none.j2' %}", 3, 'no template "none.j2"'),
    ("{{ 1 // 0 }}", 3, "division"),
    ("{{ has_file(1, 2, 3) }}", 3, "argument"),
    ("{{ ''.__class__ }}", 3, "__class__"),
    ("{{ ''.__class__.__mro__ }}", 3, "__class__"),
    ("{{ has_file.__globals__ }}", 3, "__globals__"),
    ("{{ cycler.__init__.__globals__ }}", 3, "__init__"),
    ("{{ ''['__cl' ~ 'ass__'] }}", 3, "__class__"),
    ("{{ (''|attr('__class__')) }}", 3, "__class__"),
    ("{{ '{0.__class__}'.format(1) }}", 3, "__class__"),
    ("{{ self._TemplateReference__context }}", 3, "_TemplateReference__context"),
    ("{% for i in range(10 ** 9) %}{% endfor %}", 3, "ange too big"),
    ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", 3, "recursion"),
]


@pytest.mark.parametrize(("bad", "line", "says"), BAD, ids=[bad for bad, _, _ in BAD])
def test_what_the_sandbox_refuses(
    run_cli: Cli, lamp: Path, tmp_path: Path, bad: str, line: int, says: str
) -> None:
    (tmp_path / "secret.j2").write_text("secret")
    first = edited(FIRST, "It is too bright.", bad)
    template = write_template(tmp_path / "dim", first=first)
    (template / "link.j2").symlink_to(tmp_path / "secret.j2")
    lines = refused(run_cli, template, lamp)
    assert lines[0].startswith(f"error: dim/0001-dim.patch.j2:{line}: ")
    assert says in lines[0]
    assert "secret" not in lines[0] or "j2" in lines[0]


def test_an_error_in_an_included_template_names_that(
    run_cli: Cli, lamp: Path, tmp_path: Path
) -> None:
    first = edited(FIRST, "It is too bright.", "{% include 'part.j2' %}")
    template = write_template(tmp_path / "dim", first=first)
    for text, line in (("one\n{{ unknown }}\n", 2), ("{% if %}", 1)):
        (template / "part.j2").write_text(text)
        lines = refused(run_cli, template, lamp)
        assert lines[0].startswith(f"error: dim/part.j2:{line}: ")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (FIRST.partition("---\n--- a/")[0], "", ":1: no summary"),
        (FIRST, "", ":1: no summary"),
        ("---\n--- a/", "--- a/", ": no marker line"),
        (FIRST.partition("---\n--- a/")[2], "", ": no diff below the marker line"),
        ("-\tlevel = 10;\n+\tlevel = {{ level }};\n", " \tlevel = 10;\n",
         ":9: the hunk changes nothing"),
        ("-\tlevel = 10;\n+", "+", ":9: the hunk has no line to find in lamp.c"),
        ("{{ level }}", "10", ": the patch changes nothing"),
        ("+++ b/lamp.c", "+++ /dev/null", ":7: lamp.c is deleted, but "),
        ("--- a/lamp.c\n", "diff --git a/lamp.c b/lamp.c\nGIT binary patch\n--- a/lamp.c\n",
         ":7: binary diffs cannot be anchored"),
    ],
)  # fmt: skip
def test_what_is_no_patch(
    run_cli: Cli, lamp: Path, tmp_path: Path, old: str, new: str, says: str
) -> None:
    template = write_template(tmp_path / "dim", first=FIRST.replace(old, new, 1))
    lines = refused(run_cli, template, lamp)
    assert lines[0].startswith(f"error: dim/0001-dim.patch.j2{says}")


def test_overlapping_hunks(run_cli: Cli, lamp: Path, tmp_path: Path) -> None:
    first = FIRST + "@@ int lamp_on(void)\n \tlevel = 10;\n-\treturn 0;\n+\treturn 1;\n"
    lines = refused(run_cli, write_template(tmp_path / "dim", first=first), lamp)
    assert lines[0] == "error: dim/0001-dim.patch.j2:12: the hunk overlaps another one in lamp.c"


def test_all_broken_hunks_are_named_at_once(run_cli: Cli, lamp: Path, tmp_path: Path) -> None:
    more = "--- a/lamp.h\n+++ b/lamp.h\n@@\n-nowhere\n+x\n--- a/none.c\n+++ b/none.c\n@@\n-a\n+b\n"
    first = edited(FIRST, "level = 10", "level = 11") + "@@\n-\treturn 0;\n+\treturn 1;\n" + more
    lines = refused(run_cli, write_template(tmp_path / "dim", first=first), lamp)
    errors = [line for line in lines if line.startswith("error: ")]
    assert [line.split(":")[2] for line in errors] == ["9", "12", "17", "20"]


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ("title = ", "dim/series.toml: "),
        ("", '"title" is missing'),
        (SETTINGS.replace("lamp: dim it", "x").replace("title", "titel"), '"title" is missing'),
        (SETTINGS + "colour = 1\n", 'unknown key "colour"'),
        (SETTINGS.replace("[variables.level]", "x = 1\n[variables.level]"), 'unknown key "x"'),
        (SETTINGS.replace('"lamp: dim it"', "1"), '"title" is a int'),
        (SETTINGS.replace(" <author@example.com>", ""), '"author" is not a name'),
        (SETTINGS.replace("2019-06-05T12", "yesterday T12"), "cannot read the date"),
        (SETTINGS.replace("+00:00", ""), "the date has no zone"),
        (SETTINGS.replace('"0001-dim.patch.j2", "0002-declare.patch.j2"', ""), "no patches"),
        (SETTINGS.replace('"0001-dim.patch.j2"', "1"), '"patches" holds more than strings'),
        (SETTINGS.replace("0001-dim", "0001-none"), 'no template "0001-none.patch.j2"'),
        (SETTINGS.replace("cover.j2", "../cover.j2"), 'no template "../cover.j2"'),
        (SETTINGS.replace("default = 5", "default = 1.5"), '"default" is a float'),
        (SETTINGS.replace("[variables.level]", "[variables]\nlevel = 5\n[other]"), "level"),
        (SETTINGS + '[[requires]]\nthat = "has_file("\notherwise = "x"\n', "cannot evaluate"),
        (SETTINGS + '[[requires]]\nthat = "nothing"\notherwise = "x"\n', "cannot evaluate"),
        (SETTINGS + '[[requires]]\nthat = "has_file(\'x\')"\notherwise = "no x there"\n',
         "does not fit commit"),
    ],
)  # fmt: skip
def test_settings_that_are_wrong(
    run_cli: Cli, lamp: Path, tmp_path: Path, settings: str, says: str
) -> None:
    template = write_template(tmp_path / "dim", settings=settings)
    assert says in refused(run_cli, template, lamp)[0]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--set", "level"], '--set "level" has no value'),
        (["--set", "level=high"], '"high" is not a number'),
        (["--set", "lvel=1"], 'has no variable "lvel"'),
        (["--set", "on=maybe"], '"maybe" is neither true nor false'),
        ([], 'variable "name" is not set (how it is called)'),
        (["--base", "nowhere"], 'unknown revision "nowhere"'),
        (["--base", "--all"], "--base"),
        (["--set", "name=x", "-v", "two"], "-v"),
        (["-v", "0"], "count from 1"),
        (["-v", "-1"], "count from 1"),
    ],
)
def test_options_that_are_wrong(
    run_cli: Cli, lamp: Path, tmp_path: Path, options: list[str], says: str
) -> None:
    settings = (
        SETTINGS
        + '[variables.on]\ndescription = "x"\ndefault = true\n'
        + '[variables.name]\ndescription = "how it is called"\n'
    )
    template = write_template(tmp_path / "dim", settings=settings)
    assert says in refused(run_cli, template, lamp, *options)[0]


@pytest.mark.parametrize(
    ("chosen", "seen"),
    [
        ("on=yes", "True"), ("on=FALSE", "False"), ("on=0", "False"), ("level=-3", "-3"),
        ("name=a=b c", "a=b c"), ("name=", ""), ("name=7", "7"),
    ],
)  # fmt: skip
def test_values_have_the_type_of_the_default(
    run_cli: Cli, lamp: Path, tmp_path: Path, chosen: str, seen: str
) -> None:
    settings = (
        SETTINGS
        + '[variables.on]\ndescription = "x"\ndefault = true\n'
        + '[variables.name]\ndescription = "x"\ndefault = "n"\n'
    )
    name = chosen.partition("=")[0]
    cover = f"{COVER}\n<{{{{ {name} }}}}> {{{{ {name} is string }}}}\n"
    template = write_template(tmp_path / "dim", settings=settings, cover=cover)
    out = tmp_path / "out"
    assert run_cli("render", template, "--tree", lamp, "-o", out, "--set", chosen).status == 0
    letter = (out / "0000-cover-letter.patch").read_text()
    assert f"<{seen}> {name == 'name'}" in letter


def test_a_series_that_does_not_exist(run_cli: Cli, tmp_path: Path) -> None:
    ran = run_cli("render", "exitles-timer", "-o", tmp_path / "out")
    assert ran.status == 2
    assert ran.err.startswith('error: no series "exitles-timer"\nhint: ')
    assert 'did you mean "exitless-timer"?' in ran.err


def test_a_tree_that_does_not_exist(run_cli: Cli, dim: Path, tmp_path: Path) -> None:
    ran = run_cli("render", dim, "--tree", tmp_path / "none", "-o", tmp_path / "out")
    assert ran.status == 2
    assert "no such directory" in ran.err
