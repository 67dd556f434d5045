"""One version of a C file: its text without comments, and its words in the tree of the grammar."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property

from patchgen.source.grammar import Node, Tree, leaf_at, parse

_COMMENT = re.compile(
    r"""//(?:\\\n|[^\n])*|/\*.*?(?:\*/|\Z)|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?""", re.DOTALL
)
_DIRECTIVE = re.compile(r"^[ \t]*#[ \t]*(if|ifdef|ifndef|elif|else|endif)\b(.*)$", re.MULTILINE)
_GUARD = re.compile(
    r"[ \t]*#[ \t]*ifndef[ \t]+(\w+)[ \t]*\n(?:[ \t]*\n)*[ \t]*#[ \t]*define[ \t]+\1\b"
)


_EVERYWHERE = 200
"""How often a word may stand in a file of which something certain is to be said."""


class CFile:
    """A C file. ``data`` is taken as Latin-1, so that places are the same in bytes and text."""

    def __init__(self, path: str, data: bytes) -> None:
        self.path = path
        self.raw = data.decode("latin-1")

    @cached_property
    def text(self) -> str:
        """What it says, with blanks in place of comments."""
        return without_comments(self.raw)

    @cached_property
    def tree(self) -> Tree:
        """What the grammar makes of it."""
        return parse(self.text)

    @cached_property
    def conditional(self) -> frozenset[int]:
        """The lines that the preprocessor may leave out; an include guard leaves out nothing."""
        return frozenset(self._conditional())

    def line(self, offset: int) -> int:
        """The number of the line, counted from 1, in which a character stands."""
        return bisect_right(self._starts, offset)

    def line_text(self, number: int) -> str:
        """A line, its comments blanked."""
        return self.text.split("\n", number)[number - 1]

    def nodes(self, word: str) -> Iterator[Node]:
        """The leaves of the tree in which a word stands, in order; none if it is everywhere."""
        found = list(re.finditer(rf"\b{re.escape(word)}\b", self.text))
        for match in found if len(found) <= _EVERYWHERE else ():
            node = leaf_at(self.tree, match.start(), match.end())
            if node is not None:
                yield node

    def has(self, word: str) -> bool:
        """Whether a word stands anywhere in it, comments left aside."""
        return word in self.raw and bool(re.search(rf"\b{re.escape(word)}\b", self.text))

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.text))]

    def _conditional(self) -> Iterator[int]:
        depth = 0
        since = 0
        first = _DIRECTIVE.search(self.text)
        above = self.text[: first.start()].strip() if first else ""
        guarded = bool(first and not above and _GUARD.match(self.text, first.start()))
        for match in _DIRECTIVE.finditer(self.text):
            number = self.line(match.start())
            if match[1].startswith("if"):
                if depth == guarded:
                    since = number
                depth += 1
            elif match[1] == "endif" and depth:
                depth -= 1
                if depth == guarded and since:
                    yield from range(since, number + 1)
        if depth > guarded and since:
            yield from range(since, len(self._starts) + 1)


def without_comments(text: str) -> str:
    """The text with blanks in place of comments, each character where it was."""
    if "/" not in text:
        return text

    def blanked(match: re.Match[str]) -> str:
        found = match[0]
        return found if found[0] in "\"'" else re.sub(r"[^\n]", " ", found)

    return _COMMENT.sub(blanked, text)
