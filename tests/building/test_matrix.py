"""Every step of a series, built on a small kernel in several ways."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from patchgen.building.kbuild.making import KernelMake
from patchgen.building.kbuild.shipped import shipped_matrix
from patchgen.building.kbuild.targets import targets_for
from patchgen.building.kbuild.toolchain import Toolchain
from tests.building.small_kernel import (
    FAN,
    FILES,
    IDLE,
    TOOLS,
    Change,
    Kernel,
    compiled,
    outcomes,
    skipped,
    stage,
    uncompiled,
)
from tests.series.generated import git

pytestmark = [
    pytest.mark.skipif(
        not all(map(shutil.which, TOOLS)), reason=f"not all of {', '.join(TOOLS)} are installed"
    ),
    pytest.mark.parametrize("kernel", ["checkout"], indirect=True),
]
needs_clang = pytest.mark.skipif(not shutil.which("clang"), reason="clang is not installed")
SHADOWS = FAN.replace("\treturn speed;", "\t{ int unused = speed; return unused; }")
ASSIGNS = FAN.replace("\treturn speed;", "\tspeed = speed;\n\treturn speed;")


def messages(report: Any) -> list[tuple[str, int, str]]:
    found = (one for one in report["findings"] if one["check"].startswith("build-"))
    return [(one["check"], one["patch"], one["message"]) for one in found]


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory for programs that are found before those of the system."""
    place = tmp_path / "tools/bin"
    place.mkdir(parents=True)
    monkeypatch.setenv("PATH", f"{place}:{os.environ['PATH']}")
    return place


def write_program(place: Path, name: str, script: str) -> None:
    (place / name).write_text(f"#!/bin/sh\n{script}\n")
    (place / name).chmod(0o755)


def write_cross_compiler(place: Path) -> None:
    write_program(place, "aarch64-linux-gnu-gcc", 'exec gcc -DFAR "$@"')
    write_program(place, "aarch64-linux-gnu-ld", "exec ld")


def test_a_warning_of_a_higher_level_is_found_where_it_came_in(kernel: Kernel) -> None:
    changes: tuple[Change, ...] = ({"fan/fan.c": "\n" + FAN}, {"fan/fan.c": SHADOWS})
    assert messages(kernel.verify(*changes)) == []
    report = kernel.verify(*changes, options=("--matrix", "w1"))
    ((check, patch, message),) = messages(report)
    assert (check, patch) == ("build-diagnostic-new", 2)
    assert [one["severity"] for one in report["findings"] if "W" in one["message"]] == ["warning"]
    assert message.startswith("with w1: fan/fan.c:6: declaration of ")
    assert message.endswith("shadows a previous local (-Wshadow)")
    assert [stage(report, name)["name"] for name in ("build", "build: w1")]
    assert outcomes(report, "build: w1") == ["builds"] * 3
    assert compiled(report, "build: w1") == [3, 1, 1]
    assert stage(report, "build: w1")["summary"].endswith("CC=gcc W=1: fan/")
    assert [build["entry"] for build in report["builds"]] == [*[""] * 3, *["w1"] * 3]


@needs_clang
def test_what_only_another_compiler_says_is_said_with_its_name(kernel: Kernel) -> None:
    report = kernel.verify({"fan/fan.c": ASSIGNS}, options=("--matrix", "clang"))
    ((check, _, message),) = messages(report)
    assert check == "build-diagnostic-new"
    assert message.startswith("with clang: fan/fan.c:6: explicitly assigning value")
    (found,) = (one for one in report["findings"] if one["message"] == message)
    assert " CC=clang WERROR=0 fan/" in found["hint"]


@needs_clang
def test_what_two_compilers_say_is_said_once(kernel: Kernel) -> None:
    report = kernel.verify(
        {"fan/fan.c": IDLE},
        {"fan/fan.c": FAN.replace("\tint unused;\n", "")},
        {"fan/fan.c": FAN.replace("speed;", "speed + TURBO;")},
        options=("--matrix", "clang,w1"),
    )
    assert [(check, patch) for check, patch, _ in messages(report)] == [
        ("build-diagnostic-new", 1),
        ("build-diagnostic-fixed", 2),
        ("build-failed", 3),
    ]
    assert not any("with " in message for *_, message in messages(report))
    assert outcomes(report, "build: clang") == ["builds", "builds", "builds", "fails"]


