"""bidi-control-character"""

import re
from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.findings import Location, Problem, Severity
from patchgen.series.model import Patch

_CONTROL = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_HINT = "remove the character; scripts that run from right to left need none of them in code"


@check(Patch, Severity.ERROR)
def bidi_control_character(patch: Patch) -> Iterator[Problem]:
    """A patch has invisible characters that turn the direction of text.

    Why: an editor, a browser and a mailer show such a line in another order than a compiler reads
    it in, so what is reviewed is not what is built (CVE-2021-42574, "Trojan Source").

    Bad:
        +	/* <U+202E> } <U+2066> if (is_admin) <U+2069> <U+2066> begin */

    Good:
        +	/* if (is_admin) begin */
    """
    added = [
        (f'line added to "{file.path}"', line.number, match)
        for file in patch.diff.files
        for hunk in file.hunks
        for line in hunk.lines
        if line.text.startswith("+") and (match := _CONTROL.search(line.text))
    ]
    named = [
        ("path of a file", file.line, match)
        for file in patch.diff.files
        if (match := _CONTROL.search(file.path))
    ]
    said = [
        ("message", line.number, match)
        for line in patch.message
        if (match := _CONTROL.search(line.text))
    ]
    if match := _CONTROL.search(patch.subject.summary):
        said.insert(0, ("summary", patch.subject_line, match))
    for found, severity in ((named + added, None), (said, Severity.WARNING)):
        for what, line, match in found[:1]:
            more = len(found) - 1
            others = f", and {more} more line{'s have' if more > 1 else ' has'} one" if more else ""
            yield Problem(
                f"{what} has U+{ord(match[0]):04X}, which turns the direction of text{others}",
                Location(patch.file, line, patch.position),
                _HINT,
                severity,
            )
