"""Commits that a series cites, each with where it does: in prose, and in Fixes trailers."""

from collections.abc import Iterator
from dataclasses import dataclass

from patchgen.series.fixes import FixesTag, fixes_tags
from patchgen.series.model import Series
from patchgen.series.references import CommitReference, commit_references, is_backport
from patchgen.series.text import Lines


@dataclass(frozen=True, slots=True)
class CitedInProse:
    """A reference in a message or a letter; ``named_before`` if it was cited in full there.

    ``position`` is that of the patch, 0 for the letter.
    """

    reference: CommitReference
    file: str
    position: int
    named_before: bool


@dataclass(frozen=True, slots=True)
class CitedAsFixed:
    """A Fixes trailer; ``backport`` if its patch is a copy of an upstream commit."""

    tag: FixesTag
    file: str
    position: int
    backport: bool


def cited_in_prose(series: Series) -> Iterator[CitedInProse]:
    """Every reference in the letter and in the messages, in their order."""
    texts: list[tuple[str, int, Lines]] = [
        (patch.file, patch.position, patch.message) for patch in series.patches
    ]
    if series.cover:
        texts.insert(0, (series.cover.file, 0, series.cover.blurb))
    for file, position, lines in texts:
        named: set[str] = set()
        for reference in commit_references(lines):
            yield CitedInProse(reference, file, position, reference.id in named)
            if reference.title:
                named.add(reference.id)


def cited_as_fixed(series: Series) -> Iterator[CitedAsFixed]:
    """Every Fixes trailer, in order."""
    for patch in series.patches:
        backport = is_backport(patch.message)
        for tag in fixes_tags(patch.message, patch.trailers):
            yield CitedAsFixed(tag, patch.file, patch.position, backport)


def same_title(one: str, other: str) -> bool:
    """Whether two titles are the same but for line breaks, case, and an end that was cut off."""
    first, second = _plain(one), _plain(other)
    for short, full in ((first, second), (second, first)):
        if short.endswith("...") and full.startswith(short[:-3]) and len(short) > len("..."):
            return True
    return first.rstrip(".") == second.rstrip(".")


def _plain(title: str) -> str:
    return "".join(title.split()).casefold().replace('\\"', '"').replace("…", "...")
