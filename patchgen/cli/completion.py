"""``patchgen completion``: scripts for bash, zsh and fish, made from what the parser knows.

They are static, so that nothing of patchgen runs while somebody types.
"""

from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence

from patchgen.cli.described import Argument, Command, Takes, described
from patchgen.cli.parser import Parser

Words = dict[Takes, tuple[str, ...]]


def run(arguments: Namespace, parser: Parser) -> int:
    """Print the script for a shell."""
    write: Callable[[Sequence[Command], Words], Iterator[str]]
    write = {"bash": _bash, "zsh": _zsh, "fish": _fish}[arguments.shell]
    print("\n".join(write(described(parser), _words())))
    return 0


def _words() -> Words:
    from patchgen.building.kbuild.shipped import shipped_matrix
    from patchgen.checks.catalogue import CHECKS
    from patchgen.cli.output import FORMATS
    from patchgen.rendering.template import shipped_series
    from patchgen.settings.matrix import ALL

    return {
        Takes.CHECK: tuple(CHECKS),
        Takes.FORMAT: FORMATS,
        Takes.MATRIX: (*shipped_matrix(), ALL),
        Takes.SERIES: shipped_series(),
    }


def _choices(argument: Argument, words: Words) -> str:
    return " ".join(argument.choices or words.get(argument.takes, ()))


def _bash(commands: Sequence[Command], words: Words) -> Iterator[str]:
    others = commands[1:]
    names = " ".join(command.name for command in others)
    yield "# bash completion for patchgen, made by: patchgen completion bash"
    yield "_patchgen()"
    yield "{"
    yield "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} command= i"
    yield "    # --option=value is three words here"
    yield "    if [[ $cur == = ]]; then cur="
    yield "    elif [[ $prev == = ]]; then prev=${COMP_WORDS[COMP_CWORD-2]}; fi"
    yield "    COMPREPLY=()"
    yield "    for ((i = 1; i < COMP_CWORD; i++)); do"
    yield "        case ${COMP_WORDS[i]} in"
    yield f"            {names.replace(' ', '|')}) command=${{COMP_WORDS[i]}}; break ;;"
    yield "        esac"
    yield "    done"
    yield '    case "$command $prev" in'
    for command in others:
        for option in command.options:
            if option.takes is not Takes.NOTHING:
                pattern = "|".join(f'"{command.name} {name}"' for name in option.names)
                yield f"        {pattern})"
                yield from (f"            {line}" for line in _bash_values(option, words))
                yield "            return ;;"
    yield "    esac"
    yield "    case $command in"
    for command in commands:
        offered = " ".join(name for option in command.options for name in option.names)
        yield f"        {command.name or chr(34) * 2})"
        yield "            if [[ $cur == -* ]]; then"
        yield f"                mapfile -t COMPREPLY < <(compgen -W '{offered}' -- \"$cur\")"
        yield "                return"
        yield "            fi"
        if not command.name:
            yield f"            mapfile -t COMPREPLY < <(compgen -W '{names}' -- \"$cur\")"
        for argument in command.positional:
            yield from (f"            {line}" for line in _bash_values(argument, words))
        yield "            ;;"
    yield "    esac"
    yield "}"
    yield "complete -F _patchgen patchgen"


def _bash_values(argument: Argument, words: Words) -> Iterator[str]:
    known = _choices(argument, words)
    kinds = {Takes.FILE: "-f", Takes.DIRECTORY: "-d", Takes.SERIES: "-d"}
    files = kinds.get(argument.takes, "")
    how = " ".join(part for part in (files, f"-W '{known}'" if known else "") if part)
    if not how:
        return
    yield f'mapfile -t COMPREPLY < <(compgen {how} -- "$cur")'
    if files:
        yield "compopt -o filenames 2>/dev/null"
    elif argument.takes in (Takes.FORMAT, Takes.MATRIX):
        yield "compopt -o nospace 2>/dev/null # =FILE or a comma may follow"


