"""People in trailers, and whether two of them are the same."""

import re
import unicodedata
from difflib import SequenceMatcher

from patchgen.series.mail.identity import Identity

_BRACKETED = re.compile(r"<\s*([^<>\s]+@[^<>\s]+)\s*>")
_BARE = re.compile(r"(?<![^\s<(\"])([^\s<>()\",;]+@[^\s<>()\",;]+)")
_ASIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_ALIKE = 0.9
_VIA = re.compile(r"\s+via\s.*", re.IGNORECASE)


def person(value: str) -> Identity:
    """Who is meant by a trailer's value, ``Name <address>`` and what people write for it.

    Either part may be empty. What stands after the address is no part of the name.
    """
    match = _BRACKETED.search(value) or _BARE.search(value)
    if match is None:
        return Identity(_tidy(re.split(r"\s[#<]", value)[0]), "")
    return Identity(_tidy(value[: match.start()]), match[1])


def same_person(one: Identity, other: Identity) -> bool:
    """Whether the two have the same address, or the same name.

    People write from several addresses, mailing lists replace addresses, and corporate mail
    turns names around; so either is enough, the order of the words does not count, and one
    letter may be another.
    """
    if one.email and _plain_address(one.email) == _plain_address(other.email):
        return True
    names = [" ".join(_words(who.name)) for who in (one, other)]
    return all(names) and (names[0] == names[1] or _alike(*names))


def _tidy(name: str) -> str:
    return " ".join(name.split()).strip(" \"',;")


def _plain_address(address: str) -> str:
    """Without regard to case and to what stands behind a ``+`` in the local part."""
    local, _, domain = address.casefold().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def _alike(one: str, other: str) -> bool:
    """Whether two full names are one with a slip of the pen, or in two transcriptions."""
    return " " in one and SequenceMatcher(None, one, other).ratio() > _ALIKE


def _words(name: str) -> list[str]:
    if "@" in name:
        return []
    bare = _ASIDE.sub(" ", _VIA.sub("", name))
    plain = unicodedata.normalize("NFKD", bare).encode("ascii", "ignore").decode().strip() or bare
    return sorted(re.findall(r"[^\W_]+", plain.casefold()))
