"""shortlog-mismatch"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from difflib import SequenceMatcher

from patchgen.checks.check import check
from patchgen.checks.subjects import CoveredSeries
from patchgen.findings import Location, Problem, Severity
from patchgen.series.mail.charset import with_latin1_guessed
from patchgen.series.mail.subject import parse_subject
from patchgen.series.shortlog import AuthorBlock
from patchgen.series.text import from_bytes, to_bytes


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
    if not shortlog.blocks[0].author:
        titles_in_order = [_recorded(patch.subject.summary) for patch in covered.series.patches]
        yield from _numbered(covered, shortlog.blocks[0], titles_in_order)
        return
    titles: dict[str, list[str]] = {}
    for patch in covered.series.patches:
        author = _recorded(patch.author.name)
        titles.setdefault(author, []).append(_recorded(patch.subject.summary))
    for block in shortlog.blocks:
        yield from _block(covered, block, titles.pop(block.author, []))
    for author, missing in titles.items():
        yield _problem(
            covered,
            shortlog.blocks[0].line,
            f'shortlog does not list "{author}", the author of {len(missing)} of the patches',
        )


def _recorded(text: str) -> str:
    """A name or title as a commit has it, where a byte that is no UTF-8 is taken for Latin-1."""
    return from_bytes(with_latin1_guessed(to_bytes(text)))


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
    yield from _titles(covered, block, titles)


def _numbered(covered: CoveredSeries, block: AuthorBlock, titles: list[str]) -> Iterator[Problem]:
    """A ``[1/3] title`` list, whose titles may have the author in parentheses behind them."""
    if block.count != len(titles):
        message = f"list of patches counts {block.count}, the series has {len(titles)}"
        yield _problem(covered, block.line, message)
    names = {f" ({_recorded(patch.author.name)})" for patch in covered.series.patches}
    entries = tuple(
        replace(entry, title=_without(entry.title, names, titles)) for entry in block.entries
    )
    yield from _titles(covered, replace(block, entries=entries), titles)


def _without(title: str, names: Iterable[str], titles: Collection[str]) -> str:
    bare = (title.removesuffix(name) for name in names if title.endswith(name))
    return next(bare, title) if title not in titles else title


def _titles(covered: CoveredSeries, block: AuthorBlock, titles: list[str]) -> Iterator[Problem]:
    listed = [_plain(entry.title, titles) for entry in block.entries]
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


def _plain(title: str, titles: Iterable[str]) -> str:
    """The title as git records it; the patch's own wherever only blanks differ.

    Mailing list software folds subjects where there was no blank.
    """
    summary = parse_subject(title).summary
    packed = "".join(summary.split())
    return next((one for one in titles if "".join(one.split()) == packed), summary)


def _problem(covered: CoveredSeries, line: int, message: str) -> Problem:
    return Problem(
        message,
        Location(covered.cover.file, line, 0),
        "generate the cover letter again with git format-patch --cover-letter",
    )
