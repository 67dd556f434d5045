"""Where reports go: ``--format FORMAT[=FILE]``, and what a terminal and GitHub get besides."""

import os
import shlex
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from patchgen.errors import InputError, UsageError, suggestion

if TYPE_CHECKING:
    from patchgen.report import Report

FORMATS = ("text", "json", "sarif", "junit", "github", "html")
"""The names of `patchgen.reporting.formats`, known without loading any of them."""


@dataclass(frozen=True, slots=True)
class Output:
    """A format, and the file it goes to; None is the terminal."""

    kind: str
    file: str | None


def chosen_outputs(arguments: Namespace) -> tuple[Output, ...]:
    """What ``--format`` and ``--output`` ask for; text, or on GitHub annotations, without them.

    Raises UsageError for an unknown format and for two of them in one place, InputError for a
    file that cannot be written: better now than after a long build.
    """
    if not arguments.format:
        on_github = os.environ.get("GITHUB_ACTIONS") == "true" and not arguments.output
        outputs = [Output("github" if on_github else "text", arguments.output)]
    else:
        outputs = [_output(text) for text in arguments.format]
        if arguments.output:
            if len(outputs) > 1 or outputs[0].file:
                raise UsageError("--output is for one format", "write --format FORMAT=FILE instead")
            outputs = [Output(outputs[0].kind, arguments.output)]
    places = [output.file for output in outputs]
    for place in places:
        if places.count(place) > 1:
            where = "standard output" if place is None else f'"{place}"'
            raise UsageError(
                f"two formats for {where}", "write --format FORMAT=FILE for the others"
            )
        if place and not Path(place).absolute().parent.is_dir():
            raise InputError(
                f'cannot write "{place}": there is no such directory', "make it, or name another"
            )
    return tuple(outputs)


def _output(text: str) -> Output:
    kind, equals, file = text.partition("=")
    if kind not in FORMATS:
        raise UsageError(f'no format "{kind}"', suggestion(kind, FORMATS))
    if equals and not file:
        raise UsageError(f'--format "{text}" names no file', f"write --format {kind}=FILE")
    return Output(kind, file or None)


def verify_command(arguments: Namespace, tree: str | None) -> str:
    """The command line that makes the same report, with ``tree`` as the place of the base tree."""
    words = ["patchgen", "verify", *arguments.source]
    reroll = getattr(arguments, "reroll_count", None)
    for option, value in (
        ("--reroll-count", reroll and str(reroll)),
        ("--patches", getattr(arguments, "patches", None)),
        ("--tree", tree),
        ("--base", arguments.base),
        ("--cover-letter", arguments.cover_letter),
        ("--config", arguments.config),
        ("--defconfig", arguments.defconfig),
        *(("--targets", one) for one in arguments.targets),
        ("--matrix", arguments.matrix),
        ("--boot-steps", arguments.boot_steps if arguments.boot_steps != "all" else None),
        ("--boot-init", arguments.boot_init),
        ("--boot-cpus", arguments.boot_cpus if arguments.boot_cpus != "1" else None),
        ("--checkers", arguments.checkers),
        ("--sandbox", arguments.sandbox),
        ("--profile", arguments.profile),
        ("--fail-on", arguments.fail_on),
        *(("--only", one) for one in arguments.only),
        ("--claims", arguments.claims),
        *(("--ignore", one) for one in arguments.ignore),
    ):
        words += [option, value] if value else []
    # An empty one is a wish, too: to boot without any more words.
    words += [word for one in arguments.boot_append for word in ("--boot-append", one)]
    words += ["--boot"] if arguments.boot else []
    words += ["--show-landing"] if arguments.show_landing else []
    if arguments.build is not None:
        words += ["--build" if arguments.build else "--no-build"]
    words += [] if arguments.run_tests else ["--no-run"]
    return shlex.join(words)


def write_reports(
    reports: Sequence["Report"],
    outputs: Sequence[Output],
    stream: TextIO,
    here: str = "",
) -> None:
    """Write every report in every format, files first; what has no file goes to ``stream``.

    ``here`` is the command that a person at this terminal can repeat; reports have one that does
    not depend on the machine. Further reports get files of their own, ``out-2.sarif``. Raises
    InputError when something cannot be written.
    """
    from patchgen.reporting.formats import FORMATS as WRITERS
    from patchgen.reporting.text import format_text

    shown = ""
    for output in outputs:
        for number, report in enumerate(reports, 1):
            if output.file:
                _write(WRITERS[output.kind](report), _numbered(output.file, number))
            elif output.kind == "text" and stream.isatty():
                colour = not os.environ.get("NO_COLOR")
                shown += format_text(replace(report, command=here or report.command), colour)
            else:
                shown += WRITERS[output.kind](report)
    if any(output.kind == "github" for output in outputs):
        _write_step_summary(reports)
    stream.write(shown)


def _numbered(file: str, number: int) -> str:
    path = Path(file)
    return file if number == 1 else str(path.with_name(f"{path.stem}-{number}{path.suffix}"))


def _write_step_summary(reports: Sequence["Report"]) -> None:
    file = os.environ.get("GITHUB_STEP_SUMMARY")
    if not file:
        return
    from patchgen.reporting.github import step_summary

    _write("".join(step_summary(report) for report in reports), file, "a")


def _write(text: str, file: str, mode: str = "w") -> None:
    try:
        with Path(file).open(mode, encoding="utf-8") as stream:
            stream.write(text)
    except OSError as error:
        raise InputError(f'cannot write "{file}": {error.strerror}', "see --format") from error
