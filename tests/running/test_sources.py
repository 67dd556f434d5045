"""Lines of the source for traces, looked up in programs whose line tables are known."""

import platform
import shutil
import subprocess
from pathlib import Path

import pytest

from patchgen.running.console import splats_in
from patchgen.running.ktap import parse_ktap
from patchgen.running.sources import Decoder
from patchgen.running.step import StepRun
from patchgen.sandbox import has_walls

pytestmark = pytest.mark.skipif(
    not shutil.which("gcc") or platform.machine() != "x86_64",
    reason="gcc is not installed or compiles for another processor",
)
LINES = """\
	.file 1 "{source}/drivers/lamp.c"
	.file 2 "{source}/include/linux/lamp.h"
	.file 3 "{objects}/include/generated/bulbs.h"
	.file 4 "/usr/include/bulbs.h"
	.text
	.globl _start, lamp_on, lamp_dim
	.type _start, @function
_start:
	.loc 1 5
	ret
	.size _start, . - _start
	.type lamp_on, @function
lamp_on:
	.loc 1 10
	nop
	.loc 1 11 0 discriminator 3
	call lamp_dim
	.loc 1 12
	ret
	.size lamp_on, . - lamp_on
	.p2align 4, 0x90
	.type lamp_dim, @function
lamp_dim:
	.loc 2 30
	ud2
	.loc 1 21
	call lamp_on
	.size lamp_dim, . - lamp_dim
	.p2align 4, 0x90
	/* Nobody calls it. */
	.type lamp_off, @function
lamp_off:
	.loc 3 40
	nop
	.loc 4 41
	ret
	.size lamp_off, . - lamp_off
	.p2align 4, 0x90
"""
TWIN = """\
	.file 1 "{source}/drivers/{name}.c"
	.text
	.type lamp_blink, @function
lamp_blink:
	.loc 1 {line}
	nop
{more}	ret
	.size lamp_blink, . - lamp_blink
	.p2align 4, 0x90
"""
OOPS = """\
BUG: kernel NULL pointer dereference, address: 0000000000000010
Oops: 0000 [#1] SMP
RIP: 0010:lamp_dim+0x0/0x10
Call Trace:
 <TASK>
 lamp_on+0x6/0x10
 lamp_dim+0x7/0x10
 lamp_blink+0x1/0x10
 lamp_off+0x1/0x10
 lamp_off+0x2/0x10
 lamp_loaded+0x1/0x10 [lamp]
 </TASK>
---[ end trace 0000000000000000 ]---
"""


def built(place: Path, *options: str, twin: str = "\tnop\n" * 20) -> Path:
    """A directory with a "vmlinux" that has these line tables."""
    objects, source = place / "obj", place / "my src" / "src"
    objects.mkdir()
    source.mkdir(parents=True)
    texts = {
        "lamp": LINES.format(source=source, objects=objects),
        "one": TWIN.format(source=source, name="one", line=50, more=""),
        "two": TWIN.format(source=source, name="two", line=60, more=twin),
    }
    for name, text in texts.items():
        (place / f"{name}.s").write_text(text)
    files = [str(place / f"{name}.s") for name in texts]
    link = ("gcc", "-nostdlib", "-static", *options, "-o", str(objects / "vmlinux"))
    subprocess.run([*link, *files], check=True)
    return objects


def decoded(objects: Path, output: str = OOPS) -> tuple[list[str], str]:
    """What the trace reads like, and why lines are missing."""
    run = StepRun(1, parse_ktap(output), None, output, splats_in(output))
    decoder = Decoder(objects, objects.parent / "my src" / "src", has_walls())
    (splat,) = decoder.decode(run).splats
    return [str(frame) for frame in splat.trace], decoder.reason


def test_each_function_of_a_trace_has_the_line_that_it_was_in(tmp_path: Path) -> None:
    trace, reason = decoded(built(tmp_path))
    assert trace == [
        "lamp_dim (include/linux/lamp.h:30)",
        # A call that returns to line 12 stands in line 11, one that never returns in its own.
        "lamp_on (drivers/lamp.c:11)",
        "lamp_dim (drivers/lamp.c:21)",
        # The other function of this name is longer than the one in the trace.
        "lamp_blink (drivers/one.c:50)",
        "lamp_off (include/generated/bulbs.h:40)",
        "lamp_off (bulbs.h:41)",
        "lamp_loaded",
    ]
    assert reason == ""


def test_functions_that_cannot_be_told_apart_have_no_line(tmp_path: Path) -> None:
    trace, reason = decoded(built(tmp_path, twin=""))
    assert trace[1] == "lamp_on (drivers/lamp.c:11)"
    assert trace[3] == "lamp_blink"
    assert reason == ""


@pytest.mark.parametrize("option", ["-Wl,--strip-debug", "-Wl,--strip-all"])
def test_a_kernel_without_debug_information_is_said_to_have_none(
    tmp_path: Path, option: str
) -> None:
    trace, reason = decoded(built(tmp_path, option))
    assert trace == [
        *("lamp_dim", "lamp_on", "lamp_dim", "lamp_blink", "lamp_off", "lamp_off", "lamp_loaded")
    ]
    assert "no debug information" in reason
    assert "CONFIG_DEBUG_INFO=y" in reason


def test_a_kernel_without_an_image_is_said_to_have_none(tmp_path: Path) -> None:
    objects = built(tmp_path)
    (objects / "vmlinux").unlink()
    trace, reason = decoded(objects)
    assert trace[0] == "lamp_dim"
    assert reason == "there is no vmlinux to look them up in"
    (objects / "vmlinux").write_bytes(b"\x7fELF and no more")
    assert decoded(objects)[1] != ""


def test_programs_that_are_not_installed_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    objects = built(tmp_path)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "nm").symlink_to("/usr/bin/nm")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    assert decoded(objects)[1] == "addr2line of binutils is not installed"


def test_a_trace_of_addresses_alone_has_nothing_to_look_up(tmp_path: Path) -> None:
    objects = built(tmp_path)
    trace, reason = decoded(objects, "BUG: x\nRIP: 0010:0x0\n")
    assert trace == ["0x0"]
    assert reason == ""
