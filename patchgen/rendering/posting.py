"""What a user decides of a series that is rendered."""

from dataclasses import dataclass

from patchgen.version import __version__


@dataclass(frozen=True, slots=True)
class Posting:
    """How a series is to be posted.

    ``version`` and ``prefix`` are the template's where they are None; ``to`` and ``cc`` come after
    the template's. ``signature`` is the text below ``-- ``, None for no signature.
    """

    version: int | None = None
    prefix: str | None = None
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    signature: str | None = f"patchgen {__version__}"
