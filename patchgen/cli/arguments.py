"""The arguments that every command takes, and their help."""

import argparse

from patchgen.cli import cache, explain, presubmit, render, verify
from patchgen.cli.output import FORMATS
from patchgen.cli.parser import Parser
from patchgen.version import __version__

HOOKS = ("pre-push", "sendemail-validate")
SHELLS = ("bash", "zsh", "fish")
BOOT_STEPS = ("all", "last")
SANDBOXES = ("required", "if-possible", "none")
SEVERITIES = ("error", "warning", "note")


_PATCHGEN = (
    ("patchgen verify out", "hold what a series claims against reality"),
    ("patchgen render exitless-timer -o out", "render a series that comes with patchgen"),
    ("patchgen presubmit --install all", "have git ask patchgen before it pushes or sends"),
    ("patchgen man | man -l -", "the whole manual"),
)
_RENDER = (
    ("patchgen render", "which series are shipped"),
    ("patchgen render exitless-timer -o out", "on the tree it comes with"),
    ("patchgen render ./my-series -v 2 --tree ~/linux --base v6.1", "version 2 of your own"),
)
_VERIFY = (
    ("patchgen verify out", "a directory of *.patch files"),
    ("patchgen verify series.mbox --base v6.1 --no-build", "an mbox, on a commit"),
    ("patchgen verify main..topic", "commits, as git format-patch would post them"),
    ("patchgen verify out --tree ~/linux --boot", "boot every step, and run tests in it"),
    ("patchgen verify out --format text --format html=report.html", "two reports"),
)
_PRESUBMIT = (
    ("patchgen presubmit --base origin/main", "the commits since then"),
    ("patchgen presubmit --install all", "have git call it before push and send-email"),
)
_EXPLAIN = (
    ("patchgen explain", "a line for each check"),
    ("patchgen explain lines-lost", "all about one"),
)
_CACHE = (
    ("patchgen cache", "what is kept, and how much of it"),
    ("patchgen cache --shrink 5g", "remove what was not used for longest"),
    ("patchgen cache --remove ~/linux", "all that is kept of a tree"),
)
_COMPLETION = (
    ('eval "$(patchgen completion bash)"', "in ~/.bashrc"),
    ("patchgen completion zsh >~/.zfunc/_patchgen", "a directory in $fpath"),
    ("patchgen completion fish >~/.config/fish/completions/patchgen.fish", "for fish"),
)
_MAN = (("patchgen man | man -l -", "read it"),)


def build_parser() -> Parser:
    """The parser; ``call`` in what it returns is the function that runs the command."""
    parser = Parser(
        prog="patchgen",
        description="Render and verify Linux kernel patch series.",
        examples=_PATCHGEN,
        epilog="exit codes: 0 clean, 1 findings, 2 usage or input, 3 tool or bug, 130 interrupted",
    )
    parser.add_argument("--version", action="version", version=f"patchgen {__version__}")
    commands = parser.add_subparsers(
        title="commands", metavar="COMMAND", dest="command", required=True
    )
    for name, summary, examples, add in (
        ("render", "render a series from its templates", _RENDER, _add_render),
        ("verify", "hold what a series claims against reality", _VERIFY, _add_verify),
        ("presubmit", "verify what is about to be submitted", _PRESUBMIT, _add_presubmit),
        ("explain", "say what a check is about", _EXPLAIN, _add_explain),
        ("cache", "show or remove what building kernels left", _CACHE, _add_cache),
        ("completion", "print the completion for a shell", _COMPLETION, _add_completion),
        ("man", "print the manual page", _MAN, _add_man),
    ):
        add(commands.add_parser(name, help=summary, examples=examples))
    return parser


def _version(text: str) -> int:
    number = int(text) if text.isdecimal() else 0
    if number < 1:
        raise argparse.ArgumentTypeError(f'"{text}" is no version; they count from 1')
    return number


def _add_base(parser: Parser) -> None:
    parser.add_argument(
        "--tree", metavar="PATH", help="base tree: a git checkout or a plain directory"
    )
    parser.add_argument(
        "--base",
        metavar="REV",
        help="base commit in the checkout; verify looks for it with auto, the default there",
    )


def _add_render(parser: Parser) -> None:
    parser.description = (
        "Render SERIES, a shipped name or a folder with a series.toml, on a base tree, and verify"
        " the result. Without SERIES, list the shipped ones."
    )
    parser.add_argument(
        "series", nargs="?", metavar="SERIES", help="a shipped name, or a folder of templates"
    )
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
    parser.add_argument("--to", action="append", default=[], metavar="ADDRESS", help="a recipient")
    parser.add_argument("--cc", action="append", default=[], metavar="ADDRESS", help="another")
    parser.add_argument("--signature", metavar="TEXT", help='text below "-- "')
    parser.add_argument("--no-signature", action="store_true", help='leave "-- " out')
    parser.set_defaults(call=render.run)


