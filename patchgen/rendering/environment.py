"""The only door to Jinja: a strict sandbox that remembers which template line made which line."""

import re
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import jinja2
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from jinja2.sandbox import ImmutableSandboxedEnvironment

from patchgen.errors import TemplateError
from patchgen.series.text import Line, from_bytes

Fact = str | int | bool | tuple[int, ...] | Callable[..., bool]

_MARK = re.compile("\0(\\d+)\0")
_LEADING_MARKS = re.compile("(?:\0(\\d+)\0)+")


class _LineMarks(Extension):
    """Puts the template's line number into its literal text, between two NUL characters.

    Text that the template captures is left alone, as it can be measured and compared.
    """

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        captured = 0
        statement: list[Token] = []
        for token in stream:
            statement.append(token)
            if token.type == "block_begin":
                statement = []
            elif token.type == "block_end":
                captured += _captures(statement)
            if token.type == "data" and not captured:
                yield Token(token.lineno, "data", _marked(token.value, token.lineno))
            else:
                yield token


def _captures(statement: Sequence[Token]) -> int:
    """1 for a statement after which text is captured, -1 for one that ends it, else 0."""
    name = statement[0].value
    if name == "set":
        kind = next((one.type for one in statement if one.type in ("assign", "pipe")), "pipe")
        return int(kind == "pipe")
    if name in ("macro", "call", "filter"):
        return 1
    return -int(name in ("endset", "endmacro", "endcall", "endfilter"))


def _marked(text: str, first: int) -> str:
    return "\n".join(f"\0{number}\0{line}" for number, line in enumerate(text.split("\n"), first))


class Templates:
    """The templates of one folder, rendered with one set of facts.

    Facts are strings, numbers, truth values, tuples of numbers and functions that give a truth
    value; templates can reach nothing else, and no file outside the folder.
    """

    def __init__(self, folder: Path, shown: str, facts: Mapping[str, Fact]) -> None:
        self._folder = folder
        self._shown = shown
        self._facts = facts
        self._loaded: set[str] = set()
        options = {
            "undefined": jinja2.StrictUndefined,
            "keep_trailing_newline": True,
            "trim_blocks": True,
            "lstrip_blocks": True,
            "loader": jinja2.FunctionLoader(self._load),
        }
        self._environment = ImmutableSandboxedEnvironment(extensions=[_LineMarks], **options)
        self._expressions = ImmutableSandboxedEnvironment(undefined=jinja2.StrictUndefined)

    def place(self, name: str, line: int | None = None) -> str:
        """How a place in a template is shown: ``folder/name:line``."""
        return f"{self._shown}/{name}" + (f":{line}" if line else "")

    def render(self, name: str) -> tuple[Line, ...]:
        """Render a template; every line has the number of the template line it came from.

        Raises TemplateError for a missing template, bad syntax, or anything undefined.
        """
        try:
            text = self._environment.get_template(name).render(self._facts)
        except jinja2.TemplateNotFound as error:
            raise TemplateError(
                f'{self._failing_place(error, name)}: no template "{error.name}"',
                "templates are found inside the folder of their series only",
            ) from error
        except jinja2.TemplateSyntaxError as error:
            raise TemplateError(
                f"{self.place(error.name or name, error.lineno)}: {_lower(error.message or '')}",
                "see the Jinja template language; a literal brace is written {{ '{{' }}",
            ) from error
        except MemoryError as error:
            raise TemplateError(
                f"{self._failing_place(error, name)}: there is not enough memory for it",
                "look for loops that do not end",
            ) from error
        except Exception as error:  # whatever a template does wrong is the template's fault
            raise TemplateError(
                f"{self._failing_place(error, name)}: {_lower(str(error))}",
                "set a variable with --set NAME=VALUE, or describe it in series.toml",
            ) from error
        return tuple(_lines(text))

    def holds(self, expression: str) -> bool:
        """Whether an expression over the facts is true. Raises TemplateError if it is none."""
        try:
            return bool(self._expressions.compile_expression(expression, False)(**self._facts))
        except Exception as error:  # as above
            raise TemplateError(
                f'{self.place("series.toml")}: cannot evaluate "{expression}": {error}',
                'expressions look like has_file("path") and has_text("path", "text")',
            ) from error

    def _load(self, name: str) -> tuple[str, str, None] | None:
        path = (self._folder / name).resolve()
        if not path.is_relative_to(self._folder.resolve()) or not path.is_file():
            return None
        self._loaded.add(name)
        return from_bytes(path.read_bytes()), name, None

    def _failing_place(self, error: Exception, name: str) -> str:
        """The innermost place in a template that an error passed through."""
        for frame in reversed(traceback.extract_tb(error.__traceback__)):
            if frame.filename in self._loaded:
                return self.place(frame.filename, frame.lineno)
        return self.place(name)


def _lines(text: str) -> Iterator[Line]:
    number = 1
    pieces = text.split("\n")
    if not _MARK.sub("", pieces[-1]):
        pieces.pop()
    for piece in pieces:
        marks = _MARK.findall(piece)
        if leading := _LEADING_MARKS.match(piece):
            number = int(leading[1])
        elif marks:
            number = int(marks[0])
        yield Line(number, _MARK.sub("", piece))
        number = int(marks[-1]) if marks else number


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:].rstrip(".")
