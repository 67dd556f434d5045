"""A way to build a kernel: with which tools, in which configuration, how much of it."""

from collections.abc import Collection
from dataclasses import dataclass, field

from patchgen.building.kbuild.configuration import Configuration
from patchgen.building.kbuild.toolchain import Toolchain
from patchgen.building.kbuild.wanted import KernelWishes


@dataclass(frozen=True, slots=True)
class Variant:
    """One of the ways in which every step is built; the ordinary one has no name.

    ``options`` are set on top of the configuration, which is ``given`` or what the wishes say.
    Those of the targets that are ``required`` have to be there.
    """

    wishes: KernelWishes
    name: str = ""
    toolchain: Toolchain = field(default_factory=Toolchain)
    options: tuple[str, ...] = ()
    given: Configuration | None = None
    required: tuple[str, ...] = ()

    def configuration(self, paths: Collection[str]) -> Configuration:
        """The configuration for a series that touches ``paths``.

        Raises InputError when the user's cannot be read.
        """
        found = self.given or self.wishes.configuration(paths, self.toolchain.directory)
        return found.with_options(self.options)
