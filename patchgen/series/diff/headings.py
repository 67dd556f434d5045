"""Section headings: what git prints after ``@@``, and whether two of them name the same place.

git's own rule (xemit.c, ``def_ff``): the last line above the hunk that begins with a letter, ``_``
or ``$``, cut to 80 bytes. Its driver for C, which the kernel turns on in ``.gitattributes``,
passes over labels and takes ``::`` too (userdiff.c, ``cpp``).
"""

import re
from collections.abc import Sequence

_LENGTH = 80
_C_LIKE = (".c", ".h", ".cc", ".cpp", ".hpp", ".cxx")
_LABEL = re.compile(r"[ \t]*[A-Za-z_][A-Za-z_0-9]*:[ \t\r\f\v]*(?:$|/[/*])")
_C_HEADING = re.compile(r"(?:::[ \t]*)?[A-Za-z_]")
_OLD_HEADING = re.compile(
    r"(?:[A-Za-z_]\w*(?:[ \t*]+[A-Za-z_]\w*)+[ \t]*\([^;]*|(?:struct|class|enum)[^;]*)"
)
_CALLED = re.compile(r"([A-Za-z_]\w*)\s*\(")
_TYPE = re.compile(r"(?:typedef )?(struct|union|enum) (\w+) (?:\w+ )*\{")
_TABLE = re.compile(r"(\w+) ?(?:\[[^]]*\] ?)*(?:__\w+ )*=")
_KEYWORDS = {"if", "for", "while", "switch", "return", "sizeof", "do", "else"}


def is_c(path: str) -> bool:
    """Whether git's driver for C is meant for such a file."""
    return path.endswith(_C_LIKE)


def is_label(heading: str) -> bool:
    """Whether a heading is a label (``out:``), which says nothing about the function."""
    return _LABEL.match(heading) is not None


def is_heading(line: str) -> bool:
    """Whether git's own rule takes ``line`` as a heading."""
    return line[:1].isascii() and (line[:1].isalpha() or line[:1] in ("_", "$"))


def is_section(line: str, path: str) -> bool:
    """Whether ``line`` is a heading that names a section: for C no label is one."""
    if not is_c(path):
        return is_heading(line)
    return _C_HEADING.match(line) is not None and not is_label(line)


def heading_above(lines: Sequence[str], index: int) -> tuple[int, str] | None:
    """The last heading above ``index`` by git's own rule, and where it is."""
    for at in range(min(index, len(lines)) - 1, -1, -1):
        if is_heading(lines[at]):
            return at, cut(lines[at])
    return None


def section_above(lines: Sequence[str], index: int, path: str) -> tuple[int, str] | None:
    """The last heading above ``index`` that names a section, and where it is."""
    for at in range(min(index, len(lines)) - 1, -1, -1):
        if is_section(lines[at], path):
            return at, cut(lines[at])
    return None


def function_above(lines: Sequence[str], index: int) -> tuple[int, str] | None:
    """The last heading above ``index`` by git's old driver for C, and where it is.

    Before git 2.0 it took functions and types, but no variables; such patches are still posted.
    """
    for at in range(min(index, len(lines)) - 1, -1, -1):
        if _OLD_HEADING.fullmatch(lines[at]) and not is_label(lines[at]):
            return at, cut(lines[at])
    return None


def cut(line: str) -> str:
    """A line as it is printed after ``@@``: 80 bytes without white space at the end."""
    return line.encode("utf-8", "surrogateescape")[:_LENGTH].decode("utf-8", "ignore").rstrip()


def same_section(claimed: str, found: str) -> bool:
    """Whether two headings name the same function, type or table, or are the same text.

    They are known by their names: a parameter more does not make another function.
    """
    left, right = " ".join(claimed.split()), " ".join(found.split())
    shorter, longer = sorted((left, right), key=len)
    if shorter == longer or (len(shorter) >= _LENGTH - 4 and longer.startswith(shorter)):
        return True
    name = section_name(left)
    return name is not None and name == section_name(right)


def agrees(lines: Sequence[str], path: str, claimed: str, index: int) -> bool:
    """Whether the heading above ``index`` is the claimed one, by any driver git may have used."""
    found = (heading_above(lines, index), section_above(lines, index, path))
    if any(one and same_section(claimed, one[1]) for one in found):
        return True
    if is_c(path):
        old = function_above(lines, index)
        return old is not None and same_section(claimed, old[1])
    return _other_driver(lines, claimed, index)


def _other_driver(lines: Sequence[str], claimed: str, index: int) -> bool:
    """Whether a driver that takes indented headings (Python, device trees) could have said that.

    The claimed line must be the last one above of its own depth that looks like a heading.
    """
    for at in range(min(index, len(lines)) - 1, -1, -1):
        if begins(lines[at].lstrip(), claimed):
            depth = len(lines[at]) - len(lines[at].lstrip())
            word = claimed.split(" ")[0]
            return not any(
                line[depth:].startswith(word + " ") and not line[:depth].strip()
                for line in lines[at + 1 : index]
            )
    return False


def begins(line: str, claimed: str) -> bool:
    """Whether ``line`` is the heading of the section that ``claimed`` names."""
    return is_heading(line) and same_section(claimed, line)


def section_name(heading: str) -> str | None:
    """The name of what a heading begins, or None when it does not say."""
    if match := _TYPE.match(heading):
        return f"{match[1]} {match[2]}"
    if match := _TABLE.search(heading):
        return match[1]
    return _function_name(heading)


def _function_name(heading: str) -> str | None:
    """The name of the function that a heading begins.

    Macros in capitals (``SYSCALL_DEFINE3(open, …)``, ``EXPORT_SYMBOL(f)``) and attributes in front
    (``__printf(1, 2)``) are not the name.
    """
    for match in _CALLED.finditer(heading):
        name = match[1]
        if name in _KEYWORDS or name.isupper() or name.startswith("__attribute"):
            if name.upper() == name:
                return None
            continue
        before = heading[: match.start()].rstrip()
        if name.startswith("__") and heading[match.end() :].count(")") > 1:
            continue
        return None if before.endswith("=") else name
    return None