def _zsh(commands: Sequence[Command], words: Words) -> Iterator[str]:
    program, *others = commands
    yield "#compdef patchgen"
    yield "# zsh completion for patchgen, made by: patchgen completion zsh"
    yield "_patchgen() {"
    yield "  local context state state_descr line"
    yield "  typeset -A opt_args"
    yield "  _arguments -C \\"
    for spec in _zsh_specs(program, words):
        yield f"    {spec} \\"
    yield "    '1:command:->command' '*::argument:->argument'"
    yield "  case $state in"
    yield "    command)"
    yield "      local -a commands=("
    for command in others:
        yield f"        {_single(f'{command.name}:{command.summary}')}"
    yield "      )"
    yield "      _describe command commands ;;"
    yield "    argument)"
    yield "      case $words[1] in"
    for command in others:
        yield f"        {command.name})"
        yield "          _arguments \\"
        for spec in _zsh_specs(command, words):
            yield f"            {spec} \\"
        yield "            && return 0 ;;"
    yield "      esac ;;"
    yield "  esac"
    yield "}"
    yield "# As a file in $fpath this is the body of _patchgen itself; otherwise it is sourced."
    yield 'if [[ $funcstack[1] == _patchgen ]]; then _patchgen "$@"'
    yield "else compdef _patchgen patchgen; fi"


def _zsh_specs(command: Command, words: Words) -> Iterator[str]:
    for option in command.options:
        about = f"[{_zsh_text(option.help)}]"
        value = "" if option.takes is Takes.NOTHING else f":{_zsh_values(option, words)}"
        for name in option.names:
            others = " ".join(one for one in option.names if one != name)
            start = "*" if option.many else f"({others})" if others else ""
            glue = "=" if value and name.startswith("--") else ""
            yield _single(f"{start}{name}{glue}{about}{value}")
    for number, argument in enumerate(command.positional, 1):
        yield _single(f"{'*' if argument.many else number}:{_zsh_values(argument, words)}")


def _zsh_values(argument: Argument, words: Words) -> str:
    known = _choices(argument, words)
    label = _zsh_text(argument.metavar.strip("{}").lower() or "value")
    if argument.takes is Takes.FILE:
        return f"{label}:_files"
    if argument.takes is Takes.DIRECTORY:
        return f"{label}:_files -/"
    if argument.takes is Takes.SERIES:
        return f"{label}:{{ compadd {known}; _files -/ }}"
    if argument.takes is Takes.FORMAT:
        return f"{label}:{{ compadd -S '' {known} }}"
    if argument.takes is Takes.MATRIX:
        return f"{label}:{{ compadd -S '' -q {known} }}"
    return f"{label}:({known})" if known else f"{label}: "


def _zsh_text(text: str) -> str:
    for special in ("\\", ":", "[", "]"):
        text = text.replace(special, f"\\{special}")
    return text


def _single(text: str) -> str:
    quoted = text.replace("'", "'\\''")
    return f"'{quoted}'"


def _fish(commands: Sequence[Command], words: Words) -> Iterator[str]:
    program, *others = commands
    names = " ".join(command.name for command in others)
    yield "# fish completion for patchgen, made by: patchgen completion fish"
    yield "complete -c patchgen -f"
    none = f"not __fish_seen_subcommand_from {names}"
    yield from _fish_options(program, none, words)
    for command in others:
        about = _fish_text(command.summary)
        yield f"complete -c patchgen -n '{none}' -a {command.name} -d {about}"
    for command in others:
        seen = f"__fish_seen_subcommand_from {command.name}"
        yield from _fish_options(command, seen, words)
        for argument in command.positional:
            values = _fish_values(argument, words)
            if values:
                yield f"complete -c patchgen -n '{seen}' {values}"


def _fish_options(command: Command, condition: str, words: Words) -> Iterator[str]:
    for option in command.options:
        long = [name[2:] for name in option.names if name.startswith("--")]
        short = [name[1:] for name in option.names if not name.startswith("--")]
        for index, name in enumerate(long or [""]):
            parts = [f"-s {one}" for one in short if index == 0] + ([f"-l {name}"] if name else [])
            parts.append(f"-d {_fish_text(option.help)}")
            if option.takes is not Takes.NOTHING:
                parts += ["-r" if option.takes is Takes.FILE else "-x", _fish_values(option, words)]
            yield f"complete -c patchgen -n '{condition}' {' '.join(parts)}".rstrip()


def _fish_values(argument: Argument, words: Words) -> str:
    known = _choices(argument, words)
    if argument.takes is Takes.FILE:
        return "-F"
    if argument.takes is Takes.DIRECTORY:
        return "-a '(__fish_complete_directories)'"
    if argument.takes is Takes.SERIES:
        return f"-a '{known} (__fish_complete_directories)'"
    return f"-a '{known}'" if known else ""


def _fish_text(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
