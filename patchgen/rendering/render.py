"""Rendering: template and base tree in, posted-quality mails out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from patchgen.errors import TemplateError
from patchgen.rendering.anchored import parse_patch_template
from patchgen.rendering.commits import GrowingTree
from patchgen.rendering.environment import Fact, Templates
from patchgen.rendering.posting import Posting
from patchgen.rendering.template import SETTINGS, SeriesTemplate
from patchgen.series.text import from_bytes, joined
from patchgen.trees.base import Base, kernel_version
from patchgen.trees.importing import NOTES_REF, NewCommit, write_commits
from patchgen.trees.repository import Repository

_BRANCH = "series"
_REF = f"refs/heads/{_BRANCH}"


@dataclass(frozen=True, slots=True)
class RenderedFile:
    """A mail as git-format-patch wrote it, and the name it gave it."""

    name: str
    data: bytes


def render_series(
    template: SeriesTemplate,
    base: Base,
    chosen: Mapping[str, str],
    posting: Posting,
    workspace: Path,
) -> tuple[RenderedFile, ...]:
    """Render ``template`` on ``base``: the cover letter first, then the patches in order.

    Works in the base's private repository and writes below ``workspace`` only. Raises
    TemplateError when the tree does not fit the series or an anchor does not resolve, UsageError
    for unknown variables.
    """
    version = posting.version or template.version
    facts: dict[str, Fact] = {
        **template.values(chosen),
        "title": template.title,
        "author": str(template.author),
        "version": version,
        "kernel_version": kernel_version(base),
        "has_file": lambda path: base.file(path) is not None,
        "has_text": lambda path, text: (
            (data := base.read(path)) is not None and text in from_bytes(data)
        ),
    }
    templates = Templates(template.folder, template.shown, facts)
    _check_fit(template, templates, base)
    commits = list(_commits(template, templates, base))
    touched = sorted({path for commit in commits for path in commit.files})
    parent = base.commit_with(touched)
    tip = write_commits(base.repository, _REF, commits, parent)
    letter = joined(templates.render(template.cover_letter))
    base.repository.run("config", f"branch.{_BRANCH}.description", letter.rstrip("\n") + "\n")
    _copy_attributes(base)
    options = list(_options(template, posting, version, base, parent))
    folder = workspace / "mails"
    _format(base.repository, folder, options, parent, tip)
    if template.cover_stat_width:
        wide = workspace / "cover"
        width = f"--stat={template.cover_stat_width}"
        _format(base.repository, wide, [*options, width, "--summary", "-p"], parent, tip)
        cover = next(path for path in wide.iterdir() if path.name.endswith("cover-letter.patch"))
        cover.replace(folder / cover.name)
    return tuple(RenderedFile(path.name, path.read_bytes()) for path in sorted(folder.iterdir()))


def _check_fit(template: SeriesTemplate, templates: Templates, base: Base) -> None:
    for requirement in template.requires:
        if not templates.holds(requirement.that):
            raise TemplateError(
                f"{template.shown} does not fit {base.name}: {requirement.otherwise}",
                f"{template.shown}/{SETTINGS} requires {requirement.that}",
            )


def _commits(template: SeriesTemplate, templates: Templates, base: Base) -> Iterator[NewCommit]:
    tree = GrowingTree(base)
    start = int(template.date.timestamp())
    zone = template.date.strftime("%z")
    for number, name in enumerate(template.patches):
        place = templates.place(name)
        patch = parse_patch_template(templates.render(name), place)
        yield tree.commit(patch, place, str(template.author), f"{start + number} {zone}")


def _copy_attributes(base: Base) -> None:
    """Let git choose section headings as it does in a checkout of the base tree."""
    attributes = base.read(".gitattributes")
    if attributes is not None:
        info = base.repository.git_dir / "info"
        info.mkdir(exist_ok=True)
        (info / "attributes").write_bytes(attributes)


def _options(
    template: SeriesTemplate, posting: Posting, version: int, base: Base, parent: str
) -> Iterator[str]:
    yield from ("--cover-letter", "--cover-from-description=subject", "--numbered", "--no-thread")
    yield f"--subject-prefix={posting.prefix or template.prefix}"
    yield f"--notes={NOTES_REF}"
    if version > 1:
        yield f"--reroll-count={version}"
    if base.public:
        yield f"--base={parent}"
    for to in (*template.to, *posting.to):
        yield f"--to={to}"
    for cc in (*template.cc, *posting.cc):
        yield f"--cc={cc}"
    if posting.signature is None:
        yield "--no-signature"
    else:
        yield f"--signature={posting.signature}"


def _format(
    repository: Repository, folder: Path, options: list[str], parent: str, tip: str
) -> None:
    person = repository.line("log", "-1", "--format=%an%n%ae%n%cd", "--date=raw", tip)
    name, email, date = person.splitlines()
    committer = {
        "GIT_COMMITTER_NAME": name,
        "GIT_COMMITTER_EMAIL": email,
        "GIT_COMMITTER_DATE": date,
    }
    repository.run(
        "format-patch",
        f"--output-directory={folder}",
        *options,
        f"{parent}..{_BRANCH}",
        env=committer,
    )
