"""changed-line-not-compiled"""

from collections.abc import Iterator

from patchgen.building.outcome import UncompiledLines
from patchgen.checks.check import check
from patchgen.findings import Location, Problem, Severity
from patchgen.series.text import line_ranges


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
    where = f"line{'s' if several else ''} {line_ranges(found.lines)} of {found.path}"
    yield Problem(
        f"{where} {'are' if several else 'is'} not compiled: {cause}",
        Location(patch.file, added.line, patch.position),
        "--config or --defconfig builds with another configuration" if found.symbols else "",
    )
