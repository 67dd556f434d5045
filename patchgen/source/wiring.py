"""Members of structures of functions that a series adds, sets here and not there, and calls."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from patchgen.source.callbacks import (
    Call,
    Initialiser,
    Member,
    assigned,
    calls,
    guarded_calls,
    initialisers,
    looks,
    members,
)
from patchgen.source.facts import Table, UnwiredCallback
from patchgen.source.file import CFile
from patchgen.source.history import History, is_c
from patchgen.source.typed import Types
from patchgen.trees.searching import files_with


@dataclass(frozen=True, slots=True)
class _State:
    """What is so at a step."""

    unchecked: tuple[Call, ...]
    unset: tuple[Initialiser, ...]
    set_in: tuple[Initialiser, ...]

    @property
    def bad(self) -> bool:
        """Whether a call meets a pointer that leads nowhere."""
        return any(self.met(call) for call in self.unchecked)

    def met(self, call: Call) -> tuple[Initialiser, ...]:
        """The initialisers that a call may meet: those of the variable it names, if it does."""
        return tuple(one for one in self.unset if call.variable in ("", one.variable))


def new_members(
    history: History, names: Sequence[tuple[int, str, str]]
) -> list[tuple[int, Member]]:
    """The members among ``names`` that patches add and do not only move, with the step of each."""
    history.load(path for _, path, _ in names)
    found: dict[Member, int] = {}
    for step, path, name in names:
        after = history.file(path, step)
        for member in members(after, name) if after else ():
            found.setdefault(member, step)
    return [(step, member) for member, step in found.items() if not _in_base(history, member)]


def _in_base(history: History, member: Member) -> bool:
    """Whether a file of the series has the member before the series."""
    paths = {one.path for lines in history.added for one in lines}
    for path in paths & history.ids[0].keys():
        before = history.file(path, 0)
        if before and before.has(member.name) and member in members(before, member.name):
            return True
    return False


def search_places(history: History) -> set[str]:
    """The directories that the series touches, "" being the top."""
    return {path.rpartition("/")[0] for path in history.touched if is_c(path)}


def unwired_callbacks(
    history: History, added: Sequence[tuple[int, Member]]
) -> Iterator[UnwiredCallback]:
    """The callbacks among ``added`` that are called where they may be unset."""
    structs = sorted({member.struct for _, member in added})
    found = {
        *files_with(history.base, structs, search_places(history)),
        *(path for path in history.touched if is_c(path)),
    }
    history.load(found)
    for step, member in added:
        if problem := _judged(history, step, member, sorted(found)):
            yield problem


def _judged(
    history: History, first: int, member: Member, paths: Sequence[str]
) -> UnwiredCallback | None:
    states: dict[int, _State] = {}
    known: dict[tuple[str | None, ...], _State] = {}
    for step in range(first, history.last + 1):
        ids = history.ids[step]
        versions = tuple(ids.get(path) for path in paths)
        if versions not in known:
            known[versions] = _state(history, step, member, paths)
        states[step] = known[versions]
    tip = states[history.last]
    bad = [step for step, state in states.items() if state.bad]
    if not bad or not tip.set_in:
        return None  # never called, or set in places that are not known
    step = bad[0]
    state = states[step]
    call = next(one for one in state.unchecked if state.met(one))
    place = _place(history, step, first, member, state, call)
    mended = [later for later in states if later > step and not states[later].bad]
    return UnwiredCallback(
        history.patches[step - 1],
        place,
        member.struct,
        member.name,
        history.patches[first - 1],
        call.file.path,
        call.line,
        call.function,
        call.conditional,
        _tables(state.met(call)),
        _tables(state.set_in),
        history.patches[mended[0] - 1] if mended and not tip.bad else None,
    )


def _tables(found: Iterable[Initialiser]) -> tuple[Table, ...]:
    return tuple(Table(one.path, one.variable, one.line) for one in found)


def _state(history: History, step: int, member: Member, paths: Sequence[str]) -> _State:
    files = [file for path in paths if (file := history.file(path, step))]
    with_member = [file for file in files if file.has(member.name)]
    if any(looks(file, member) for file in with_member):
        return _State((), (), ())  # what looks at it may keep all others from being used
    values = [
        one for file in files if member.struct in file.text for one in initialisers(file, member)
    ]
    later = set().union(*(assigned(file, member) for file in with_member))
    unset = () if "" in later else (one for one in values if one.sets is False)
    return _State(
        tuple(_unchecked(history, step, member, files, with_member)),
        tuple(one for one in unset if one.variable not in later),
        tuple(one for one in values if one.sets),
    )


def _unchecked(
    history: History,
    step: int,
    member: Member,
    files: Sequence[CFile],
    with_member: Sequence[CFile],
) -> Iterator[Call]:
    types = Types(member.struct, member.name)
    for file in files:
        types.learn(file)
    for file in with_member:
        for call in calls(file, member, types):
            if not any(
                history.place(one, call.file, call.line) for one in range(1, step + 1)
            ):  # what calls another structure's function of this name was there before
                continue
            callers = [
                guarded
                for other in files
                if call.function and other.has(call.function)
                for guarded in guarded_calls(other, call.function, member)
            ]
            if not any(callers):
                yield call


def _place(
    history: History, step: int, first: int, member: Member, state: _State, call: Call
) -> int:
    """The line of the mail to look at: the call, or the value, or the member, or the diff."""
    line = history.place(step, call.file, call.line)
    for one in state.met(call):
        line = line or history.mentions(step, one.path, member.struct)
    if line is None and step == first:
        lines = [one.line for one in history.added[step - 1] if member.name in one.text]
        line = lines[0] if lines else None
    return line or history.patches[step - 1].diff.files[0].line
