"""shortlog-mismatch"""

from collections.abc import Iterator
from difflib import SequenceMatcher

from patchgen.checks.check import check
from patchgen.checks.subjects import CoveredSeries
from patchgen.findings import Location, Problem, Severity
from patchgen.series.shortlog import AuthorBlock
from patchgen.series.subject import parse_subject


@check(CoveredSeries, Severity.ERROR)
def shortlog_mismatch(covered: CoveredSeries) -> Iterator[Problem]:
    """The cover letter's shortlog does not list the patches of the series.

    Why: a title that differs, is missing or stands in another order shows that the letter was
    written for another version of the series. How titles are wrapped does not matter.

    Bad:
        A U Thor (2):
          foo: add bar
        (and a series of two patches)

    Good:
        A U Thor (2):
          foo: add bar
          foo: use bar
    """
    shortlog = covered.cover.shortlog
    if shortlog is None:
        return
    titles: dict[str, list[str]] = {}
    for patch in covered.series.patches:
        titles.setdefault(patch.author.name, []).append(patch.subject.summary)
    for block in shortlog.blocks:
        yield from _block(covered, block, titles.pop(block.author, []))
    for author, missing in titles.items():
        yield _problem(
            covered,
            shortlog.blocks[0].line,
            f'shortlog does not list "{author}", the author of {len(missing)} of the patches',
        )


def _block(covered: CoveredSeries, block: AuthorBlock, titles: list[str]) -> Iterator[Problem]:
    if not titles:
        message = f'shortlog lists "{block.author}", who is the author of no patch'
        yield _problem(covered, block.line, message)
        return
    if block.count != len(titles):
        yield _problem(
            covered,
            block.line,
            f'shortlog counts {block.count} patches by "{block.author}", the series has '
            f"{len(titles)}",
        )
    listed = [parse_subject(entry.title).summary for entry in block.entries]
    for kind, low, high, start, end in SequenceMatcher(
        None, listed, titles, autojunk=False
    ).get_opcodes():
        if kind == "equal":
            continue
        for entry, title in zip(block.entries[low:high], titles[start:end], strict=False):
            message = f'shortlog says "{entry.title}", the patch is "{title}"'
            yield _problem(covered, entry.line, message)
        common = min(high - low, end - start)
        for entry in block.entries[low + common : high]:
            message = f'shortlog lists "{entry.title}", which is not where the series has it'
            yield _problem(covered, entry.line, message)
        for title in titles[start + common : end]:
            near = block.entries[min(low, len(listed) - 1)].line
            message = f'shortlog does not list "{title}" where the series has it'
            yield _problem(covered, near, message)


def _problem(covered: CoveredSeries, line: int, message: str) -> Problem:
    return Problem(
        message,
        Location(covered.cover.file, line, 0),
        "generate the cover letter again with git format-patch --cover-letter",
    )
