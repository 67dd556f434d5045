"""Which ways to build a kernel the user has asked for, beside the ordinary one."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from patchgen.building.kbuild.configuration import Configuration, from_file
from patchgen.building.kbuild.shipped import shipped_matrix
from patchgen.building.kbuild.targets import is_of_another, is_target
from patchgen.building.kbuild.toolchain import Toolchain
from patchgen.building.kbuild.variant import Variant
from patchgen.building.kbuild.wanted import KernelWishes
from patchgen.errors import InputError, UsageError, suggestion
from patchgen.series.model import Series
from patchgen.settings.matrix import ALL, MatrixEntry, read_matrix
from patchgen.stages.facts import Wishes
from patchgen.trees.apply import touched_paths
from patchgen.trees.base import MANIFEST, Base, CommitBase, NoBase


def chosen_entries(
    names: Iterable[str],
    tree: str | None,
    base: Base | NoBase,
    series: Series,
    committed: Iterable[MatrixEntry],
) -> tuple[MatrixEntry, ...]:
    """The entries with these names: ``committed`` in the base tree, the user's own, or shipped.

    The user's are those of the ``patchgen.toml`` that stands in his checkout, committed or not,
    and in this directory; but not if the series changes it. Raises UsageError for a file that
    means nothing and, with the nearest name, for a name that nobody defines.
    """
    wanted = tuple(dict.fromkeys(names))
    if not wanted:
        return ()
    own = {} if MANIFEST in touched_paths(series.patches) else _own(tree, base)
    defined = own | {one.name: one for one in committed}
    known = shipped_matrix() | defined
    found: dict[str, MatrixEntry] = {}
    for name in wanted:
        if name == ALL and not defined:
            raise UsageError(
                f"--matrix {ALL}: no {MANIFEST} defines an entry of a matrix",
                f"write [matrix.NAME] into {MANIFEST}, or name shipped ones: {_named(known)}",
            )
        if name not in (*known, ALL):
            raise UsageError(f'the matrix has no entry "{name}"', suggestion(name, known))
        found |= defined if name == ALL else {name: known[name]}
    return tuple(found.values())


def _named(entries: Mapping[str, MatrixEntry]) -> str:
    return ", ".join(sorted(entries))


def _own(tree: str | None, base: Base | NoBase) -> dict[str, MatrixEntry]:
    folders = [Path(), *([Path(tree)] if tree else [])]
    if isinstance(base, CommitBase) and base.lender and base.lender.git_dir.name == ".git":
        folders.append(base.lender.git_dir.parent)
    found: dict[str, MatrixEntry] = {}
    for folder in folders:
        found |= {one.name: one for one in _written_in(folder)}
    return found


def _written_in(folder: Path) -> Iterator[MatrixEntry]:
    place = folder / MANIFEST
    if not place.is_file():
        return
    try:
        table = tomllib.loads(place.read_text("utf-8"))
    except (OSError, UnicodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{place}: {error}", "it has to be TOML") from error
    yield from read_matrix(table.get("matrix", {}), str(place), folder)


def variants_of(wishes: Wishes, entries: Iterable[MatrixEntry], base: Base) -> tuple[Variant, ...]:
    """The ordinary way to build, then those of the matrix.

    Raises InputError when the configuration file of an entry cannot be read, UsageError when it
    has something for a target that is none.
    """
    others = (_variant(entry, wishes.kernel, base) for entry in entries)
    return (Variant(wishes.kernel, required=wishes.kernel.targets), *others)


def _variant(entry: MatrixEntry, wishes: KernelWishes, base: Base) -> Variant:
    tools = Toolchain(
        entry.arch,
        entry.compiler,
        entry.cross_compile,
        entry.llvm,
        entry.warnings,
        entry.sparse,
    )
    for word in (*filter(None, [entry.defconfig]), *entry.targets):
        if not is_target(word):
            hint = "name directories such as arch/x86/kvm/, or a target such as vmlinux"
            raise UsageError(f'matrix.{entry.name}: make has no target "{word}"', hint)
    common = (one for one in wishes.targets if not is_of_another(one, tools.directory))
    own = replace(
        wishes,
        config=None if entry.arch or entry.defconfig else wishes.config,
        defconfig=entry.defconfig or wishes.defconfig,
        targets=tuple(dict.fromkeys((*entry.targets, *common))),
        boot=False,
    )
    given = _configuration(entry, base)
    return Variant(own, entry.name, tools, entry.options, given, entry.targets)


def _configuration(entry: MatrixEntry, base: Base) -> Configuration | None:
    if not entry.config:
        return None
    if entry.folder is None:
        data = base.read(entry.config)
        if data is None:
            raise InputError(
                f'matrix.{entry.name}: the base tree has no file "{entry.config}"',
                "config is the path of a configuration file",
            )
        return from_file(entry.config, data)
    try:
        return from_file(entry.config, (entry.folder / entry.config).read_bytes())
    except OSError as error:
        raise InputError(
            f'matrix.{entry.name}: cannot read "{entry.config}": {error.strerror}',
            f"config is the path of a file, from where {MANIFEST} is",
        ) from error
