"""Reading the C files of a series after each of its patches."""

from patchgen.report import Stage
from patchgen.stages.facts import Facts, Progress
from patchgen.trees.apply import AppliedSeries
from patchgen.trees.base import Base, NoBase

_CHECK = "callback-not-wired"


def source_stage(
    base: Base | NoBase, applied: AppliedSeries | None, facts: Facts, progress: Progress
) -> None:
    """Hand on callbacks that are not wired, and names that come too late or too early."""
    if applied is None or isinstance(base, NoBase):
        if isinstance(base, NoBase):
            facts.skip(base.reason, "source")
        return
    # The grammar is a library that is not loaded for series without C.
    from patchgen.source.history import History, is_c

    history = History(applied, base)
    if not any(map(is_c, history.touched)):
        return
    from patchgen.source.order import early_names, early_uses, idle_names, idle_statics
    from patchgen.source.wiring import new_members, unwired_callbacks

    progress("reading the C files")
    early, idle, members = early_names(history), idle_names(history), new_members(history)
    facts.subjects += early_uses(history, early)
    facts.subjects += idle_statics(history, idle)
    facts.subjects += unwired_callbacks(history, members)
    if members:
        structs = ", ".join(sorted({f'"struct {member.struct}"' for _, member in members}))
        facts.skip(f"{structs} outside of the directories that the series touches", _CHECK)
    for path in sorted(history.too_large):
        facts.skip(f'"{path}" is too large', "source")
    count = len({path for path in history.touched if is_c(path)})
    what = f"{count} C file{'' if count == 1 else 's'}"
    summary = f"{what}: {len(members)} added callback{'' if len(members) == 1 else 's'}"
    facts.stages.append(Stage("source", summary))
