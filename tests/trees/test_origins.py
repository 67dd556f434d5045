"""What a series says of its origins, on repositories where git itself wrote it."""

from pathlib import Path

import pytest

from patchgen.reading.read import read_series
from patchgen.report import Report
from patchgen.stages import origins as origins_stage
from patchgen.stages.facts import Wishes
from patchgen.trees.patch_ids import KINDS, commits_by_patch_id, commits_since, patch_ids
from patchgen.trees.repository import Repository
from patchgen.trees.scratch import workspace
from patchgen.verify import verify_series
from tests.series.generated import AS_AUTHOR, git
from tests.trees.lamp import snapshot

CHECKS = ("prerequisite-missing", "stable-upstream-mismatch")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """``main`` with one commit, ``wire`` with two that a series on ``dim`` needs."""
    place = tmp_path / "checkout"
    place.mkdir()
    git("init", "--quiet", "-b", "main", ".", cwd=place)
    lines = [f"line {number}\n" for number in range(60)]
    commit(place, "lamp: begin", lines)
    git("checkout", "--quiet", "-b", "wire", cwd=place)
    for number, title in ((10, "wire: lay it"), (30, "wire: connect it")):
        lines[number] = f"{title}\n"
        commit(place, title, lines)
    git("checkout", "--quiet", "-b", "dim", cwd=place)
    lines[31] = "dim\n"
    commit(place, "lamp: dim it", lines)
    return place


def commit(place: Path, title: str, lines: list[str]) -> None:
    (place / "lamp.c").write_text("".join(lines))
    git("add", "--all", cwd=place)
    git("commit", "--quiet", "--signoff", "-m", title, "-m", "Why.", cwd=place, env=AS_AUTHOR)


def posted(checkout: Path, *options: str) -> str:
    folder = checkout.parent / "out"
    git("format-patch", "--quiet", "-1", f"-o{folder}", *options, "dim", cwd=checkout)
    return str(folder)


def report(folder: str, tree: Path, base: str | None = None) -> Report:
    before = snapshot(tree)
    with workspace() as place:
        wishes = Wishes(tree=str(tree), base=base, build=False)
        found = verify_series(read_series([folder]), wishes, place)
    assert snapshot(tree) == before
    return found


def origins(found: Report) -> list[tuple[str, str]]:
    return [
        (str(one.severity), one.problem.message) for one in found.findings if one.check in CHECKS
    ]


def short(checkout: Path, revision: str) -> str:
    return git("log", "-1", "--abbrev=12", '--format=%h ("%s")', revision, cwd=checkout).decode()[
        :-1
    ]


def test_a_base_with_all_prerequisites_has_no_findings(checkout: Path) -> None:
    folder = posted(checkout, "--base=main")
    text = "".join(path.read_text() for path in Path(folder).iterdir())
    assert text.count("prerequisite-patch-id: ") == 2
    assert origins(report(folder, checkout, "wire")) == []


def test_prerequisites_that_the_base_lacks_are_named_with_their_commits(checkout: Path) -> None:
    folder = posted(checkout, "--base=main")
    found = origins(report(folder, checkout, "main"))
    assert [severity for severity, _ in found] == ["warning", "warning"]
    for (_, message), revision in zip(found, ("wire~", "wire"), strict=True):
        assert f"is commit {short(checkout, revision)}, which the base, " in message
    half = origins(report(folder, checkout, "wire~"))
    assert len(half) == 1
    assert short(checkout, "wire") in half[0][1]


