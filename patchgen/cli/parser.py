"""Reading arguments so that a mistyped one ends in git's two lines with the nearest known word."""

import argparse
from collections.abc import Sequence
from typing import Any, NoReturn

from patchgen.errors import UsageError, suggestion

_EXAMPLES = "examples:"
_COMMAND_COLUMN = 16


class _Formatter(argparse.HelpFormatter):
    def add_argument(self, action: argparse.Action) -> None:
        """Commands are indented more than argparse leaves room for."""
        super().add_argument(action)
        self._action_max_length = max(self._action_max_length, _COMMAND_COLUMN)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        """Examples stay as they are; everything else is wrapped."""
        if text.startswith(_EXAMPLES):
            return text
        return super()._fill_text(text, width, indent)


class Parser(argparse.ArgumentParser):
    """An argparse parser whose errors are UsageErrors with a suggestion.

    ``examples`` are pairs of a command and what it does, shown below the options.
    """

    def __init__(self, *, examples: Sequence[tuple[str, str]] = (), **options: Any) -> None:
        shown = "\n".join(f"  {command}\n      {what}" for command, what in examples)
        epilog = "\n\n".join(
            part for part in (shown and f"{_EXAMPLES}\n{shown}", options.pop("epilog", "")) if part
        )
        super().__init__(epilog=epilog, formatter_class=_Formatter, **options)
        self.examples = tuple(examples)

    def parse_args(self, args: Any = None, namespace: Any = None) -> Any:
        """The arguments. Raises UsageError for what is none of them."""
        found, unknown = self.parse_known_args(args, namespace)
        if unknown:
            self._refuse(unknown[0], getattr(found, "command", None))
        return found

    def error(self, message: str) -> NoReturn:
        """Raise UsageError."""
        raise UsageError(message, f"see {self.prog} --help")

    def _refuse(self, word: str, command: str | None) -> NoReturn:
        parser = commands(self).get(command or "", self)
        option = word.partition("=")[0]
        if not option.startswith("-"):
            raise UsageError(f'{parser.prog} takes no "{word}"', f"see {parser.prog} --help")
        known = [one for one in parser._option_string_actions if one.startswith("--")]
        raise UsageError(
            f'{parser.prog} has no option "{option}"', _near(option, known, parser.prog)
        )

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is None or value in action.choices:
            return
        choices = list(action.choices)
        if isinstance(action, argparse._SubParsersAction):
            raise UsageError(
                f'{self.prog} has no command "{value}"', suggestion(str(value), choices)
            )
        name = max(action.option_strings, key=len, default=action.metavar)
        raise UsageError(f'{name} takes no "{value}"', suggestion(str(value), choices))


def _near(option: str, known: Sequence[str], program: str) -> str:
    hint = suggestion(option, known)
    return hint if hint.startswith("did you mean") else f"see {program} --help"


def commands(parser: argparse.ArgumentParser) -> dict[str, Parser]:
    """The parsers of a parser's commands, by name; empty when it has none."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    return {}
