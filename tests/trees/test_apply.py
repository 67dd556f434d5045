"""Applying, held against git-am in a real checkout."""

import random
from pathlib import Path

import pytest

from patchgen.errors import InputError
from patchgen.reading.mailbox import split_mailbox
from patchgen.reading.read import parse_series, read_series
from patchgen.trees.apply import AppliedSeries, apply_series, touched_paths
from patchgen.trees.base import Base, open_tree
from patchgen.trees.changes import WAYS_TO_DIFF, added_lines, git_counts, tree_changes
from patchgen.trees.repository import Repository
from patchgen.trees.scratch import scratch_repository, workspace
from tests.series.generated import (
    commit_trees,
    format_patch,
    generated_trees,
    git,
    numstat,
    seeds,
)
from tests.trees.lamp import FILES, LAMP, make_lamp, post_series, write_files


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("am") / "checkout"
    path.mkdir()
    git("init", "--quiet", ".", cwd=path)
    git("config", "gc.auto", "0", cwd=path)
    return path


def base_of(folder: Path, checkout: Path, commit: str) -> Base:
    return open_tree(folder, str(checkout), commit, None)


def files_in(repository: Path, tree: str, paths: tuple[str, ...]) -> list[str]:
    listed = git("ls-tree", "-r", "-z", "--full-tree", tree, cwd=repository).decode()
    return [entry for entry in listed.split("\0") if entry.partition("\t")[2] in paths]


def perturbed(source: random.Random, mails: list[bytes]) -> list[bytes]:
    """The mails as they are, or one of them missing, moved, altered or without a diff."""
    kind = source.choice(("as it is", "drop", "swap", "alter", "empty"))
    at = source.randrange(len(mails))
    result = list(mails)
    if kind == "drop" and len(mails) > 1:
        del result[at]
    elif kind == "swap":
        source.shuffle(result)
    elif kind == "alter":
        result[at] = result[at].replace(b"\n x", b"\n z", 1)
    elif kind == "empty":
        result[at] = result[at].partition(b"\ndiff --git")[0] + b"\n"
    return result


