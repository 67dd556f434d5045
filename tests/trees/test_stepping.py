"""Many patches at once have the outcome of one at a time, whatever they are."""

import random
from pathlib import Path

import pytest

from patchgen.reading.mailbox import split_mailbox
from patchgen.reading.read import parse_series
from patchgen.series.model import Patch
from patchgen.series.text import joined, to_bytes
from patchgen.trees import changes, stepping
from patchgen.trees.apply import AppliedSeries, apply_series
from patchgen.trees.base import open_tree
from patchgen.trees.changes import git_counts
from patchgen.trees.foresee import MadeFile
from patchgen.trees.patch_files import is_forgotten
from patchgen.trees.repository import Repository
from patchgen.trees.scratch import workspace
from tests.series.generated import commit_trees, format_patch, generated_trees, git, seeds
from tests.trees.test_apply import perturbed

NO_DIRECTORY = b"--- x.c\n+++ x.c\n@@ -0,0 +1 @@\n+x\n"
ODD_DIFFS = (
    NO_DIRECTORY,
    b"--- a/x/y.c\n+++ b/x/y.c\n@@ -0,0 +1 @@\n+x\n",
    b"diff --git a/x b/x\nold mode 100644\nnew mode 100755\n",
    b"diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,9 +1 @@\n-a\n",
    b"diff --git a/l b/l\nnew file mode 120000\n--- /dev/null\n+++ b/l\n@@ -0,0 +1 @@\n+/tmp\n",
    b"",
    b"no diff\n",
    b"diff --git a/x b/y\nrename from x\nrename to y\n",
)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("shared") / "git"
    path.mkdir()
    git("init", "--quiet", "--bare", ".", cwd=path)
    return path


def outcome(applied: AppliedSeries) -> tuple[object, ...]:
    trees = [
        applied.base_tree,
        *(tree for step in applied.steps for tree in (step.before, step.after)),
    ]
    listed = [
        git("ls-tree", "-r", tree, cwd=applied.repository.git_dir) for tree in dict.fromkeys(trees)
    ]
    return trees, listed, applied.tip, applied.refusal


@seeds(15)
def test_together_is_as_one_by_one(shared: Path, seed: int) -> None:
    source = random.Random(seed)
    commits = commit_trees(shared, generated_trees(seed, changes=source.randint(2, 12)))
    mails = [mail for mail, _ in split_mailbox(format_patch(shared, commits[0], "--numbered"))]
    series = parse_series([("x", b"".join(perturbed(source, mails)))])
    base = commits[0] if source.random() < 0.7 else commits[1]  # there, hunks are offset
    with workspace() as folder, workspace() as other, pytest.MonkeyPatch.context() as patch:
        together = apply_series(series, open_tree(folder, str(shared), base, None))
        patch.setattr(stepping, "foresee", lambda _patch, _files: None)
        alone = apply_series(series, open_tree(other, str(shared), base, None))
        assert outcome(together) == outcome(alone)


@seeds(15)
def test_a_wrong_guess_is_found_out(shared: Path, seed: int) -> None:
    source = random.Random(seed)
    commits = commit_trees(shared, generated_trees(seed, changes=4, binary=False))
    series = parse_series([("x", format_patch(shared, commits[0]))])
    foresee = stepping.foresee

    def guess(patch: object, files: object) -> object:
        found = foresee(patch, files)  # type: ignore[arg-type]
        for path, file in (found or {}).items():
            if file and source.random() < 0.3:
                wrong = type(file)(file.mode, file.data + b"wrong\n")
                return {**found, path: wrong}  # type: ignore[dict-item]
        return found

    with workspace() as folder, workspace() as other, pytest.MonkeyPatch.context() as patch:
        right = apply_series(series, open_tree(folder, str(shared), commits[0], None))
        patch.setattr(stepping, "foresee", guess)
        guessed = apply_series(series, open_tree(other, str(shared), commits[0], None))
        assert outcome(guessed) == outcome(right)


