"""Every step of a series, built."""

import os
from pathlib import Path
from typing import Any

import pytest

from patchgen.sandbox import has_walls
from tests.building.conftest import FAN, FILES, MAKEFILE, Verify

needs_walls = pytest.mark.skipif(
    not has_walls(), reason="bubblewrap is not installed or may not make sandboxes here"
)


def checks(report: Any) -> list[tuple[str, int]]:
    """What was found, and where; that there is no letter does not count."""
    found = [(one["check"], one["patch"]) for one in report["findings"]]
    return [one for one in found if one[0] != "cover-letter-missing"]


def stage(report: Any, name: str = "build") -> Any:
    return next(one for one in report["stages"] if one["name"] == name)


def outcomes(report: Any) -> list[str]:
    return [step["outcome"] for step in stage(report)["steps"]]


def details(report: Any) -> list[str]:
    return [step["detail"] for step in stage(report)["steps"]]


def test_only_what_a_patch_affects_is_compiled_again(verify: Verify) -> None:
    report = verify(
        {"alone.c": FILES["alone.c"].replace("0", "1")},
        {"fan.h": FILES["fan.h"] + "int fan_speed(void);\n"},
    )
    assert outcomes(report) == ["builds", "builds", "builds"]
    assert [detail.partition(" ")[0] for detail in details(report)] == ["3", "1", "2"]
    assert checks(report) == []


def test_an_old_warning_that_moves_is_not_new(verify: Verify) -> None:
    assert verify({"fan.c": "/* moved */\n\n" + FAN})["findings"] == []


def test_an_old_warning_is_remembered_while_its_object_is_not_rebuilt(verify: Verify) -> None:
    report = verify(
        {"alone.c": FILES["alone.c"].replace("0", "1")},
        {"fan.c": "\n" + FAN},
        {"alone.c": FILES["alone.c"].replace("0", "2")},
        {"fan.c": "\n\n" + FAN},
    )
    assert checks(report) == []


def test_a_new_warning_is_found_where_it_came_in(verify: Verify, tmp_path: Path) -> None:
    changed = FAN.replace("\treturn 0;", "\tint idle;\n\treturn 0;")
    report = verify({"alone.c": FILES["alone.c"] + "\n"}, {"fan.c": changed}, status=1)
    (found,) = report["findings"]
    assert (found["check"], found["patch"]) == ("build-diagnostic-new", 2)
    line = (tmp_path / "posted" / "0002-fan-change-2.patch").read_text().split("\n")
    assert line[found["line"] - 1] == "+\tint idle;"
    assert "idle" in found["message"]


def test_a_warning_that_is_mended_and_comes_back_is_new(verify: Verify) -> None:
    clean = FAN.replace("\tint unused;\n", "")
    assert checks(verify({"fan.c": clean}, {"fan.c": FAN}, status=1)) == [
        ("build-diagnostic-fixed", 1),
        ("build-diagnostic-new", 2),
    ]


def test_a_step_that_does_not_build_is_blamed_and_the_next_is_not(verify: Verify) -> None:
    early = FAN.replace("return speed;", "return fan_limit(speed) + NONE;")
    report = verify(
        {"fan.c": early},
        {"alone.c": FILES["alone.c"] + "\n"},
        {"fan.h": FILES["fan.h"] + "#define NONE 0\nint fan_limit(int);\n"},
        status=1,
    )
    assert {patch for _, patch in checks(report)} == {1}
    assert outcomes(report) == ["builds", "fails", "fails", "builds"]


def test_files_come_and_go(verify: Verify) -> None:
    report = verify(
        {"new.c": "int new(void)\n{\n\treturn 1;\n}\n"},
        {"new.c": None, "alone.c": None},
    )
    assert outcomes(report) == ["builds"] * 3
    assert checks(report) == [("patch-reverts-earlier-patch", 2)]


def test_a_tree_that_does_not_build_blames_nobody(verify: Verify, fan: Path) -> None:
    (fan / "motor.c").write_text("#error broken\n")
    report = verify({"alone.c": FILES["alone.c"].replace("0", "1")})
    assert any(one["what"] == "build-failed" for one in report["skipped"])
    assert outcomes(report)[0] == "fails"


MAKES_COMMANDS = (
    {"Makefile": MAKEFILE + "\n$(shell touch pwned ../pwned $(O)/../pwned)\n"},
    {"sub/Makefile": "x:\n"},
    {"rules.mk": "x:\n"},
    {"Kbuild": "obj-y := fan.o\n"},
    {"patchgen.toml": '[tree]\nname = "fan"\n[build]\ntargets = ["pwn"]\n'},
    {"GNUmakefile": "$(shell touch pwned)\n"},
)
NAMES_COMMANDS = (
    {"x;touch pwned;.c": "int x;\n"},
    {"$(touch pwned).c": "int x;\n"},
    {"`touch pwned`.c": "int x;\n"},
    {"x|touch${IFS}pwned|.c": "int x;\n"},
    {"x;touch${IFS}pwned;.c": "int x;\n"},
    {"-fplugin=pwned.c": "int x;\n"},
    {"@pwned.c": "int x;\n"},
)


def first_name(change: dict[str, str]) -> str:
    return next(iter(change))


def not_built(report: Any, change: dict[str, str]) -> bool:
    """Whether nothing was built and the report says which file is the reason."""
    assert not [one for one in report["stages"] if one["name"] == "build"]
    (reason,) = [one["reason"] for one in report["skipped"] if one["what"] == "build"]
    return "patch 1" in reason and first_name(change) in reason


