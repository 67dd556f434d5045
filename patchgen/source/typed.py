"""Which expressions are structures of one type, as far as declarations at hand say so."""

import re

from patchgen.source.file import CFile
from patchgen.source.grammar import Node, ancestors, field, leaf_at, text_of
from patchgen.source.names import declaration, outside


class Types:
    """The variables and members declared with the type of a structure, in the files learnt.

    ``member`` is the one whose calls are asked about.
    """

    def __init__(self, struct: str, member: str) -> None:
        self._struct = struct
        self._member = member
        self._variables: set[str] = set()
        self._members: set[str] = set()
        self._rivals = False
        self._head = re.compile(rf"\bstruct\s+{re.escape(struct)}\b[\s*]*(?:const\b[\s*]*)?(\w+)")

    def learn(self, file: CFile) -> None:
        """Take in what a file declares."""
        for match in self._head.finditer(file.text):
            node = leaf_at(file.tree, match.start(1), match.end(1))
            whole = declaration(node)[0] if node else None
            if whole is None:
                continue
            if whole.type == "field_declaration":
                self._members.add(match[1])
            elif whole.type == "declaration" and outside(whole):
                self._variables.add(match[1])
        for node in file.nodes(self._member):
            whole = declaration(node)[0]
            if whole is not None and whole.type == "field_declaration":
                struct = next((a for a in ancestors(whole) if a.type == "struct_specifier"), None)
                self._rivals |= struct is None or text_of(field(struct, "name")) != self._struct

    def belongs(self, file: CFile, owner: Node, function: Node) -> bool:
        """Whether an expression in a function is a structure of the type, or points to one.

        What the function declares goes before what is declared elsewhere. Where another structure
        has a member of the same name, members are not told apart and the answer is no.
        """
        if owner.type == "field_expression":
            return not self._rivals and text_of(field(owner, "field")) in self._members
        if owner.type != "identifier":
            return False
        name = text_of(owner)
        local = []
        for node in file.nodes(name):
            if function.start_byte <= node.start_byte < function.end_byte:
                whole = declaration(node)[0]
                if whole is not None and whole.type in ("declaration", "parameter_declaration"):
                    local.append(text_of(field(whole, "type")).split())
        if local:
            return all(words == ["struct", self._struct] for words in local)
        return name in self._variables