def test_a_wrong_guess_that_the_end_does_not_show(
    shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trees = [{"a/x.c": ("100644", b"one\n" * count)} for count in (3, 4, 5)]
    commits = commit_trees(shared, trees)
    series = parse_series([("x", format_patch(shared, commits[0]))])

    def guess(patch: Patch, _files: object) -> dict[str, MadeFile | None]:
        data = b"two\n" if patch.position == 1 else b"one\n" * 5
        return {"a/x.c": MadeFile("100644", data)}

    with workspace() as folder, workspace() as other:
        right = apply_series(series, open_tree(folder, str(shared), commits[0], None))
        monkeypatch.setattr(stepping, "foresee", guess)
        guessed = apply_series(series, open_tree(other, str(shared), commits[0], None))
        assert len(right.steps) == 2
        assert outcome(guessed) == outcome(right)


def test_hunks_that_moved_are_foreseen_too(shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = b"".join(b"%d\n" % number for number in range(90))
    texts = [numbers, *(numbers.replace(b"%d\n" % at, b"x%d\n" % at) for at in (30, 60, 80))]
    (moved,) = commit_trees(shared, [{"x.c": ("100644", b"new\n" * 5 + numbers)}])
    commits = commit_trees(shared, [{"x.c": ("100644", text)} for text in texts])
    series = parse_series([("x", format_patch(shared, commits[0]))])
    monkeypatch.delattr(stepping.SteppedIndex, "_alone")
    with workspace() as folder:
        applied = apply_series(series, open_tree(folder, str(shared), moved, None))
        assert len(applied.steps) == len(series.patches) == 3


@seeds(15)
def test_trees_are_the_same_whichever_is_asked_for_first(shared: Path, seed: int) -> None:
    commits = commit_trees(shared, generated_trees(seed, changes=5))
    series = parse_series([("x", format_patch(shared, commits[0]))])
    with workspace() as folder, workspace() as other:
        first = apply_series(series, open_tree(folder, str(shared), commits[0], None))
        last = apply_series(series, open_tree(other, str(shared), commits[0], None))
        ends = first.base_tree, first.tip
        assert first.steps
        steps = [step.after for step in last.steps]
        assert (last.steps[0].before, steps[-1]) == ends
        assert [step.after for step in first.steps] == steps


@seeds(15)
def test_counts_are_those_of_each_alone(shared: Path, seed: int) -> None:
    source = random.Random(seed)
    commits = commit_trees(shared, generated_trees(seed, changes=4))
    mails = [mail for mail, _ in split_mailbox(format_patch(shared, commits[0]))]
    mails += [b"Subject: x\n\n---\n" + source.choice(ODD_DIFFS) for _ in range(6)]
    source.shuffle(mails)
    series = parse_series([(f"x{at}", mail) for at, mail in enumerate(mails)])
    diffs = [patch.rest for patch in series.patches]
    repository = Repository(shared)
    together = git_counts(repository, diffs)
    assert list(together) == [git_counts(repository, [diff])[0] for diff in diffs]


def test_one_process_counts_what_is_plain(shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commits = commit_trees(shared, generated_trees(1, changes=6))
    series = parse_series([("x", format_patch(shared, commits[0]))])
    plain = [one.rest for one in series.patches if is_forgotten(to_bytes(joined(one.rest)))]
    assert len(plain) > 2
    monkeypatch.delattr(changes, "_counted_alone")
    assert all(isinstance(one, tuple) for one in git_counts(Repository(shared), plain))


def test_git_remembers_how_much_to_strip(shared: Path) -> None:
    """Why some diffs are not given to git together with others."""
    (shared / "one").write_bytes(NO_DIRECTORY)
    (shared / "two").write_bytes(ODD_DIFFS[1])
    alone = git("apply", "--numstat", "two", cwd=shared)
    after = git("apply", "--numstat", "one", "two", cwd=shared)
    assert not after.endswith(alone)
    assert not is_forgotten(NO_DIRECTORY)
