"""Amounts of bytes, as git's configuration and people write them."""

import re

from patchgen.errors import UsageError

_WRITTEN = re.compile(r"(\d{1,15})([kmgt]?)", re.I)
_UNITS = "kmgt"


def parse_size(text: str, where: str) -> int:
    """Bytes: a number, and k, m, g or t behind it for powers of 1024 (git-config, ``--type=int``).

    Raises UsageError, which names ``where`` it was said, for anything else.
    """
    match = _WRITTEN.fullmatch(text.strip())
    if not match:
        raise UsageError(f'{where}: "{text}" is no size', "write a number and k, m, g or t: 20g")
    return int(match[1]) << 10 * (_UNITS.find(match[2].lower()) + 1 if match[2] else 0)


def shown_size(size: int) -> str:
    """Bytes for people: ``1.4 GiB``."""
    amount, unit = float(size), "bytes"
    for larger in ("KiB", "MiB", "GiB", "TiB"):
        if amount < 1024:
            break
        amount, unit = amount / 1024, larger
    digits = 1 if amount < 10 and unit != "bytes" else 0
    return f"{amount:.{digits}f} {unit}"
