"""Commits that a series cites, each with where it does: in prose, and in Fixes trailers."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from patchgen.series.commits.fixes import FixesTag, fixes_tags
from patchgen.series.commits.references import (
    SHORTEST,
    CommitReference,
    commit_references,
    is_backport,
    reverted_commits,
)
from patchgen.series.model import Series
from patchgen.series.text import Lines


@dataclass(frozen=True, slots=True)
class CitedInProse:
    """A reference in a message or a letter.

    ``position`` is that of the patch, 0 for the letter. ``titled`` says that the title is beside
    it or elsewhere in the same mail, or that it needs none.
    """

    reference: CommitReference
    file: str
    position: int
    titled: bool


@dataclass(frozen=True, slots=True)
class CitedAsFixed:
    """A Fixes trailer; ``backport`` if its patch is a copy of an upstream commit."""

    tag: FixesTag
    file: str
    position: int
    backport: bool


def cited_in_prose(series: Series) -> Iterator[CitedInProse]:
    """Every reference in the letter and in the messages, in their order."""
    if series.cover:
        yield from _cited(series.cover.file, 0, series.cover.blurb, ())
    for patch in series.patches:
        named = [
            tag.id for tag in fixes_tags(patch.message, patch.trailers) if tag.id and tag.title
        ]
        if patch.subject.summary.startswith("Revert "):
            named += reverted_commits(patch.message)
        yield from _cited(patch.file, patch.position, patch.message, named)


def _cited(file: str, position: int, lines: Lines, named: Iterable[str]) -> Iterator[CitedInProse]:
    found = tuple(commit_references(lines))
    known: dict[str, list[str]] = {}
    for one in {*named, *(reference.id for reference in found if reference.title)}:
        known.setdefault(one[:SHORTEST], []).append(one)
    for reference in found:
        cited = reference.id
        others = known.get(cited[:SHORTEST], ())
        titled = any(other.startswith(cited) or cited.startswith(other) for other in others)
        yield CitedInProse(
            reference, file, position, titled or (position == 0 and reference.as_note)
        )


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
