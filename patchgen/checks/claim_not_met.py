"""claim-not-met"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.checks.subjects import ClaimedSeries
from patchgen.findings import Location, Problem, Severity
from patchgen.promises import Claim
from patchgen.running.compare import unit_of, unmet


@check(ClaimedSeries, Severity.ERROR)
def claim_not_met(claimed: ClaimedSeries) -> Iterator[Problem]:
    """A step does not do what the cover letter promises of it.

    Why: a series is taken for what its letter says. Claims are kept with the series' templates, in
    terms of what the tests of the tree measure; each is held against every step from the one on
    from which it is said to hold. A step is blamed for scenarios that kept the promise before it.

    Bad:
        "a firing timer costs no exit": 1000 exits per 1000 ticks after patch 2

    Good:
        "a firing timer costs no exit": 0 exits per 1000 ticks after patch 2
    """
    claim = claimed.claim
    hint = f"the claim is to hold from step {claim.first_step} on"
    broken: set[str] = set()
    for tested in claimed.tested:
        if tested.patch.position < claim.first_step or tested.run.end:
            continue
        location = Location(tested.patch.file, tested.patch.subject_line, tested.patch.position)
        wrong = unmet(claim, tested.run, claimed.base)
        if wrong is None:
            message = f'claim "{claim.says}": no scenario measures {claim.metric}'
            yield Problem(message, location, hint)
            return
        fresh = {name: values for name, values in wrong.items() if name not in broken}
        if fresh:
            yield Problem(
                _message(claim, fresh, unit_of([tested.run], claim.metric)), location, hint
            )
        broken = set(wrong)


def _message(claim: Claim, fresh: dict[str, tuple[float, float]], unit: str) -> str:
    name, (value, base) = next(iter(fresh.items()))
    promised = claim.expectation.in_words(base) if claim.expectation else ""
    more = f"; nor is it in {len(fresh) - 1} more scenarios" if len(fresh) > 1 else ""
    return (
        f'claim "{claim.says}" is not met in "{name}": {claim.metric} is {value:g} {unit}, '
        f"promised is {promised}{more}"
    )
