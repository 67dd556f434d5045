"""The arguments that every command takes, and their help."""

import argparse
from typing import NoReturn

from patchgen.cli import explain, presubmit, render, verify
from patchgen.cli.output import FORMATS
from patchgen.errors import UsageError
from patchgen.version import __version__

HOOKS = ("pre-push", "sendemail-validate")
SANDBOXES = ("required", "if-possible", "none")
SEVERITIES = ("error", "warning", "note")


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(message, f"see {self.prog} --help")


def build_parser() -> argparse.ArgumentParser:
    """The parser; ``call`` in what it returns is the function that runs the command."""
    parser = _Parser(
        prog="patchgen",
        description="Render and verify Linux kernel patch series.",
        epilog="exit codes: 0 clean, 1 findings, 2 usage or input, 3 tool or bug, 130 interrupted",
    )
    parser.add_argument("--version", action="version", version=f"patchgen {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_render(commands.add_parser("render", help="render a series from its templates"))
    _add_verify(commands.add_parser("verify", help="hold what a series claims against reality"))
    _add_presubmit(commands.add_parser("presubmit", help="verify what is about to be submitted"))
    _add_explain(commands.add_parser("explain", help="say what a check is about"))
    return parser


def _version(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("versions count from 1")
    return number


def _add_base(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--tree", metavar="PATH", help="base tree: a git checkout or a plain directory"
    )
    parser.add_argument("--base", metavar="REV", help="base commit in the checkout")


def _add_render(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Render SERIES, a shipped name or a folder with a series.toml, on a base tree, and verify"
        " the result. Without SERIES, list the shipped ones."
    )
    parser.add_argument("series", nargs="?", metavar="SERIES")
    _add_base(parser)
    parser.add_argument(
        "-o", "--output-directory", metavar="DIR", help="where to write (default: the series' name)"
    )
    parser.add_argument("--mbox", metavar="FILE", help="write one mbox instead of a directory")
    parser.add_argument(
        "--force",
        action="store_true",
        help="replace the patches in a directory that has some, or an mbox",
    )
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help="set a variable"
    )
    parser.add_argument(
        "-v", "--reroll-count", type=_version, metavar="N", help="version of the series"
    )
    parser.add_argument("--subject-prefix", metavar="P", help='instead of "PATCH"')
    parser.add_argument("--to", action="append", default=[], metavar="ADDRESS")
    parser.add_argument("--cc", action="append", default=[], metavar="ADDRESS")
    parser.add_argument("--signature", metavar="TEXT", help='text below "-- "')
    parser.add_argument("--no-signature", action="store_true", help='leave "-- " out')
    parser.set_defaults(call=render.run)


def _add_verify(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Verify a series: patch files, directories of them, an mbox or maildir with a whole"
        " thread, also packed with gzip; - is standard input. Or the commits BASE..TIP of a"
        " repository. The base tree is found through the"
        " series' base-commit: in the current repository or among the fixtures, if not named."
    )
    parser.add_argument("source", nargs="+", metavar="SOURCE")
    parser.add_argument(
        "-v",
        "--reroll-count",
        type=_version,
        metavar="N",
        help="version to take of a thread (default: the newest that is complete)",
    )
    parser.add_argument(
        "-P", "--patches", metavar="LIST", help="only these patches, by number: 1,3-5,7-"
    )
    _add_base(parser)
    parser.add_argument("--cover-letter", metavar="FILE", help="a cover letter kept elsewhere")
    _add_judging(parser)
    parser.set_defaults(call=verify.run)


def _add_presubmit(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Verify what is about to be submitted: in CI a pull or merge request or a push, elsewhere"
        " @{upstream}..HEAD."
    )
    parser.add_argument("arguments", nargs="*", metavar="ARG", help="what git gives the hook")
    parser.add_argument("--hook", choices=HOOKS, help="be this git hook")
    parser.add_argument(
        "--b4", action="store_true", help="be b4's prep-perpatch-check-cmd: one mail on stdin"
    )
    parser.add_argument("--install", choices=(*HOOKS, "all"), help="put git hooks in place")
    parser.add_argument(
        "--uninstall",
        nargs="?",
        const="all",
        choices=(*HOOKS, "all"),
        help="remove them again, nobody else's (default: all)",
    )
    _add_base(parser)
    _add_judging(parser)
    parser.set_defaults(call=presubmit.run)


def _add_judging(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--build",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="compile every step (default: yes, where the tree says how)",
    )
    parser.add_argument(
        "--run",
        dest="run_tests",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="run the tests of every step that builds (default: yes, where the tree has some)",
    )
    parser.add_argument(
        "--sandbox",
        choices=SANDBOXES,
        default="required",
        help="build and run in a sandbox only, in one if possible, or in none (default: required)",
    )
    parser.add_argument(
        "--no-sandbox",
        dest="sandbox",
        action="store_const",
        const="none",
        help="the same as --sandbox none",
    )
    parser.add_argument(
        "--claims",
        metavar="SERIES",
        help="series template with the claims to hold against the tests (default: the shipped one"
        " of the same title)",
    )
    parser.add_argument(
        "--format",
        action="append",
        default=[],
        metavar="FORMAT[=FILE]",
        help=f"{', '.join(FORMATS)}; may be given several times, with files (default: text, on"
        " GitHub github)",
    )
    parser.add_argument("--output", metavar="FILE", help="write the report there")
    parser.add_argument(
        "--ignore", action="append", default=[], metavar="ID", help="count findings of a check only"
    )
    parser.add_argument(
        "--fail-on",
        choices=SEVERITIES,
        default="error",
        help="exit with 1 from this severity on (default: error)",
    )


def _add_explain(parser: argparse.ArgumentParser) -> None:
    parser.description = "Explain a check: what it finds, why it matters, a bad and a good example."
    parser.add_argument("check", nargs="?", metavar="ID", help="without it, list all checks")
    parser.set_defaults(call=explain.run)
