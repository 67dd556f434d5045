"""The catalogue, the modules, the fixtures and the documentation name the same checks."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import patchgen.checks
from patchgen.checks import catalogue
from patchgen.checks.catalogue import CHECKS, find_check
from patchgen.checks.check import Check
from patchgen.errors import UsageError
from patchgen.findings import Severity
from tests.checks.test_cases import FIXTURES
from tests.conftest import ROOT, Ran

NOT_CHECKS = {"__init__", "catalogue", "check", "subjects"}
MODULES = {path.stem for path in Path(patchgen.checks.__path__[0]).glob("*.py")} - NOT_CHECKS

every_check = pytest.mark.parametrize("check", CHECKS.values(), ids=list(CHECKS))


def test_one_module_for_each_check() -> None:
    assert {module.replace("_", "-") for module in MODULES} == set(CHECKS)


def test_catalogue_is_sorted() -> None:
    assert list(CHECKS) == sorted(CHECKS)


def test_no_fixtures_without_check() -> None:
    assert {path.name for path in FIXTURES.iterdir() if path.is_dir()} == set(CHECKS)


@every_check
def test_id_names_module_and_function(check: Check[Any]) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z0-9]+)+", check.id) or (check.wraps and check.id.isalpha())
    assert check.find.__name__ == check.id.replace("-", "_")
    assert check.find.__module__ == f"patchgen.checks.{check.find.__name__}"


@every_check
def test_is_handed_what_it_takes(check: Check[Any]) -> None:
    assert catalogue._TAKES[check.id] == check.takes.__name__
    assert catalogue.IDS[check.id] is check.wraps


def test_types_that_are_taken_have_names_of_their_own() -> None:
    types = {check.takes for check in CHECKS.values()}
    assert len({one.__name__ for one in types}) == len(types)
    assert not any(one is not other and issubclass(one, other) for one in types for other in types)


@every_check
def test_severity_is_known(check: Check[Any]) -> None:
    assert check.severity in Severity


@every_check
def test_has_bad_and_good_cases(check: Check[Any]) -> None:
    names = {
        path.name.partition("-")[0] for path in (FIXTURES / check.id).iterdir() if path.is_dir()
    }
    assert names == {"bad", "good"}


@every_check
def test_documentation_is_complete(check: Check[Any]) -> None:
    assert "\n" not in check.title
    assert check.title.endswith(".")
    assert check.why
    assert check.bad
    assert check.good
    assert check.bad != check.good


@every_check
def test_explain_prints_the_documentation(check: Check[Any], run_cli: Callable[..., Ran]) -> None:
    ran = run_cli("explain", check.id)
    assert ran.status == 0
    assert ran.out.startswith(f"{check.id} ({check.severity})\n")
    for part in (check.title, check.why, check.bad, check.good):
        assert part in ran.out


@every_check
def test_readme_has_a_row(check: Check[Any]) -> None:
    readme = (ROOT / "README.md").read_text("utf-8").splitlines()
    assert f"| `{check.id}` | {check.severity} | {check.title} |" in readme


def test_explain_lists_all_checks(run_cli: Callable[..., Ran]) -> None:
    ran = run_cli("explain")
    assert [line.split()[0] for line in ran.out.splitlines()] == list(CHECKS)


def test_unknown_check_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match='no check "lines-last"') as raised:
        find_check("lines-last")
    assert raised.value.hint == 'did you mean "lines-lost"?'


def test_examples_keep_the_blanks_that_mean_something() -> None:
    assert CHECKS["lines-lost"].bad == "@@ -1,2 +1,3 @@\n int a;\n+int b;\n int c;\n+int d;"