@pytest.mark.parametrize("change", [*MAKES_COMMANDS, *NAMES_COMMANDS], ids=first_name)
def test_without_a_sandbox_a_series_that_could_run_commands_is_not_built(
    verify: Verify, tmp_path: Path, change: dict[str, str]
) -> None:
    assert not_built(verify(change, sandbox="none"), change)
    assert not list(tmp_path.rglob("pwned"))


@needs_walls
@pytest.mark.parametrize("change", NAMES_COMMANDS, ids=first_name)
def test_names_that_mean_something_to_a_shell_are_never_built(
    verify: Verify, tmp_path: Path, change: dict[str, str]
) -> None:
    assert not_built(verify(change), change)
    assert not list(tmp_path.rglob("pwned"))


@needs_walls
@pytest.mark.parametrize("change", MAKES_COMMANDS, ids=first_name)
def test_in_a_sandbox_commands_of_the_series_can_only_write_objects(
    verify: Verify, tmp_path: Path, change: dict[str, str]
) -> None:
    report = verify(change)
    assert outcomes(report) == ["builds", "builds"]
    assert stage(report)["summary"].endswith("in a sandbox")
    assert not list(tmp_path.rglob("pwned"))


def test_where_there_is_no_sandbox_nothing_is_built_unless_that_is_said(
    verify: Verify, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("patchgen.sandbox.has_walls", lambda: False)
    change = {"alone.c": FILES["alone.c"].replace("0", "1")}
    report = verify(change, sandbox="required")
    reasons = {one["what"]: one["reason"] for one in report["skipped"]}
    assert "bubblewrap" in reasons["build"]
    assert "--no-sandbox" in reasons["run"]
    for sandbox in ("if-possible", "none"):
        report = verify(change, sandbox=sandbox)
        assert stage(report)["summary"].endswith("without a sandbox")


def test_a_symbolic_link_does_not_lead_out_of_the_build(
    run_cli: Any, fan: Path, tmp_path: Path
) -> None:
    mail = tmp_path / "x.patch"
    outside = tmp_path / "outside"
    outside.mkdir()
    mail.write_text(
        "From: A <a@x.org>\nSubject: [PATCH] x\n\nx\n\nSigned-off-by: A <a@x.org>\n---\n"
        "diff --git a/link b/link\nnew file mode 120000\nindex 0000000..1234567\n"
        f"--- /dev/null\n+++ b/link\n@@ -0,0 +1 @@\n+{outside}\n\\ No newline at end of file\n"
        "diff --git a/link/x.c b/link/x.c\nnew file mode 100644\nindex 0000000..1234567\n"
        "--- /dev/null\n+++ b/link/x.c\n@@ -0,0 +1 @@\n+int x;\n"
    )
    assert run_cli("verify", mail, "--tree", fan).status == 1
    assert list(outside.iterdir()) == []


def test_building_can_be_turned_off(run_cli: Any, verify: Verify, fan: Path) -> None:
    verify({"alone.c": FILES["alone.c"].replace("0", "1")})
    posted = fan.parent / "posted"
    ran = run_cli("verify", posted, "--tree", fan, "--no-build")
    assert ran.status == 0
    assert "turned off with --no-build" in ran.out


def test_a_compiler_that_is_not_there_is_said(
    verify: Verify, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CC", "no-such-compiler")
    report = verify({"alone.c": FILES["alone.c"].replace("0", "1")})
    reasons = {one["what"]: one["reason"] for one in report["skipped"]}
    assert reasons["build"] == "no-such-compiler is not installed"


def test_variables_of_a_surrounding_make_do_no_harm(
    verify: Verify, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAKEFLAGS", "n -j1 --jobserver-auth=3,4")
    monkeypatch.setenv("MAKELEVEL", "3")
    monkeypatch.setenv("O", "/nonexistent")
    monkeypatch.setenv("GIT_DIR", os.devnull)
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    report = verify({"alone.c": FILES["alone.c"].replace("0", "1")})
    assert outcomes(report) == ["builds", "builds"]


def test_nothing_is_written_into_the_tree(verify: Verify, fan: Path) -> None:
    verify({"alone.c": FILES["alone.c"].replace("0", "1")})
    assert sorted(path.name for path in fan.iterdir()) == sorted(FILES)


@pytest.mark.parametrize(
    ("count", "with_it", "outcome"),
    [(70, 69, "doubt"), (70, None, "doubt"), (60, None, "found"), (70, 3, "nothing")],
)
def test_what_the_objects_that_are_asked_leave_open_is_not_examined(
    verify: Verify, fan: Path, count: int, with_it: int | None, outcome: str
) -> None:
    """Only one object, if any, is compiled with the lines; 64 of them are asked."""
    for number in range(count):
        deep = "#define DEEP\n" if number == with_it else ""
        (fan / f"m{number:02}.c").write_text(f'{deep}#include "fan.h"\nint m{number};\n')
    added = "#ifdef DEEP\nint fan_deep(void);\nint fan_deeper(void);\n#endif\n"
    report = verify({"fan.h": FILES["fan.h"] + added})
    name = "changed-line-not-compiled"
    found = [one["message"] for one in report["findings"] if one["check"] == name]
    doubts = {one["what"]: one["reason"] for one in report["skipped"] if name in one["what"]}
    assert bool(found) == (outcome == "found")
    assert bool(doubts) == (outcome == "doubt")
    if outcome == "doubt":
        assert doubts == {
            f"{name}: lines 4-5 of fan.h": f"64 of the {count + 2} objects that read the file were "
            "asked, and none compiles this"
        }
