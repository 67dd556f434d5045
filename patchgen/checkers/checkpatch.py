"""Running the base tree's ``scripts/checkpatch.pl`` on the patches of a series."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from patchgen.checkers.names import SCRIPTS
from patchgen.checkers.posted import PlainMail
from patchgen.checkers.scripts import Bench, failure

SCRIPT = SCRIPTS["checkpatch"]
_READ_BY_IT = ("scripts/const_structs.checkpatch", "scripts/spelling.txt", ".checkpatch.conf")
_HOW = ("--no-tree", "--quiet", "--terse", "--show-types", "--no-summary", "--no-signoff")
_REMARK = re.compile(r"(\d+)\.patch:(\d+): (ERROR|WARNING|CHECK):([A-Z0-9_]+): (.*)")

OURS = {
    "BAD_FIXES_TAG": "fixes-malformed",
    "COMMIT_MESSAGE": "message-empty",
    "CORRUPTED_PATCH": "lines-lost",
    "DOS_LINE_ENDINGS": "crlf-line-endings",
    "EXECUTE_PERMISSIONS": "mode-made-executable",
    "FROM_SIGN_OFF_MISMATCH": "author-not-signed-off",
    "GIT_COMMIT_ID": "commit-reference-malformed",
    "MISSING_SIGN_OFF": "signed-off-by-missing",
    "NO_AUTHOR_SIGN_OFF": "author-not-signed-off",
    "UNKNOWN_COMMIT_ID": "commit-reference-unknown",
}
"""What checkpatch is not asked about, and the check that looks at it."""


@dataclass(frozen=True, slots=True)
class Remark:
    """What checkpatch says of a line of the user's file: how loud, its own name for it, a text."""

    line: int | None
    level: str
    type: str
    text: str


def run_checkpatch(
    bench: Bench, mails: Sequence[PlainMail], options: Sequence[str]
) -> dict[int, tuple[Remark, ...]]:
    """The remarks on every patch, by its position; ``options`` are added to ours.

    Raises CheckerError when it fails.
    """
    bench.bring(*_READ_BY_IT)
    names = [f"{mail.patch.position:04}.patch" for mail in mails]
    for name, mail in zip(names, mails, strict=True):
        bench.write(name, mail.data)
    ignored = f"--ignore={','.join(OURS)}"
    status, said = bench.perl(SCRIPT, *_HOW, ignored, *options, *names, files=len(names))
    found: dict[int, list[Remark]] = {mail.patch.position: [] for mail in mails}
    by_position = {mail.patch.position: mail for mail in mails}
    for text in said:
        if match := _REMARK.fullmatch(text):
            position = int(match[1])
            line = by_position[position].line(int(match[2]))
            found[position].append(Remark(line, match[3], match[4], match[5]))
    if status and not any(found.values()):
        raise failure(SCRIPT, said)
    return {position: tuple(remarks) for position, remarks in found.items()}
