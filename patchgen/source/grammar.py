"""The only door to tree-sitter: C text as a tree of nodes, in which bytes are characters.

Kernel source is more than the grammar of C knows: macros stand where only the preprocessor could
tell what they mean. Such parts become nodes of type ``ERROR``, and the rest is as it should be.
"""

from functools import cache

from tree_sitter import Language, Node, Parser, Tree

__all__ = ["Node", "Tree", "ancestors", "field", "leaf_at", "parse", "text_of"]


@cache
def _parser() -> Parser:
    import tree_sitter_c  # late, as it takes longer than all that most series need

    return Parser(Language(tree_sitter_c.language()))


def parse(text: str) -> Tree:
    """The tree of a text that was decoded as Latin-1; there is one for whatever it says."""
    return _parser().parse(text.encode("latin-1"))


def leaf_at(tree: Tree, start: int, end: int) -> Node | None:
    """The smallest node that covers these characters."""
    return tree.root_node.descendant_for_byte_range(start, end)


_DEEP = 64
"""How deep nobody nests: the library finds a parent by walking down from the top."""


def ancestors(node: Node) -> list[Node]:
    """The nodes that a node stands in, the nearest first; the whole file last, if it is near."""
    found: list[Node] = []
    above = node.parent
    while above is not None and len(found) < _DEEP:
        found.append(above)
        above = above.parent
    return found


def field(node: Node, name: str) -> Node | None:
    """The part of a node that the grammar calls ``name``."""
    return node.child_by_field_name(name)


def text_of(node: Node | None) -> str:
    """The characters of a node; none where there is no node."""
    return (node.text or b"").decode("latin-1") if node else ""
