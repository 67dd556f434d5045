"""Lines that no compiler has seen, and what kept them from it."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import takewhile

from patchgen.building.compiled.config import KernelConfig
from patchgen.building.compiled.regions import Branch, Layout, Macro

_NAMED = 3
"""How many macros are named."""


@dataclass(frozen=True, slots=True)
class Uncompiled:
    """Lines of a file that are not compiled, for one ``cause``.

    ``symbols`` says how the symbols of the configuration are set that have to do with it. With a
    ``doubt`` some object that was not asked may be compiled from them, and it says why.
    """

    path: str
    lines: tuple[int, ...]
    cause: str
    symbols: tuple[str, ...] = ()
    doubt: str = ""


def in_no_region(
    path: str, lines: Collection[int], layout: Layout, seen: Collection[int], config: KernelConfig
) -> Iterator[Uncompiled]:
    """Those of ``lines`` that the preprocessor leaves out, by the conditional that does it.

    ``seen`` are the indexes of the regions that it does not leave out in all objects.
    """
    by_branch: dict[Branch, list[int]] = {}
    for line in sorted(lines):
        at = layout.region(line)
        if at is not None and at not in seen and (branch := _culprit(at, layout, seen)):
            by_branch.setdefault(branch, []).append(line)
    for branch, left_out in by_branch.items():
        texts = [text for _, text in branch.directives]
        yield Uncompiled(path, tuple(left_out), _said(branch), config.states(texts))


def in_no_use(
    path: str, lines: Collection[int], layout: Layout, seen: Collection[int], used: Collection[str]
) -> Iterator[Uncompiled]:
    """Those of ``lines`` in the definition of a macro that nothing uses or tests."""
    unused: dict[str, list[int]] = {}
    for line in sorted(lines):
        macro = layout.macro(line)
        if macro and macro.name not in used and layout.region(line) in seen:
            unused.setdefault(macro.name, []).append(line)
    if unused:
        found = tuple(sorted(line for lines in unused.values() for line in lines))
        yield Uncompiled(path, found, _not_used(tuple(unused)))


def _not_used(names: tuple[str, ...]) -> str:
    quoted = [f'"{name}"' for name in names[:_NAMED]]
    if len(names) > _NAMED:
        quoted.append(f"{len(names) - _NAMED} more")
    if len(quoted) == 1:
        return f"nothing uses the macro {quoted[0]}"
    return f"nothing uses the macros {', '.join(quoted[:-1])} and {quoted[-1]}"


def wanted_regions(lines: Iterable[int], layout: Layout, config: KernelConfig) -> frozenset[int]:
    """The regions with ``lines`` in them.

    In place of one that the configuration surely leaves out it is one around it: what keeps that
    from being compiled comes first.
    """
    found: set[int] = set()
    for at in {layout.region(line) for line in lines} - {None}:
        branches = layout.regions[at or 0].branches
        around = [*takewhile(lambda one: not config.hides(one), branches)]
        same = (at for at, one in enumerate(layout.regions) if [*one.branches] == around)
        found.add(at if len(around) == len(branches) and at is not None else next(same))
    return frozenset(found)


def wanted_macros(lines: Iterable[int], layout: Layout, regions: Collection[int]) -> frozenset[str]:
    """The macros that ``lines`` define, in these regions."""
    found: set[Macro] = set()
    for line in lines:
        if (macro := layout.macro(line)) and layout.region(line) in regions:
            found.add(macro)
    return frozenset(macro.name for macro in found)


def _culprit(at: int, layout: Layout, seen: Collection[int]) -> Branch | None:
    """The outermost branch around a region that is never taken."""
    branches = layout.regions[at].branches
    for depth in range(1, len(branches) + 1):
        if not any(layout.regions[one].branches[:depth] == branches[:depth] for one in seen):
            return branches[depth - 1]
    return None


def _said(branch: Branch) -> str:
    line, text = branch.directives[-1]
    if text.startswith("#else"):
        return f'the #else in line {line} of "{branch.directives[0][1]}" is not taken'
    return f'"{text}" in line {line} is not taken'
