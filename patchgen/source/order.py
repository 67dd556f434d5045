"""What a series uses before it is there, and what it adds before it is used."""

import re
from collections.abc import Iterator, Sequence

from patchgen.source.facts import EarlyUse, IdleStatic
from patchgen.source.file import CFile
from patchgen.source.grammar import Node, text_of
from patchgen.source.history import History, words
from patchgen.source.includes import Unit, compiled, unit
from patchgen.source.names import Kind, declaration, defined
from patchgen.source.uses import Use, declares, may_be_made, uses

_KEPT = re.compile(r"\b(?:inline|\w*inline|\w*used|__attribute__|__weak|extern|__ref\w*)\b")

_Used = Sequence[tuple[CFile, Sequence[tuple[int, Use]]]]
"""Files, the uses of a name in each, and the line of the mail that adds each use."""


def early_uses(history: History, names: list[tuple[int, str, list[int]]]) -> Iterator[EarlyUse]:
    """Those of the names that no compiler knows where they are used."""
    history.load(_paths(history, {name for _, name, _ in names}))
    units: dict[tuple[str, int], Unit] = {}
    for step, name, later in names:
        # In the order of what they cost: most names end at the few files of one step, and it
        # takes the grammar for the files of every later step to know where one is defined.
        used = [] if name.startswith("CONFIG_") else _undeclared(history, step, name)
        if not used:
            continue
        by = next((one for one in later if _defines_now(history, one, name)), None)
        if by is None:
            continue
        if found := _early(history, step, name, used, units):
            file, line, use = found
            yield EarlyUse(
                history.patches[step - 1], line, name, use.what, file, history.patches[by - 1]
            )


def _paths(history: History, names: set[str]) -> set[str]:
    return {
        one.path
        for lines in history.added
        for one in lines
        if not names.isdisjoint(words(one.text))
    }


def _defines_now(history: History, step: int, name: str) -> bool:
    """Whether the patch of a step is one that brings a definition."""
    paths = {one.path for one in history.added[step - 1] if name in words(one.text)}
    return any(
        _defines(history.file(path, step), name)
        and not _defines(history.file(path, step - 1), name)
        for path in paths
    )


def _defines(file: CFile | None, name: str) -> bool:
    return file is not None and any(defined(node) for node in file.nodes(name))


def _undeclared(history: History, step: int, name: str) -> _Used:
    """What a step uses a name for; nothing if a file of the series may declare or make it then."""
    present = _present(history, step, name)
    if any(declares(file, name) or may_be_made(file, name) for file in present):
        return []
    used = []
    for file in present:
        found = [
            (line, use)
            for use in uses(file, name)
            if (line := history.place(step, file, use.line)) is not None
        ]
        if found:
            used.append((file, found))
    return used


def _present(history: History, step: int, name: str) -> list[CFile]:
    paths = sorted(_paths(history, {name}))
    files = (history.file(path, step) for path in paths)
    return [file for file in files if file and file.has(name)]


def _early(
    history: History,
    step: int,
    name: str,
    used: _Used,
    units: dict[tuple[str, int], Unit],
) -> tuple[str, int, Use] | None:
    """The first line that uses the name in a file that is compiled and knows nothing of it."""
    present = _present(history, step, name)
    for file, found in used:
        for path in [file.path] if file.path.endswith(".c") else _sources(history, step):
            if not compiled(history, path, step):
                continue
            if (path, step) not in units:
                units[path, step] = unit(history, path, step)
            read = units[path, step]
            if file not in read.files or not _unknown(read, name, present):
                continue
            for line, use in found:
                if not any(read.has_macro(one) for one in use.inside):
                    return file.path, line, use
    return None


def _sources(history: History, step: int) -> list[str]:
    return sorted(path for path in history.ids[step] if path.endswith(".c"))


def _unknown(read: Unit, name: str, present: list[CFile]) -> bool:
    """Whether all that is read was found, and nothing of it but the uses has the name."""
    return read.whole and not any(file.has(name) for file in read.files if file not in present)


def idle_statics(history: History, names: list[tuple[int, str, str]]) -> Iterator[IdleStatic]:
    """Those of the names that are static, and used by a later patch only."""
    history.load(path for _, path, _ in names)
    for step, path, name in names:
        file, before = history.file(path, step), history.file(path, step - 1)
        if file is None or (before and before.has(name)) or may_be_made(file, name):
            continue
        kind = _idle(file, name)
        later = next(
            (
                one
                for one in range(step + 1, history.last + 1)
                if (then := history.file(path, one)) and then.has(name) and not _idle(then, name)
            ),
            None,
        )
        if kind is None or later is None or not compiled(history, path, step):
            continue
        line = _line(history, step, file, name)
        if line is not None and not _elsewhere(history, step, path, name):
            yield IdleStatic(
                history.patches[step - 1], line, name, kind.value, path, history.patches[later - 1]
            )


def _idle(file: CFile, name: str) -> Kind | None:
    """What a name is, if it is static and nothing in the file but its declarations has it."""
    found = None
    for node in file.nodes(name):
        kind = defined(node)
        if kind not in (Kind.FUNCTION, Kind.PROTOTYPE, Kind.VARIABLE):
            return None
        whole = declaration(node)[0]
        if whole is None or file.line(node.start_byte) in file.conditional:
            return None
        if not _plain_static(whole):
            return None
        found = kind if found in (None, Kind.PROTOTYPE) else found
    return None if found is Kind.PROTOTYPE else found


def _plain_static(whole: Node) -> bool:
    """Whether a declaration is static, and says nothing that keeps compilers from complaining."""
    head = text_of(whole)
    head = head[: head.find("{")] if "{" in head else head
    broken = any(one.has_error for one in whole.children if one.type != "compound_statement")
    if any(one.type == "parenthesized_declarator" for one in whole.children):
        return False  # DEFINE_MUTEX(name)
    if whole.type == "declaration" and "const" in head.split():
        return False  # gcc does not warn of constants as the kernel calls it
    return "static" in head.split() and not _KEPT.search(head) and not broken


def _line(history: History, step: int, file: CFile, name: str) -> int | None:
    for node in file.nodes(name):
        if defined(node) is not Kind.PROTOTYPE:
            return history.place(step, file, file.line(node.start_byte))
    return None


def _elsewhere(history: History, step: int, path: str, name: str) -> bool:
    """Whether another file of the series has the name, or includes this one."""
    base = path.rpartition("/")[2]
    for other in _paths(history, {name}) - {path}:
        if (file := history.file(other, step)) and file.has(name):
            return True
    return any(
        f'{base}"' in one.text and "include" in one.text
        for lines in (*history.added, *history.other)
        for one in lines
    )
