"""symbol-used-before-added"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.findings import Location, Problem, Severity
from patchgen.source.facts import EarlyUse


@check(EarlyUse, Severity.ERROR)
def symbol_used_before_added(early: EarlyUse) -> Iterator[Problem]:
    """A patch uses a name that only a later patch of the series defines.

    Why: the trees in between do not compile, and git bisect stops there. Only what is certain is
    found: a function, macro, type or member that nothing knows of all that the file includes, used
    where no condition of the preprocessor and no macro can leave it out.

    Bad:
        patch 1:  +	tick_reset(tick);
        patch 2:  +void tick_reset(struct tick *tick)

    Good:
        the two patches the other way round
    """
    later = early.later
    what = f"the {early.what} " if " " not in early.what else ""
    yield Problem(
        f'{what}"{early.name}" is used in "{early.file}" and first defined by patch '
        f"{later.position}",
        Location(early.patch.file, early.line, early.patch.position),
        f'move the definition, or all of "{later.subject.summary}", before this patch',
    )
