"""README, manual page, --help and completions say the same as the program."""

import os
import pty
import re
import select
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from patchgen.checks.catalogue import CHECKS
from patchgen.cli.arguments import build_parser
from patchgen.cli.described import Command, Takes, described
from patchgen.cli.output import FORMATS
from patchgen.rendering.template import shipped_series
from patchgen.reporting.formats import FORMATS as WRITERS
from patchgen.settings.read import profile_names
from tests.conftest import ROOT, Ran

Cli = Callable[..., Ran]
PROGRAM, *COMMANDS = described(build_parser())
README = (ROOT / "README.md").read_text("utf-8")
SECTIONS = {
    "render": "## Render a series",
    "verify": "## Verify a series",
    "presubmit": "## Pre-submit",
}
OPTION = re.compile(r"(?<![\w-])--?[a-zA-Z][\w-]*")
SHELLS = ("bash", "zsh", "fish")

every_command = pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)


def options(command: Command) -> set[str]:
    return {name for option in command.options for name in option.names}


def table(heading: str, title: str) -> list[list[str]]:
    """The cells of the rows of the first table with that title below a heading of README."""
    lines = iter(README[README.index(f"\n{heading}\n") :].splitlines())
    for line in lines:
        if line.startswith(f"| {title} |"):
            next(lines)
            break
    rows = []
    for line in lines:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]])
    return rows


@pytest.mark.parametrize("name", SECTIONS)
def test_readme_has_the_options(name: str) -> None:
    (command,) = (one for one in COMMANDS if one.name == name)
    shown = {
        found for cells in table(SECTIONS[name], "option") for found in OPTION.findall(cells[0])
    }
    assert shown == options(command) - {"-h", "--help"}


def test_readme_has_the_formats() -> None:
    shown = [cells[0].strip("`") for cells in table("### Reports", "format")]
    assert tuple(shown) == FORMATS == tuple(WRITERS)


def test_readme_has_the_checks() -> None:
    shown = [(cells[0], cells[1]) for cells in table("### Checks", "check")]
    assert sorted(shown) == [(f"`{one.id}`", str(one.severity)) for one in CHECKS.values()]


def test_readme_has_the_exit_codes(run_cli: Cli) -> None:
    shown = [cells[0] for cells in table("## Exit codes", "code")]
    page = run_cli("man").out
    section = page[page.index(".SH EXIT STATUS") : page.index(".SH ENVIRONMENT")]
    assert re.findall(r"^\.B (\d+)$", section, re.MULTILINE) == shown


@every_command
def test_help_has_options_and_examples(command: Command, run_cli: Cli) -> None:
    ran = run_cli(command.name, "--help")
    assert ran.status == 0
    assert set(OPTION.findall(ran.out.partition("examples:")[0])) >= options(command)
    assert "\nexamples:\n" in ran.out
    assert max(map(len, ran.out.splitlines())) <= 90


@every_command
def test_examples_are_taken(command: Command) -> None:
    for shown, _ in command.examples:
        words = re.sub(r'^eval "\$\((.*)\)"$', r"\1", shown).partition(" |")[0].split()
        assert words[:2] == ["patchgen", command.name]
        build_parser().parse_args([word for word in words[1:] if not word.startswith(">")])


