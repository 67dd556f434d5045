"""File names as git writes them when they hold unusual characters: `"b\\303\\273g.c"`.

The escapes are those of git's ``unquote_c_style()`` in quote.c.
"""

import re

_QUOTED = re.compile(r'"((?:[^"\\]|\\(?:[abfnrtv"\\]|[0-3][0-7]{2}))*)"', re.DOTALL)
_ESCAPE = re.compile(rb'\\([abfnrtv"\\]|[0-7]{3})')
_UNUSUAL = re.compile(rb'[\x00-\x1f"\\\x7f-\xff]')
_CONTROL = re.compile(rb'[\x00-\x1f"\\\x7f]')
_LETTERS = dict(zip(b'abfnrtv"\\', b'\a\b\f\n\r\t\v"\\', strict=True))


def unquoted(name: str) -> str:
    """Undo git's C-style quoting; a name not quoted, or not as git does, is returned as it is."""
    match = _QUOTED.fullmatch(name)
    if not match:
        return name
    raw = match[1].encode("utf-8", "surrogateescape")
    return _ESCAPE.sub(_byte, raw).decode("utf-8", "surrogateescape")


def quoted(name: str, fully: bool = True) -> str:
    """The name as git prints it, in quotes if it must be; undone by `unquoted`.

    ``fully`` is core.quotePath: whether all that is not ASCII is escaped, too.
    """
    raw = name.encode("utf-8", "surrogateescape")
    unusual = _UNUSUAL if fully else _CONTROL
    escaped = unusual.sub(_escape, raw).decode("utf-8", "surrogateescape")
    return name if escaped == name else f'"{escaped}"'


def _escape(match: re.Match[bytes]) -> bytes:
    code = match[0][0]
    letter = next((letter for letter, meant in _LETTERS.items() if meant == code), None)
    return b"\\%03o" % code if letter is None else b"\\%c" % letter


def _byte(match: re.Match[bytes]) -> bytes:
    letter = match[1]
    return bytes([int(letter, 8) if len(letter) == 3 else _LETTERS[letter[0]]])
