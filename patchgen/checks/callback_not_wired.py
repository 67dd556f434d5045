"""callback-not-wired"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.findings import Location, Problem, Severity
from patchgen.source.facts import Table, UnwiredCallback

_LISTED = 3


@check(UnwiredCallback, Severity.ERROR)
def callback_not_wired(found: UnwiredCallback) -> Iterator[Problem]:
    """An added callback is called unchecked, and not every table of functions sets it.

    Why: it compiles without a warning, and jumps to address 0 on the hardware whose table was
    forgotten. A test of the callback before the call, in the same function or in its callers, is
    enough. A warning where the call is behind a flag or a comparison that may tell. Tables are
    looked for in the directories that the series touches, and right below.

    Bad:
        .can_post_timer = vmx_can_post_timer,      (in vmx.c, and nothing in svm.c)
        if (kvm_x86_ops->can_post_timer(vcpu))

    Good:
        if (kvm_x86_ops->can_post_timer && kvm_x86_ops->can_post_timer(vcpu))
    """
    call = f"{found.file}:{found.call_line}"
    message = (
        f'"{found.member}" of struct {found.struct} is called unchecked in "{found.function}", '
        f"and {_listed(found.unset)} {'does' if len(found.unset) == 1 else 'do'} not set it"
    )
    if found.wired_by:
        message += f" before patch {found.wired_by.position}"
    hints = [f"the call is at {call}"]
    hints += [f"{one.variable} is at {one.path}:{one.line}" for one in found.unset[:_LISTED]]
    if found.wired_by:
        hints.append(f"set it in the patch that brings the call, not in {found.wired_by.position}")
    else:
        hints.append(f'set it there, or test "{found.member}" before it is called')
    yield Problem(
        message,
        Location(found.patch.file, found.line, found.patch.position),
        "\n".join(hints),
        Severity.WARNING if found.conditional else None,
    )


def _listed(tables: tuple[Table, ...]) -> str:
    names = [f'"{one.variable}"' for one in tables]
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return ", ".join(names[:_LISTED]) + more
