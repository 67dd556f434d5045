"""The mails that ``git send-email`` shows its sendemail-validate hook, one at a time."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from patchgen.errors import InputError, ToolError, UsageError
from patchgen.presubmit.found import Variables
from patchgen.trees.scratch import cache_directory

_COUNTER, _TOTAL = "GIT_SENDEMAIL_FILE_COUNTER", "GIT_SENDEMAIL_FILE_TOTAL"


@dataclass(frozen=True, slots=True)
class Waiting:
    """Mail ``number`` of ``total``; the series is judged when it is complete."""

    number: int
    total: int


def read_mail(file: str) -> tuple[str, bytes]:
    """The name to show for a mail, relative if it is near, and its bytes.

    Raises InputError when it cannot be read.
    """
    path, here = Path(file), Path.cwd()
    shown = str(path.relative_to(here)) if path.is_relative_to(here) else file
    try:
        return shown, path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot read {file}: {error.strerror}", "is the name right?") from error


def collect(
    mail: tuple[str, bytes], variables: Variables
) -> Waiting | tuple[tuple[str, bytes], ...] | None:
    """Keep a mail until the last one of its series is there, then return them all.

    None with a git older than 2.41, which does not say how many there are. The mails wait below
    the cache directory, in a place of the process group that all the hooks of one
    ``git send-email`` share; its first mail throws away what an interrupted one has left. Raises
    InputError when mails are missing at the end.
    """
    if not (variables.get(_COUNTER) and variables.get(_TOTAL)):
        return None
    number, total = _count(variables, _COUNTER), _count(variables, _TOTAL)
    place = cache_directory() / "sendemail" / f"{os.getsid(0)}-{os.getpgrp()}"
    try:
        if number == 1:
            shutil.rmtree(place, ignore_errors=True)
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        shown, data = mail
        (place / str(number)).write_bytes(os.fsencode(shown) + b"\0" + data)
        if number < total:
            return Waiting(number, total)
        found = tuple(_kept(place / str(one)) for one in range(1, total + 1))
    except FileNotFoundError as error:
        missing = Path(error.filename).name
        raise InputError(
            f"mail {missing} of {total} was not shown to the hook", "run git send-email again"
        ) from error
    except OSError as error:
        raise ToolError(
            f"cannot keep mails in {place}: {error.strerror}",
            "point PATCHGEN_CACHE_DIR at a directory that can be written",
        ) from error
    shutil.rmtree(place, ignore_errors=True)
    return found


def _count(variables: Variables, name: str) -> int:
    value = variables[name]
    if not value.isdecimal() or int(value) < 1:
        raise UsageError(f'{name} is "{value}", no count', "leave calling the hook to git")
    return int(value)


def _kept(path: Path) -> tuple[str, bytes]:
    shown, _, data = path.read_bytes().partition(b"\0")
    return os.fsdecode(shown), data
