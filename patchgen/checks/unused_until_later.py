"""unused-until-later"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.findings import Location, Problem, Severity
from patchgen.source.facts import IdleStatic


@check(IdleStatic, Severity.WARNING)
def unused_until_later(idle: IdleStatic) -> Iterator[Problem]:
    """A static function or variable is used only from a later patch on.

    Why: gcc warns of it at the patch that adds it, -Wunused-function or -Wunused-variable, and
    whoever reads that patch cannot see what it is for. Constants, inline functions and what is
    marked as possibly unused are left alone, as is what a condition or a macro may use.

    Bad:
        patch 1:  +static void tick_reset(struct tick *tick)
        patch 2:  +	tick_reset(tick);

    Good:
        one patch with both
    """
    later = idle.later
    yield Problem(
        f'static {idle.kind} "{idle.name}" of "{idle.file}" is not used before patch '
        f"{later.position}",
        Location(idle.patch.file, idle.line, idle.patch.position),
        f'add it in "{later.subject.summary}", which uses it',
    )