def test_what_breaks_for_another_architecture_only(kernel: Kernel, programs: Path) -> None:
    write_cross_compiler(programs)
    broken = FAN.replace("\treturn", "#ifdef FAR\n\tspeed += ARCH_arm64 - NEAR;\n#endif\n\treturn")
    report = kernel.verify(
        {"fan/fan.c": broken},
        {"fan/fan.h": FILES["fan/fan.h"] + "#define NEAR 0\n"},
        options=("--matrix", "arm64"),
    )
    ((check, patch, message),) = messages(report)
    assert (check, patch) == ("build-failed", 1)
    assert message.startswith("with arm64: fan/fan.c:7:")
    assert "NEAR" in message
    assert outcomes(report) == ["builds"] * 3
    assert outcomes(report, "build: arm64") == ["builds", "fails", "builds"]
    hint = next(one["hint"] for one in report["findings"] if one["message"] == message)
    assert (
        " ARCH=arm64 CROSS_COMPILE=aarch64-linux-gnu- CC=aarch64-linux-gnu-gcc WERROR=0 fan/"
    ) in hint
    assert skipped(report)["changed-line-not-compiled: patch 1"] == (
        "patch 1 does not build with arm64"
    )


CONDITIONAL = FILES["fan/motor.c"] + "#ifdef CONFIG_PUMP\nint wet;\n#else\nint dry;\n#endif\n"


def test_lines_count_as_compiled_that_are_in_any_way(kernel: Kernel) -> None:
    entry = '[matrix.pump]\noptions = ["PUMP"]\n[matrix.also-dry]\nwarnings = "1"\n'
    (kernel.tree / "patchgen.toml").write_text(entry)
    text = CONDITIONAL + "#ifdef CONFIG_VALVE\nint open;\n#endif\n"
    changes: Change = {"fan/motor.c": text, "pump/pump.c": FILES["pump/pump.c"] + "int more;\n"}
    valve = 'line 13 of fan/motor.c is not compiled: "#ifdef CONFIG_VALVE" in line 12 is not taken'
    dry = [
        'line 8 of fan/motor.c is not compiled: "#ifdef CONFIG_PUMP" in line 7 is not taken',
        valve,
        'line 6 of pump/pump.c is not compiled: Makefile has "core-$(CONFIG_PUMP) += pump/"',
    ]

    def found(*options: str) -> list[str]:
        texts = uncompiled(kernel.verify(changes, options=options))
        return [one.removesuffix(" is not set").rpartition(",")[0] for one in texts]

    assert found() == dry
    assert found("--matrix", "also-dry") == dry
    assert found("--matrix", "pump") == [valve]
    assert found("--matrix", "all") == [valve]


def test_where_a_step_does_not_build_no_line_is_called_not_compiled(
    kernel: Kernel, programs: Path
) -> None:
    write_cross_compiler(programs)
    broken = (
        "#ifdef FAR\nint far = NEAR;\n#else\nint near;\n#endif\n#ifdef NONE\nint none;\n#endif\n"
    )
    changes: Change = {"fan/motor.c": FILES["fan/motor.c"] + broken}
    assert len(uncompiled(kernel.verify(changes))) == 2
    assert uncompiled(kernel.verify(changes, options=("--matrix", "arm64"))) == []


def test_a_file_is_built_that_is_in_any_way(kernel: Kernel) -> None:
    (kernel.tree / "patchgen.toml").write_text('[matrix.pump]\ndefconfig = "pump_defconfig"\n')
    words: Change = {"pump/pump.c": FILES["pump/pump.c"] + "\n", "fan/spare.c": "int spare;\n"}
    both = {"build: pump/pump.c"}
    assert both <= {*skipped(kernel.verify(words))}
    assert not both & {*skipped(kernel.verify(words, options=("--matrix", "pump")))}


