"""version-inconsistent"""

from collections import Counter
from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.findings import Location, Problem, Severity
from patchgen.series.model import CoverLetter, Patch, Series


@check(Series, Severity.ERROR)
def version_inconsistent(series: Series) -> Iterator[Problem]:
    """The mails of the series are not all of one version.

    Why: patches of another version are mixed in, or the version was typed by hand and forgotten
    in some; tools that collect a series by its version will not find them.

    Bad:
        [PATCH v2 0/2], [PATCH v2 1/2], [PATCH 2/2]

    Good:
        [PATCH v2 0/2], [PATCH v2 1/2], [PATCH v2 2/2]
    """
    mails: list[CoverLetter | Patch] = [series.cover] if series.cover else []
    mails += series.patches
    ((usual, _),) = Counter(one.subject.version for one in mails).most_common(1)
    for one in mails:
        if one.subject.version != usual:
            yield Problem(
                f'"{one.subject}" is of version {one.subject.version}, others of version {usual}',
                Location(one.file, one.subject_line, getattr(one, "position", 0)),
                f"generate all mails together with git format-patch -v{usual}",
            )