def plain_page(page: str, tmp_path: Path) -> str:
    if shutil.which("man") is None or shutil.which("groff") is None:
        pytest.skip("man and groff are not installed")
    path = tmp_path / "patchgen.1"
    path.write_text(page)
    done = subprocess.run(
        ["man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", str(path)],
        env=os.environ | {"MANWIDTH": "100", "MAN_KEEP_FORMATTING": "", "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return re.sub(r"\x1b\[[\d;]*m|.\x08", "", done.stdout)


def test_manual_page_reads_without_warnings(run_cli: Cli, tmp_path: Path) -> None:
    text = plain_page(run_cli("man").out, tmp_path)
    for command in COMMANDS:
        start = text.index(f"\n   patchgen {command.name}\n")
        section = re.split(r"\n(?:   )?\S", text[start + 1 :], maxsplit=1)[0]
        listed = re.findall(r"^ {7}(-.*)$", section, re.MULTILINE)
        assert {name for line in listed for name in OPTION.findall(line)} == options(command)
        for shown, _ in command.examples:
            assert f"\n           {shown}\n" in section
    checks = text[text.index("\nCHECKS\n") : text.index("\nPROFILES\n")]
    assert re.findall(r"^ {7}([a-z]+(?:-[a-z\d]+)*)\b", checks, re.MULTILINE) == list(CHECKS)


def test_manual_page_says_what_the_profiles_are_for(run_cli: Cli, tmp_path: Path) -> None:
    text = plain_page(run_cli("man").out, tmp_path)
    profiles = text[text.index("\nPROFILES\n") : text.index("\nEXIT STATUS\n")]
    assert tuple(re.findall(r"^ {7}(\w+)\b", profiles, re.MULTILINE)) == profile_names()


@pytest.mark.parametrize(
    "linter", [("mandoc", "-T", "lint", "-W", "warning"), ("groff", "-man", "-ww", "-z")]
)
def test_manual_page_is_clean(run_cli: Cli, tmp_path: Path, linter: tuple[str, ...]) -> None:
    if shutil.which(linter[0]) is None:
        pytest.skip(f"{linter[0]} is not installed")
    path = tmp_path / "patchgen.1"
    path.write_text(run_cli("man").out)
    done = subprocess.run([*linter, str(path)], capture_output=True, text=True)
    said = [line for line in (done.stdout + done.stderr).splitlines() if "missing date" not in line]
    assert said == []


@pytest.fixture(params=SHELLS)
def complete(
    request: pytest.FixtureRequest,
    run_cli: Cli,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[str], list[str]]:
    """Ask a real shell what it offers at the end of a line, in an empty directory."""
    shell = str(request.param)
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    script = tmp_path / f"_patchgen.{shell}"
    ran = run_cli("completion", shell)
    assert ran.status == 0
    script.write_text(ran.out)
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.chdir(empty)
    ask = {"bash": ask_bash, "zsh": ask_zsh, "fish": ask_fish}[shell]
    return lambda line: sorted(ask(line, script))


def ask_bash(line: str, script: Path) -> list[str]:
    words = re.findall(r"=|[^\s=]+", line) + ([""] if line.endswith((" ", "=")) else [])
    listed = " ".join(f"'{word}'" for word in words)
    asked = (
        f"source {script}; COMP_WORDS=({listed}); COMP_CWORD={len(words) - 1}; _patchgen;"
        ' printf "%s\\n" "${COMPREPLY[@]}"'
    )
    done = subprocess.run(["bash", "--norc", "-c", asked], capture_output=True, text=True)
    assert done.stderr == ""
    return done.stdout.split()


def ask_fish(line: str, script: Path) -> list[str]:
    asked = f"source {script}; complete -C '{line}'"
    done = subprocess.run(["fish", "--no-config", "-c", asked], capture_output=True, text=True)
    assert done.stderr == ""
    prefix = line.rpartition(" ")[2].rpartition("=")[0]
    found = [one.partition("\t")[0] for one in done.stdout.splitlines()]
    return [one.removeprefix(f"{prefix}=") if prefix else one for one in found]


def ask_zsh(line: str, script: Path) -> list[str]:
    """Have it put in all matches, and write what the line then is."""
    answer = script.with_name("answer")
    answer.unlink(missing_ok=True)
    commands = (
        "autoload -Uz compinit; compinit -D -u",
        f"source {script}",
        "zstyle ':completion:all-matches::::' completer _all_matches _complete",
        "zstyle ':completion:all-matches:*' old-matches false",
        "zstyle ':completion:all-matches:*' insert true",
        "zle -C all-matches complete-word _generic",
        f"told() {{ print -r -- $BUFFER >{answer}.part; mv {answer}.part {answer} }}",
        "zle -N told; bindkey '^X' all-matches; bindkey '^G' told",
    )
    setup = script.with_name("setup.zsh")
    setup.write_text("\n".join(commands) + "\n")
    process, terminal = pty.fork()
    if process == 0:
        os.execvp("zsh", ["zsh", "-f", "-i"])
    try:
        os.write(terminal, f" source {setup}; print rea''dy\n".encode())
        seen = wait(terminal, lambda said: b"ready\r" in said)
        os.write(terminal, line.encode() + b"\x18\x07")
        wait(terminal, lambda _: answer.exists())
    finally:
        os.close(terminal)
        os.waitpid(process, 0)
    assert b"ready" in seen
    before, _, last = line.rpartition(" ")
    found = answer.read_text().rstrip("\n").removeprefix(f"{before} ").split()
    option = last[: last.rfind("=") + 1]
    return [one.removeprefix(option) for one in found]


def wait(terminal: int, over: Callable[[bytes], bool]) -> bytes:
    """Read what the shell writes until something is over; two minutes at most."""
    seen = b""
    deadline = time.monotonic() + 120
    while not over(seen):
        assert time.monotonic() < deadline, seen
        if select.select([terminal], [], [], 0.1)[0]:
            seen += os.read(terminal, 4096)
    return seen


def test_commands_are_completed(complete: Callable[[str], list[str]]) -> None:
    assert complete("patchgen ") == sorted(command.name for command in COMMANDS)
    assert complete("patchgen pre") == ["presubmit"]


@every_command
def test_options_are_completed(command: Command, complete: Callable[[str], list[str]]) -> None:
    offered = {word.rstrip("=") for word in complete(f"patchgen {command.name} --")}
    assert offered == {name for name in options(command) if name.startswith("--")}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("patchgen explain ", sorted(CHECKS)),
        ("patchgen explain lines-l", ["lines-lost"]),
        ("patchgen verify --ignore ", sorted(CHECKS)),
        ("patchgen verify --ignore=", sorted(CHECKS)),
        ("patchgen presubmit --format ", sorted(FORMATS)),
        ("patchgen render ", sorted(shipped_series())),
        ("patchgen verify --claims ", sorted(shipped_series())),
        ("patchgen verify --fail-on ", ["error", "note", "warning"]),
        ("patchgen presubmit --install s", ["sendemail-validate"]),
        ("patchgen completion ", sorted(SHELLS)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_values_are_completed(
    complete: Callable[[str], list[str]], line: str, expected: list[str]
) -> None:
    assert complete(line) == expected


def test_files_are_completed(complete: Callable[[str], list[str]], tmp_path: Path) -> None:
    (tmp_path / "empty" / "a-series.mbox").touch()
    (tmp_path / "empty" / "linux").mkdir()
    assert complete("patchgen verify a-s") == ["a-series.mbox"]
    assert [one.rstrip("/") for one in complete("patchgen render --tree ")] == ["linux"]


def test_every_choice_is_known_to_the_completions() -> None:
    for command in COMMANDS:
        for argument in command.arguments:
            assert (argument.takes is Takes.CHOICE) == bool(argument.choices)


@pytest.mark.parametrize(
    ("argv", "error", "hint"),
    [
        (["verfy", "x"], 'patchgen has no command "verfy"', 'did you mean "verify"?'),
        (["--versoin"], "the following arguments are required: COMMAND", "see patchgen --help"),
        (["verify", "x", "--fromat", "text"], 'patchgen verify has no option "--fromat"',
         'did you mean "--format"?'),
        (["verify", "x", "--tre=y"], "cannot read x", ""),
        (["verify", "x", "--xyzzy"], 'patchgen verify has no option "--xyzzy"',
         "see patchgen verify --help"),
        (["verify", "x", "--fail-on", "eror"], '--fail-on takes no "eror"',
         'did you mean "error"?'),
        (["verify", "x", "--format", "jsn"], 'no format "jsn"', 'did you mean "json"?'),
        (["presubmit", "--hook", "prepush"], '--hook takes no "prepush"',
         'did you mean "pre-push"?'),
        (["render", "exitles-timer"], 'no series "exitles-timer"',
         'did you mean "exitless-timer"?'),
        (["render", "-v", "x"], '"x" is no version', "see patchgen render --help"),
        (["explain", "lines-lost", "more"], 'patchgen explain takes no "more"',
         "see patchgen explain --help"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)  # fmt: skip
def test_what_is_mistyped_gets_a_suggestion(
    run_cli: Cli, argv: list[str], error: str, hint: str
) -> None:
    ran = run_cli(*argv)
    assert (ran.status, ran.out) == (2, "")
    first, second = ran.err.splitlines()
    assert first.startswith("error: ")
    assert error in first
    assert second.startswith("hint: ")
    assert hint in second
