"""``patchgen verify``"""

import sys
from argparse import Namespace
from pathlib import Path

from patchgen.errors import InputError


def run(arguments: Namespace) -> int:
    """Verify a series and write the report; 1 when it has findings that fail it."""
    from patchgen.checks.catalogue import find_check
    from patchgen.cli.progress import progress
    from patchgen.findings import Severity
    from patchgen.reading.read import read_series
    from patchgen.reporting.formats import FORMATS
    from patchgen.stages.facts import Wishes
    from patchgen.trees.scratch import workspace
    from patchgen.verify import verify_series

    for check_id in arguments.ignore:
        find_check(check_id)
    wishes = Wishes(
        arguments.tree,
        arguments.base,
        arguments.build,
        arguments.run_tests,
        arguments.claims,
        tuple(arguments.ignore),
    )
    series = read_series(arguments.source, arguments.cover_letter)
    with workspace() as directory, progress() as tell:
        report = verify_series(series, wishes, directory, tell)
    _write(FORMATS[arguments.format](report), arguments.output)
    return int(report.fails(Severity[arguments.fail_on.upper()]))


def _write(text: str, output: str | None) -> None:
    if output is None:
        sys.stdout.write(text)
        return
    try:
        Path(output).write_text(text, "utf-8")
    except OSError as error:
        raise InputError(f'cannot write "{output}": {error.strerror}', "see --output") from error
