"""The archives that kernels boot with, held against cpio."""

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patchgen.errors import InputError
from patchgen.running.initramfs import initramfs
from patchgen.running.programs import make_initramfs
from patchgen.sandbox import has_walls

needs_cpio = pytest.mark.skipif(shutil.which("cpio") is None, reason="cpio is not installed")
needs_gcc = pytest.mark.skipif(shutil.which("gcc") is None, reason="gcc is not installed")


def unpacked(archive: bytes, directory: Path, *words: str) -> str:
    done = subprocess.run(
        ["cpio", "-i", "--quiet", *words], cwd=directory, input=archive, capture_output=True
    )
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    return done.stdout.decode()


@needs_cpio
@settings(max_examples=30, deadline=None)
@given(st.dictionaries(st.sampled_from(("init", "test", "a.b")), st.binary(max_size=70)))
def test_cpio_unpacks_every_byte(programs: dict[str, bytes]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        unpacked(initramfs(programs), directory, *programs) if programs else None
        for program, data in programs.items():
            assert (directory / program).read_bytes() == data
            assert (directory / program).stat().st_mode & 0o777 == 0o755


@needs_cpio
def test_cpio_lists_devices_and_mount_points(tmp_path: Path) -> None:
    listed = unpacked(initramfs({"init": b"#"}), tmp_path, "-tv", "--numeric-uid-gid")
    for kind, words in (("c", "5,   1"), ("c", "10, 232"), ("c", "1,  11"), ("d", "proc")):
        assert any(line[0] == kind and words in line for line in listed.splitlines()), words
    assert all(line.split()[2:4] == ["0", "0"] for line in listed.splitlines())


@needs_gcc
def test_the_shipped_tests_compile_without_a_warning(tmp_path: Path) -> None:
    from patchgen.shipped import boot_tests

    sources = (boot_tests() / "kvm").glob("*.[cS]")
    for command in ([boot_tests() / "init.c"], [*sources, "-pthread"]):
        said = subprocess.run(
            ["gcc", "-static", "-O2", "-Wall", "-Wextra", "-o", tmp_path / "out", *command],
            capture_output=True,
            text=True,
        )
        assert (said.returncode, said.stderr) == (0, "")
    first = make_initramfs(None, tmp_path / "a", has_walls()).read_bytes()
    assert b"/dev/kvm" in first
    assert make_initramfs(None, tmp_path / "b", has_walls()).read_bytes() == first


def test_an_archive_of_the_users_is_taken_as_it_is(tmp_path: Path) -> None:
    mine = tmp_path / "mine.cpio"
    for data in (initramfs({"init": b"x"}), b"\x1f\x8b\x08 packed", b"\xfd7zXZ\0 packed"):
        mine.write_bytes(data)
        assert make_initramfs(str(mine), tmp_path, False).read_bytes() == data


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("test.sh", b"#!/bin/sh\n", "no program that runs without others"),
        ("test", b"\x7fELF..../lib64/ld-linux-x86-64.so.2\0", "needs shared libraries"),
        ("none", None, "cannot read"),
        ("bad.c", b"int main(void) { return x; }\n", "does not compile: "),
    ],
)
def test_what_cannot_be_booted_is_refused(
    tmp_path: Path, name: str, data: bytes | None, said: str
) -> None:
    file = tmp_path / name
    if data is not None:
        file.write_bytes(data)
    if name.endswith(".c") and shutil.which("gcc") is None:
        pytest.skip("gcc is not installed")
    with pytest.raises(InputError, match=said) as raised:
        make_initramfs(str(file), tmp_path / "out", has_walls())
    assert name in str(raised.value)