def _add_verify(parser: Parser) -> None:
    parser.description = (
        "Verify a series: patch files, directories of them, an mbox or maildir with a whole"
        " thread, also packed with gzip; - is standard input. Or the commits BASE..TIP of a"
        " repository. The base tree is found through the"
        " series' base-commit: in the current repository or among the fixtures, if not named."
    )
    parser.add_argument(
        "source",
        nargs="+",
        metavar="SOURCE",
        help="a file, a directory, - for standard input, or BASE..TIP",
    )
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


def _add_presubmit(parser: Parser) -> None:
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


def _add_judging(parser: Parser) -> None:
    parser.add_argument(
        "--build",
        action=argparse.BooleanOptionalAction,
        help="compile every step (default: where the tree says how; a kernel when asked)",
    )
    parser.add_argument(
        "--config",
        metavar="FILE",
        help="kernel configuration to build with (default: a tiny one for what is touched)",
    )
    parser.add_argument(
        "--defconfig", metavar="NAME", help="build with what make NAME configures, e.g. defconfig"
    )
    parser.add_argument(
        "--targets",
        action="append",
        default=[],
        metavar="TARGET",
        help="build this of a kernel, too: directories such as arch/x86/kvm/, or vmlinux",
    )
    parser.add_argument(
        "--matrix",
        metavar="NAMES",
        help="build every step of a kernel in these ways, too: clang, llvm, w1, w2, sparse, i386,"
        " arm, arm64, powerpc, riscv, s390, or what patchgen.toml defines, all for all of that;"
        " with commas between them",
    )
    parser.add_argument(
        "--boot",
        action="store_true",
        help="build an image of every step of a kernel, boot it in QEMU and run tests there",
    )
    parser.add_argument(
        "--boot-steps",
        choices=BOOT_STEPS,
        default="all",
        help="boot every step, or the base and the last one only (default: all)",
    )
    parser.add_argument(
        "--boot-init",
        metavar="FILE",
        help="run this there instead of the shipped tests: a static program or the C source of"
        " one, or boot this initramfs",
    )
    parser.add_argument(
        "--boot-append",
        action="append",
        default=[],
        metavar="WORDS",
        help="words for the kernel's command line, such as kvm.pi_inject_timer=1; given several"
        " times, each step is booted with each of them",
    )
    parser.add_argument(
        "--boot-cpus",
        choices=tuple("12345678"),
        default="1",
        metavar="N",
        help="how many CPUs the machine has; with 2 or more it runs by the clock, and KVM can be"
        " told to use AVIC, by --boot-append kvm_amd.avic=1 (default: 1)",
    )
    parser.add_argument(
        "--run",
        dest="run_tests",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="run the tests of every step that builds (default: yes, where the tree has some)",
    )
    parser.add_argument(
        "--checkers",
        metavar="LIST",
        help="which scripts of the base tree to ask, of checkpatch, get_maintainer, kernel-doc (the"
        " default) and coccicheck; or none",
    )
    parser.add_argument(
        "--sandbox",
        choices=SANDBOXES,
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
        "--show-landing",
        action="store_true",
        help="show for every hunk where in the tree it lands, not only for those in doubt",
    )
    parser.add_argument(
        "--ignore",
        action="append",
        default=[],
        metavar="ID[=REASON]",
        help="count findings of a check only",
    )
    parser.add_argument(
        "--only", action="append", default=[], metavar="ID", help="put this check and no other"
    )
    parser.add_argument(
        "--fail-on",
        choices=SEVERITIES,
        help="exit with 1 from this severity on (default: error)",
    )
    parser.add_argument(
        "--profile",
        metavar="NAME",
        help="begin with what a subsystem asks for: generic, kvm, netdev, stable, tip",
    )


def _add_explain(parser: Parser) -> None:
    parser.description = "Explain a check: what it finds, why it matters, a bad and a good example."
    parser.add_argument("check", nargs="?", metavar="ID", help="without it, list all checks")
    parser.set_defaults(call=explain.run)


def _add_cache(parser: Parser) -> None:
    parser.description = (
        "List the kernels that were built, whose source, objects and verdicts are kept so that the"
        " next series needs less time, or remove some of it. Builds go by themselves, those first"
        " that were not used for longest, when they are more than patchgen.cacheLimit."
    )
    group = parser.add_mutually_exclusive_group()
    group.add_argument(
        "--shrink", metavar="SIZE", help="remove builds until so much is left: 5g, 500m, 0"
    )
    group.add_argument("--remove", nargs="+", metavar="TREE", help="remove all of these trees")
    parser.set_defaults(call=cache.run)


def _add_completion(parser: Parser) -> None:
    parser.description = "Print a script that completes patchgen's arguments in a shell."
    parser.add_argument("shell", choices=SHELLS, metavar="SHELL", help="bash, zsh, fish")
    parser.set_defaults(call=_complete)


def _add_man(parser: Parser) -> None:
    parser.description = "Print patchgen(1), the manual page."
    parser.set_defaults(call=_describe)


def _complete(arguments: argparse.Namespace) -> int:
    from patchgen.cli import completion

    return completion.run(arguments, build_parser())


def _describe(_: argparse.Namespace) -> int:
    from patchgen.cli import man

    return man.run(build_parser())