def test_other_branches_are_asked_only_for_what_the_base_lacks(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = posted(checkout, "--base=main")
    asked = []

    def since(repository: Repository, tips: list[str], old: str, most: int) -> tuple[str, ...]:
        asked.append(tips)
        return commits_since(repository, tips, old, most)

    monkeypatch.setattr(origins_stage, "commits_since", since)
    assert origins(report(folder, checkout, "wire")) == []
    assert len(asked) == 1
    assert origins(report(folder, checkout, "main")) != []
    assert len(asked) == 3


def test_both_kinds_of_patch_ids_are_known_and_one_is_made_if_that_will_do(checkout: Path) -> None:
    (checkout / "wire.c").write_text("wire\n")
    commit(checkout, "lamp: wire it", ["line\n"])
    diff = git("diff-tree", "-p", "--root", "HEAD", cwd=checkout)
    stable, unstable = (
        git("patch-id", kind, cwd=checkout, stdin=diff).decode().split(" ")[0] for kind in KINDS
    )
    assert stable != unstable
    repository = Repository(checkout / ".git")
    assert [*patch_ids(repository, diff, {stable})] == [stable]
    assert [*patch_ids(repository, diff, {unstable})] == [stable, unstable]
    head = git("rev-parse", "HEAD", cwd=checkout).decode().strip()
    assert commits_by_patch_id(repository, [head], {unstable})[unstable] == head
    assert commits_by_patch_id(repository, [head], ()) == {}


def test_prerequisites_that_nobody_has_are_missing(checkout: Path) -> None:
    folder = posted(checkout, "--base=main")
    git("checkout", "--quiet", "main", cwd=checkout)
    git("branch", "--quiet", "-D", "wire", "dim", cwd=checkout)
    found = origins(report(folder, checkout, "main"))
    assert [severity for severity, _ in found] == ["warning", "warning"]
    assert all("is in no branch since the base commit" in message for _, message in found)


def test_a_shallow_clone_accuses_nobody_of_missing_prerequisites(checkout: Path) -> None:
    folder = posted(checkout, "--base=main")
    clone = checkout.parent / "clone"
    options = ("--quiet", "--depth=1", "--branch=main")
    git("clone", *options, f"file://{checkout}", str(clone), cwd=checkout.parent)
    found = report(folder, clone)
    assert origins(found) == []
    reasons = {(one.what, one.reason) for one in found.skipped}
    assert ("prerequisite-missing", "the repository is a shallow clone") in reasons


@pytest.mark.parametrize(
    ("changed", "said", "expected"),
    [
        ({}, "", []),
        ({0: "another head\n", 59: "another end\n"}, "", []),
        ({31: "darker\n"}, "", ["the patch changes other lines than upstream commit "]),
        ({31: "darker\n"}, "\n[ A U Thor: the lamp was brighter ]", []),
    ],
    ids=["same", "around", "other", "explained"],
)
def test_a_backport_is_held_against_its_upstream_commit(
    checkout: Path, changed: dict[int, str], said: str, expected: list[str]
) -> None:
    upstream = git("rev-parse", "dim", cwd=checkout).decode().strip()
    lines = git("show", "dim~:lamp.c", cwd=checkout).decode().splitlines(keepends=True)
    git("checkout", "--quiet", "-b", "stable", "dim~", cwd=checkout)
    for number in changed.keys() - {31}:
        lines[number] = changed[number]
    if changed:
        git("mv", "lamp.c", "bulb.c", cwd=checkout)
        (checkout / "bulb.c").write_text("".join(lines))
        git("add", "--all", cwd=checkout)
        git("commit", "--quiet", "-m", "older", cwd=checkout, env=AS_AUTHOR)
    lines[31] = changed.get(31, "dim\n")
    (checkout / ("bulb.c" if changed else "lamp.c")).write_text("".join(lines))
    message = f"lamp: dim it\n\ncommit {upstream} upstream.\n\nWhy.{said}"
    git("commit", "--quiet", "--all", "--signoff", "-m", message, cwd=checkout, env=AS_AUTHOR)
    folder = checkout.parent / "out"
    git("format-patch", "--quiet", "-1", f"-o{folder}", cwd=checkout)
    found = origins(report(str(folder), checkout, "stable~"))
    assert [(severity, message.partition(upstream[:12])[0]) for severity, message in found] == [
        ("note", message) for message in expected
    ]
