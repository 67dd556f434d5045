"""What the base tree says about running its tests: ``[run]`` in its ``patchgen.toml``."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from patchgen.errors import InputError
from patchgen.promises import Scenarios, scenarios_from
from patchgen.sandbox import Limits

_BETTER = ("lower", "higher", "equal")


@dataclass(frozen=True, slots=True)
class MetricRule:
    """A metric that must not get worse than at the base by more than ``tolerance``."""

    name: str
    better: str
    tolerance: float

    def worse(self, measured: float, base: float) -> bool:
        """Whether a value has regressed against the base's."""
        change = measured - base
        if self.better == "lower":
            return change > self.tolerance
        if self.better == "higher":
            return -change > self.tolerance
        return abs(change) > self.tolerance


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of the report's table: one metric over some scenarios."""

    title: str
    metric: str
    scenarios: Scenarios


@dataclass(frozen=True, slots=True)
class RunPlan:
    """The test program, below the build directory, its limits, and how to read its metrics."""

    program: str
    limits: Limits
    rules: tuple[MetricRule, ...]
    rows: tuple[TableRow, ...]


def run_plan(manifest: Mapping[str, Any]) -> RunPlan | None:
    """The plan in a tree's manifest, None when it has no tests. Raises InputError if malformed."""
    table = manifest.get("run")
    if table is None:
        return None
    try:
        program = table["program"]
        if program.startswith("/") or ".." in program.split("/"):
            raise ValueError("program must lie below the build directory")
        seconds = float(table.get("seconds", Limits().seconds))
        rules = tuple(_rule(name, rule) for name, rule in table.get("metrics", {}).items())
        rows = tuple(
            TableRow(row["title"], row["metric"], scenarios_from(row))
            for row in table.get("table", [])
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise InputError(
            f"[run] in the base tree's patchgen.toml: {error}", "see README.md for its form"
        ) from error
    return RunPlan(program, Limits(seconds), rules, rows)


def _rule(name: str, rule: Mapping[str, Any]) -> MetricRule:
    if rule["better"] not in _BETTER:
        raise ValueError(f"better must be one of {', '.join(_BETTER)}")
    return MetricRule(name, rule["better"], float(rule.get("tolerance", 0)))
