"""Series that a repository keeps rendered: ``[[rendered]]`` in the ``patchgen.toml`` at its top."""

import shlex
import tomllib
from dataclasses import dataclass, replace
from typing import Any

from patchgen.errors import TemplateError
from patchgen.rendering.posting import Posting
from patchgen.rendering.table import Table
from patchgen.series.text import from_bytes
from patchgen.trees.importing import is_safe_path

KEPT = "patchgen.toml"
_TABLE = "rendered"


@dataclass(frozen=True, slots=True)
class KeptSeries:
    """A folder of templates, the directory with what it renders, and how it was rendered.

    All paths are those of the repository. The base tree is a directory ``tree``, or a commit
    ``base`` of the repository, or, without either, the fixture tree that the template names.
    Where ``any_signature`` is true the mails may be signed by another version of patchgen.
    """

    template: str
    output: str
    tree: str | None
    base: str | None
    values: tuple[tuple[str, str], ...]
    posting: Posting
    any_signature: bool

    @property
    def command(self) -> str:
        """The command that renders it again, at the top of the checkout."""
        words = ["patchgen", "render", _named(self.template)]
        words += ["--tree", _named(self.tree)] if self.tree else []
        words += ["--base", self.base] if self.base else []
        posting = self.posting
        words += ["-v", str(posting.version)] if posting.version else []
        words += ["--subject-prefix", posting.prefix] if posting.prefix else []
        words += [word for one in posting.to for word in ("--to", one)]
        words += [word for one in posting.cc for word in ("--cc", one)]
        words += [word for one in self.values for word in ("--set", "=".join(one))]
        if posting.signature is None:
            words.append("--no-signature")
        elif not self.any_signature:
            words += ["--signature", posting.signature]
        return shlex.join([*words, "-o", _named(self.output), "--force"])


def _named(path: str) -> str:
    """A path that is taken neither for a shipped series nor for an option."""
    return path if "/" in path and not path.startswith("-") else f"./{path}"


def keeps_rendered(settings: bytes) -> bool:
    """Whether there can be anything for `kept_series` in this ``patchgen.toml``."""
    return _TABLE.encode() in settings


def kept_series(settings: bytes) -> tuple[KeptSeries, ...]:
    """The series that a ``patchgen.toml`` says are kept. Raises TemplateError for a bad one."""
    try:
        content = tomllib.loads(from_bytes(settings))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise TemplateError(f"{KEPT}: {error}", "it must be valid TOML") from error
    entries = content.get(_TABLE, [])
    if not isinstance(entries, list):
        raise TemplateError(f'{KEPT}: "{_TABLE}" is no list', f"write [[{_TABLE}]]")
    return tuple(
        _kept(Table(f"{KEPT}: [[{_TABLE}]] number {number}", entry))
        for number, entry in enumerate(entries, 1)
    )


def _kept(table: Table) -> KeptSeries:
    signature = table.take("signature", (str, bool), True)
    posting = Posting(
        table.take("version", int, 0) or None,
        table.take("prefix", str, "") or None,
        table.texts("to"),
        table.texts("cc"),
    )
    if signature is not True:
        posting = replace(posting, signature=signature or None)
    kept = KeptSeries(
        _path(table, "template") or "",
        _path(table, "output") or "",
        _path(table, "tree", ""),
        table.take("base", str, "") or None,
        tuple((name, _text(value)) for name, value in table.take("set", dict, {}).items()),
        posting,
        signature is True,
    )
    table.finish()
    if kept.tree and kept.base:
        raise TemplateError(f"{table.place}: both tree and base", "a series has one base tree")
    return kept


def _path(table: Table, key: str, default: str | None = None) -> str | None:
    path: str = table.take(key, str, default).rstrip("/").removeprefix("./")
    if path == default:
        return None
    if not is_safe_path(path):
        raise TemplateError(
            f'{table.place}: {key} "{path}" is no path in the repository', "name a directory in it"
        )
    return path


def _text(value: Any) -> str:
    """A value as one would type it after ``--set NAME=``."""
    return str(value).lower() if isinstance(value, bool) else str(value)


@dataclass(frozen=True, slots=True)
class Difference:
    """A file of the output that is not what the template renders.

    ``line`` is the first that differs, with what the repository has there and what is rendered;
    None where there is no such line or, without a line, no such file. ``diff`` is how it begins.
    """

    file: str
    line: int | None
    kept: str | None
    rendered: str | None
    diff: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a template cannot be rendered, and where that is."""

    file: str
    line: int | None
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class RenderedSeries:
    """What came of rendering a kept series again: differences, or why there is no rendering."""

    template: str
    output: str
    command: str
    differences: tuple[Difference, ...] = ()
    faults: tuple[Fault, ...] = ()
