"""What a cover letter promises, in terms of what tests measure."""

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

_RELATIONS: dict[str, Callable[[float, float], bool]] = {
    "=": operator.eq,
    "<=": operator.le,
    ">=": operator.ge,
}
_EXPECTATION = re.compile(r"(=|<=|>=) (base|-?\d+(?:\.\d+)?)")


@dataclass(frozen=True, slots=True)
class Scenarios:
    """Test cases by their full names: those that match a pattern and none of the exceptions.

    Patterns are the shell's; ``*`` matches ``/``, too.
    """

    patterns: tuple[str, ...]
    exceptions: tuple[str, ...] = ()

    def hold(self, name: str) -> bool:
        """Whether the case ``name`` is one of them."""
        return any(fnmatchcase(name, pattern) for pattern in self.patterns) and not any(
            fnmatchcase(name, exception) for exception in self.exceptions
        )


@dataclass(frozen=True, slots=True)
class Expectation:
    """``= 0``, ``<= 5``, ``= base``: a relation and a number, None for the value at the base."""

    relation: str
    number: float | None

    def met(self, measured: float, base: float) -> bool:
        """Whether a measured value is as promised."""
        return _RELATIONS[self.relation](measured, base if self.number is None else self.number)

    def in_words(self, base: float) -> str:
        """What is promised, with the base's value where it is meant."""
        if self.number is None:
            return f"{self.relation} {base:g} (the base's)"
        return f"{self.relation} {self.number:g}"


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence of the cover letter, and what must be measured for it to be true.

    It holds in every step from ``first_step`` on (0 is the base). One that cannot be measured has
    the reason in ``not_checked`` and no expectation.
    """

    says: str
    metric: str = ""
    scenarios: Scenarios = Scenarios(())
    first_step: int = 0
    expectation: Expectation | None = None
    not_checked: str = ""


def scenarios_from(table: Mapping[str, Any]) -> Scenarios:
    """The ``scenarios`` and ``except`` of a TOML table. Raises ValueError when they are none."""
    patterns, exceptions = table.get("scenarios"), table.get("except", [])
    for texts in (patterns, exceptions):
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
            raise ValueError("scenarios and except must be lists of patterns")
    return Scenarios(tuple(patterns or ()), tuple(exceptions))


def claim_from(table: Mapping[str, Any]) -> Claim:
    """The claim in a ``[[claims]]`` table. Raises ValueError when it is not one."""
    says = table.get("says")
    if not isinstance(says, str) or not says:
        raise ValueError('a claim needs "says", the words of the cover letter')
    if "not-checked" in table:
        _no_others(table, {"says", "not-checked"})
        return Claim(says, not_checked=str(table["not-checked"]))
    _no_others(table, {"says", "metric", "scenarios", "except", "from", "expect"})
    expected = _EXPECTATION.fullmatch(str(table.get("expect", "")))
    if not expected:
        raise ValueError(
            f'cannot read expect = "{table.get("expect", "")}"; write "= 0", "<= base"'
        )
    number = None if expected[2] == "base" else float(expected[2])
    first, metric = table.get("from", 0), table.get("metric")
    if not isinstance(first, int) or not isinstance(metric, str):
        raise ValueError('a claim needs "metric", a name, and "from", the number of a step')
    return Claim(says, metric, scenarios_from(table), first, Expectation(expected[1], number))


def _no_others(table: Mapping[str, Any], known: set[str]) -> None:
    for key in table:
        if key not in known:
            raise ValueError(f'unknown key "{key}"; known: {", ".join(sorted(known))}')
