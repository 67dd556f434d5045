"""What runs in a booted kernel: an initramfs of the shipped tests, or of what the user names."""

import hashlib
import shutil
from collections.abc import Sequence
from pathlib import Path

from patchgen.errors import InputError, ToolError
from patchgen.running.initramfs import initramfs
from patchgen.sandbox import Limits, Sandbox, run_confined
from patchgen.shipped import boot_tests

_ARCHIVES = (b"070701", b"070702", b"\x1f\x8b", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd", b"BZh")
_ELF = b"\x7fELF"
_DYNAMIC = b"/ld-linux-x86-64.so.2\0"
_HINT = "name a static program (cc -static), a C source, or an initramfs"
_COMPILER = ("gcc", "-static", "-s", "-O2", "-pthread")


def make_initramfs(named: str | None, directory: Path, walls: bool) -> Path:
    """The initramfs with the program at ``named``, or with the shipped tests; in ``directory``.

    Raises InputError when that is nothing to boot with, ToolError when the shipped tests do not
    compile.
    """
    directory.mkdir(parents=True, exist_ok=True)
    data = _read(named) if named else b""
    if data.startswith(_ARCHIVES):
        archive = data
    else:
        shipped = boot_tests()
        init = _compiled((shipped / "init.c",), directory, walls)
        if named is None:
            sources = sorted(path for path in (shipped / "kvm").iterdir() if path.suffix in _CODE)
            test = _compiled(sources, directory, walls)
        elif named.endswith(".c"):
            test = _compiled((Path(named).resolve(),), directory, walls, named)
        else:
            test = _static(data, named)
        archive = initramfs({"init": init, "test": test})
    place = directory / f"initramfs-{hashlib.sha256(archive).hexdigest()[:16]}"
    place.write_bytes(archive)
    return place


_CODE = (".c", ".S")


def _read(named: str) -> bytes:
    try:
        return Path(named).read_bytes()
    except OSError as error:
        raise InputError(f'cannot read "{named}": {error.strerror}', _HINT) from error


def _static(data: bytes, named: str) -> bytes:
    if not data.startswith(_ELF):
        raise InputError(f'"{named}" is no program that runs without others', _HINT)
    if _DYNAMIC in data:
        raise InputError(f'"{named}" needs shared libraries, and there are none', _HINT)
    return data


def _compiled(
    sources: Sequence[Path], directory: Path, walls: bool, named: str | None = None
) -> bytes:
    """The static program of these sources. Raises InputError, or ToolError if they are ours."""
    if shutil.which(_COMPILER[0]) is None:
        raise ToolError(f"{_COMPILER[0]} is not installed", "what is booted is compiled with it")
    program = directory / "program"
    program.unlink(missing_ok=True)
    command = [*_COMPILER, "-o", str(program.resolve()), *map(str, sources)]
    sandbox = Sandbox(sources[0].parent, (), (directory,), Limits(memory=2 << 30))
    done = run_confined(command, sandbox, walls)
    if done.status or done.stopped:
        text = done.output.decode("utf-8", "replace")
        said = next((line for line in text.splitlines() if "error" in line), text.strip())
        if named:
            raise InputError(f'"{named}" does not compile: {said}', "it is compiled with -static")
        raise ToolError(
            f"the shipped tests do not compile: {said}",
            "a static C library is needed: libc6-dev, glibc-static",
        )
    return program.read_bytes()
