"""What a word does where it stands: it defines something, uses it, or nobody can tell."""

import enum

from patchgen.source.grammar import Node, ancestors, field, text_of

_DECLARATORS = frozenset(
    (
        "array_declarator",
        "attributed_declarator",
        "function_declarator",
        "init_declarator",
        "parenthesized_declarator",
        "pointer_declarator",
    )
)
_WHOLES = frozenset(
    (
        "declaration",
        "field_declaration",
        "function_definition",
        "parameter_declaration",
        "type_definition",
    )
)
_OUTSIDE = frozenset(
    (
        "translation_unit",
        "preproc_if",
        "preproc_ifdef",
        "preproc_else",
        "preproc_elif",
        "preproc_elifdef",
    )
)
_TAGS = {"struct_specifier": "struct", "union_specifier": "union", "enum_specifier": "enum"}


class Kind(enum.Enum):
    """What is defined."""

    FUNCTION = "function"
    PROTOTYPE = "prototype"
    VARIABLE = "variable"
    MACRO = "macro"
    MEMBER = "member"
    ENUMERATOR = "constant"
    TAG = "type"
    TYPEDEF = "typedef"


def defined(node: Node) -> Kind | None:
    """What a word defines for the whole file; None for locals, parameters and what only uses."""
    parent = node.parent
    if parent is None:
        return None
    if parent.type in ("preproc_def", "preproc_function_def"):
        return Kind.MACRO if field(parent, "name") == node else None
    if parent.type == "enumerator":
        return Kind.ENUMERATOR if field(parent, "name") == node else None
    if parent.type in _TAGS and node.type == "type_identifier":
        return Kind.TAG if field(parent, "body") is not None else None
    whole, function = declaration(node)
    if whole is None:
        return None
    if whole.type == "field_declaration":
        return Kind.MEMBER
    if not outside(whole):
        return None
    if whole.type == "type_definition":
        return Kind.TYPEDEF
    if whole.type == "function_definition":
        return Kind.FUNCTION
    return Kind.PROTOTYPE if function else Kind.VARIABLE


def declaration(node: Node) -> tuple[Node | None, bool]:
    """The declaration that declares a word, and whether it declares a function.

    A pointer to a function is no function.
    """
    function = pointer = False
    below = node
    above = None
    for above in ancestors(node):
        if above.type not in _DECLARATORS:
            break
        if field(above, "declarator") != below and above.type != "parenthesized_declarator":
            return None, False  # the size of an array, an initial value, a parameter
        pointer = pointer or above.type == "pointer_declarator"
        if above.type == "function_declarator":
            function = function or not pointer
        below = above
    if above is None or above.type not in _WHOLES:
        return None, False
    declares = below in above.children_by_field_name("declarator")
    return (above, function) if declares else (None, False)


def outside(node: Node) -> bool:
    """Whether a node stands outside all functions, structures and lists."""
    return all(above.type in _OUTSIDE for above in ancestors(node))


def enclosing_function(node: Node) -> Node | None:
    """The function in whose body a node stands."""
    for above in ancestors(node):
        if above.type == "function_definition":
            return above
    return None


def function_name(function: Node) -> str:
    """The name of a function that is defined; "" where the grammar is at a loss."""
    at = field(function, "declarator")
    while at is not None and at.type in _DECLARATORS:
        inner = field(at, "declarator")
        at = inner if inner is not None or not at.named_children else at.named_children[0]
    return text_of(at) if at is not None and at.type == "identifier" else ""


def unclear(node: Node) -> bool:
    """Whether a word stands in a part that is not C to the grammar."""
    return any(above.is_error for above in ancestors(node))
