"""KTAP as test programs and kernels print it, and as nobody should."""

from hypothesis import given, settings
from hypothesis import strategies as st

from patchgen.running.ktap import Outcome, TestRun, parse_ktap

NESTED = """\
KTAP version 1
1..2
  KTAP version 1
  # Subtest: timer
  1..3
  # metric: exits 12 per 1000 ticks
  # a remark
  ok 1 oneshot
  not ok 2 - periodic # 3 ticks lost
  ok 3 deadline # SKIP no TSC
ok 1 timer
not ok 2 alone
"""


def outcomes(run: TestRun) -> dict[str, Outcome]:
    return {case.name: case.outcome for case in run.cases}


def test_subtests_are_named_by_the_path_to_them() -> None:
    run = parse_ktap(NESTED)
    assert outcomes(run) == {
        "timer/oneshot": Outcome.PASSED,
        "timer/periodic": Outcome.FAILED,
        "timer/deadline": Outcome.SKIPPED,
        "alone": Outcome.FAILED,
    }
    assert run.complete
    assert not run.faults


def test_metrics_and_remarks_belong_to_the_next_result() -> None:
    first, second, third, _ = parse_ktap(NESTED).cases
    assert [(one.name, one.value, one.unit) for one in first.metrics] == [
        ("exits", 12.0, "per 1000 ticks")
    ]
    assert first.diagnostics == ("a remark",)
    assert not second.metrics
    assert second.reason == "3 ticks lost"
    assert third.reason == "no TSC"


def test_kernel_log_lines_in_between_are_passed_over() -> None:
    stamped = "".join(f"[    0.{n:06}] {line}\n" for n, line in enumerate(NESTED.splitlines()))
    noisy = stamped.replace("\n", "\nsystemd[1]: something else\n")
    assert parse_ktap("Booting Linux\n" + noisy) == parse_ktap(NESTED)


def test_directives_decide_over_ok_and_not_ok() -> None:
    run = parse_ktap(
        "TAP version 14\n1..6\nok 1 a # SKIP x\nnot ok 2 b # XFAIL known\nnot ok 3 c # TODO later\n"
        "not ok 4 d # TIMEOUT\nok 5 e # a remark\nnot ok 6 # SKIP\n"
    )
    assert list(outcomes(run).values()) == [
        Outcome.SKIPPED,
        Outcome.EXPECTED_FAILURE,
        Outcome.TODO,
        Outcome.FAILED,
        Outcome.PASSED,
        Outcome.SKIPPED,
    ]


def test_a_suite_that_fails_though_its_subtests_pass_fails() -> None:
    run = parse_ktap("KTAP version 1\n1..1\n  1..1\n  ok 1 a\nnot ok 1 suite\n")
    assert outcomes(run) == {"suite/a": Outcome.PASSED, "suite": Outcome.FAILED}


def test_a_plan_may_come_last_or_not_at_all() -> None:
    for text in ("KTAP version 1\nok 1 a\n1..1\n", "KTAP version 1\nok 1 a\n"):
        assert parse_ktap(text).complete


def test_output_that_ends_early_says_where() -> None:
    run = parse_ktap(
        "KTAP version 1\n1..1\n"
        "  # Subtest: timer\n  1..3\n  # case: one\n  ok 1 one\n  # case: two\n"
    )
    assert not run.complete
    assert outcomes(run) == {"timer/one": Outcome.PASSED}
    assert run.started == "timer/two"


def test_wrong_plans_and_numbers_are_faults() -> None:
    assert not parse_ktap("KTAP version 1\n1..2\nok 1 a\n").complete
    assert parse_ktap("KTAP version 1\n1..2\nok 1 a\nok 1 b\n").faults == (
        'result "b" has number 1, 2 is due',
    )
    assert not parse_ktap("KTAP version 1\n1..2\nok 1 a\nBail out! no memory\n").complete


def test_no_ktap_at_all_is_a_fault() -> None:
    assert parse_ktap("Segmentation fault\n") == TestRun((), ("no KTAP output",), False)


@settings(max_examples=300, deadline=None)
@given(st.text())
def test_garbage_is_read_without_an_error(text: str) -> None:
    parse_ktap(text)


LINES = st.sampled_from(
    [
        *NESTED.splitlines(),
        "  ok",
        "1..0",
        "    KTAP version 1",
        "ok 999999999 x",
        "# metric: a nan b",
    ]
)


@settings(max_examples=500, deadline=None)
@given(st.lists(LINES))
def test_lines_in_any_order_are_read_without_an_error(lines: list[str]) -> None:
    run = parse_ktap("\n".join(lines))
    assert run.complete or run.faults


NAMES = st.text(st.sampled_from("abc xyz-/#\\"), min_size=1, max_size=8).map(str.strip).filter(bool)
TREES = st.recursive(
    st.sampled_from([Outcome.PASSED, Outcome.FAILED]),
    lambda inner: st.lists(st.tuples(NAMES, inner), min_size=1, max_size=4),
    max_leaves=12,
)


def written(tests: list[tuple[str, object]], indent: str = "") -> list[str]:
    lines = [f"{indent}KTAP version 1", f"{indent}1..{len(tests)}"]
    for number, (name, test) in enumerate(tests, 1):
        if isinstance(test, list):
            lines += written(test, indent + "  ")
        escaped = name.replace("\\", "\\\\").replace("#", "\\#")
        ok = "ok" if test is not Outcome.FAILED else "not ok"
        lines.append(f"{indent}{ok} {number} - {escaped}")
    return lines


def flat(tests: list[tuple[str, object]], path: str = "") -> list[tuple[str, object]]:
    found: list[tuple[str, object]] = []
    for name, test in tests:
        words = " ".join(name.split(" "))
        found += flat(test, f"{path}{words}/") if isinstance(test, list) else [(path + words, test)]
    return found


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(NAMES, TREES), min_size=1, max_size=4))
def test_what_is_written_is_read_back(tests: list[tuple[str, object]]) -> None:
    run = parse_ktap("\n".join(written(tests)) + "\n")
    assert run.complete
    assert [(case.name, case.outcome) for case in run.cases] == flat(tests)
