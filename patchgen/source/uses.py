"""Uses of a word that no compiler can do without a definition."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from patchgen.source.file import CFile
from patchgen.source.grammar import Node, ancestors, field, text_of
from patchgen.source.names import declaration, defined, enclosing_function, unclear

_VALUES = frozenset(
    (
        "argument_list",
        "array_declarator",
        "assignment_expression",
        "binary_expression",
        "case_statement",
        "cast_expression",
        "conditional_expression",
        "init_declarator",
        "initializer_list",
        "initializer_pair",
        "parenthesized_expression",
        "pointer_expression",
        "return_statement",
        "subscript_expression",
        "unary_expression",
        "update_expression",
    )
)
_TYPED = frozenset(("declaration", "field_declaration", "parameter_declaration", "type_descriptor"))
_COMPLETE = frozenset(("identifier", "field_identifier", "array_declarator", "init_declarator"))
_CALL_AT_THE_TOP = re.compile(r"^(?:static\s+)?\w+\s*\(([^;{}()]*)\)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Use:
    """A use of a word: the line, and the functions or macros in whose arguments it stands."""

    line: int
    what: str
    inside: tuple[str, ...]


def declares(file: CFile, word: str) -> bool:
    """Whether a file may declare a word, if only for one function or in a macro."""
    return any(
        defined(node) is not None
        or declaration(node)[0] is not None
        or node.type not in ("identifier", "field_identifier", "type_identifier")
        or unclear(node)
        for node in file.nodes(word)
    )


def uses(file: CFile, word: str) -> Iterator[Use]:
    """The uses of a word that is declared nowhere in the file, and that are always compiled."""
    for node in file.nodes(word):
        line = file.line(node.start_byte)
        what = _use(node)
        if what and line not in file.conditional and not unclear(node):
            yield Use(line, what, _inside(node))


def may_be_made(file: CFile, word: str) -> bool:
    """Whether a macro with a part of the word among its arguments may make the word."""
    padded = f"_{word}_"
    for match in _CALL_AT_THE_TOP.finditer(file.text):
        for part in re.findall(r"\w+", match[1]):
            if part != word and f"_{part}_" in padded:
                return True
    return False


def _use(node: Node) -> str:
    parent = node.parent
    if parent is None:
        return ""
    if node.type == "field_identifier":
        return "member" if parent.type in ("field_expression", "field_designator") else ""
    if node.type == "type_identifier":
        return _type(node, parent)
    if node.type != "identifier":
        return ""
    if parent.type == "call_expression" and field(parent, "function") == node:
        return "function" if enclosing_function(node) is not None else ""
    if parent.type == "init_declarator" and field(parent, "value") != node:
        return ""
    if parent.type == "array_declarator" and field(parent, "size") != node:
        return ""
    if parent.type == "argument_list" and enclosing_function(node) is None:
        return ""  # a macro between functions
    return "identifier" if parent.type in _VALUES else ""


def _type(node: Node, parent: Node) -> str:
    if parent.type in _TYPED and field(parent, "type") == node:
        return "type"
    if parent.type not in ("struct_specifier", "union_specifier"):
        return ""
    # A pointer to a structure that nobody knows is fine.
    outer = parent.parent
    if outer is None or outer.type not in ("declaration", "field_declaration"):
        return ""
    if "extern" in text_of(outer).split():
        return ""
    declarator = field(outer, "declarator")
    while declarator is not None and declarator.type in ("array_declarator", "init_declarator"):
        declarator = field(declarator, "declarator")
    complete = declarator is not None and declarator.type in _COMPLETE
    if outer.type == "declaration" and enclosing_function(outer) is None:
        return ""  # completed at the end of the file at the latest
    return text_of(parent) if complete else ""


def _inside(node: Node) -> tuple[str, ...]:
    found = []
    below = node
    for above in ancestors(node):
        if above.type == "call_expression" and field(above, "function") != below:
            found.append(text_of(field(above, "function")))
        below = above
    return tuple(found)
