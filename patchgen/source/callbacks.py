"""Structures of functions in one C file: their members, who sets them, who calls them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from patchgen.source.file import CFile
from patchgen.source.grammar import Node, ancestors, field, leaf_at, parse, text_of
from patchgen.source.names import (
    declaration,
    enclosing_function,
    function_name,
    unclear,
)
from patchgen.source.typed import Types

_TELLING = re.compile(r"[^&]&[^&]|[!=]=\s*[A-Z]|[A-Z]\w+\s*[!=]=|^case|_has_|_is_|cap|support")
_NOTHING = re.compile(r"(?:NULL|0|\(void \*\)\s*0)")
_DIRECTIVE = re.compile(r"^[ \t]*#[ \t]*(?:if|ifdef|ifndef|elif|else|endif)\b.*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Member:
    """A pointer to a function in a structure."""

    struct: str
    name: str


@dataclass(frozen=True, slots=True)
class Initialiser:
    """A variable of the structure's type with its initial value; ``line`` is where it begins.

    ``sets`` is None where nobody can tell whether the member is set.
    """

    path: str
    variable: str
    line: int
    sets: bool | None


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a member that nothing in the same function looks at before.

    ``variable`` is the one whose own member is called, "" for what a pointer points to;
    ``conditional`` says that it is behind a condition which may tell whether the member is there.
    """

    file: CFile
    line: int
    function: str
    variable: str
    conditional: bool


def members(file: CFile, name: str) -> Iterator[Member]:
    """The structures of a file that have a pointer to a function of this name."""
    for node in file.nodes(name):
        whole, function = declaration(node)
        if whole is None or whole.type != "field_declaration" or function:
            continue
        above = ancestors(node)
        if not any(one.type == "function_declarator" for one in above[: above.index(whole)]):
            continue
        struct = whole.parent.parent if whole.parent else None
        tag = field(struct, "name") if struct and struct.type == "struct_specifier" else None
        if tag is not None:
            yield Member(text_of(tag), name)


def initialisers(file: CFile, member: Member) -> Iterator[Initialiser]:
    """The variables of the structure's type that a file initialises."""
    head = rf"\bstruct\s+{re.escape(member.struct)}\s+(?:\w+\s+){{0,4}}?(\w+)\b"
    head += r"[^;{}=]{0,200}=\s*\{"
    for match in re.finditer(head, file.text):
        node = leaf_at(file.tree, match.end() - 1, match.end())
        values = node.parent if node else None
        if values is None or values.type != "initializer_list" or enclosing_function(values):
            continue
        inner = [one for one in values.named_children if one.type == "initializer_list"]
        inner += [
            value
            for one in values.named_children
            if one.type == "initializer_pair"
            and any(child.type == "subscript_designator" for child in one.children)
            and (value := field(one, "value")) is not None
            and value.type == "initializer_list"
        ]
        for one in inner or [values]:
            line = file.line(match.start() if one == values else one.start_byte)
            yield Initialiser(file.path, match[1], line, _sets(one, member.name))


def assigned(file: CFile, member: Member) -> set[str]:
    """The variables whose member is set by an assignment; "" is what some pointer points to."""
    found = set()
    for node in file.nodes(member.name):
        above = ancestors(node)[:2]
        if [one.type for one in above] != ["field_expression", "assignment_expression"]:
            continue
        expression, assignment = above
        if field(assignment, "left") != expression:
            continue
        if _NOTHING.fullmatch(text_of(field(assignment, "right"))):
            continue
        owner = field(expression, "argument")
        own = text_of(field(expression, "operator")) == "."
        found.add(text_of(owner) if own and owner and owner.type == "identifier" else "")
    return found


def _sets(values: Node, name: str) -> bool | None:
    """Whether the values between braces have one for the member.

    Values without a name, and words that only the preprocessor understands, may be anything.
    """
    text = text_of(values)
    if match := re.search(rf"\.\s*{re.escape(name)}\s*=\s*([^,}}]*)", text):
        return not _NOTHING.fullmatch(match[1].strip())
    if _strange(values):
        # A condition of the preprocessor among the values is more than the grammar knows.
        tree = parse(f"struct t v = {_DIRECTIVE.sub('', text)};")
        leaf = leaf_at(tree, len("struct t v = "), len("struct t v = {"))
        again = leaf.parent if leaf else None
        if again is None or again.type != "initializer_list" or _strange(again):
            return None
    named = any(one.type == "initializer_pair" for one in values.named_children)
    return False if named else None


