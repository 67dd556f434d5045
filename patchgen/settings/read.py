"""Settings as they are written: ``patchgen.toml``, ``git config patchgen.*``, the profiles."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from patchgen.errors import UsageError, suggestion
from patchgen.findings import Severity, rule_of
from patchgen.settings.matrix import read_matrix
from patchgen.settings.model import Ignore, Settings
from patchgen.sizes import parse_size

GENERIC = "generic"
_PROFILES = Path(__file__).parent / "profiles"
_KEYS = ("profile", "fail-on", "only", "severity", "ignore", "checkpatch-options", "matrix")
_IGNORE_KEYS = ("check", "reason", "path", "subsystem")
_OTHERS = ("tree", "build", "run", "rendered", "description")
_PERSONAL = "sandbox"
_CACHE_LIMIT = "cachelimit"
Ids = Mapping[str, bool]
"""The ids of all checks, and whether behind a slash a wrapped tool's name may follow."""
_SEVERITIES = {str(severity): severity for severity in Severity}


def profile_names() -> tuple[str, ...]:
    """The names of all profiles."""
    return tuple(sorted(path.stem for path in _PROFILES.glob("*.toml")))


def profile_description(name: str) -> str:
    """What a profile is for, in a line."""
    return str(tomllib.loads((_PROFILES / f"{name}.toml").read_text("utf-8"))["description"])


def load_profile(name: str, checks: Ids) -> Settings:
    """The settings of a profile. Raises UsageError, with the nearest name, for an unknown one."""
    if name not in profile_names():
        raise UsageError(f'no profile "{name}"', suggestion(name, profile_names()))
    table = tomllib.loads((_PROFILES / f"{name}.toml").read_text("utf-8"))
    return read_table(table, f"profile {name}", checks)


def parse_toml(data: bytes, where: str, checks: Ids) -> Settings:
    """The settings in a ``patchgen.toml``. Raises UsageError for what is none."""
    try:
        table = tomllib.loads(data.decode("utf-8"))
    except (UnicodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{where}: {error}", "it has to be TOML") from error
    return read_table(table, where, checks)


def read_table(table: Mapping[str, Any], where: str, checks: Ids) -> Settings:
    """Settings from a table; ``checks`` are the ids that there are.

    Raises UsageError for keys, ids and values that mean nothing, with the nearest that does.
    """
    for key in table:
        if key not in (*_KEYS, *_OTHERS):
            raise UsageError(f'{where}: unknown key "{key}"', suggestion(key, _KEYS))
    only = _strings(table.get("only", []), "only", where)
    severities = table.get("severity", {})
    if not isinstance(severities, Mapping):
        raise UsageError(f"{where}: severity is no table", 'write [severity] and ID = "warning"')
    return Settings(
        profile=_string(table.get("profile"), "profile", where),
        fail_on=_severity(table["fail-on"], where) if "fail-on" in table else None,
        only=tuple(_known(one, checks, where) for one in only),
        severities=tuple(
            (_known(check, checks, where), _severity(value, where))
            for check, value in severities.items()
        ),
        ignores=tuple(_ignores(table.get("ignore", []), where, checks)),
        checkpatch_options=tuple(_options(table, where)),
        matrix=tuple(read_matrix(table.get("matrix", {}), where)),
    )


def read_git_config(pairs: Iterable[tuple[str, str]], checks: Ids) -> Settings:
    """Settings from ``git config``: pairs of a full key below ``patchgen.`` and its value.

    ``patchgen.profile``, ``.failOn``, ``.only`` (several times), ``.sandbox`` and ``.cacheLimit``;
    for a check ``patchgen.ID.severity`` and ``.ignore`` with the reason, ``.path`` and
    ``.subsystem``.
    """
    where = "git config"
    table: dict[str, Any] = {}
    ignores: dict[str, dict[str, str]] = {}
    sandbox = limit = None
    for key, value in pairs:
        check, dot, name = key.removeprefix("patchgen.").rpartition(".")
        if dot and name == "severity":
            table.setdefault("severity", {})[check] = value
        elif dot and name in ("ignore", "path", "subsystem"):
            ignores.setdefault(check, {"check": check})["reason" if name == "ignore" else name] = (
                value
            )
        elif dot:
            raise UsageError(
                f'{where}: unknown key "{key}"', suggestion(name, ("severity", *_IGNORE_KEYS[1:]))
            )
        elif name == "failon":
            table["fail-on"] = value
        elif name == "only":
            table.setdefault("only", []).append(value)
        elif name == _PERSONAL:
            sandbox = value
        elif name == _CACHE_LIMIT:
            limit = parse_size(value, f"{where}: patchgen.cacheLimit")
        else:
            table[name] = value
    if ignores:
        table["ignore"] = [*ignores.values()]
    found = read_table(table, where, checks)
    return replace(found, sandbox=sandbox, cache_limit=limit)


def _ignores(entries: object, where: str, checks: Ids) -> Iterator[Ignore]:
    if not isinstance(entries, list) or not all(isinstance(one, Mapping) for one in entries):
        raise UsageError(f"{where}: ignore is no list of tables", "write [[ignore]]")
    for entry in entries:
        for key in entry:
            if key not in _IGNORE_KEYS:
                raise UsageError(
                    f'{where}: unknown key "{key}" in ignore', suggestion(key, _IGNORE_KEYS)
                )
        words = {key: _string(entry.get(key), key, where) for key in _IGNORE_KEYS}
        check = _known(words["check"] or "", checks, where)
        reason = (words["reason"] or "").strip()
        if not reason:
            raise UsageError(f"{where}: no reason to ignore {check}", 'say why: reason = "…"')
        yield Ignore(check, reason, where, words["path"], words["subsystem"])


def _options(table: Mapping[str, Any], where: str) -> Iterator[str]:
    key = "checkpatch-options"
    for option in _strings(table.get(key, []), key, where):
        if not option.startswith("--"):
            raise UsageError(f'{where}: "{option}" is no option of checkpatch', "it begins with --")
        yield option


def _known(check: str, checks: Ids, where: str) -> str:
    if check not in checks and not checks.get(rule_of(check)):
        raise UsageError(f'{where}: no check "{check}"', suggestion(check, checks))
    return check


def _severity(value: object, where: str) -> Severity:
    if not isinstance(value, str) or value not in _SEVERITIES:
        raise UsageError(f'{where}: no severity "{value}"', suggestion(str(value), _SEVERITIES))
    return _SEVERITIES[value]


def _string(value: object, key: str, where: str) -> str | None:
    if value is not None and not isinstance(value, str):
        raise UsageError(f"{where}: {key} is no text", f'write {key} = "…"')
    return value


def _strings(value: object, key: str, where: str) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise UsageError(f"{where}: {key} is no list of texts", f'write {key} = ["…"]')
    return value
