"""What compiles a kernel: for which architecture, with which compiler, and who else looks."""

import os
import platform
import re
import shutil
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from patchgen.process import run
from patchgen.sandbox import PLAIN, toolchain

_LLVM = ("ld.lld", "llvm-ar", "llvm-nm", "llvm-objcopy", "llvm-objdump", "llvm-readelf")
_SPARSE = "sparse"
_CCACHE = "ccache"
_DIRECTORIES = {
    "i386": "x86",
    "x86_64": "x86",
    "sparc32": "sparc",
    "sparc64": "sparc",
    "parisc64": "parisc",
    "sh64": "sh",
}
"""The directories below arch/ of architectures with another name: SRCARCH in the Makefile."""
_MACHINES = (
    ("i.86|x86_64", "x86"),
    ("aarch64.*", "arm64"),
    ("arm.*|sa110", "arm"),
    ("ppc.*", "powerpc"),
    ("mips.*", "mips"),
    ("s390x", "s390"),
    ("riscv.*", "riscv"),
    ("loongarch.*", "loongarch"),
    ("sun4u", "sparc"),
)
"""What a machine calls itself, and its directory below arch/: scripts/subarch.include."""


@dataclass(frozen=True, slots=True)
class Toolchain:
    """The settings of make that choose the tools; without any the compiler is ``$CC``, else gcc.

    ``warnings`` are the levels of W=, with ``sparse`` it looks at what is compiled.
    """

    arch: str = ""
    compiler: str = ""
    cross_compile: str = ""
    llvm: bool = False
    warnings: str = ""
    sparse: bool = False

    @property
    def cc(self) -> str:
        """The compiler's command."""
        if self.compiler:
            return self.compiler
        if self.llvm:
            return "clang"
        if self.cross_compile:
            return f"{self.cross_compile}gcc"
        return os.environ.get("CC") or "gcc"

    @property
    def settings(self) -> tuple[str, ...]:
        """What make has to be told, in every call.

        Trees before v5.7 know nothing of LLVM=1, so the compiler is named, too. Warnings of the
        tree's own tools, compiled by a newer compiler, are nobody's matter here: WERROR=0.
        """
        said = (
            ("ARCH", self.arch),
            ("CROSS_COMPILE", self.cross_compile),
            ("LLVM", "1" if self.llvm else ""),
            ("CC", self.cc),
            ("WERROR", "0"),
            ("W", self.warnings),
            ("C", "1" if self.sparse else ""),
        )
        return tuple(f"{name}={value}" for name, value in said if value)

    @property
    def chosen(self) -> tuple[str, ...]:
        """Those of the settings that somebody chose, for people."""
        return tuple(one for one in self.settings if one != "WERROR=0")

    @property
    def directory(self) -> str:
        """The name below arch/ of what is built; without ``arch`` that of this machine."""
        if self.arch:
            return _DIRECTORIES.get(self.arch, self.arch)
        machine = platform.machine()
        known = (name for words, name in _MACHINES if re.fullmatch(words, machine))
        return next(known, machine)

    @property
    def missing(self) -> str | None:
        """A program that is not installed; None when there are all."""
        return next((one for one in self._programs if shutil.which(one) is None), None)

    @property
    def places(self) -> tuple[Path, ...]:
        """What has to be readable, besides the system, to run the programs."""
        return tuple(sorted({place for one in self._programs for place in toolchain(one)}))

    @property
    def version(self) -> bytes:
        """What the programs say of themselves; objects of two compilers are kept apart."""
        asked = (self.cc, _SPARSE) if self.sparse else (self.cc,)
        return b"".join(_version(one, os.environ.get("PATH", os.defpath)) for one in asked)

    @property
    def is_clang(self) -> bool:
        """Whether the compiler is clang, which prints other things than gcc."""
        return b"clang" in self.version

    @property
    def has_ccache(self) -> bool:
        """Whether the compiler is asked through ccache: the user said CC="ccache gcc"."""
        return self.cc.split()[0] == _CCACHE

    @property
    def _programs(self) -> tuple[str, ...]:
        linker = (f"{self.cross_compile}ld",) if self.cross_compile else ()
        llvm, sparse = _LLVM if self.llvm else (), (_SPARSE,) if self.sparse else ()
        compiler = self.cc.split()[: 2 if self.has_ccache else 1]
        return (*compiler, *linker, *llvm, *sparse)


@cache
def _version(command: str, path: str) -> bytes:
    return run(
        [*command.split(), "--version"], Path("/"), PLAIN | {"PATH": path}, timeout=60
    ).output
