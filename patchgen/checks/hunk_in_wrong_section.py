"""hunk-in-wrong-section"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.findings import Location, Problem, Severity
from patchgen.trees.evidence import Standing
from patchgen.trees.landing import LandedFile, LandedHunk, LandedSeries


@check(LandedSeries, Severity.ERROR)
def hunk_in_wrong_section(landed: LandedSeries) -> Iterator[Problem]:
    """git puts a hunk into another function than its header names.

    Why: where similar functions follow each other, git am and git am -3 take the first place that
    has the lines of the hunk, and say nothing. The heading after @@, and the version of the file
    that the patch was made on where it is at hand, tell where it was meant to go. A warning where
    the file has no section of that name any more, and the history of the base does not tell that
    it has another name now.

    Bad:
        @@ -30,7 +30,7 @@ int third(void)
        (and the lines are found in "int first(void)")

    Good:
        a hunk that lands in the function which its header names
    """
    for file in landed.files:
        for hunk in file.hunks:
            if hunk.verdict.standing is Standing.ELSEWHERE:
                yield _elsewhere(file, hunk)
            elif hunk.verdict.standing is Standing.GONE:
                yield _gone(file, hunk)


def _elsewhere(file: LandedFile, hunk: LandedHunk) -> Problem:
    claimed = hunk.hunk.heading
    rivals = hunk.verdict.rivals
    where = f"{file.file.old_path}:{hunk.place.index + 1}"
    says = f'its header says "{claimed}"'
    landed, meant = file.section(hunk.place.index), file.section(rivals[0]) if rivals else claimed
    if landed == claimed or not claimed:
        says = f'its lines come from "{meant}"' if meant != landed else f"not at {rivals[0] + 1}"
    hints = [f"{where} is where the hunk lands, by its lines alone"]
    hints += [_rival(file, hunk, at) for at in rivals[:3]]
    return Problem(
        f'hunk lands in "{landed}" at {where}, {says}',
        Location(file.patch.file, hunk.hunk.line, file.patch.position),
        "\n".join(hints),
    )


def _rival(file: LandedFile, hunk: LandedHunk, at: int) -> str:
    place = f'{file.file.old_path}:{at + 1}, in "{file.section(at + 1)}"'
    if at in hunk.place.fits:
        return f"it fits as well at {place}"
    return f"it seems to be meant for {place}: generate the patch again on this base"


def _gone(file: LandedFile, hunk: LandedHunk) -> Problem:
    claimed = hunk.hunk.heading
    says = f'says "{claimed}", which is not there' if claimed else "names none"
    return Problem(
        f'hunk lands in "{file.section(hunk.place.index)}" at '
        f"{file.file.old_path}:{hunk.place.index + 1}, its header {says}",
        Location(file.patch.file, hunk.hunk.line, file.patch.position),
        "if that is the right place, generate the patch again on this base",
        Severity.WARNING,
    )
