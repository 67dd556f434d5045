"""What the command line takes, as data: the source of the completions and the manual page."""

import argparse
from dataclasses import dataclass
from enum import Enum

from patchgen.cli.parser import Parser, commands


class Takes(Enum):
    """What kind of value an argument has, as far as a shell can help with it."""

    NOTHING = "nothing"
    ANYTHING = "anything"
    FILE = "file"
    DIRECTORY = "directory"
    SERIES = "series"
    CHECK = "check"
    FORMAT = "format"
    MATRIX = "matrix"
    CHOICE = "choice"


_KINDS = {
    "check": Takes.CHECK,
    "claims": Takes.SERIES,
    "config": Takes.FILE,
    "cover_letter": Takes.FILE,
    "format": Takes.FORMAT,
    "ignore": Takes.CHECK,
    "matrix": Takes.MATRIX,
    "mbox": Takes.FILE,
    "output": Takes.FILE,
    "output_directory": Takes.DIRECTORY,
    "series": Takes.SERIES,
    "source": Takes.FILE,
    "tree": Takes.DIRECTORY,
}
"""What the values of arguments are, by the name of their attribute."""


@dataclass(frozen=True, slots=True)
class Argument:
    """An option, or without ``names`` a positional argument."""

    names: tuple[str, ...]
    metavar: str
    takes: Takes
    choices: tuple[str, ...]
    optional: bool
    many: bool
    help: str


@dataclass(frozen=True, slots=True)
class Command:
    """A command, or with an empty name the program itself."""

    name: str
    summary: str
    description: str
    arguments: tuple[Argument, ...]
    examples: tuple[tuple[str, str], ...]

    @property
    def options(self) -> tuple[Argument, ...]:
        """The arguments that have names."""
        return tuple(one for one in self.arguments if one.names)

    @property
    def positional(self) -> tuple[Argument, ...]:
        """Those that have none."""
        return tuple(one for one in self.arguments if not one.names)


def described(parser: Parser) -> tuple[Command, ...]:
    """The program itself, then its commands in the order of its help."""
    summaries = {
        choice.dest: choice.help or ""
        for action in parser._actions
        if isinstance(action, argparse._SubParsersAction)
        for choice in action._choices_actions
    }
    return (
        _command("", parser.description or "", parser),
        *(_command(name, summaries[name], one) for name, one in commands(parser).items()),
    )


def _command(name: str, summary: str, parser: Parser) -> Command:
    found = tuple(
        _argument(action)
        for action in parser._actions
        if not isinstance(action, argparse._SubParsersAction)
    )
    return Command(name, summary, parser.description or "", found, parser.examples)


def _argument(action: argparse.Action) -> Argument:
    if action.nargs == 0 or isinstance(action, argparse.BooleanOptionalAction):
        takes = Takes.NOTHING
    elif action.choices is not None:
        takes = Takes.CHOICE
    else:
        takes = _KINDS.get(action.dest, Takes.ANYTHING)
    choices = tuple(map(str, action.choices or ()))
    metavar = str(action.metavar or "{" + ",".join(choices) + "}" * bool(choices))
    many = action.nargs in ("+", "*") or isinstance(action, argparse._AppendAction)
    optional = action.nargs in ("?", "*")
    return Argument(
        tuple(action.option_strings),
        "" if takes is Takes.NOTHING else metavar,
        takes,
        choices,
        optional,
        many,
        (action.help or "").replace("%%", "%"),
    )
