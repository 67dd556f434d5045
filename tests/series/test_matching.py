"""Where lines stand in a file, against a search that is slow and plain."""

from hypothesis import given
from hypothesis import strategies as st

from patchgen.series.diff.matching import exact_places, nearest
from tests.series.generated import examples

FEW = st.sampled_from("abc")
FILES = st.lists(FEW, max_size=12)
RUNS = st.lists(FEW, min_size=1, max_size=4)


@examples(200)
@given(run=RUNS, lines=FILES)
def test_every_exact_place_is_found(run: list[str], lines: list[str]) -> None:
    places = [at for at in range(len(lines)) if lines[at : at + len(run)] == run]
    assert list(exact_places(run, lines)) == places


def test_nothing_stands_nowhere() -> None:
    assert list(exact_places([], ["a"])) == []


@examples(200)
@given(run=RUNS, lines=FILES, expected=st.integers(0, 12))
def test_no_place_is_nearer_than_the_nearest(
    run: list[str], lines: list[str], expected: int
) -> None:
    scores = {
        at: sum(a == b for a, b in zip(run, lines[at:], strict=False)) for at in range(len(lines))
    }
    best = max(scores.values(), default=0)
    found = nearest(run, lines, expected)
    if best == len(run) or best * 2 < len(run) or not best:
        assert found is None
        return
    assert found is not None
    assert scores[found.position] == best
    among = [at for at, score in scores.items() if score == best]
    assert abs(found.position - expected) == min(abs(at - expected) for at in among)
    at = found.position + found.difference
    assert lines[found.position : at] == run[: found.difference]
    assert found.found == (lines[at] if at < len(lines) else None)
    assert found.found != run[found.difference]
