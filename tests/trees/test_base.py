"""Finding the base tree and reading its files."""

import json
import os
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from patchgen.errors import InputError, UsageError
from patchgen.trees.base import (
    Base,
    CommitBase,
    DirectoryBase,
    NoBase,
    find_base,
    import_fixture,
    kernel_version,
    open_tree,
    similar_paths,
)
from patchgen.trees.importing import NewCommit, TreeFile, is_safe_path, write_commits
from patchgen.trees.scratch import scratch_repository
from tests.series.generated import git
from tests.trees.lamp import FILES, make_lamp, write_files


@pytest.fixture
def lamp(tmp_path: Path) -> Path:
    checkout = make_lamp(tmp_path / "lamp")
    (checkout / "run.sh").write_text("#!/bin/sh\n")
    (checkout / "run.sh").chmod(0o755)
    (checkout / "link").symlink_to("doc")
    (checkout / "doc" / "ünï [1].txt").write_bytes(b"\xff\r\n")
    git("add", ".", cwd=checkout)
    git("commit", "--quiet", "-m", "odd files", cwd=checkout)
    return checkout


def head(checkout: Path, revision: str = "HEAD") -> str:
    return git("rev-parse", revision, cwd=checkout).decode().strip()


def bases(lamp: Path, tmp_path: Path) -> tuple[Base, Base]:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    commit = open_tree(tmp_path / "one", str(lamp), None, None)
    (lamp / ".git").rename(tmp_path / "git")
    plain = open_tree(tmp_path / "two", str(lamp), None, None)
    (tmp_path / "git").rename(lamp / ".git")
    assert isinstance(commit, CommitBase)
    assert isinstance(plain, DirectoryBase)
    return commit, plain


PATHS = {
    "lamp.c": TreeFile("100644", FILES["lamp.c"].encode()),
    "run.sh": TreeFile("100755", b"#!/bin/sh\n"),
    "link": TreeFile("120000", b"doc"),
    "doc/ünï [1].txt": TreeFile("100644", b"\xff\r\n"),
    "doc": None,
    "none": None,
    "link/lamp.txt": None,
    "lamp.c/below": None,
    "../lamp.c": None,
    "*.c": None,
    ":(top)lamp.c": None,
    "": None,
    "/": None,
    "nul\0": None,
}


@pytest.mark.parametrize("path", PATHS)
def test_a_commit_and_a_directory_hold_the_same_files(
    lamp: Path, tmp_path: Path, path: str
) -> None:
    for base in bases(lamp, tmp_path):
        assert base.file(path) == PATHS[path]


def test_a_commit_and_a_directory_are_asked_the_same_questions(lamp: Path, tmp_path: Path) -> None:
    for base in bases(lamp, tmp_path):
        assert kernel_version(base) == (5, 2, 0)
        assert [base.has_directory(path) for path in ("doc", "lamp.c", "none")] == [
            True,
            False,
            False,
        ]
        assert similar_paths(base, "other/ünï [1].txt") == ("doc/ünï [1].txt",)
        assert similar_paths(base, "other/none") == ()
        assert similar_paths(base, "doc") == ()


def test_the_revision_asked_for_is_the_base(lamp: Path, tmp_path: Path) -> None:
    base = open_tree(tmp_path, str(lamp), "HEAD~1", head(lamp))
    assert isinstance(base, CommitBase)
    assert base.commit == head(lamp, "HEAD~1")
    assert base.name == f'commit {base.commit[:12]} ("lamp: document it")'


def test_the_commit_the_series_names_is_the_base(lamp: Path, tmp_path: Path) -> None:
    wanted = head(lamp, "HEAD~2")
    base = open_tree(tmp_path, str(lamp), None, wanted)
    assert isinstance(base, CommitBase)
    assert base.commit == wanted


def test_head_is_the_base_when_that_commit_is_not_there(lamp: Path, tmp_path: Path) -> None:
    base = open_tree(tmp_path, str(lamp), None, "0" * 40)
    assert isinstance(base, CommitBase)
    assert base.commit == head(lamp)


