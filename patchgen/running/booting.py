"""How the user wants kernels booted."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BootWishes:
    """Which steps to boot: ``all``, or ``last`` for the base and the last one.

    ``init`` is what to run there instead of the shipped tests. Every step is booted once for each
    of ``append``, with these words at the end of the kernel's command line, on a machine with so
    many ``cpus``.
    """

    steps: str = "all"
    init: str | None = None
    append: tuple[str, ...] = ("",)
    cpus: int = 1
