"""prefix-inconsistent"""

from collections import Counter
from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.findings import Location, Problem, Severity
from patchgen.series.mail.subject import Subject
from patchgen.series.model import CoverLetter, Patch, Series


@check(Series, Severity.WARNING)
def prefix_inconsistent(series: Series) -> Iterator[Problem]:
    """The mails of the series do not all have the same words in their prefix.

    Why: the words say for which tree the series is and whether it is a request for comments;
    people filter by them, so some of the mails will be overlooked.

    Bad:
        [PATCH net-next 0/2], [PATCH net-next 1/2], [PATCH 2/2]

    Good:
        [PATCH net-next 0/2], [PATCH net-next 1/2], [PATCH net-next 2/2]
    """
    mails: list[CoverLetter | Patch] = [series.cover] if series.cover else []
    mails += series.patches
    ((usual, _),) = Counter(_words(one.subject) for one in mails).most_common(1)
    like = next(one.subject for one in mails if _words(one.subject) == usual)
    for one in mails:
        if _words(one.subject) != usual:
            yield Problem(
                f'"{one.subject}" has the prefix "{_shown(one.subject)}", others have '
                f'"{_shown(like)}"',
                Location(one.file, one.subject_line, getattr(one, "position", 0)),
                "generate all mails together with git format-patch --subject-prefix",
            )


def _words(subject: Subject) -> frozenset[str]:
    return frozenset(word.lower() for word in subject.prefix)


def _shown(subject: Subject) -> str:
    return " ".join(subject.prefix)