def test_the_current_repository_is_looked_at(
    lamp: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(lamp / "doc")
    base = find_base(tmp_path, None, head(lamp, "HEAD~1"))
    assert isinstance(base, CommitBase)
    assert base.commit == head(lamp, "HEAD~1")


def test_a_fixture_is_found_by_its_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
    fixture = import_fixture(tmp_path / "one", "linux-5.2-kvm")
    found = find_base(tmp_path / "two", None, fixture.commit)
    assert isinstance(found, CommitBase)
    assert (found.commit, found.name) == (fixture.commit, "fixture tree linux-5.2-kvm")
    assert found.manifest == fixture.manifest


def test_without_a_base_there_is_a_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for wanted, says in (
        (None, "no base-commit: in the series"),
        ("f" * 40, "ffffffffffff is nei"),
    ):
        folder = tmp_path / str(wanted)
        folder.mkdir()
        found = find_base(folder, None, wanted)
        assert isinstance(found, NoBase)
        assert says in found.reason


@pytest.mark.parametrize("revision", ["none", "--all", "HEAD:lamp.c", "-h", "", "\x1b[31m"])
def test_a_revision_that_is_no_commit_is_an_error(
    lamp: Path, tmp_path: Path, revision: str
) -> None:
    with pytest.raises(InputError, match="unknown revision") as raised:
        open_tree(tmp_path, str(lamp), revision or "^{blob}", None)
    assert raised.value.hint


def test_trees_that_are_none_are_errors(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such directory"):
        open_tree(tmp_path, str(tmp_path / "none"), None, None)
    plain = write_files(tmp_path / "plain", {"a": "x"})
    with pytest.raises(UsageError, match="needs a git repository"):
        open_tree(tmp_path, str(plain), "HEAD", None)
    empty = tmp_path / "empty"
    empty.mkdir()
    git("init", "--quiet", ".", cwd=empty)
    with pytest.raises(InputError, match='unknown revision "HEAD"'):
        open_tree(tmp_path, str(empty), None, None)


NAMED = 'tree = { name = "t" }\n'


@pytest.mark.parametrize(
    "manifest",
    [
        "",
        "[tree",
        "[tree]\n",
        "tree = 1\n",
        "[tree]\nname = 1\n",
        "\xff",
        NAMED + "build = 1\n",
        NAMED + '[build]\ntargets = "all"\n',
        NAMED + "[build]\ntargets = [1]\n",
    ],
)
def test_a_manifest_that_is_malformed_is_an_error(tmp_path: Path, manifest: str) -> None:
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "patchgen.toml").write_bytes(manifest.encode("latin-1"))
    with pytest.raises(InputError, match=r"patchgen\.toml") as raised:
        open_tree(tmp_path, str(tree), None, None)
    assert raised.value.hint


def test_a_fixture_has_the_same_commit_everywhere(tmp_path: Path) -> None:
    commits = set()
    for number in range(2):
        tree = write_files(
            tmp_path / f"tree{number}", {"patchgen.toml": '[tree]\nname = "t"\n', "a.c": "int a;\n"}
        )
        (tree / "a.o").write_text(str(number))
        folder = tmp_path / f"work{number}"
        folder.mkdir()
        base = open_tree(folder, str(tree), None, None)
        assert isinstance(base, CommitBase)
        commits.add(base.commit)
    assert len(commits) == 1


def test_a_path_is_safe_when_git_takes_it(tmp_path: Path) -> None:
    repository = tmp_path / "repository"
    repository.mkdir()
    git("init", "--quiet", ".", cwd=repository)
    blob = git("hash-object", "-w", "--stdin", cwd=repository, stdin=b"x").decode().strip()
    parts = ("a", "", ".", "..", ".git", ".GiT", ".gitx", "...", "~")
    for path in {"/".join(words) for size in (1, 2, 3) for words in product(parts, repeat=size)}:
        if not path:
            continue
        git("read-tree", "--empty", cwd=repository)
        line = f"100644 {blob}\t{path}\0".encode()
        git("update-index", "-z", "--index-info", cwd=repository, stdin=line, check=False)
        taken = git("ls-files", "-z", cwd=repository).decode() == f"{path}\0"
        assert is_safe_path(path) == taken, path


def test_commits_are_written_as_they_are_asked_for(tmp_path: Path) -> None:
    repository = scratch_repository(tmp_path / "scratch")
    odd = 'a "b"\\c\nd ü.c'
    first = NewCommit(
        "A <a@x.org>",
        "1 +0100",
        "one\n",
        {
            odd: TreeFile("100755", b"\0\xff\n"),
            "gone": TreeFile("100644", b"x"),
            "d/l": TreeFile("120000", b"t"),
        },
        "a note",
    )
    second = NewCommit("B <b@x.org>", "2 +0000", "two\n\nbody \udcff\n", {"gone": None})
    tip = write_commits(repository, "refs/heads/x", [first, second])
    listed = git("ls-tree", "-r", "-z", tip, cwd=tmp_path / "scratch").decode().split("\0")[:-1]
    assert [(line[:6], line.partition("\t")[2]) for line in listed] == [
        ("100755", odd),
        ("120000", "d/l"),
    ]
    assert repository.run("cat-file", "blob", f"{tip}:{odd}") == b"\0\xff\n"
    assert repository.line("log", "-1", "--format=%an %ad %cn %cd %s", "--date=raw", tip) == (
        "B 2 +0000 B 2 +0000 two"
    )
    assert repository.run("cat-file", "commit", tip).endswith(b"\nbody \xff\n")
    assert repository.line("notes", "show", f"{tip}~1") == "a note"


def test_files_of_a_base_are_all_that_is_read(
    run_cli: Callable[..., Any], lamp: Path, tmp_path: Path
) -> None:
    """A directory in which anything but the touched files cannot be read is good enough."""
    from tests.trees.lamp import post_series

    posted = post_series(lamp, tmp_path / "posted")
    plain = write_files(tmp_path / "plain", FILES)
    os.mkfifo(plain / "pipe")
    (plain / "loop").symlink_to("loop")
    ran = run_cli("verify", posted, "--tree", plain, "--format", "json")
    assert ran.status == 0
    assert json.loads(ran.out)["series"]["base"] == "directory plain"