def test_what_was_built_in_every_way_is_not_built_again(
    kernel: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    changes: tuple[Change, ...] = ({"fan/fan.c": IDLE}, {"fan/fan.c": SHADOWS})
    options = ("--matrix", "w1,i386")
    first = kernel.verify(*changes, options=options)
    with monkeypatch.context() as patch:
        patch.setattr(KernelMake, "confined", lambda *_: pytest.fail("make was run"))
        again = kernel.verify(*changes, options=options)
    assert again["findings"] == first["findings"]
    assert again["builds"] == first["builds"]
    for name in ("build", "build: w1", "build: i386"):
        assert compiled(again, name) == [None] * 3
    reroll = kernel.verify(changes[0], {"fan/fan.c": "\n" + SHADOWS}, options=options)
    for name in ("build", "build: w1", "build: i386"):
        assert compiled(reroll, name) == [None, None, 1]
    assert [one[:2] for one in messages(reroll)] == [one[:2] for one in messages(first)]


def test_objects_of_one_way_are_never_taken_for_those_of_another(kernel: Kernel) -> None:
    """The source goes back to the base for each; what is older than its object is still other."""
    options = ("--matrix", "w1,w2")
    for text in (SHADOWS, FAN + "\n", SHADOWS + "\n", FAN + "\n\n", SHADOWS + "\n\n"):
        report = kernel.verify({"fan/fan.c": text}, options=options)
        assert len(messages(report)) == int("speed; return" in text), text


def test_programs_that_are_missing_are_a_reason(kernel: Kernel, programs: Path) -> None:
    write_program(programs, "far-gcc", "exec gcc")
    (kernel.tree / "patchgen.toml").write_text(
        '[matrix.none]\ncompiler = "gcc-that-is-not"\n[matrix.half]\ncross-compile = "far-"\n'
    )
    report = kernel.verify({"fan/fan.c": IDLE}, options=("--matrix", "none,half"))
    assert skipped(report)["build: none"] == (
        "gcc-that-is-not is not installed, and the kernel needs it"
    )
    assert skipped(report)["build: half"] == "far-ld is not installed, and the kernel needs it"
    assert [one["name"] for one in report["stages"] if one["name"].startswith("build")] == ["build"]
    assert len(messages(report)) == 1


def test_a_base_that_does_not_build_in_one_way_blames_nobody(
    kernel: Kernel, programs: Path
) -> None:
    write_cross_compiler(programs)
    motor = kernel.tree / "fan/motor.c"
    motor.write_text(motor.read_text() + "#ifdef FAR\n#error far\n#endif\n")
    git("commit", "--quiet", "-am", "far", cwd=kernel.tree)
    report = kernel.verify(
        {"fan/spare.c": "int spare;\nint more;\n"}, options=("--matrix", "arm64")
    )
    assert messages(report) == []
    assert "with arm64" in skipped(report)["build-failed: arm64"]
    assert len(uncompiled(report)) == 1


def test_a_failure_without_a_place_is_said_once(kernel: Kernel) -> None:
    report = kernel.verify(
        {"Kconfig": "oops\n", "fan/fan.c": FAN + "\n"}, options=("--matrix", "w1,i386")
    )
    assert len(messages(report)) == 1


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ("", ("no entry", "clagn", "clang")),
        ("[matrix.x]\ncompilr = 'gcc'", ("compilr", "compiler")),
        ("[matrix.x]\ncompiler = '/bin/sh -c id;gcc'", ("/bin/sh -c id;gcc", "program")),
        ("[matrix.x]\ncross-compile = '../a-'", ("../a-", "tools")),
        ("[matrix.x]\narch = 'x86 CC=rm'", ("x86 CC=rm", "arm64")),
        ("[matrix.x]\nwarnings = 'e'", ("warnings", "W=")),
        ("[matrix.x]\nwarnings = 1", ("warnings", "no text")),
        ("[matrix.x]\nsparse = 'yes'", ("sparse", "true")),
        ("[matrix.x]\noptions = 'PUMP'", ("options", "no list")),
        ("[matrix.x]\noptions = ['PUMP\\nX=y']", ("options", "DEBUG_INFO=n")),
        ("[matrix.x]\nconfig = 'a'\ndefconfig = 'b'", ("config and defconfig",)),
        ("[matrix.all]\nsparse = true", ('"all"',)),
        ("matrix = 1", ("matrix is no table",)),
        ("[matrix", ("patchgen.toml", "TOML")),
        ("[matrix.clagn]\ntargets = ['-f']", ("matrix.clagn", '"-f"')),
        ("[matrix.clagn]\nconfig = 'none'", ("matrix.clagn", '"none"')),
        ("[matrix.clagn]\ntargets = ['vmlinuz']", ("vmlinuz",)),
    ],
)
def test_an_entry_that_means_nothing_is_refused(
    kernel: Kernel, entry: str, words: tuple[str, ...]
) -> None:
    posted = kernel.posted({"fan/fan.c": FAN + "\n"})
    if entry:
        (kernel.tree / "patchgen.toml").write_text(f"{entry.replace(chr(39), chr(34))}\n")
    ran = kernel.ran(posted, "--matrix", "clagn")
    assert (ran.status, ran.out) == (2, "")
    assert all(word in ran.err for word in words), ran.err
    assert "Traceback" not in ran.err