def _strange(values: Node) -> bool:
    return any(one.type != "initializer_pair" for one in values.named_children)


def calls(file: CFile, member: Member, types: Types) -> Iterator[Call]:
    """The calls of a member that is the structure's, without a look at it before."""
    for node in file.nodes(member.name):
        called = _called(node)
        if called is None or unclear(node):
            continue
        function = enclosing_function(node)
        owner = field(called, "argument")
        if function is None or owner is None or not types.belongs(file, owner, function):
            continue
        if _looked_at(node, function, file, member):
            continue
        direct = text_of(owner) if text_of(called).startswith(f"{text_of(owner)}.") else ""
        line = file.line(node.start_byte)
        conditions = list(_conditions(called, function))
        if any(_about(condition, owner) for condition in conditions):
            continue
        yield Call(
            file,
            line,
            function_name(function),
            direct if direct.isidentifier() else "",
            any(_TELLING.search(one) for one in conditions),
        )


def looks(file: CFile, member: Member) -> set[str]:
    """The functions of a file that look at the member and do not call it; "" is a macro."""
    looking, calling = set(), set()
    for node in file.nodes(member.name):
        if not _mentions(node):
            continue
        function = enclosing_function(node)
        if function is None:
            if node.type != "field_identifier":
                looking.add("")
        elif _called(node) is not None:
            calling.add(function_name(function))
        elif not _is_assigned(node):
            looking.add(function_name(function))
    return looking - calling


def _called(node: Node) -> Node | None:
    """The expression ``owner->member`` if it is what is called."""
    expression = node.parent
    if expression is None or expression.type != "field_expression":
        return None
    outer = expression
    for call in ancestors(expression):
        if call.type not in ("parenthesized_expression", "pointer_expression"):
            break
        outer = call
    else:
        return None
    if call.type != "call_expression" or field(call, "function") != outer:
        return None
    return expression


def _is_assigned(node: Node) -> bool:
    above = node.parent.parent if node.parent else None
    return (
        above is not None
        and above.type == "assignment_expression"
        and field(above, "left") == node.parent
    )


def guarded_calls(file: CFile, function: str, member: Member) -> Iterator[bool]:
    """For each call of a function whether its caller looks at the member before."""
    for node in file.nodes(function):
        call = node.parent
        if call is None or call.type != "call_expression" or field(call, "function") != node:
            continue
        if (caller := enclosing_function(call)) is not None:
            yield _looked_at(node, caller, file, member)


def _looked_at(node: Node, function: Node, file: CFile, member: Member) -> bool:
    """Whether the function mentions the member before the call, other than by calling it."""
    for other in file.nodes(member.name):
        inside = function.start_byte <= other.start_byte < node.start_byte
        if inside and _mentions(other) and _called(other) is None:
            return True
    return False


def _mentions(node: Node) -> bool:
    """Whether a word is the member of something, or one that a macro may make it of.

    In the body of a macro the grammar has no words, only text.
    """
    if node.type == "identifier":
        return node.parent is not None and node.parent.type == "argument_list"
    if node.type == "field_identifier":
        return (
            node.parent is not None
            and node.parent.type != "field_designator"
            and (declaration(node)[0] is None)
        )
    return True


def _conditions(node: Node, function: Node) -> Iterator[str]:
    """What must be true where a node stands, as far as the statements around it say so."""
    below = node
    for above in ancestors(node):
        if above == function:
            break
        if above.type in ("if_statement", "while_statement", "conditional_expression"):
            condition = field(above, "condition")
            if condition is not None and condition != below:
                yield text_of(condition)
        elif above.type == "binary_expression" and field(above, "right") == below:
            yield text_of(field(above, "left"))
        elif above.type == "case_statement":
            yield "case"
        elif above.type == "compound_statement":
            yield from _left_before(above, below)
        below = above


def _left_before(block: Node, statement: Node) -> Iterator[str]:
    """The conditions on which a block is left before it comes to a statement."""
    for one in block.named_children:
        if one.start_byte >= statement.start_byte:
            return
        if one.type == "if_statement":
            then = text_of(field(one, "consequence"))
            if re.search(r"\b(?:return|goto|break|continue)\b", then):
                yield text_of(field(one, "condition"))


def _about(condition: str, owner: Node) -> bool:
    """Whether a condition looks at another member of the structure, without calling it."""
    name = re.escape(text_of(owner))
    pattern = rf"(?<![\w.>]){name}\s*(?:->|\.)\s*\w+\b\s*(?!\s*\()"
    return bool(re.search(pattern, condition))
