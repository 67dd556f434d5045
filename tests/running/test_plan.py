"""What a base tree may say about its tests, and what a series may promise."""

import pytest

from patchgen.errors import InputError
from patchgen.promises import Scenarios, claim_from
from patchgen.running.compare import ranges, unmet
from patchgen.running.ktap import parse_ktap
from patchgen.running.plan import MetricRule, TableRow, run_plan
from patchgen.running.step import StepRun


def run(number: int, **values: int) -> StepRun:
    lines = ["KTAP version 1", f"1..{len(values)}"]
    for count, (name, value) in enumerate(values.items(), 1):
        lines += [f"# metric: exits {value} a tick", f"ok {count} {name}"]
    output = "\n".join(lines)
    return StepRun(number, parse_ktap(output), None, output)


def test_a_tree_without_tests_has_no_plan() -> None:
    assert run_plan({"tree": {"name": "x"}}) is None


def test_a_plan_has_limits_rules_and_rows() -> None:
    plan = run_plan(
        {
            "run": {
                "program": "machine/check",
                "seconds": 5,
                "metrics": {"exits": {"better": "lower", "tolerance": 2}},
                "table": [{"title": "t", "metric": "exits", "scenarios": ["a*"], "except": ["ab"]}],
            }
        }
    )
    assert plan is not None
    assert plan.limits.seconds == 5
    assert plan.rules == (MetricRule("exits", "lower", 2.0),)
    assert plan.rows == (TableRow("t", "exits", Scenarios(("a*",), ("ab",))),)


@pytest.mark.parametrize(
    "table",
    [
        {},
        {"program": 7},
        {"program": "/bin/sh"},
        {"program": "../x"},
        {"program": "x", "seconds": "soon"},
        {"program": "x", "metrics": {"exits": {"better": "nicer"}}},
        {"program": "x", "table": [{"title": "t"}]},
    ],
)
def test_a_plan_that_cannot_be_read_is_bad_input(table: dict[str, object]) -> None:
    with pytest.raises(InputError):
        run_plan({"run": table})


@pytest.mark.parametrize(
    ("better", "measured", "worse"),
    [
        ("lower", 12, False),
        ("lower", 13, True),
        ("lower", 0, False),
        ("higher", 8, False),
        ("higher", 7, True),
        ("equal", 12, False),
        ("equal", 13, True),
        ("equal", 7, True),
    ],
)
def test_a_rule_tolerates_what_it_says(better: str, measured: int, worse: bool) -> None:
    assert MetricRule("exits", better, 2).worse(measured, 10) is worse


def test_rows_show_values_ranges_and_what_stayed() -> None:
    runs = [
        run(0, a=1, b=2, c=9),
        run(1, a=1, b=2, c=0),
        run(2, a=0, b=0),
        run(3, a=0, b=5),
        run(4),
    ]
    row = TableRow("t", "exits", Scenarios(("*",), ("c",)))
    assert list(ranges(runs, row)) == ["1..2", "as base", "0", "0..5", "-"]


def test_claims_hold_or_name_where_they_do_not() -> None:
    base, after = run(0, a=1, b=2), run(1, a=0, b=3)
    table = {"says": "x", "metric": "exits", "scenarios": ["*"]}
    assert unmet(claim_from({**table, "expect": "= 0"}), after, base) == {"b": (3.0, 2.0)}
    assert unmet(claim_from({**table, "expect": "<= base"}), after, base) == {"b": (3.0, 2.0)}
    assert unmet(claim_from({**table, "expect": ">= base"}), after, base) == {"a": (0.0, 1.0)}
    assert unmet(claim_from({**table, "expect": "<= 3"}), after, base) == {}
    elsewhere = {**table, "scenarios": ["z*"], "expect": "= 0"}
    assert unmet(claim_from(elsewhere), after, base) is None


@pytest.mark.parametrize(
    "table",
    [
        {},
        {"says": "x"},
        {"says": "x", "metric": "m", "scenarios": ["*"], "expect": "about 3"},
        {"says": "x", "metric": "m", "scenarios": "all", "expect": "= 3"},
        {"says": "x", "metric": "m", "scenarios": ["*"], "expect": "= 3", "form": 2},
        {"says": "x", "not-checked": "no server", "metric": "m"},
        {"says": "x", "metric": "m", "scenarios": ["*"], "expect": "= 3", "from": "two"},
    ],
)
def test_a_claim_that_cannot_be_read_is_refused(table: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        claim_from(table)
