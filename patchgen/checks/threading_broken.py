"""threading-broken"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.checks.subjects import PostedSeries
from patchgen.findings import Location, Problem, Severity
from patchgen.series.model import Series

_FEW = 6


@check(PostedSeries, Severity.WARNING)
def threading_broken(posted: PostedSeries) -> Iterator[Problem]:
    """Patches of the series are no replies to its other mails.

    Why: in mail readers and archives they stand alone, and tools that fetch a series by its
    thread do not find them. Each patch may answer the cover letter, the first patch, or the one
    before it. Looked at only where all mails are there and have a Message-ID.

    Bad:
        Message-ID: <2@example.org>
        Subject: [PATCH 2/2] foo: use bar

    Good:
        Message-ID: <2@example.org>
        In-Reply-To: <0@example.org>
        Subject: [PATCH 2/2] foo: use bar
    """
    series = posted.series
    cover = series.cover.mail if series.cover else None
    mails = [*([cover] if cover else []), *(patch.mail for patch in series.patches)]
    if len(mails) < 2 or not all(mail.message_id for mail in mails) or _has_gaps(series):
        return
    ids = {mail.message_id for mail in mails}
    head = cover or mails[0]
    alone = [
        patch
        for patch in series.patches
        if patch.mail is not head
        and not any(name in ids and name != patch.mail.message_id for name in patch.mail.answers)
    ]
    if alone:
        first = alone[0]
        numbers = ", ".join(str(patch.position) for patch in alone[:_FEW])
        numbers += " …" if len(alone) > _FEW else ""
        yield Problem(
            f"{'patch' if len(alone) == 1 else 'patches'} {numbers} "
            f"{'is' if len(alone) == 1 else 'are'} no reply to any mail of the series",
            Location(first.file, first.subject_line, first.position),
            "send all mails in one run of git send-email, or use git format-patch --thread",
        )


def _has_gaps(series: Series) -> bool:
    """Whether a mail may be missing that the others answer."""
    numbers = {patch.subject.number for patch in series.patches} - {None}
    total = max(patch.subject.total or 0 for patch in series.patches)
    return len(numbers) < total
