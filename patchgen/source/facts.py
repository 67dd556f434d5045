"""What was found out about the C files of a series, as checks are handed it."""

from dataclasses import dataclass

from patchgen.series.model import Patch


@dataclass(frozen=True, slots=True)
class Table:
    """A variable with the functions of a structure, and where it is initialised."""

    path: str
    variable: str
    line: int


@dataclass(frozen=True, slots=True)
class UnwiredCallback:
    """A member that is called without a look at it, while some tables leave it unset.

    ``patch`` is the first after which this is so and ``line`` the line of its mail to look at;
    ``added_by`` is the patch that adds the member to ``struct``. The call is in ``function``, at
    line ``call_line`` of ``file``; ``conditional`` says that it is behind a condition which may
    tell whether the member is there. ``wired_by`` is the later patch after which all is well,
    None when there is none.
    """

    patch: Patch
    line: int
    struct: str
    member: str
    added_by: Patch
    file: str
    call_line: int
    function: str
    conditional: bool
    unset: tuple[Table, ...]
    set_in: tuple[Table, ...]
    wired_by: Patch | None


@dataclass(frozen=True, slots=True)
class EarlyUse:
    """A name that is used by a patch, while a later one is the first to define it.

    ``what`` says as what it is used.
    """

    patch: Patch
    line: int
    name: str
    what: str
    file: str
    later: Patch


@dataclass(frozen=True, slots=True)
class IdleStatic:
    """A static function or variable, ``kind``, that a patch adds, and only ``later`` uses."""

    patch: Patch
    line: int
    name: str
    kind: str
    file: str
    later: Patch
