"""What the diffs of a series alone say of the names in them; nothing is read for it.

Few series have anything for the grammar to decide on, and those that have not do not load it.
"""

import re

from patchgen.source.history import History, words

_DEFINES = re.compile(r"\b([A-Za-z_]\w*)\s*(?:\[[^\]]*\]\s*)*(?:[;,=({:)]|$)")
_MACRO = re.compile(r"\s*#\s*define\s+(\w+)")
_STATIC = re.compile(r"^(?:static\b.*?|)\b([A-Za-z_]\w*)\s*(?:\(|\[.*|=.*|;)")
_POINTER = re.compile(r"\(\s*\*\s*(?:const\s+)?(\w+)\s*\)")


def early_names(history: History) -> list[tuple[int, str, list[int]]]:
    """Names that may be used too early: the step of the use, and later ones that may define it.

    That is what the diffs alone say; nothing is read for it.
    """
    first: dict[str, int] = {}
    known: set[str] = set()
    maybe: dict[str, list[int]] = {}
    for step, lines in enumerate(history.added, 1):
        known.update(word for one in history.other[step - 1] for word in words(one.text))
        for one in lines:
            likely = [*_DEFINES.findall(one.text), *_MACRO.findall(one.text)]
            for name in likely:
                if first.get(name, step) < step and step not in maybe.setdefault(name, []):
                    maybe[name].append(step)
        for one in lines:
            for word in words(one.text):
                if word not in known:
                    first.setdefault(word, step)
    return [(first[name], name, steps) for name, steps in maybe.items() if steps]


def idle_names(history: History) -> list[tuple[int, str, str]]:
    """Names that may be static and idle: the step, the file and the name, as the diffs say."""
    last: dict[tuple[str, str], int] = {}
    for step, lines in enumerate(history.added, 1):
        for one in lines:
            for word in words(one.text):
                last[one.path, word] = step
    found = []
    for step, lines in enumerate(history.added, 1):
        for one in lines:
            match = _STATIC.match(one.text) if one.path.endswith(".c") else None
            if match and last[one.path, match[1]] > step:
                found.append((step, one.path, match[1]))
    return list(dict.fromkeys(found))


def pointer_names(history: History) -> list[tuple[int, str, str]]:
    """Names that patches may add as pointers to functions: the step, the file and the name."""
    found: list[tuple[int, str, str]] = []
    for step, lines in enumerate(history.added, 1):
        for one in lines:
            found += [(step, one.path, name) for name in _POINTER.findall(one.text)]
    return list(dict.fromkeys(found))
