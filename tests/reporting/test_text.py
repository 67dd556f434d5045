"""The text report: what is said once, and what is counted."""

from dataclasses import replace

from patchgen.report import Report, ReportedClaim
from patchgen.reporting.text import format_text

EMPTY = Report("title", 1, None, (), None, (), (), ())


def claims(*outcomes: tuple[str, str, str]) -> list[str]:
    report = replace(EMPTY, claims=tuple(ReportedClaim(*outcome) for outcome in outcomes))
    return [line.strip() for line in format_text(report).splitlines() if "claim" in line]


def test_broken_claims_are_all_named_and_held_ones_are_not() -> None:
    assert claims(("a", "broken", "x"), ("b", "broken", "x"), ("c", "held", "x")) == [
        "claim   broken: a (x)",
        "claim   broken: b (x)",
    ]


def test_claims_left_for_one_reason_are_counted() -> None:
    assert claims(
        ("a", "not checked", "not run"),
        ("b", "not checked", "not run"),
        ("c", "not checked", "needs a server"),
    ) == [
        "claim   not checked: 2 claims (not run)",
        "claim   not checked: c (needs a server)",
    ]
