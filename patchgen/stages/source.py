"""Reading the C files of a series after each of its patches."""

from typing import TYPE_CHECKING

from patchgen.report import Stage
from patchgen.stages.facts import Facts, Progress
from patchgen.trees.apply import AppliedSeries
from patchgen.trees.base import Base, NoBase

if TYPE_CHECKING:
    from patchgen.source.history import History

_CHECK = "callback-not-wired"


def source_stage(
    base: Base | NoBase, applied: AppliedSeries | None, facts: Facts, progress: Progress
) -> None:
    """Hand on callbacks that are not wired, and names that come too late or too early."""
    if applied is None or isinstance(base, NoBase):
        if isinstance(base, NoBase):
            facts.skip(base.reason, "source")
        return
    # What there is nothing to decide for is not loaded: the grammar is a library.
    from patchgen.source.history import History, is_c

    history = History(applied, base)
    if not any(map(is_c, history.touched)):
        return
    progress("reading the C files")
    _late_and_early(history, facts)
    members = _callbacks(history, facts)
    for path in sorted(history.too_large):
        facts.skip(f'"{path}" is too large', "source")
    count = len({path for path in history.touched if is_c(path)})
    what = f"{count} C file{'' if count == 1 else 's'}"
    summary = f"{what}: {members} added callback{'' if members == 1 else 's'}"
    facts.stages.append(Stage("source", summary))


def _late_and_early(history: "History", facts: Facts) -> None:
    from patchgen.source.candidates import early_names, idle_names

    early, idle = early_names(history), idle_names(history)
    if early or idle:
        from patchgen.source.order import early_uses, idle_statics

        facts.subjects += early_uses(history, early)
        facts.subjects += idle_statics(history, idle)


def _callbacks(history: "History", facts: Facts) -> int:
    """How many callbacks the series adds."""
    from patchgen.source.candidates import pointer_names

    names = pointer_names(history)
    if not names:
        return 0
    from patchgen.source.wiring import new_members, unwired_callbacks

    members = new_members(history, names)
    facts.subjects += unwired_callbacks(history, members)
    if members:
        structs = ", ".join(sorted({f'"struct {member.struct}"' for _, member in members}))
        facts.skip(f"{structs} outside of the directories that the series touches", _CHECK)
    return len(members)