def test_all_needs_entries_of_ones_own(kernel: Kernel) -> None:
    posted = kernel.posted({"fan/fan.c": FAN + "\n"})
    ran = kernel.ran(posted, "--matrix", "all")
    assert ran.status == 2
    assert "write [matrix.NAME]" in ran.err
    ran = kernel.run("verify", posted, "--tree", kernel.tree, "--matrix", "w1", "--no-build")
    assert (ran.status, "--no-build" in ran.err) == (2, True)


def test_where_entries_are_found(
    kernel: Kernel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the base's commit, before those in the checkout, before those in this directory."""
    toml = kernel.tree / "patchgen.toml"
    toml.write_text('[matrix.mine]\nwarnings = "1"\n')
    git("add", ".", cwd=kernel.tree)
    git("commit", "--quiet", "-m", "entries", cwd=kernel.tree)
    toml.write_text('[matrix.mine]\n[matrix.dirty]\nwarnings = "2"\nconfig = "my.config"\n')
    (kernel.tree / "my.config").write_text("CONFIG_PUMP=y\n")
    here = tmp_path / "here"
    here.mkdir()
    (here / "patchgen.toml").write_text('[matrix.dirty]\n[matrix.here]\nwarnings = "12"\n')
    monkeypatch.chdir(here)
    report = kernel.verify({"fan/fan.c": SHADOWS}, options=("--matrix", "all"))
    summaries = {
        one["name"]: one["summary"] for one in report["stages"] if one["name"].startswith("build: ")
    }
    assert {*summaries} == {"build: mine", "build: dirty", "build: here"}
    assert "W=1: " in summaries["build: mine"]
    assert "the configuration my.config, CC=gcc W=2: " in summaries["build: dirty"]
    assert "W=12: " in summaries["build: here"]


def test_a_series_does_not_choose_how_it_is_built(kernel: Kernel) -> None:
    """Not even where it is checked out, as it is for those who verify a branch."""
    mine = '[matrix.mine]\nwarnings = "1"\n'
    other = kernel.posted({"fan/fan.c": "\n" + FAN})
    (kernel.tree / "patchgen.toml").write_text(mine)
    assert kernel.ran(other, "--matrix", "mine").status == 0
    posted = kernel.posted({"patchgen.toml": f"{mine}sparse = false\n"})
    ran = kernel.ran(posted, "--matrix", "mine")
    assert (ran.status, 'no entry "mine"' in ran.err) == (2, True)


def test_a_text_report_shows_the_entries(kernel: Kernel) -> None:
    posted = kernel.posted({"fan/fan.c": SHADOWS})
    words = ("--tree", kernel.tree, "--matrix", "w1", "--sandbox", "if-possible")
    shown = kernel.run("verify", posted, *words).out
    assert "\n  build   the base and 1 of 1 steps build, " in shown
    assert "\n  build   with w1: the base and 1 of 1 steps build, " in shown
    assert "--matrix w1" in shown.splitlines()[-1]


def test_a_fixture_tree_is_built_in_one_way(kernel: Kernel, fan: Path) -> None:
    ran = kernel.run(
        *("verify", kernel.posted({"fan/fan.c": IDLE}), "--tree", fan, "--matrix", "w1"),
        *("--sandbox", "if-possible", "--format", "json"),
    )
    assert "build: w1" in skipped(json.loads(ran.out))


def test_the_shipped_entries_say_what_make_is_told(kernel: Kernel) -> None:
    del kernel
    assert {*shipped_matrix()} >= {"clang", "llvm", "w1", "w2", "sparse", "i386", "arm64"}
    tools = Toolchain(llvm=True, warnings="12", sparse=True)
    assert tools.settings == ("LLVM=1", "CC=clang", "WERROR=0", "W=12", "C=1")
    assert Toolchain("i386").directory == "x86"
    assert Toolchain("arm64").directory == "arm64"


def test_files_of_other_architectures_are_not_compiled_for_this_one(kernel: Kernel) -> None:
    del kernel
    paths = ("arch/x86/kvm/lapic.c", "arch/arm64/kvm/arm.c", "virt/kvm/kvm_main.c")
    assert targets_for(paths, (), "x86") == ("arch/x86/kvm/", "virt/kvm/")
    assert targets_for(paths, (), "arm64") == ("arch/arm64/kvm/", "virt/kvm/")
    assert targets_for(paths, (), "s390") == ("virt/kvm/",)


@pytest.mark.skipif(not shutil.which("sparse"), reason="sparse is not installed")
def test_sparse_speaks_once_and_where_it_came_in(kernel: Kernel) -> None:
    """Also of objects that later steps do not compile again."""
    pointer = FAN.replace("\treturn", "\tchar *none = 0;\n\tspeed += !none;\n\treturn")
    report = kernel.verify(
        {"fan/motor.c": FILES["fan/motor.c"] + "\n"},
        {"fan/fan.c": pointer},
        {"fan/motor.c": FILES["fan/motor.c"] + "\n\n"},
        {"fan/fan.c": "\n" + pointer},
        options=("--matrix", "sparse,w1"),
    )
    (found,) = (
        one for one in report["findings"] if one["check"] in ("sparse-remark", "build-failed")
    )
    assert (found["patch"], found["message"]) == (
        2,
        "with sparse: fan/fan.c:6: Using plain integer as NULL pointer",
    )
    assert " C=1 fan/" in found["hint"]
    assert outcomes(report, "build: sparse") == ["builds"] * 5


KERNEL_DOC = r"""#!/usr/bin/perl
shift;
foreach my $file (@ARGV) {
	open(my $in, '<', $file);
	while (<$in>) {
		print STDERR "$file:$.: warning: no description found\n" if m{/\*\* fan};
	}
}
"""


def test_what_kernel_doc_says_it_does_not_say_again_at_w1(kernel: Kernel) -> None:
    script = kernel.tree / "scripts/kernel-doc"
    script.write_text(KERNEL_DOC)
    script.chmod(0o755)
    git("add", ".", cwd=kernel.tree)
    git("commit", "--quiet", "-m", "scripts", cwd=kernel.tree)
    change: Change = {"fan/fan.c": FAN + "/** fan_off */\n"}

    def checks(*options: str) -> list[str]:
        report = kernel.verify(change, options=("--matrix", "w1", *options))
        assert outcomes(report, "build: w1") == ["builds"] * 2
        return [one["check"] for one in report["findings"]]

    assert checks() == ["kernel-doc"]
    assert checks("--checkers", "none") == ["build-diagnostic-new"]
