"""What the user wants of a kernel: its configuration, and more to be built."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from patchgen.errors import InputError, UsageError

if TYPE_CHECKING:
    from patchgen.building.kbuild.configuration import Configuration

_IMAGES = ("bzImage",)


@dataclass(frozen=True, slots=True)
class KernelWishes:
    """A configuration file or the target that makes one, and targets beyond what is touched.

    ``boot`` says that an image is to be made that can be booted, ``matrix`` names further ways to
    build.
    """

    config: str | None = None
    defconfig: str | None = None
    targets: tuple[str, ...] = ()
    boot: bool = False
    matrix: tuple[str, ...] = ()

    @property
    def wanted(self) -> tuple[str, ...]:
        """The targets, and the image if one is to be made."""
        return (*self.targets, *_IMAGES) if self.boot else self.targets

    @property
    def said(self) -> bool:
        """Whether anything was said of how a kernel is built."""
        return bool(self.config or self.defconfig or self.targets or self.boot or self.matrix)

    def check(self) -> "KernelWishes":
        """Hand itself back. Raises UsageError for what contradicts itself or is no target."""
        if self.config and self.defconfig:
            raise UsageError("--config and --defconfig are two configurations", "give one of them")
        for option, words in (("--defconfig", (self.defconfig,)), ("--targets", self.targets)):
            for word in words:
                if word is not None and not _is_target(word):
                    hint = "name directories such as arch/x86/kvm/, or a target such as vmlinux"
                    raise UsageError(f'{option}: make has no target "{word}"', hint)
        return self

    def configuration(self, paths: Collection[str], arch: str) -> "Configuration":
        """The configuration for a series that touches ``paths``, on an architecture.

        Raises InputError when the file cannot be read.
        """
        from patchgen.building.kbuild.configuration import from_file, from_target, smallest_for

        if self.config:
            try:
                return from_file(self.config, Path(self.config).read_bytes())
            except OSError as error:
                raise InputError(
                    f'cannot read "{self.config}": {error.strerror}',
                    "--config takes a .config or what make savedefconfig writes",
                ) from error
        if self.defconfig:
            return from_target(self.defconfig)
        return smallest_for(paths, arch, self.boot)


def _is_target(word: str) -> bool:
    from patchgen.building.kbuild.targets import is_target

    return is_target(word)
