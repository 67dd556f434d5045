"""Names and addresses, read as git's mailinfo reads them."""

import re
from dataclasses import dataclass

_BLANKS = re.compile(r"[ \t\n\r]+")
_LONGEST_NAME = 60
_ADDRESS_END = re.compile(r"[ \n\t\r\v\f>]")
_BRACKETED = re.compile(r"([^<]*)<([^>]*)>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Identity:
    """A name and an address."""

    name: str
    email: str

    def __str__(self) -> str:
        named = self.name and self.name != self.email
        return f"{self.name} <{self.email}>" if named else self.email


def parse_identity(text: str) -> Identity:
    """``Name <address>`` or ``address (Name)`` taken apart, as ``handle_from()`` in mailinfo.c.

    Where there is no name, the address is it; where there is no address, both are empty.
    """
    text = _BLANKS.sub(" ", text)
    plain = _unquoted(text)
    at = plain.find("@")
    if at < 0:
        match = _BRACKETED.match(text)
        return _identity(match[1].strip(), match[2]) if match else Identity("", "")
    start = max(plain.rfind(mark, 0, at) + 1 for mark in " \t\n\r<")
    end = _ADDRESS_END.search(plain, start)
    stop = end.start() if end else len(plain)
    before = plain[:start].removesuffix("<") + (" " if plain[:start].endswith("<") else "")
    name = _BLANKS.sub(" ", before + plain[stop + 1 :]).strip(" ")
    if name.startswith("(") and name.endswith(")"):
        name = name[1:-1]
    return _identity(name, plain[start:stop])


def _identity(name: str, email: str) -> Identity:
    sane = name and len(name.encode("utf-8", "surrogateescape")) <= _LONGEST_NAME
    return Identity(name if sane and not re.search("[@<>]", name) else email, email)


def _unquoted(text: str) -> str:
    """Without quotation marks and backslashes; comments keep their parentheses."""
    if not any(mark in text for mark in '"('):
        return text
    found: list[str] = []
    quoted, depth, literally = False, 0, False
    for char in text:
        inside = quoted or depth
        if literally:
            literally = False
        elif inside and char == "\\":
            literally = True
            continue
        elif not depth and char == '"':
            quoted = not quoted
            continue
        elif not quoted and char == "(":
            depth += 1
        elif depth and char == ")":
            depth -= 1
        found.append(char)
    return "".join(found)
