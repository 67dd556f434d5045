"""sign-off-chain-broken"""

import re
from collections.abc import Iterator
from itertools import pairwise

from patchgen.checks.check import check
from patchgen.findings import Location, Problem, Severity
from patchgen.series.mail.identity import Identity, parse_identity
from patchgen.series.model import CoverLetter, Patch, Series
from patchgen.series.trailers.block import SIGN_OFF
from patchgen.series.trailers.people import person, same_person

_FROM = re.compile(r"From:\s*(.*@.*)")


@check(Series, Severity.WARNING)
def sign_off_chain_broken(series: Series) -> Iterator[Problem]:
    """The last sign-off is not that of whoever sends the patch.

    Why: the sign-offs tell in order through whose hands a patch went, from the author to the
    sender; "the last Signed-off-by: must always be that of the developer submitting the patch"
    (Documentation/process/submitting-patches.rst in the kernel tree). The sender is named by the
    mail's ``From:`` where the author is another, and by the cover letter's. Two sign-offs of one
    person in a row are no step of a chain, either.

    Bad:
        From: C O Mitter <committer@example.com>

        From: A U Thor <author@example.com>

        Signed-off-by: C O Mitter <committer@example.com>
        Signed-off-by: A U Thor <author@example.com>

    Good:
        From: C O Mitter <committer@example.com>

        From: A U Thor <author@example.com>

        Signed-off-by: A U Thor <author@example.com>
        Signed-off-by: C O Mitter <committer@example.com>
    """
    for patch in series.patches:
        signed = [trailer for trailer in patch.trailers if trailer.named(SIGN_OFF)]
        for one, following in pairwise(patch.trailers):
            if one in signed and following in signed and _same(one.value, following.value):
                yield Problem(
                    f'"{following.value}" signs off twice in a row',
                    Location(patch.file, following.line, patch.position),
                    "leave one of the two out",
                )
        senders = _senders(patch, series.cover)
        if not signed or not senders or not all(_has_name(sender) for sender in senders):
            continue
        last = signed[-1]
        if not any(same_person(person(last.value), sender) for sender in senders):
            yield Problem(
                f'the last sign-off is that of "{last.value}", the sender is "{senders[0]}"',
                Location(patch.file, last.line, patch.position),
                f'end the chain with "{SIGN_OFF}: {senders[0]}"; '
                "whoever wrote the patch, too, is named by Co-developed-by",
            )


def _senders(patch: Patch, cover: CoverLetter | None) -> list[Identity]:
    """Who may have sent the patch; nobody, where that is not known.

    Without a ``From:`` of its own in the message, the one of the mail is the author's before the
    mail is sent, and only the cover letter tells who sends it.
    """
    header = patch.mail.author
    if not same_person(header, patch.author):
        return [header, *_signs(cover)]
    return [header, cover.author, *_signs(cover)] if cover else []


def _signs(cover: CoverLetter | None) -> Iterator[Identity]:
    """Who a letter says it is from, in its first line: accounts of others are used to send."""
    first = next((line.text for line in cover.body if line.text.strip()), "") if cover else ""
    if match := _FROM.fullmatch(first):
        yield parse_identity(match[1])


def _has_name(sender: Identity) -> bool:
    return bool(sender.name) and "@" not in sender.name


def _same(one: str, other: str) -> bool:
    return same_person(person(one), person(other))
