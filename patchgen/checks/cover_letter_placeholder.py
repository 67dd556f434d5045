"""cover-letter-placeholder"""

import re
from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.findings import Location, Problem, Severity
from patchgen.series.model import Series

_TITLE = re.compile(r"\*\*\* SUBJECT HERE \*\*\*|EDITME\b.*")
_LINE = re.compile(r"\*\*\* BLURB HERE \*\*\*|(?:- )?EDITME: .*")


@check(Series, Severity.ERROR)
def cover_letter_placeholder(series: Series) -> Iterator[Problem]:
    """The cover letter still has the text that says where to write.

    Why: git format-patch and b4 put it there; it was not meant to be sent.

    Bad:
        Subject: [PATCH 0/2] *** SUBJECT HERE ***

        *** BLURB HERE ***

    Good:
        Subject: [PATCH 0/2] foo: make bar faster

        It takes half the time.
    """
    cover = series.cover
    if cover is None:
        return
    hint = "write what the series does and why"
    if _TITLE.fullmatch(cover.subject.summary):
        yield Problem(
            f'the title of the cover letter is "{cover.subject.summary}"',
            Location(cover.file, cover.subject_line, 0),
            hint,
        )
    for line in cover.blurb:
        if _LINE.fullmatch(line.text.rstrip()):
            message = f'the cover letter still says "{line.text.strip()}"'
            yield Problem(message, Location(cover.file, line.number, 0), hint)
