"""Every step of a series, built on a tree with the rules of a kernel in small."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from patchgen.building.kbuild.configuration import smallest_for
from patchgen.building.kbuild.making import KernelMake
from patchgen.building.kbuild.place import tree_place
from patchgen.building.kbuild.targets import is_target, targets_for
from patchgen.sandbox import has_walls
from patchgen.stages.facts import silent
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

pytestmark = pytest.mark.skipif(
    not all(map(shutil.which, TOOLS)), reason=f"not all of {', '.join(TOOLS)} are installed"
)


def test_a_kernel_is_built_when_that_is_asked_for(kernel: Kernel) -> None:
    posted = kernel.posted({"fan/fan.c": "\n" + FAN})
    options = ("--tree", kernel.tree, "--sandbox", "if-possible", "--format", "json")
    for words in ((), ("--no-build",)):
        report = json.loads(kernel.run("verify", posted, *options, *words).out)
        (reason,) = (one["reason"] for one in report["skipped"] if one["what"] == "build")
        assert reason == (
            "turned off with --no-build"
            if words
            else "building a kernel takes minutes; --build does it"
        )


def test_a_new_warning_is_found_where_it_came_in_and_an_old_one_is_not(kernel: Kernel) -> None:
    report = kernel.verify(
        {"fan/motor.c": FILES["fan/motor.c"] + "\n/* quiet */\n"},
        {"fan/fan.c": IDLE},
        {"fan/fan.c": "/* moved */\n\n" + IDLE},
    )
    (found,) = report["findings"]
    assert (found["check"], found["patch"]) == ("build-diagnostic-new", 2)
    assert "fan/fan.c:6: unused variable 'idle' (-Wunused-variable)" in found["message"].replace(
        "‘", "'"
    ).replace("’", "'")
    assert outcomes(report) == ["builds"] * 4
    assert compiled(report) == [3, 1, 1, 1]


def test_the_next_series_compiles_only_what_differs(kernel: Kernel) -> None:
    kernel.verify({"fan/motor.c": FILES["fan/motor.c"] + "\n"})
    report = kernel.verify({"fan/fan.c": "\n" + FAN})
    assert report["findings"] == []  # the old warning was said in another run
    assert compiled(report) == [None, 2]
    assert compiled(kernel.verify({"fan/fan.c": IDLE})) == [None, 1]
    header = {"fan/fan.h": FILES["fan/fan.h"] + "\n"}
    assert compiled(kernel.verify(header, {"fan/fan.c": "\n" + FAN}))[1:] == [1, 1]
    assert compiled(kernel.verify(header, {"fan/fan.c": "\n\n" + FAN})) == [None, None, 1]


def test_what_includes_a_changed_header_is_compiled(kernel: Kernel) -> None:
    change = {"fan/fan.h": FILES["fan/fan.h"] + "int fan_off(void);\n"}
    report = kernel.verify(change, {"include/linux/fan.h": "#define FAST 3\n"})
    assert compiled(report) == [3, 1, 1]
    assert not [what for what in skipped(report) if what.startswith("build")]


def test_a_step_that_does_not_build_is_named_with_a_command(kernel: Kernel) -> None:
    report = kernel.verify(
        {"fan/fan.c": FAN.replace("return speed;", "return speed + TURBO;")},
        {"fan/fan.h": FILES["fan/fan.h"] + "#define TURBO 1\n"},
    )
    (found,) = (one for one in report["findings"] if one["check"].startswith("build-"))
    assert (found["check"], found["patch"]) == ("build-failed", 1)
    assert "fan/fan.c:6:" in found["message"]
    assert "TURBO" in found["message"]
    assert found["hint"].startswith("in the tree after this patch: make CC=gcc WERROR=0 tinyconfig")
    assert found["hint"].endswith(" && make CC=gcc WERROR=0 fan/")
    assert outcomes(report) == ["builds", "fails", "builds"]


@pytest.mark.parametrize(
    "options", [(), ("--defconfig", "pump_defconfig"), ("--config", "my.config")]
)
def test_the_command_shows_the_same_in_a_plain_shell(
    kernel: Kernel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...]
) -> None:
    """And nothing of the place where it was built."""
    monkeypatch.chdir(tmp_path)
    broken = "speed;", "speed\n#ifdef CONFIG_PUMP\n\t+ PUMP\n#endif\n\t+ TURBO;"
    posted = kernel.posted({"fan/fan.c": FAN.replace(*broken)})
    (tmp_path / "my.config").write_text("CONFIG_PUMP=y\n")
    (tmp_path / "work/my.config").write_text("CONFIG_PUMP=y\n")
    out = kernel.ran(posted, *options).out
    assert str(tmp_path) not in out.replace(str(posted), "")
    hint = json.loads(out)["findings"][0]["hint"].partition(": ")[2]
    status = os.system(f"cd {tmp_path / 'work'} && ({hint}) >{tmp_path / 'log'} 2>&1")
    assert status
    log = (tmp_path / "log").read_text()
    assert "TURBO" in log
    assert ("PUMP" in log) is bool(options)


def test_a_long_command_is_shown_once_to_people(kernel: Kernel) -> None:
    two = IDLE.replace("\tint idle;\n", "\tint idle;\n\tint stopped;\n")
    words = ("--tree", kernel.tree, "--build", "--sandbox", "if-possible")
    lines = kernel.run("verify", kernel.posted({"fan/fan.c": two}), *words).out.splitlines()
    hints = [line for line in lines if line.startswith("hint: ")]
    assert len(hints) == 2
    assert "tinyconfig" in hints[0]
    assert hints[1] == "hint: the same as above"


def test_files_without_an_object_are_skipped_by_name(kernel: Kernel) -> None:
    report = kernel.verify(
        {
            "fan/spare.c": FILES["fan/spare.c"] + "\n",
            "pump/pump.c": FILES["pump/pump.c"] + "\n",
            "fan/fan.c": FAN + "\n",
            "include/linux/nobody.h": "int nobody;\n",
        }
    )
    paths = {what for what in skipped(report) if what.startswith("build: ")}
    assert paths == {"build: fan/spare.c", "build: pump/pump.c"}
    assert [one.partition(": ")[2] for one in uncompiled(report)] == [
        "no object that is built includes it"
    ]


CONDITIONAL = """\
#ifdef CONFIG_PUMP
int wet(void);
#else
int dry(void);
#endif
"""


def test_lines_that_are_not_compiled_are_named_with_what_hides_them(
    kernel: Kernel, tmp_path: Path
) -> None:
    changes: Change = {
        "fan/fan.h": FILES["fan/fan.h"] + CONDITIONAL + "#define SPEED(x) \\\n\t((x) * FAST)\n",
        "fan/spare.c": FILES["fan/spare.c"] + "int more;\n",
        "pump/pump.c": FILES["pump/pump.c"] + "int more;\n",
        "include/linux/fan.h": "#define FAST 2\n#define SLOW 1\n",
        "include/linux/nobody.h": "int nobody;\n",
    }
    assert uncompiled(kernel.verify(changes)) == [
        'line 3 of fan/fan.h is not compiled: "#ifdef CONFIG_PUMP" in line 2 is not taken,'
        " CONFIG_PUMP is not set",
        'lines 7-8 of fan/fan.h are not compiled: nothing uses the macro "SPEED"',
        'line 5 of fan/spare.c is not compiled: "fan/Makefile" does not name "spare.o"',
        'line 2 of include/linux/fan.h is not compiled: nothing uses the macro "SLOW"',
        "line 1 of include/linux/nobody.h is not compiled: no object that is built includes it",
        'line 6 of pump/pump.c is not compiled: Makefile has "core-$(CONFIG_PUMP) += pump/",'
        " CONFIG_PUMP is not set",
    ]
    (tmp_path / "my.config").write_text("CONFIG_PUMP=y\n")
    report = kernel.verify(changes, options=("--config", str(tmp_path / "my.config")))
    assert [one.partition(": ")[2] for one in uncompiled(report)] == [
        'the #else in line 4 of "#ifdef CONFIG_PUMP" is not taken, CONFIG_PUMP is set',
        'nothing uses the macro "SPEED"',
        '"fan/Makefile" does not name "spare.o"',
        'nothing uses the macro "SLOW"',
        "no object that is built includes it",
    ]


def test_what_a_later_patch_compiles_is_compiled(kernel: Kernel) -> None:
    report = kernel.verify(
        {
            "fan/new.c": FILES["fan/spare.c"].replace("spare", "fresh"),
            "include/linux/fan.h": FILES["include/linux/fan.h"] + "#define SLOW 1\n",
        },
        {"fan/motor.c": "/* moved */\n" + FILES["fan/motor.c"].replace("FAST", "FAST - SLOW")},
        {"include/linux/fan.h": "\n\n" + FILES["include/linux/fan.h"] + "#define SLOW 1\n"},
        {"fan/Makefile": "obj-y := fan.o motor.o blade/blade.o new.o\n"},
    )
    assert uncompiled(report) == []


def test_a_directory_without_a_makefile_is_built_from_above(kernel: Kernel) -> None:
    changed = FILES["fan/blade/blade.c"].replace("\treturn", "\tint bent;\n\treturn")
    report = kernel.verify({"fan/blade/blade.c": changed})
    assert [found["check"] for found in report["findings"]] == ["build-diagnostic-new"]
    assert stage(report)["summary"].endswith(": fan/")


def test_a_configuration_can_be_named(kernel: Kernel, tmp_path: Path) -> None:
    (tmp_path / "my.config").write_text("CONFIG_PUMP=y\n")
    change = {"pump/pump.c": FILES["pump/pump.c"].replace("\treturn", "\tint dry;\n\treturn")}
    for options in (("--defconfig", "pump_defconfig"), ("--config", str(tmp_path / "my.config"))):
        report = kernel.verify(change, options=options)
        assert [found["check"] for found in report["findings"]] == ["build-diagnostic-new"]
        assert "build: pump/pump.c" not in skipped(report)


def test_a_configuration_that_is_none_is_refused(kernel: Kernel) -> None:
    posted = kernel.posted({"fan/fan.c": FAN + "\n"})
    for options, word in (
        (("--defconfig", "fun_defconfig"), "fun_defconfig"),
        (("--defconfig", "-f"), "-f"),
        (("--config", "no such file"), "no such file"),
        (("--config", "x", "--defconfig", "y"), "--defconfig"),
        (("--targets", "CC=rm"), "CC=rm"),
        (("--targets", "vmlinuz"), "vmlinuz"),
    ):
        ran = kernel.ran(posted, *(f"{options[0]}={options[1]}", *options[2:]))
        assert ran.status == 2, options
        assert word in ran.err
        assert "Traceback" not in ran.err


def test_more_targets_are_built(kernel: Kernel) -> None:
    report = kernel.verify({"Kbuild": "# more\n"}, options=("--targets", "fan/"))
    assert compiled(report) == [3, 0]


def test_a_series_of_words_builds_nothing(kernel: Kernel) -> None:
    report = kernel.verify({"Kbuild": "# more\n"})
    assert "--targets" in skipped(report)["build"]


def test_kconfig_files_of_the_series_are_read(kernel: Kernel) -> None:
    report = kernel.verify({"Kconfig": "oops\n", "fan/fan.c": FAN + "\n"})
    (found,) = report["findings"]
    assert (found["check"], found["patch"]) == ("build-failed", 1)
    assert "Kconfig:1: syntax error" in found["message"]


def test_files_come_go_and_move(kernel: Kernel) -> None:
    pump = FILES["fan/motor.c"].replace("motor", "rotor")
    report = kernel.verify(
        {"fan/rotor.c": pump, "fan/Makefile": "obj-y := fan.o motor.o rotor.o\n"},
        {"fan/fan.c": None, "fan/vane.c": FAN, "fan/Makefile": "obj-y := vane.o rotor.o\n"},
    )
    assert report["findings"] == []
    assert outcomes(report) == ["builds"] * 3
    again = kernel.verify({"fan/fan.c": FAN + "\n"})
    assert outcomes(again) == ["builds"] * 2
    (source,) = kernel.tree.parent.glob("cache/kernels/*/src")
    assert sorted(path.name for path in (source / "fan").iterdir()) == sorted(
        path.name for path in (kernel.tree / "fan").iterdir()
    )


def test_a_file_takes_the_place_of_a_directory(kernel: Kernel) -> None:
    gone = dict.fromkeys(("pump/pump.c", "pump/Makefile"))
    report = kernel.verify({**gone, "pump": "no directory\n", "fan/fan.c": "\n" + FAN})
    assert outcomes(report) == ["builds"] * 2


def test_a_file_of_the_users_that_grows_older_is_noticed(kernel: Kernel) -> None:
    kernel.verify({"fan/fan.c": "\n" + FAN})
    motor = kernel.tree / "fan/motor.c"
    motor.write_text(motor.read_text().replace("FAST", "NONE"))
    os.utime(motor, (1, 1))
    if (kernel.tree / ".git").exists():
        git("commit", "--quiet", "-am", "none", cwd=kernel.tree)
    report = kernel.verify({"fan/fan.c": "\n" + FAN})
    assert "NONE" in skipped(report)["build-failed"]


def test_the_users_tree_is_not_written_to(kernel: Kernel) -> None:
    before = {path: path.stat().st_ctime_ns for path in kernel.tree.rglob("*")}
    kernel.verify({"fan/fan.c": IDLE, "fan/new.c": "int n;\n", "fan/motor.c": None})
    assert {path: path.stat().st_ctime_ns for path in kernel.tree.rglob("*")} == before


def test_half_an_object_of_a_killed_build_is_not_trusted(kernel: Kernel) -> None:
    kernel.verify({"fan/fan.c": "\n" + FAN})
    (place,) = kernel.tree.parent.glob("cache/kernels/*/*/obj")
    kernel.verify({"fan/motor.c": FILES["fan/motor.c"] + "\n"})
    (place.parent / "building").touch()
    time.sleep(0.01)
    (place / "fan/motor.o").write_bytes(b"half")
    report = kernel.verify({"fan/fan.c": IDLE})
    assert compiled(report) == [None, 2], report
    assert (place / "fan/motor.o").read_bytes() != b"half"


def test_what_was_built_before_is_not_built_again(
    kernel: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    changes: list[Change] = [
        {"fan/spare.c": FILES["fan/spare.c"] + "int more;\n"},
        {"fan/fan.c": IDLE},
        {"fan/motor.c": FILES["fan/motor.c"].replace("FAST", "NONE")},
        {"fan/motor.c": FILES["fan/motor.c"]},
        {"fan/fan.c": FAN.replace("\tint unused;\n", "")},
    ]
    first = kernel.verify(*changes)
    with monkeypatch.context() as patch:
        patch.setattr(KernelMake, "confined", lambda *_: pytest.fail("make was run"))
        again = kernel.verify(*changes)
    assert compiled(again) == [None] * 6
    assert again["findings"] == first["findings"]
    assert {one["check"] for one in again["findings"]} >= {
        "build-diagnostic-fixed",
        "build-diagnostic-new",
        "build-failed",
        "changed-line-not-compiled",
    }
    assert (again["skipped"], again["builds"]) == (first["skipped"], first["builds"])
    assert outcomes(again) == outcomes(first)

    reroll = kernel.verify(*changes[:2], {"fan/fan.c": "\n" + IDLE})
    assert compiled(reroll)[:3] == [None] * 3
    # What the first series took back is as it was; git may write it again all the same, or not if
    # it is as young as its index.
    assert compiled(reroll)[3] in (1, 2)
    idle, below = (build["diagnostics"] for build in reroll["builds"][2:])
    assert below == [re.sub(r"\d+", lambda line: str(int(line[0]) + 1), one) for one in idle]
    assert len(idle) == 2


def test_what_may_come_out_otherwise_is_built_again(kernel: Kernel) -> None:
    change = {"fan/fan.c": IDLE}
    kernel.verify(change)
    assert compiled(kernel.verify(change)) == [None, None]
    assert None not in compiled(kernel.verify(change, options=("--targets", "pump/")))
    assert None not in compiled(kernel.verify(change, options=("--defconfig", "pump_defconfig")))
    motor = kernel.tree / "fan/motor.c"
    motor.write_text(motor.read_text() + "\n")
    if (kernel.tree / ".git").exists():
        git("commit", "--quiet", "-am", "more", cwd=kernel.tree)
    assert None not in compiled(kernel.verify(change))


@pytest.mark.skipif(not has_walls(), reason="bubblewrap may not make sandboxes here")
def test_killed_at_any_time_it_leaves_no_process_and_a_cache_that_works(
    kernel: Kernel, tmp_path: Path
) -> None:
    posted = kernel.posted({"fan/fan.c": IDLE}, {"fan/fan.h": FILES["fan/fan.h"] + "\n"})
    words = ("verify", str(posted), "--tree", str(kernel.tree), "--build", "--format", "json")
    fine = json.loads(kernel.ran(posted).out)
    for delay in (0.3, 0.6, 0.9, 1.2, 1.6, 2.0):
        for verdicts in tmp_path.glob("cache/kernels/*/*/verdicts"):
            shutil.rmtree(verdicts)
        process = subprocess.Popen(
            [sys.executable, "-m", "patchgen", *words],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(delay)
        process.kill()
        process.wait()
        deadline = time.monotonic() + 10
        while (left := [*_running(str(tmp_path / "cache"))]) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert left == [], f"killed after {delay} s"
    again = json.loads(kernel.ran(posted).out)
    assert again["findings"] == fine["findings"]
    assert outcomes(again) == outcomes(fine)


def _running(word: str) -> Iterator[str]:
    """The command lines with this word in them of all processes but ours."""
    for place in Path("/proc").glob("[1-9]*"):
        try:
            line = (place / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if word in line and int(place.name) != os.getpid():
            yield line


@pytest.mark.parametrize("kernel", ["directory"], indirect=True)
def test_a_tree_that_was_built_in_is_left_alone(kernel: Kernel) -> None:
    """Of a checkout only commits are read."""
    posted = kernel.posted({"fan/fan.c": FAN + "\n"})
    (kernel.tree / ".config").write_text("CONFIG_PUMP=y\n")
    assert "mrproper" in skipped(json.loads(kernel.ran(posted).out))["build"]


def test_one_patchgen_at_a_time_has_a_tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATCHGEN_CACHE_DIR", str(tmp_path))
    said: list[str] = []

    def stop(text: str) -> None:
        said.append(text)
        raise KeyboardInterrupt

    with tree_place("one", silent) as first, tree_place("another", stop) as other:
        assert first.directory != other.directory
        with pytest.raises(KeyboardInterrupt), tree_place("one", stop):
            pass
    assert "waiting" in said[0]
    with tree_place("one", stop):
        pass


def test_targets_are_the_directories_of_what_is_touched() -> None:
    assert targets_for(("mm/slab.c", "mm/kasan/init.c", "mm/slab.h"), (), "x86") == ("mm/",)
    assert targets_for(("virt/kvm/kvm_main.c",), (), "x86") == ("arch/x86/kvm/", "virt/kvm/")
    assert targets_for(("include/linux/kvm_host.h",), (), "x86") == ("arch/x86/kvm/",)
    assert targets_for(("include/linux/list.h", "Makefile", "MAINTAINERS"), (), "x86") == ()
    assert targets_for(("lib/a.c",), ("vmlinux",), "x86") == ("lib/", "vmlinux")


def test_no_target_is_an_option_or_a_variable() -> None:
    assert all(map(is_target, ("vmlinux", "arch/x86/kvm/", "drivers/net/foo,bar.o")))
    assert not any(map(is_target, ("-f", "CC=rm", "a b", "$(shell id)", "a/-f", "/etc", "")))


def test_the_small_configuration_has_what_is_touched() -> None:
    assert b"CONFIG_KVM=y\n" in smallest_for(("virt/kvm/kvm_main.c",), "x86").lines
    assert b"CONFIG_KVM=y\n" not in smallest_for(("mm/slab.c",), "x86").lines


@pytest.mark.skipif(not shutil.which("ccache"), reason="ccache is not installed")
@pytest.mark.parametrize("kernel", ["checkout"], indirect=True)
def test_ccache_keeps_objects_in_our_cache_and_never_in_the_users(
    kernel: Kernel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changes: list[Change] = [
        {"fan/fan.c": IDLE},
        {"fan/motor.c": FILES["fan/motor.c"] + "#ifdef CONFIG_PUMP\nint wet;\n#endif\n"},
    ]
    plain = kernel.verify(*changes)
    monkeypatch.setenv("CCACHE_DIR", str(tmp_path / "mine"))
    monkeypatch.setenv("CC", "ccache gcc")
    counts = []
    for _ in range(2):
        report = kernel.verify(*changes)
        assert [one["message"] for one in report["findings"]] == [
            one["message"] for one in plain["findings"]
        ]
        assert len(uncompiled(report)) == 1
        assert compiled(report) == [3, 1, 1]
        (ours,) = tmp_path.glob("cache/kernels/*/ccache")
        said = subprocess.run(
            ["ccache", "--print-stats"],
            env={**os.environ, "CCACHE_DIR": str(ours)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        counts.append(
            sum(map(int, re.findall(r"(?m)^(?:direct|preprocessed)_cache_hit\t(\d+)", said)))
        )
        for place in tmp_path.glob("cache/kernels/*/*/obj"):
            shutil.rmtree(place)
            shutil.rmtree(place.parent / "verdicts")
    assert counts[1] - counts[0] == 5, counts
    assert not (tmp_path / "mine").exists()
