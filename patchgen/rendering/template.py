"""A series template: the folder with ``series.toml``, the cover letter and the patch templates."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from patchgen.errors import TemplateError, UsageError, suggestion
from patchgen.promises import Claim, claim_from
from patchgen.rendering.table import Table
from patchgen.series.mail.identity import Identity, parse_identity
from patchgen.shipped import templates

SETTINGS = "series.toml"
Value = str | int | bool


@dataclass(frozen=True, slots=True)
class Variable:
    """A value the user can choose with ``--set``; without a default it must be."""

    name: str
    description: str
    default: Value | None


@dataclass(frozen=True, slots=True)
class Requirement:
    """An expression over the facts that must hold, and what to say when it does not."""

    that: str
    otherwise: str


@dataclass(frozen=True, slots=True)
class SeriesTemplate:
    """What ``series.toml`` says. ``shown`` is the folder as the user named it.

    ``cover_stat_width`` is the number of columns of the cover letter's diffstat, None for git's.
    """

    folder: Path
    shown: str
    title: str
    description: str
    author: Identity
    date: datetime
    prefix: str
    version: int
    to: tuple[str, ...]
    cc: tuple[str, ...]
    cover_letter: str
    cover_stat_width: int | None
    patches: tuple[str, ...]
    tree: str | None
    variables: tuple[Variable, ...]
    requires: tuple[Requirement, ...]
    claims: tuple[Claim, ...]

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.folder.name

    def values(self, chosen: Mapping[str, str]) -> dict[str, Value]:
        """The variables with the user's choices; UsageError for an unknown or missing one."""
        known = {variable.name: variable for variable in self.variables}
        for name in chosen:
            if name not in known:
                raise UsageError(f'{self.shown} has no variable "{name}"', suggestion(name, known))
        return {name: _chosen(variable, chosen.get(name)) for name, variable in known.items()}


def shipped_series() -> tuple[str, ...]:
    """The names of the series that come with patchgen."""
    return tuple(sorted(path.parent.name for path in templates().glob(f"*/{SETTINGS}")))


def load_template(series: str) -> SeriesTemplate:
    """Load a shipped series by its name, or any by its folder. Raises UsageError, TemplateError."""
    if series in shipped_series():
        return load_folder(templates() / series, f"templates/{series}")
    folder = Path(series)
    if not (folder / SETTINGS).is_file():
        raise UsageError(
            f'no series "{series}"',
            f"give a folder with a {SETTINGS}, or a shipped name; "
            + suggestion(series, shipped_series()),
        )
    return load_folder(folder, series.rstrip("/"))


def load_folder(folder: Path, shown: str) -> SeriesTemplate:
    """Load the series in ``folder``, called ``shown`` in messages. Raises TemplateError."""
    try:
        table = Table(f"{shown}/{SETTINGS}", tomllib.loads((folder / SETTINGS).read_text("utf-8")))
    except (OSError, UnicodeError, tomllib.TOMLDecodeError) as error:
        raise TemplateError(f"{shown}/{SETTINGS}: {error}", "it must be valid TOML") from error
    template = SeriesTemplate(
        folder,
        shown,
        table.take("title", str),
        table.take("description", str, ""),
        _author(table),
        _date(table),
        table.take("prefix", str, "PATCH"),
        table.take("version", int, 1),
        table.texts("to"),
        table.texts("cc"),
        table.take("cover-letter", str),
        table.take("cover-stat-width", int, 0) or None,
        table.texts("patches"),
        table.take("tree", str, "") or None,
        tuple(_variable(table, *item) for item in table.take("variables", dict, {}).items()),
        tuple(_requirement(table, item) for item in table.take("requires", list, [])),
        tuple(_claim(table, item) for item in table.take("claims", list, [])),
    )
    table.finish()
    if not template.patches:
        raise TemplateError(f"{shown}/{SETTINGS}: no patches", "list their templates in order")
    return template


def _author(table: Table) -> Identity:
    author = parse_identity(table.take("author", str))
    if not author.name or not re.fullmatch(r"[^\s<>]+@[^\s<>]+", author.email):
        raise TemplateError(
            f'{table.place}: "author" is not a name and an address',
            'write "A U Thor <author@example.com>"',
        )
    return author


def _date(table: Table) -> datetime:
    text = table.take("date", str)
    try:
        date = datetime.fromisoformat(text)
    except ValueError as error:
        raise TemplateError(
            f'{table.place}: cannot read the date "{text}"', "write 2019-06-05T12:00:00+00:00"
        ) from error
    if date.tzinfo is None:
        raise TemplateError(f"{table.place}: the date has no zone", "add one, such as +00:00")
    return date


def _variable(table: Table, name: str, content: Any) -> Variable:
    inner = Table(f"{table.place}: [variables.{name}]", content)
    default = content.get("default")
    variable = Variable(name, inner.take("description", str), default)
    inner.take("default", (str, int, bool), "")
    inner.finish()
    return variable


def _requirement(table: Table, content: Any) -> Requirement:
    inner = Table(f"{table.place}: [[requires]]", content)
    requirement = Requirement(inner.take("that", str), inner.take("otherwise", str))
    inner.finish()
    return requirement


def _claim(table: Table, content: Any) -> Claim:
    try:
        return claim_from(content)
    except (TypeError, ValueError) as error:
        raise TemplateError(
            f"{table.place}: [[claims]]: {error}", "see README.md for the form of claims"
        ) from error


def _chosen(variable: Variable, text: str | None) -> Value:
    """The text in the type of the default."""
    if text is None:
        if variable.default is None:
            raise UsageError(
                f'variable "{variable.name}" is not set ({variable.description})',
                f"add --set {variable.name}=VALUE",
            )
        return variable.default
    if isinstance(variable.default, bool):
        words = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
        if text.lower() not in words:
            raise UsageError(f'"{text}" is neither true nor false', f"see {variable.name}")
        return words[text.lower()]
    if isinstance(variable.default, int):
        try:
            return int(text)
        except ValueError as error:
            raise UsageError(f'"{text}" is not a number', f"see {variable.name}") from error
    return text
