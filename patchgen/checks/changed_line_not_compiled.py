"""changed-line-not-compiled"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from patchgen.building.outcome import UncompiledLines
from patchgen.checks.check import check
from patchgen.findings import Location, Problem, Severity

_SHOWN = 4


@check(UncompiledLines, Severity.NOTE)
def changed_line_not_compiled(added: UncompiledLines) -> Iterator[Problem]:
    """No compiler has seen lines that a patch adds.

    Why: that a step builds says nothing of code that the configuration leaves out. Lines are looked
    for in what was built of the step that adds them and of the last one: in a file that no object
    is made of, a header that none includes, a conditional that is not taken, a macro that nothing
    uses.

    Bad:
        #ifdef CONFIG_KVM_XEN  /* not set in the configuration that was built */
                kvm_xen_inject_timer_irqs(vcpu);
        #endif

    Good:
        build with a configuration that has it: --config, --defconfig, --targets
    """
    patch, found = added.applied.patch, added.found
    cause = ", ".join((found.cause, *found.symbols))
    several = len(found.lines) > 1
    where = f"line{'s' if several else ''} {_ranges(found.lines)} of {found.path}"
    yield Problem(
        f"{where} {'are' if several else 'is'} not compiled: {cause}",
        Location(patch.file, added.line, patch.position),
        "--config or --defconfig builds with another configuration" if found.symbols else "",
    )


def _ranges(lines: Sequence[int]) -> str:
    """Numbers for people: ``3-5, 9``; many places are counted."""
    breaks = [at for at, (one, other) in enumerate(pairwise(lines), 1) if other != one + 1]
    starts, ends = [0, *breaks], [*breaks, len(lines)]
    runs = [lines[start:end] for start, end in zip(starts, ends, strict=True)]
    shown = [f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs[:_SHOWN]]
    rest = sum(map(len, runs[_SHOWN:]))
    return ", ".join(shown) + (f" and {rest} more" if rest else "")
