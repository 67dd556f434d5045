"""author-mismatch"""

import re
from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.findings import Location, Problem, Severity
from patchgen.series.model import Patch

_REWRITTEN = re.compile(r".+ via .+")
_ADDRESS = re.compile(r"[^@\s<>]+@[^@\s<>]+")
_NOWHERE = (".", ".(none)", "@localhost", ".localdomain")
_IN_BODY = re.compile(r"From:\s*(.*)", re.IGNORECASE)


@check(Patch, Severity.ERROR)
def author_mismatch(patch: Patch) -> Iterator[Problem]:
    """The author that git would record is not the person who wrote the patch.

    Why: git takes the author from the mail's From header, or from a From line on top of the
    message. Where a mailing list rewrote the header, the list becomes the author; where there is
    no address, git-am fails or takes the sender.

    Bad:
        From: A U Thor via foo-devel <foo-devel@lists.example.org>
        Subject: [PATCH] foo: add bar

        It was missing.

    Good:
        From: A U Thor via foo-devel <foo-devel@lists.example.org>
        Subject: [PATCH] foo: add bar

        From: A U Thor <author@example.com>

        It was missing.
    """
    if patch.mail.headless:
        return
    author = patch.author
    where = Location(patch.file, patch.subject_line, patch.position)
    hint = 'begin the message with "From: NAME <ADDRESS>", as git format-patch --from does'
    first = next((line for line in patch.mail.text if line.text.strip()), None)
    named = _IN_BODY.fullmatch(first.text) if first else None
    nobody = next((fault for fault in patch.faults if fault.author), None)
    if nobody is not None:
        location = Location(patch.file, nobody.line, patch.position)
        yield Problem(f"{nobody.message}; git am refuses the mail", location, hint)
    elif first and named and "@" not in named[1]:
        yield Problem(
            f'"{first.text.strip()}" has no address, git does not take it for the author',
            Location(patch.file, first.number, patch.position),
            hint,
        )
    elif not _ADDRESS.fullmatch(author.email) or author.email.endswith(_NOWHERE):
        shown = f'"{author}" is no author with an address' if str(author) else "there is no author"
        yield Problem(shown, where, hint)
    elif author == patch.mail.author and _REWRITTEN.fullmatch(author.name):
        yield Problem(
            f'the author would be "{author}", which is what a mailing list made of the sender',
            where,
            hint,
        )
