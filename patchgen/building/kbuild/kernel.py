"""Whether a base is a kernel, and what stands in the way of building it."""

import re
import shutil

from patchgen.building.kbuild.targets import targets_for
from patchgen.building.kbuild.variant import Variant
from patchgen.sandbox import has_walls
from patchgen.trees.apply import AppliedSeries, touched_paths
from patchgen.trees.base import Base, CommitBase, DirectoryBase, kernel_version

_TOOLS = ("make", "flex", "bison", "bc", "perl")
_BUILT_IN = ("include/config", "include/generated")
_ONLY_COMPILED = re.compile(r"(?!scripts/|tools/|usr/|(?:.*/)?(?:boot|tools)/).*\.[chS]")


def is_kernel(base: Base) -> bool:
    """Whether there is a Linux kernel in ``base``: by its Makefile, Kbuild, Kconfig and scripts."""
    return (
        len(kernel_version(base)) >= 2
        and base.file("Kbuild") is not None
        and base.file("Kconfig") is not None
        and base.has_directory("scripts")
    )


def identity(base: Base) -> str | None:
    """What tree it is, so that the next series finds what this one had built."""
    if isinstance(base, DirectoryBase):
        return f"directory {base.directory.resolve()}"
    if isinstance(base, CommitBase) and base.lender:
        return f"repository {base.lender.git_dir.resolve()}"
    return None


def cannot_build_kernel(base: Base, applied: AppliedSeries, walls: bool) -> str | None:
    """Why a series is not built on a kernel, or None when it can be.

    Without ``walls`` only files are accepted that are nothing but compiled.
    """
    if identity(base) is None:
        return "the base is a directory of a commit, which has no build directory"
    for tool in _TOOLS:
        if shutil.which(tool) is None:
            return f"{tool} is not installed, and the kernel needs it"
    if isinstance(base, DirectoryBase):
        for name in (".config", *_BUILT_IN):
            if (base.directory / name).exists():
                return f'the tree has been built in: it has "{name}"; make mrproper cleans it'
    if not walls:
        for path in touched_paths(step.patch for step in applied.steps):
            if not _ONLY_COMPILED.fullmatch(path):
                without = "without a sandbox" if has_walls() else "without bubblewrap"
                return f'the series changes "{path}", which could run commands {without}'
    return None


def cannot_build_variant(applied: AppliedSeries, variant: Variant) -> str | None:
    """Why a series is not built in this way, or None when it can be."""
    if missing := variant.toolchain.missing:
        return f"{missing} is not installed, and the kernel needs it"
    paths = touched_paths(step.patch for step in applied.steps)
    if targets_for(paths, variant.wishes.wanted, variant.toolchain.directory):
        return None
    return "the series changes nothing in a directory that has objects; --targets names some"
