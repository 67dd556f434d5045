"""Rendering a series that a repository keeps once more, from a commit and without a checkout."""

import difflib
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice, zip_longest
from pathlib import Path

from patchgen.errors import InputError, PatchgenError, TemplateError
from patchgen.rendering.kept import KEPT, Difference, Fault, KeptSeries, RenderedSeries
from patchgen.rendering.output import stale_patches
from patchgen.rendering.render import RenderedFile, render_series
from patchgen.rendering.template import SeriesTemplate, load_folder
from patchgen.series.text import from_bytes
from patchgen.trees.base import (
    MANIFEST,
    Base,
    import_fixture,
    open_commit,
    open_directory,
    open_tree,
)
from patchgen.trees.repository import GitFailedError, Repository, UserRepository
from patchgen.trees.scratch import scratch_repository

_LARGEST = 4 << 20
_MOST_FILES = 2000
_DIFF_LINES = 12
_SIGNATURE = re.compile(rb"\n-- \n(patchgen \d[\w.+-]*)\n+\Z")
_PLACE = re.compile(r"(?P<file>[^:\n]+)(?::(?P<line>\d+))?: (?P<message>.*)", re.DOTALL)
_IDS = re.compile(r"From [0-9a-f]{40,64} |index [0-9a-f]{7,64}\.\.")
_FILES = ("100644", "100755")


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of a tree: its blob, and how many bytes that has."""

    blob: str
    size: int


def render_again(
    user: UserRepository, tip: str, kept: KeptSeries, workspace: Path
) -> RenderedSeries:
    """Render ``kept`` as the commit ``tip`` has it, and compare with what that keeps.

    Writes below ``workspace`` only. What is wrong with the template is part of the answer.
    """
    result = RenderedSeries(kept.template, kept.output, kept.command)
    try:
        repository = scratch_repository(
            workspace / "kept", user.objects, user.object_format, user.shallow
        )
        folder = _checked_out(repository, tip, kept.template, workspace / "templates")
        template = load_folder(folder, kept.template)
        base = _base(user, tip, kept, template, workspace)
        there = _entries(repository, tip, kept.output)
        kept = _with_their_signature(repository, kept, there)
        files = render_series(template, base, dict(kept.values), kept.posting, workspace)
    except PatchgenError as error:
        return replace(result, faults=tuple(_faults((error, *error.also), kept)))
    except GitFailedError as error:
        failed = InputError(f"git fails: {error.message}", kept.command)
        return replace(result, faults=tuple(_faults((failed,), kept)))
    return replace(result, differences=tuple(_differences(repository, kept, there, files)))


def _faults(errors: tuple[PatchgenError, ...], kept: KeptSeries) -> Iterator[Fault]:
    """The errors at their places in the templates, else in the settings that asked for them."""
    cannot = f'"{kept.template}" cannot be rendered'
    for error in errors:
        place = _PLACE.fullmatch(error.message)
        if place and place["file"].startswith(f"{kept.template}/"):
            line = int(place["line"]) if place["line"] else None
            yield Fault(place["file"], line, f"{cannot}: {place['message']}", error.hint)
        else:
            yield Fault(KEPT, None, f"{cannot}: {error.message}", error.hint)


def _entries(repository: Repository, tip: str, folder: str) -> dict[str, Entry]:
    """The regular files of a directory, and of those in it, by their path in the directory."""
    listed = repository.run(
        "--literal-pathspecs", "ls-tree", "-r", "-l", "-z", "--full-tree", tip, "--", f"{folder}/"
    )
    found = {}
    for record in from_bytes(listed).split("\0")[:-1]:
        about, _, path = record.partition("\t")
        mode, _, blob, size = about.split()
        if mode in _FILES:
            found[path.removeprefix(f"{folder}/")] = Entry(blob, int(size))
    return found


def _checked_out(repository: Repository, tip: str, folder: str, place: Path) -> Path:
    """A copy of a directory of ``tip`` below ``place``; links are left out."""
    entries = _entries(repository, tip, folder)
    if not entries:
        raise TemplateError(f'there is no directory "{folder}"', 'see "template" in patchgen.toml')
    if len(entries) > _MOST_FILES or sum(entry.size for entry in entries.values()) > _LARGEST:
        raise TemplateError(f'"{folder}" is too large to be templates', "keep nothing else there")
    target = place / folder
    for path, entry in entries.items():
        file = target / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(repository.run("cat-file", "blob", entry.blob))
    return target


def _base(
    user: UserRepository, tip: str, kept: KeptSeries, template: SeriesTemplate, workspace: Path
) -> Base:
    if kept.base:
        commit = user.resolve(kept.base)
        if commit is None:
            raise TemplateError(
                f'no commit "{kept.base}" in this repository',
                'see "base" in patchgen.toml; in CI, let the checkout fetch the history and tags',
            )
        return open_commit(workspace, user, commit)
    if kept.tree:
        found = open_directory(workspace, user, tip, kept.tree)
        if found.read(MANIFEST) is None:
            return found
        folder = _checked_out(found.repository, tip, kept.tree, workspace / "tree")
        shutil.rmtree(workspace / "repository")
        return open_tree(workspace, str(folder), None, None)
    if template.tree:
        return import_fixture(workspace, template.tree)
    raise TemplateError(
        "it is not said on which tree",
        'add base = "COMMIT" or tree = "DIRECTORY" to it in patchgen.toml',
    )


def _with_their_signature(
    repository: Repository, kept: KeptSeries, there: dict[str, Entry]
) -> KeptSeries:
    """``kept`` with the version of patchgen that the first of the kept mails names."""
    first = next((there[name] for name in sorted(there) if name.endswith(".patch")), None)
    if not kept.any_signature or first is None or first.size > _LARGEST:
        return kept
    found = _SIGNATURE.search(repository.run("cat-file", "blob", first.blob))
    if found is None:
        return kept
    posting = replace(kept.posting, signature=found[1].decode("ascii"))
    return replace(kept, posting=posting)


def _differences(
    repository: Repository,
    kept: KeptSeries,
    there: dict[str, Entry],
    files: tuple[RenderedFile, ...],
) -> Iterator[Difference]:
    for file in files:
        path = f"{kept.output}/{file.name}"
        entry = there.get(file.name)
        if entry is None:
            yield Difference(path, None, None, "")
        elif entry.size > _LARGEST:
            yield Difference(path, 1, f"{entry.size} bytes", f"{len(file.data)} bytes")
        else:
            data = repository.run("cat-file", "blob", entry.blob)
            if data != file.data:
                yield _difference(path, from_bytes(data), from_bytes(file.data))
    for name in stale_patches((name for name in there if "/" not in name), files):
        yield Difference(f"{kept.output}/{name}", None, "", None)


def _difference(path: str, old: str, new: str) -> Difference:
    """Where two mails differ; ids only where nothing else does, as they follow from the rest."""
    was, now = old.split("\n"), new.split("\n")
    pairs = enumerate(zip_longest(was, now), 1)
    places = [place for place in pairs if place[1][0] != place[1][1]]
    telling = (place for place in places if not all(_IDS.match(text or "") for text in place[1]))
    number, (before, after) = next(telling, places[0])
    start = max(number - 3, 0)
    diff = difflib.unified_diff(was[start:][:200], now[start:][:200], lineterm="", n=2)
    lines = [line for line in islice(diff, 3, None) if not line.startswith("@@")]
    more = [f"… {len(lines) - _DIFF_LINES} more lines"] if len(lines) > _DIFF_LINES else []
    return Difference(path, number, before, after, (*lines[:_DIFF_LINES], *more))
