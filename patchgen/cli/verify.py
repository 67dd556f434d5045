"""``patchgen verify``"""

import sys
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from patchgen.cli.output import chosen_outputs, verify_command, write_reports
from patchgen.errors import InputError, UsageError, suggestion

if TYPE_CHECKING:
    from patchgen.reading.git_range import RangeSeries
    from patchgen.series.model import Series
    from patchgen.stages.facts import Wishes


def run(arguments: Namespace) -> int:
    """Verify a series and write the report; 1 when it has findings that fail it."""
    from patchgen.cli.progress import progress
    from patchgen.reading.git_range import is_range
    from patchgen.trees.scratch import workspace
    from patchgen.verify import verify_range, verify_series

    outputs = chosen_outputs(arguments)
    wishes = wishes_of(arguments)
    ranges = any(map(is_range, arguments.source))
    series = None if ranges else _series(arguments)
    with workspace() as directory, progress() as tell:
        if series:
            report = verify_series(series, wishes, directory, tell)
        else:
            report = verify_range(_range(arguments, directory), wishes, directory, tell)
    report = replace(report, command=verify_command(arguments, arguments.tree and "TREE"))
    write_reports([report], outputs, sys.stdout, verify_command(arguments, arguments.tree))
    return int(report.fails)


def wishes_of(arguments: Namespace) -> "Wishes":
    """What the options common to verify and presubmit ask for."""
    from patchgen.building.kbuild.wanted import KernelWishes
    from patchgen.cli.settings import chosen_settings
    from patchgen.running.booting import BootWishes
    from patchgen.sandbox import Walls
    from patchgen.stages.facts import Wishes

    settings = chosen_settings(arguments)
    boot = BootWishes(
        arguments.boot_steps,
        arguments.boot_init,
        tuple(arguments.boot_append) or ("",),
        int(arguments.boot_cpus),
    )
    if not arguments.boot and boot != BootWishes():
        raise UsageError("there are wishes for booting, but nothing is booted", "add --boot")
    if arguments.boot and (arguments.build is False or not arguments.run_tests):
        raise UsageError("what is booted is built and run", "leave --no-build and --no-run out")
    targets = tuple(arguments.targets)
    matrix = tuple(filter(None, (arguments.matrix or "").split(",")))
    if matrix and arguments.build is False:
        raise UsageError("--matrix builds, but nothing is built", "leave --no-build out")
    kernel = KernelWishes(arguments.config, arguments.defconfig, targets, arguments.boot, matrix)
    return Wishes(
        arguments.tree,
        arguments.base,
        arguments.build,
        arguments.run_tests,
        arguments.claims,
        settings,
        Walls(settings.sandbox or "required"),
        kernel=kernel.check(),
        boot=boot if arguments.boot else None,
        checkers=tuple(_checkers(arguments.checkers)),
        show_landing=arguments.show_landing,
    )


def _checkers(text: str | None) -> Iterator[str]:
    from patchgen.checkers.names import CHECKERS, SLOW_ONES

    known = (*CHECKERS, *SLOW_ONES, "none")
    for name in CHECKERS if text is None else text.split(","):
        if name not in known:
            raise UsageError(f'no checker "{name}"', suggestion(name, known))
        if name != "none":
            yield name


def _series(arguments: Namespace) -> "Series":
    from patchgen.reading.choose import Wanted
    from patchgen.reading.read import read_series

    wanted = Wanted(arguments.reroll_count, arguments.patches)
    return read_series(arguments.source, arguments.cover_letter, wanted)


def _range(arguments: Namespace, directory: Path) -> "RangeSeries":
    from patchgen.reading.git_range import EmptyRange, open_repository, parse_range, read_range
    from patchgen.reading.letter import read_letter

    if arguments.reroll_count or arguments.patches:
        raise UsageError(
            "-v and -P choose among mails, a range has none", "name the commits with BASE..TIP"
        )
    if len(arguments.source) > 1 or arguments.base:
        raise UsageError(
            "a range is the whole series and says where it begins",
            "give BASE..TIP and nothing else",
        )
    text, letter = arguments.source[0], arguments.cover_letter
    user = open_repository(arguments.tree)
    wanted = parse_range(user, text)
    found = read_range(
        directory, user, wanted, read_letter(Path(letter), letter) if letter else None
    )
    if isinstance(found, EmptyRange):
        raise InputError(f'nothing to verify in "{text}": {found.reason}', "write BASE..TIP")
    return found
