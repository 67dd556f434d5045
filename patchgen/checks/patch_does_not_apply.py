"""patch-does-not-apply"""

import re
from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.findings import Location, Problem, Severity
from patchgen.trees.diagnosis.causes import Diagnosis, Why

_AT_LINE = re.compile(r" at line (\d+)$")


@check(Diagnosis, Severity.ERROR)
def patch_does_not_apply(diagnosis: Diagnosis) -> Iterator[Problem]:
    """git refuses to apply a patch to the tree that the patches before it leave.

    Why: a maintainer's git am stops there. git decides; the hints say why, as far as the base, its
    history and the rest of the series show it: the nearest place and the first line that differs,
    white space, order, a file that was renamed, commits that are missing. A patch that the base
    has already is left to already-applied.

    Bad:
        a context line that is not in the file

    Good:
        a series generated on the tree it is for
    """
    if diagnosis.whole_is_there:
        return
    patch = diagnosis.refusal.patch
    yield Problem(
        f"patch does not apply: {_reason(diagnosis)}",
        Location(patch.file, _line(diagnosis), patch.position),
        "\n".join(_hints(diagnosis)),
    )


def _line(diagnosis: Diagnosis) -> int | None:
    if diagnosis.hunk and diagnosis.near:
        return diagnosis.hunk.pre_image[diagnosis.near.difference].number
    if diagnosis.hunk:
        return diagnosis.hunk.line
    if match := _AT_LINE.search(diagnosis.refusal.reason):
        return int(match[1])
    if diagnosis.file:
        return diagnosis.file.line
    patch = diagnosis.refusal.patch
    return patch.diff.files[0].line if patch.diff.files else patch.subject_line


def _reason(diagnosis: Diagnosis) -> str:
    if not (diagnosis.file and diagnosis.hunk and diagnosis.near):
        return _AT_LINE.sub("", diagnosis.refusal.reason)
    near = diagnosis.near
    wanted = diagnosis.hunk.pre_image[near.difference].text
    found = "the file ends" if near.found is None else f'has "{near.found}"'
    return f'{diagnosis.file.old_path}:{near.line + 1} {found}, the patch wants "{wanted}"'


def _hints(diagnosis: Diagnosis) -> Iterator[str]:
    if diagnosis.file and diagnosis.hunk:
        which = diagnosis.file.hunks.index(diagnosis.hunk) + 1
        place = f"hunk {which} of {diagnosis.total} for {diagnosis.file.old_path}"
        more = f", {diagnosis.failing} do not fit" if diagnosis.failing > 1 else ""
        near = diagnosis.near
        where = f" is nearest to line {near.position + 1}" if near else " fits nowhere"
        below = f', in "{near.heading}"' if near and near.heading else ""
        yield f"{place}{where}{below}{more}"
    for cause in diagnosis.causes:
        yield cause.says
    known = {cause.why for cause in diagnosis.causes}
    if (known or diagnosis.hunk) and known <= {
        Why.OTHER_VERSION,
        Why.NOTHING_SIMILAR,
        Why.LINES_NOWHERE,
    }:
        yield "rebase the series onto the base it is for, or name that base with --base"
