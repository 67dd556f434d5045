"""What a configuration decides of the conditionals in C files."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from patchgen.building.compiled.regions import Branch

_LINE = re.compile(r"^(CONFIG_\w+)=(.*)$", re.MULTILINE)
_SYMBOL = re.compile(r"\bCONFIG_\w+")
_DEFINED = re.compile(
    r"#(?:ifdef\s+(?P<set>CONFIG_\w+)|ifndef\s+(?P<unset>CONFIG_\w+)"
    r"|if\s+(?P<no>!?)\s*(?:(?P<enabled>IS_ENABLED)|defined)\s*\(\s*(?P<name>CONFIG_\w+)\s*\))"
)


@dataclass(frozen=True, slots=True)
class KernelConfig:
    """The values of a ``.config``; a symbol that is not set is not there."""

    values: Mapping[str, str]

    def state(self, symbol: str) -> str:
        """How a symbol is set, in words."""
        value = self.values.get(symbol)
        if value == "m":
            return f"{symbol} is a module"
        return f"{symbol} is not set" if value is None else f"{symbol} is set"

    def states(self, texts: Iterable[str]) -> tuple[str, ...]:
        """How the symbols in ``texts`` are set; nothing for a tree that has no configuration."""
        if not self.values:
            return ()
        found = dict.fromkeys(name for text in texts for name in _SYMBOL.findall(text))
        return tuple(map(self.state, found))

    def hides(self, branch: Branch) -> bool:
        """Whether the branch can be taken in no object: its conditional asks for one symbol only.

        False where that cannot be told.
        """
        (_, first), *others = branch.directives
        match = _DEFINED.fullmatch(first)
        if not match or len(others) > 1 or (others and others[0][1] != "#else"):
            return False
        value = self.values.get(match["set"] or match["unset"] or match["name"])
        true = value is not None and (value != "m" or match["enabled"] is not None)
        if match["unset"] or match["no"]:
            true = not true
        return true if others else not true


def read_config(text: str) -> KernelConfig:
    """The symbols that are set in a ``.config`` with this content."""
    return KernelConfig({match[1]: match[2] for match in _LINE.finditer(text)})
