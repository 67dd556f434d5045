"""Finding out what patches of a series take out again of what earlier ones put in."""

from patchgen.series.model import Series
from patchgen.series.reverts import find_reverts
from patchgen.stages.facts import Facts

_CHECK = "patch-reverts-earlier-patch"


def reverts_stage(series: Series, facts: Facts) -> None:
    """Hand on what the patches' own hunks tell; a base tree is not needed."""
    if len(series.patches) < 2:
        return
    reverts = find_reverts(series.patches)
    facts.subjects.append(reverts)
    for doubt in reverts.doubts:
        facts.skip(f'"{doubt.path}": {doubt.reason}', _CHECK)
