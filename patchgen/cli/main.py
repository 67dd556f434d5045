"""From arguments to an exit code; errors are printed here and only here."""

import gc
import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper

from patchgen.cli.arguments import build_parser
from patchgen.errors import PatchgenError

_YOUNG = 200_000
"""How many objects are made before python looks for cycles among them; its default is 700.

What a series is read into is kept to the end and has no cycles, so looking is in vain, and costs
a tenth of a verification; now and then it is done nevertheless, to bound what may be lost.
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run patchgen with ``argv`` (the process's own if None) and return its exit code.

    0 clean, 1 findings at or above ``--fail-on``, 2 bad usage or input, 3 a tool failed or a bug,
    130 interrupted, 141 when nobody reads the output.
    """
    gc.set_threshold(_YOUNG)
    _accept_any_text()
    try:
        arguments = build_parser().parse_args(argv)
        code: int = arguments.call(arguments)
        sys.stdout.flush()
        return code
    except PatchgenError as error:
        for one in (error, *error.also):
            _print_error(one)
        return error.exit_code
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except Exception as error:  # a bug of ours must not look like a finding
        import traceback

        traceback.print_exc()
        _print_error(
            PatchgenError(f"patchgen has a bug: {error!r}", "please report it with the lines above")
        )
        return 3


def _accept_any_text() -> None:
    """Where the terminal's encoding lacks a character, show its number instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _print_error(error: PatchgenError) -> None:
    from patchgen.reporting.text import harmless

    print(f"error: {harmless(error.message)}", file=sys.stderr)
    for line in error.hint.splitlines():
        print(f"hint: {harmless(line)}", file=sys.stderr)