@seeds(25)
def test_a_series_applies_as_far_and_as_well_as_with_git_am(
    checkout: Path, tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    source = random.Random(seed)
    commits = commit_trees(checkout, generated_trees(seed))
    mails = [mail for mail, _ in split_mailbox(format_patch(checkout, commits[0], "--numbered"))]
    data = b"".join(perturbed(source, mails))
    git("am", "--quit", cwd=checkout, check=False)
    git("checkout", "--quiet", "--force", "--detach", commits[0], cwd=checkout)
    git("clean", "-fdxq", cwd=checkout)
    git("am", "--quiet", stdin=data, cwd=checkout, check=False)
    tips = git("rev-list", "--reverse", f"{commits[0]}..HEAD", cwd=checkout).decode().split()
    with workspace() as folder:
        series = parse_series([("x", data)])
        applied = apply_series(series, base_of(folder, checkout, commits[0]))
        assert len(applied.steps) == len(tips)
        if len(tips) < len(series.patches):
            assert applied.refusal
            assert applied.refusal.patch is series.patches[len(tips)]
        else:
            assert applied.refusal is None
        paths = touched_paths(series.patches)
        scratch = applied.repository.git_dir
        for step, tip in zip(applied.steps, tips, strict=True):
            assert files_in(scratch, step.after, paths) == files_in(checkout, tip, paths)


@seeds(12)
def test_changes_between_trees_are_what_git_counts(repository: Path, seed: int) -> None:
    commits = commit_trees(repository, generated_trees(seed))
    ends = (commits[0], commits[-1])
    for options in WAYS_TO_DIFF:
        found = tree_changes(Repository(repository), *ends, *options)
        assert {
            change.path: (change.added, change.removed, change.old_path) for change in found
        } == numstat(repository, *options, *ends)


@seeds(15)
def test_added_lines_are_those_with_a_plus(repository: Path, seed: int) -> None:
    trees = generated_trees(seed, changes=1, binary=False)
    before, after = commit_trees(repository, trees)
    for path, (_, data) in trees[1].items():
        old = trees[0].get(path, ("", b""))[1]
        numbers = added_lines(Repository(repository), before, after, path)
        lines = data.split(b"\n")
        rest = [line for at, line in enumerate(lines, 1) if at not in numbers]
        left = iter(old.split(b"\n"))
        assert all(any(line == one for one in left) for line in rest if line)


def test_git_counts_are_gits_or_its_words(repository: Path) -> None:
    commits = commit_trees(repository, generated_trees(3))
    (patch, *_) = parse_series([("x", format_patch(repository, commits[0]))]).patches
    assert git_counts(Repository(repository), [patch.rest]) == (patch.counts,)
    (broken,) = parse_series(
        [("x", b"Subject: [PATCH 1/1] x\n\n---\n--- a/x\n+++ b/x\n@@ -1,9 +1 @@\n-a\n+b\n")]
    ).patches
    assert git_counts(Repository(repository), [broken.rest]) == ("corrupt patch at line 8",)


def applied_to(folder: Path, source: Path, tree: Path) -> AppliedSeries:
    series = read_series([str(source)])
    return apply_series(series, open_tree(folder, str(tree), None, series.base_commit))


def posted(tmp_path: Path, old: str, new: str) -> Path:
    """One patch that turns ``old`` into ``new``, made elsewhere."""
    other = make_lamp(tmp_path / "other")
    for text, title in ((old, "before"), (new, "lamp: change it")):
        (other / "lamp.c").write_text(text)
        git("commit", "--quiet", "--allow-empty", "-sam", title, cwd=other)
    git("format-patch", "--quiet", "-1", f"-o{tmp_path / 'posted'}", cwd=other)
    return tmp_path / "posted"


def test_a_refusal_names_patch_file_and_tree(tmp_path: Path) -> None:
    old = LAMP.replace("level = 0;", "level = 1;")
    source = posted(tmp_path, old, old.replace("return level;", "return 2 * level;"))
    tree = make_lamp(tmp_path / "lamp")
    (tree / "lamp.c").write_text(LAMP.replace("lamp_level(void)\n{", "lamp_level(void)\n{\n\n"))
    git("commit", "--quiet", "-am", "other", cwd=tree)
    with workspace() as folder:
        applied = applied_to(folder, source, tree)
    refusal = applied.refusal
    assert refusal
    assert refusal.file
    assert (refusal.file.path, refusal.tree) == ("lamp.c", applied.tip)
    assert applied.refusals == (refusal,)


def test_patches_that_touch_other_files_are_tried_after_a_refusal(tmp_path: Path) -> None:
    other = make_lamp(tmp_path / "other")
    for number, (name, text) in enumerate(
        (
            ("lamp.c", LAMP.replace("level = 10;", "level = 5;")),
            ("lamp.h", "int lamp_on(void);\nint more;\nint lamp_off(void);\n"),
            ("lamp.c", LAMP.replace("level = 10;", "level = 6;")),
            ("doc/lamp.txt", "A lamp.\nMore.\n"),
            ("doc/lamp.txt", "A lamp.\nMore.\nMost.\n"),
        )
    ):
        (other / name).write_text(text)
        git("commit", "--quiet", "-sam", f"lamp: {number}", cwd=other)
    git("format-patch", "--quiet", "-5", f"-o{tmp_path / 'posted'}", cwd=other)
    tree = make_lamp(tmp_path / "lamp")
    (tree / "lamp.c").write_text(LAMP.replace("level = 10;", "level = 7;"))
    (tree / "doc" / "lamp.txt").write_text("Another lamp.\n")
    git("commit", "--quiet", "-am", "other", cwd=tree)
    with workspace() as folder:
        applied = applied_to(folder, tmp_path / "posted", tree)
        assert (len(applied.steps), len(applied.refusals)) == (0, 2)
        found = [(one.patch.position, bool(one.refusal), one.waits_for) for one in applied.later]
        assert found == [(2, False, None), (3, False, 1), (4, True, None), (5, False, 4)]
        changed = applied.repository.run(
            "diff-tree", "-r", "--name-only", applied.base_tree, applied.refusals[1].tree
        )
        assert changed == b"lamp.h\n"


@pytest.mark.parametrize(
    "name",
    [
        "with blank",
        '"quoted',
        '"quoted"',
        "#hash",
        "new\nline",
        "co:lon",
        "back\\slash",
        "ünï",
        " leading",
        "trailing ",
        "tab\tin it",
        "form\x0cfeed",
        "line\u2028separator",
        "-dash",
        "$HOME",
    ],
)
def test_a_repository_may_have_any_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    checkout = make_lamp(tmp_path / name / "lamp")
    source = post_series(checkout, tmp_path / "posted")
    monkeypatch.setenv("PATCHGEN_CACHE_DIR", str(tmp_path / name / "cache"))
    with workspace() as folder:
        applied = applied_to(folder, source, checkout)
        assert (len(applied.steps), applied.refusal) == (2, None)
    monkeypatch.chdir(tmp_path)
    with workspace() as folder:
        assert len(applied_to(folder, source, Path(name) / "lamp").steps) == 2


def test_a_sha256_repository_is_borrowed_from(tmp_path: Path) -> None:
    checkout = make_lamp(tmp_path / "lamp", "--object-format=sha256")
    source = post_series(checkout, tmp_path / "posted")
    with workspace() as folder:
        applied = applied_to(folder, source, checkout)
        assert len(applied.tip) == 64
        assert applied.refusal is None


def test_a_repository_that_itself_borrows_is_borrowed_from(tmp_path: Path) -> None:
    checkout = make_lamp(tmp_path / "lamp")
    source = post_series(checkout, tmp_path / "posted")
    git("clone", "--quiet", "--shared", str(checkout), "clone", cwd=tmp_path)
    with workspace() as folder:
        assert len(applied_to(folder, source, tmp_path / "clone").steps) == 2


def test_a_shallow_clone_is_enough(tmp_path: Path) -> None:
    checkout = make_lamp(tmp_path / "lamp")
    source = post_series(checkout, tmp_path / "posted")
    git("clone", "--quiet", "--depth=1", f"file://{checkout}", "clone", cwd=tmp_path)
    with workspace() as folder:
        assert len(applied_to(folder, source, tmp_path / "clone").steps) == 2


def test_missing_objects_are_no_defect_of_the_series(tmp_path: Path) -> None:
    checkout = make_lamp(tmp_path / "lamp")
    source = post_series(checkout, tmp_path / "posted")
    blob = git("rev-parse", "HEAD:lamp.c", cwd=checkout).decode().strip()
    (checkout / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    with workspace() as folder, pytest.raises(InputError, match="cannot read the base tree"):
        applied_to(folder, source, checkout)


def test_a_plain_directory_is_a_base(tmp_path: Path) -> None:
    checkout = make_lamp(tmp_path / "lamp")
    source = post_series(checkout, tmp_path / "posted")
    plain = write_files(tmp_path / "plain", FILES)
    with workspace() as one, workspace() as other:
        tip = applied_to(one, source, plain).tip
        assert tip == applied_to(other, source, checkout).tip


def test_a_directory_inside_a_checkout_is_plain(tmp_path: Path) -> None:
    checkout = make_lamp(tmp_path / "lamp")
    source = post_series(checkout, tmp_path / "posted")
    plain = write_files(checkout / "vendor", FILES)
    with workspace() as folder:
        applied = applied_to(folder, source, plain)
        assert (len(applied.steps), applied.refusal) == (2, None)


HOSTILE = (
    ("../outside", "100644"),
    ("/etc/outside", "100644"),
    (".git/hooks/pre-commit", "100755"),
    (".GIT/config", "100644"),
    ("link/inside", "100644"),
    ("lamp.c/inside", "100644"),
    ("a/../../outside", "100644"),
)


@pytest.mark.parametrize(("path", "mode"), HOSTILE)
@pytest.mark.parametrize("plain", [False, True])
def test_a_patch_cannot_leave_the_tree(tmp_path: Path, path: str, mode: str, plain: bool) -> None:
    tree = make_lamp(tmp_path / "lamp")
    (tree / "link").symlink_to("/tmp")
    git("add", ".", cwd=tree)
    git("commit", "--quiet", "-m", "link", cwd=tree)
    if plain:
        git("clone", "--quiet", str(tree), "plain", cwd=tmp_path)
        tree = tmp_path / "plain"
        (tree / ".git").rename(tmp_path / "gone")
    mail = tmp_path / "x.patch"
    mail.write_text(
        "From: A <a@x.org>\nSubject: [PATCH] x\n\nx\n---\n"
        f"diff --git a/{path} b/{path}\nnew file mode {mode}\nindex 0000000..1234567\n"
        f"--- /dev/null\n+++ b/{path}\n@@ -0,0 +1 @@\n+x\n"
    )
    with workspace() as folder:
        applied = applied_to(folder, mail, tree)
        assert applied.refusal
        assert applied.steps == ()
        assert applied.refusal.reason


def test_a_scratch_repository_has_nothing_of_the_template(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hooks = write_files(tmp_path / "template", {"hooks/post-commit": "#!/bin/sh\n"})
    monkeypatch.setenv("GIT_TEMPLATE_DIR", str(hooks))
    repository = scratch_repository(tmp_path / "scratch")
    assert not (repository.git_dir / "hooks").exists()


def test_only_touched_files_are_looked_at(tmp_path: Path) -> None:
    checkout = make_lamp(tmp_path / "lamp")
    (checkout / "doc" / "other.txt").write_text("Not touched.\n")
    git("add", ".", cwd=checkout)
    git("commit", "--quiet", "-m", "doc: more", cwd=checkout)
    source = tmp_path / "x.patch"
    source.write_bytes(
        b"From: A <a@x.org>\nSubject: [PATCH] x\n\nx\n---\n--- a/doc/lamp.txt\n+++ b/doc/lamp.txt\n"
        b"@@ -1 +1 @@\n-A lamp.\n+The lamp.\n"
    )
    with workspace() as folder:
        applied = applied_to(folder, source, checkout)
        scratch = applied.repository.git_dir
        listed = git("ls-tree", "-r", "--name-only", applied.base_tree, cwd=scratch)
        assert listed.split() == [b"doc/lamp.txt"]
