"""Which configuration a kernel is built with: the user's, or a small one for what is touched."""

import os
import shlex
import tomllib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

_FRAGMENTS = Path(__file__).with_name("fragments.toml")


@dataclass(frozen=True, slots=True)
class Fragment:
    """Options for series that touch one of ``paths``, which begin with these words.

    They are for the architecture of the directory ``arch``. ``targets`` are what the objects of
    all those paths are made by.
    """

    name: str
    arch: str
    paths: tuple[str, ...]
    options: tuple[str, ...]
    targets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Configuration:
    """What make is asked for, or else a file, and options that are set on top of it.

    ``name`` is for people, ``path`` what they call the file; ``options`` are ``SYMBOL=value``.
    """

    name: str
    target: str | None
    path: str = ""
    data: bytes = b""
    options: tuple[str, ...] = ()

    @property
    def lines(self) -> bytes:
        """The file, and the options below it."""
        return self.data + "".join(f"CONFIG_{one}\n" for one in self.options).encode()

    @property
    def seed(self) -> bytes:
        """What makes it another configuration."""
        return os.fsencode(self.target or "") + b"\n" + self.lines

    def with_options(self, options: Iterable[str]) -> "Configuration":
        """The same with these on top, ``SYMBOL=value`` each."""
        return replace(self, options=(*self.options, *options))

    def recipe(self, make: str) -> tuple[str, ...]:
        """What people type to get it, in a checkout; ``make`` is how they run that."""
        begun = f"{make} {self.target}" if self.target else f"cp {shlex.quote(self.path)} .config"
        options = shlex.join(self.options)
        added = (f"printf 'CONFIG_%s\\n' {options} >>.config",) if options else ()
        return (begun, *added, f"{make} olddefconfig")


def from_file(name: str, data: bytes) -> Configuration:
    """The configuration that is ``data``, a ``.config`` or what savedefconfig writes."""
    return Configuration(f"the configuration {name}", None, name, data)


def from_target(name: str) -> Configuration:
    """The one that ``make name`` writes."""
    return Configuration(name, name)


def smallest_for(paths: Collection[str], arch: str, boot: bool = False) -> Configuration:
    """tinyconfig, and what has to be on for the files at ``paths`` to be compiled.

    With ``boot`` the kernel can also be booted and says on a serial line what goes on.
    """
    common, off, _, for_boot = _shipped()
    used = fragments_for(paths, arch)
    options = (*common, *(option for fragment in used for option in fragment.options))
    options += for_boot if boot else ()
    values = (*(f"{one}=y" for one in dict.fromkeys(options)), *(f"{one}=n" for one in off))
    names = "".join(f" with {fragment.name}" for fragment in used)
    size = "a tiny configuration that boots" if boot else "a tiny configuration"
    return Configuration(f"{size}{names}", "tinyconfig", options=values)


def fragments_for(paths: Collection[str], arch: str) -> tuple[Fragment, ...]:
    """The shipped fragments for a series that touches ``paths``, built for an architecture."""
    fitting = (one for one in _shipped()[2] if one.arch == arch)
    return tuple(one for one in fitting if any(path.startswith(one.paths) for path in paths))


@cache
def _shipped() -> tuple[tuple[str, ...], tuple[str, ...], tuple[Fragment, ...], tuple[str, ...]]:
    data = tomllib.loads(_FRAGMENTS.read_text("utf-8"))
    fragments = (
        Fragment(
            one["name"], one["arch"], *(tuple(one[key]) for key in ("paths", "options", "targets"))
        )
        for one in data["fragment"]
    )
    common = data["common"]
    boot = data["boot"]["options"]
    return tuple(common["options"]), tuple(common["off"]), tuple(fragments), tuple(boot)
