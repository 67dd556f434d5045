"""``patchgen man``: the manual page, made from what the parser knows."""

from collections.abc import Iterator, Sequence

from patchgen.cli.described import Argument, Command, Takes, described
from patchgen.cli.parser import Parser
from patchgen.version import __version__

_Terms = Sequence[tuple[str, str]]
_EXIT_CODES = (
    ("0", "Nothing at or above --fail-on."),
    ("1", "Findings at or above --fail-on."),
    ("2", "The command, the settings or the input has to be fixed."),
    ("3", "A tool failed, or patchgen has a bug."),
    ("130", "Interrupted."),
    ("141", "Nobody read the output."),
)
_ENVIRONMENT = (
    ("PATCHGEN_CACHE_DIR", "Where patchgen works, instead of patchgen below XDG_CACHE_HOME."),
    ("NO_COLOR", "If set, no colours on a terminal."),
    ("GITHUB_ACTIONS", "If true, the default format is github."),
)


def run(parser: Parser) -> int:
    """Print the page."""
    from patchgen.checks.catalogue import CHECKS
    from patchgen.settings.read import profile_description, profile_names

    checks = tuple((check.id, f"({check.severity}) {check.title}") for check in CHECKS.values())
    profiles = tuple((name, _sentence(profile_description(name))) for name in profile_names())
    print("\n".join(_page(described(parser), checks, profiles)))
    return 0


def _page(commands: Sequence[Command], checks: _Terms, profiles: _Terms) -> Iterator[str]:
    """The page in the man macros, see groff_man(7)."""
    program, *others = commands
    yield f'.TH PATCHGEN 1 "" "patchgen {__version__}" "User Commands"'
    yield ".SH NAME"
    yield f"patchgen \\- {_text(program.description[:1].lower() + program.description[1:-1])}"
    yield ".SH SYNOPSIS"
    for command in others:
        yield from _synopsis(command)
    yield ".SH DESCRIPTION"
    yield _text(program.description)
    yield from _listed(program.options)
    yield ".SH COMMANDS"
    for command in others:
        yield f".SS patchgen {command.name}"
        yield _text(command.description)
        yield from _listed(command.positional)
        yield from _listed(command.options)
        for shown, what in command.examples:
            yield ".P"
            yield _text(f"{what[:1].upper()}{what[1:]}:")
            yield from (".P", ".RS 4", ".EX", _text(shown), ".EE", ".RE")
    yield ".SH CHECKS"
    yield from _terms(checks)
    yield ".SH PROFILES"
    yield from _terms(profiles)
    yield ".SH EXIT STATUS"
    yield from _terms(_EXIT_CODES)
    yield ".SH ENVIRONMENT"
    yield from _terms(_ENVIRONMENT)
    yield ".SH SEE ALSO"
    yield ".BR git\\-format\\-patch (1),"
    yield ".BR git\\-send\\-email (1),"
    yield ".BR githooks (5)"


def _synopsis(command: Command) -> Iterator[str]:
    yield f".SY patchgen\\~{_text(command.name)}"
    if len(command.options) > 1:
        yield ".RI [ options ]"
    for argument in command.positional:
        shown = f"\\fI{_text(argument.metavar)}\\fR"
        shown += "\\~.\\|.\\|." if argument.many else ""
        yield f"[{shown}]" if argument.optional else shown
    yield ".YS"


def _listed(arguments: Sequence[Argument]) -> Iterator[str]:
    for argument in arguments:
        yield ".TP"
        yield _term(argument)
        yield _text(_sentence(argument.help))


def _term(argument: Argument) -> str:
    value = f"\\fI{_text(argument.metavar)}\\fR"
    if not argument.names:
        return value
    names = ", ".join(f"\\fB{_text(name)}\\fR" for name in argument.names)
    if argument.takes is Takes.NOTHING:
        return names
    return f"{names} [{value}]" if argument.optional else f"{names} {value}"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + "."


def _terms(terms: _Terms) -> Iterator[str]:
    for name, about in terms:
        yield from (".TP", f".B {_text(name)}", _text(about))


def _text(text: str) -> str:
    """Text that groff shows as it is: hyphens to copy, no line taken for a request."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-").replace("~", "\\(ti")
    escaped = escaped.replace("^", "\\(ha").replace("`", "\\(ga").replace("'", "\\(aq")
    return f"\\&{escaped}" if escaped.startswith(".") else escaped
