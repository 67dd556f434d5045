"""Telling a person at a terminal what is being done."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from patchgen.stages.facts import silent


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """Something to tell what is being done: a spinner on a terminal, nothing when piped."""
    if not sys.stderr.isatty():
        yield silent
        return
    from rich.console import Console

    with Console(stderr=True).status("working") as status:
        yield lambda text: status.update(text)
