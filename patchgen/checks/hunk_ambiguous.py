"""hunk-ambiguous"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.findings import Location, Problem, Severity
from patchgen.trees.evidence import Standing
from patchgen.trees.landing import LandedFile, LandedHunk, LandedSeries

_LISTED = 5


@check(LandedSeries, Severity.ERROR)
def hunk_ambiguous(landed: LandedSeries) -> Iterator[Problem]:
    """The lines of a hunk stand at several places of the file, and git takes one of them.

    Why: git takes the place nearest to the line number, which is right on the tree that the patch
    was made on and nowhere else. Where the change was made already, that is another place, and the
    change is made twice. A note where the tree is that one, or where the heading decides, or the
    line that the header names in the section that it names.

    Bad:
        three lines of context that two #ifdef branches of a function share, on another base

    Good:
        more context (git format-patch -U10), or the base that the series is for
    """
    for file in landed.files:
        for hunk in file.hunks:
            standing = hunk.verdict.standing
            if standing is Standing.AMBIGUOUS:
                yield _unclear(file, hunk)
            elif standing is Standing.MADE:
                yield _made(file, hunk)
            elif standing in (Standing.SURE, Standing.LIKELY) and len(hunk.place.fits) > 1:
                yield _clear(file, hunk)


def _unclear(file: LandedFile, hunk: LandedHunk) -> Problem:
    taken = hunk.place.index
    path = file.file.old_path
    others = [at for at in hunk.verdict.rivals if at != taken]
    fit = set(others) <= {*hunk.place.fits}
    what = f"fits at {_lines([taken, *others])}" if fit else f"may be meant for {_lines(others)}"
    return Problem(
        f'hunk {what} of "{path}", git takes line {taken + 1}',
        Location(file.patch.file, hunk.hunk.line, file.patch.position),
        f'line {taken + 1} is in "{file.section(taken + 1)}"; generate the patch again on this'
        " base, or with more context",
    )


def _made(file: LandedFile, hunk: LandedHunk) -> Problem:
    taken, there = hunk.place.index + 1, hunk.verdict.rivals[0] + 1
    return Problem(
        f'the change is at line {there} of "{file.file.old_path}" already, git makes it once more '
        f"at line {taken}",
        Location(file.patch.file, hunk.hunk.line, file.patch.position),
        "drop the hunk if the base has what it is for; else generate the patch again on this base",
    )


def _clear(file: LandedFile, hunk: LandedHunk) -> Problem:
    taken = hunk.place.index
    why = "the file is the one it was made on" if file.same else "the heading agrees there"
    if hunk.verdict.standing is Standing.LIKELY and not hunk.place.offset:
        why = "the header names that line, and the heading agrees there"
    if hunk.verdict.standing is Standing.SURE and not file.same:
        why = "its lines were there in the version it was made on"
    return Problem(
        f'hunk fits at {_lines(hunk.place.fits)} of "{file.file.old_path}", git takes line '
        f"{taken + 1}: {why}",
        Location(file.patch.file, hunk.hunk.line, file.patch.position),
        "on another base git may take another one; more context would help (git format-patch -U10)",
        Severity.NOTE,
    )


def _lines(places: tuple[int, ...] | list[int]) -> str:
    shown = [str(at + 1) for at in sorted({*places})]
    more = f" and {len(shown) - _LISTED} more" if len(shown) > _LISTED else ""
    listed = ", ".join(shown[:_LISTED])
    return f"line{'' if len(shown) == 1 else 's'} {listed}{more}"
