"""Finding the one place in the base tree that an anchored hunk means."""

import re
from collections.abc import Sequence
from difflib import get_close_matches

from patchgen.errors import TemplateError
from patchgen.rendering.anchored import AnchoredHunk
from patchgen.series.diff.matching import exact_places, nearest
from patchgen.series.text import from_bytes, to_bytes

_HEADING = re.compile(r"[A-Za-z_$]")
_LABEL = re.compile(r"[A-Za-z_][A-Za-z_0-9]*:\s*(?:$|/[/*])")
_HEADING_SIZE = 80


class Sections:
    """Under which section heading git would put a hunk that begins at a line of a file.

    The heading is the last line before it that begins with a letter, ``_`` or ``$``. Labels count
    only where the tree's attributes do not name git's ``cpp`` driver, so both readings are known.
    """

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._headings: list[tuple[str, str]] = []
        plain, labelled = "", ""
        for line in lines:
            self._headings.append((plain, labelled))
            if _HEADING.match(line):
                labelled = _cut(line)
                plain = plain if _LABEL.match(line) else labelled
        self.names = {name for pair in self._headings for name in pair if name}

    def heading(self, place: int) -> str:
        """The heading of a line (its index), without labels; empty at the top of the file."""
        return self._headings[place][0]

    def holds(self, wanted: str, place: int) -> bool:
        """Whether a line (its index) is in the section ``wanted``, cut to git's 80 bytes or not.

        git's drivers for other languages have indented headings: a name that is no heading by the
        rules above is taken for one of them where it stands.
        """
        name = _cut(wanted)
        if name in self.names:
            return name in self._headings[place]
        return any(_cut(line.lstrip()) == name for line in self._lines[:place])


def _cut(heading: str) -> str:
    return from_bytes(to_bytes(heading)[:_HEADING_SIZE].rstrip())


def replace_hunks(
    lines: Sequence[str], hunks: Sequence[AnchoredHunk], path: str, template: str
) -> list[str]:
    """``lines`` of the file ``path`` with every hunk put in its place.

    Raises one TemplateError that carries those of all hunks which fit nowhere or in several
    places, or which overlap.
    """
    sections = Sections(lines)
    places: list[tuple[int, AnchoredHunk]] = []
    errors: list[TemplateError] = []
    for hunk in hunks:
        try:
            places.append((_place(lines, sections, hunk, path, template), hunk))
        except TemplateError as error:
            errors.append(error)
    places.sort(key=lambda item: item[0])
    result: list[str] = []
    done = 0
    for position, hunk in places:
        if position < done:
            errors.append(
                TemplateError(
                    f"{template}:{hunk.line}: the hunk overlaps another one in {path}",
                    "make them one hunk",
                )
            )
            continue
        result += [*lines[done:position], *hunk.image("+")]
        done = position + len(hunk.image("-"))
    if errors:
        errors[0].also = (*errors[0].also, *errors[1:])
        raise errors[0]
    return result + list(lines[done:])


def _place(
    lines: Sequence[str], sections: Sections, hunk: AnchoredHunk, path: str, template: str
) -> int:
    run = hunk.image("-")
    if not run:
        raise TemplateError(
            f"{template}:{hunk.line}: the hunk has no line to find in {path}",
            "add the line before or after which the new lines belong",
        )
    places = list(exact_places(run, lines))
    wanted = hunk.heading
    inside = [place for place in places if wanted is None or sections.holds(wanted, place)]
    if len(inside) == 1:
        return inside[0]
    at = f"{template}:{hunk.line}"
    where = f'section "{wanted}" of {path}' if wanted else path
    if inside:
        raise TemplateError(
            f"{at}: the hunk fits {len(inside)} places in {where}",
            _listed(inside, sections, path)
            + "\nadd context lines"
            + ("" if wanted else ", or name the section after @@"),
        )
    if places:
        raise TemplateError(
            f"{at}: the hunk does not fit in {where}, but elsewhere in the file",
            _listed(places, sections, path) + _section_hint(wanted, sections),
        )
    raise TemplateError(
        f"{at}: the hunk fits nowhere in {where}",
        _near_hint(lines, run, hunk, path, template) + _section_hint(wanted, sections),
    )


def _listed(places: Sequence[int], sections: Sections, path: str) -> str:
    return "\n".join(
        f"{path}:{place + 1}"
        + (f' in "{sections.heading(place)}"' if sections.heading(place) else "")
        for place in places
    )


def _near_hint(
    lines: Sequence[str], run: Sequence[str], hunk: AnchoredHunk, path: str, template: str
) -> str:
    miss = nearest(run, lines)
    if miss is None:
        return f"nothing in {path} is similar"
    found = "the file ends" if miss.found is None else f'there stands "{miss.found.rstrip()}"'
    return (
        f"the nearest place is {path}:{miss.position + 1}\n"
        f"{path}:{miss.position + miss.difference + 1}: {found}\n"
        f'{template}:{hunk.line_of(miss.difference)}: wanted "{run[miss.difference].rstrip()}"'
    )


def _section_hint(wanted: str | None, sections: Sections) -> str:
    if wanted is None or _cut(wanted) in sections.names:
        return ""
    near = get_close_matches(wanted, sorted(sections.names), n=1)
    return "\nno such section" + (f'; there is "{near[0]}"' if near else "")
