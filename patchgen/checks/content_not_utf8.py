"""content-not-utf8"""

import re
from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.findings import Location, Problem, Severity
from patchgen.series.model import Patch
from patchgen.series.text import to_bytes

_RAW = re.compile("[\udc80-\udcff]")


@check(Patch, Severity.NOTE)
def content_not_utf8(patch: Patch) -> Iterator[Problem]:
    """A patch adds lines that are not UTF-8.

    Why: git applies them byte for byte, whatever charset the mail names; other tools put something
    else in their place. The kernel's files are UTF-8, and most editors and checkers expect that.

    Bad:
        + * Copyright J\\xf6rg

    Good:
        + * Copyright Jörg
    """
    added = [
        (file.path, line, match)
        for file in patch.diff.files
        for hunk in file.hunks
        for line in hunk.lines
        if line.text.startswith("+") and (match := _RAW.search(line.text))
    ]
    for path, line, match in added[:1]:
        more = len(added) - 1
        others = f", and {more} more line{'s are' if more > 1 else ' is'} not" if more else ""
        yield Problem(
            f'line added to "{path}" is not UTF-8, it has the byte 0x{to_bytes(match[0]).hex()}'
            f"{others}; git keeps it as it is",
            Location(patch.file, line.number, patch.position),
            "write the file in UTF-8, unless it has to have another charset",
        )
