"""Building HTML out of elements, so that no text can become markup.

Text goes in as `str` and is escaped when it is written; only an `Element` becomes a tag. There is
no way to pass markup as text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Union

from patchgen.reporting.text import harmless

Child = Union["Element", str, None]

_NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9-]*")
_VOID = frozenset({"br", "meta", "path", "line", "circle", "rect"})
_SVG = frozenset({"path", "line", "circle", "rect"})
_INLINE = re.compile(r"[<&]")


@dataclass(frozen=True, slots=True)
class Element:
    """A tag with its attributes and what is in it."""

    name: str
    attributes: tuple[tuple[str, str], ...]
    children: tuple[Child, ...]


def element(name: str, /, *children: Child, **attributes: str | int | None) -> Element:
    """An element; ``class_`` and ``for_`` lose their underscore, others become hyphens.

    Attributes that are None are left out, and so are children.
    """
    pairs = []
    for key, value in attributes.items():
        attribute = key.rstrip("_").replace("_", "-")
        if not _NAME.fullmatch(attribute):
            raise ValueError(f"no attribute name: {attribute}")
        if value is not None:
            pairs.append((attribute, str(value)))
    if not _NAME.fullmatch(name):
        raise ValueError(f"no element name: {name}")
    return Element(name, tuple(pairs), tuple(child for child in children if child is not None))


def style_sheet(rules: str) -> Element:
    """A style element. In it nothing is escaped, so ``rules`` must be ours and without ``<``."""
    if _INLINE.search(rules):
        raise ValueError("a style sheet with markup in it")
    return Element("style", (), (rules,))


def document(root: Element) -> str:
    """The whole page."""
    return "<!DOCTYPE html>\n" + "".join(_written(root)) + "\n"


def text_of(text: str) -> str:
    """Text as it stands in a page: what would not be seen is shown, what would act is escaped."""
    return escape(harmless(text), quote=True)


def _written(child: Element | str) -> Iterator[str]:
    if isinstance(child, str):
        yield text_of(child)
        return
    attributes = "".join(f' {name}="{text_of(value)}"' for name, value in child.attributes)
    if child.name in _VOID:
        yield f"<{child.name}{attributes}{'/' if child.name in _SVG else ''}>"
        return
    yield f"<{child.name}{attributes}>"
    if child.name == "style":
        yield "".join(one for one in child.children if isinstance(one, str))
    else:
        for one in child.children:
            if one is not None:
                yield from _written(one)
    yield f"</{child.name}>"
    if child.name in _BREAKS:
        yield "\n"


_BREAKS = frozenset({"section", "details", "tr", "li", "p", "h2", "h3", "style", "head", "meta"})
"""After these a newline changes nothing but makes the file readable."""
