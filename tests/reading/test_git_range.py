"""Commits read as a series."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from patchgen.reading.git_range import is_range
from tests.conftest import Ran
from tests.series.generated import AS_AUTHOR, git
from tests.trees.lamp import DECLARED, DIMMED, make_lamp, snapshot

Cli = Callable[..., Ran]


def commit(checkout: Path, name: str, text: str, title: str) -> None:
    (checkout / name).write_text(text)
    git("add", name, cwd=checkout)
    words = ("commit", "--quiet", "--signoff", "-m", title, "-m", "Why.")
    git(*words, cwd=checkout, env=AS_AUTHOR)


@pytest.fixture
def lamp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with two commits on the branch topic, as the current directory."""
    checkout = make_lamp(tmp_path / "lamp")
    git("checkout", "--quiet", "-b", "topic", cwd=checkout)
    commit(checkout, "lamp.c", DIMMED, "lamp: dim it")
    commit(checkout, "lamp.h", DECLARED, "lamp: declare lamp_level")
    monkeypatch.chdir(checkout)
    return checkout


def report(run_cli: Cli, *argv: str | Path) -> dict[str, object]:
    ran = run_cli("verify", *argv, "--format", "json")
    assert ran.status in (0, 1), ran.err
    found: dict[str, object] = json.loads(ran.out)
    return found


def titles(found: dict[str, object]) -> list[str]:
    series = found["series"]
    assert isinstance(series, dict)
    return [patch["summary"] for patch in series["patches"]]


def skipped(found: dict[str, object]) -> dict[str, str]:
    listed = found["skipped"]
    assert isinstance(listed, list)
    return {one["what"]: one["reason"] for one in listed}


@pytest.mark.parametrize("text", ["main..topic", "main...topic", "main..", "HEAD~2..HEAD"])
def test_commits_are_a_series(lamp: Path, run_cli: Cli, text: str) -> None:
    ran = run_cli("verify", text)
    assert ran.status == 0, ran.out + ran.err
    assert "lamp: dim it (2 patches)" in ran.out
    assert "2 of 2 patches apply to commit " in ran.out
    assert '("lamp: document it")' in ran.out
    assert "skipped cover-diffstat-mismatch: the series has no cover letter" in ran.out


def test_the_series_is_what_format_patch_writes(lamp: Path, run_cli: Cli, tmp_path: Path) -> None:
    git("format-patch", "--quiet", "-o", str(tmp_path / "out"), "main", cwd=lamp)
    found, posted = report(run_cli, "main..topic"), report(run_cli, tmp_path / "out")
    assert titles(found) == titles(posted)
    series = found["series"]
    assert isinstance(series, dict)
    names = [patch["file"] for patch in series["patches"]]
    assert names == sorted(path.name for path in (tmp_path / "out").iterdir())


def test_another_checkout_can_be_named(
    lamp: Path, run_cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run_cli("verify", "main..topic").status == 2
    assert run_cli("verify", "main..topic", "--tree", lamp).status == 0


def test_the_repository_is_not_touched(lamp: Path, run_cli: Cli) -> None:
    before = snapshot(lamp)
    assert run_cli("verify", "main..topic").status == 0
    assert snapshot(lamp) == before


def test_settings_of_the_user_make_no_difference(lamp: Path, run_cli: Cli) -> None:
    plain = run_cli("verify", "main..topic")
    for name, value in {
        "format.subjectPrefix": "RFC",
        "format.coverLetter": "true",
        "format.suffix": ".txt",
        "format.signOff": "true",
        "format.from": "true",
        "diff.noprefix": "true",
        "diff.external": "false",
    }.items():
        git("config", name, value, cwd=lamp)
    assert run_cli("verify", "main..topic") == plain


def test_the_base_is_the_merge_base(lamp: Path, run_cli: Cli) -> None:
    git("checkout", "--quiet", "main", cwd=lamp)
    commit(lamp, "doc/lamp.txt", "Another lamp.\n", "doc: another")
    found = report(run_cli, "main..topic")
    assert titles(found) == ["lamp: dim it", "lamp: declare lamp_level"]
    assert found["counts"] == {"error": 0, "warning": 0, "note": 0}


def test_merges_and_empty_commits_are_skipped(lamp: Path, run_cli: Cli) -> None:
    git("checkout", "--quiet", "-b", "side", "main", cwd=lamp)
    commit(lamp, "doc/lamp.txt", "Another lamp.\n", "doc: another")
    git("checkout", "--quiet", "topic", cwd=lamp)
    git("merge", "--quiet", "--no-ff", "-m", "merge", "side", cwd=lamp)
    git("commit", "--quiet", "--allow-empty", "-m", "nothing", cwd=lamp)
    found = report(run_cli, "main..topic")
    assert len(titles(found)) == 3
    ids = [git("rev-parse", name, cwd=lamp).decode()[:12] for name in ("HEAD~", "HEAD")]
    reasons = skipped(found)
    assert reasons[f"commit {ids[0]}"] == "a merge"
    assert reasons[f"commit {ids[1]}"] == "it changes nothing"


def test_a_letter_can_be_kept_elsewhere(lamp: Path, run_cli: Cli, tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("[PATCH 0/2] lamp: dim it\n\nToo bright.\n\n 7 files changed\n")
    found = report(run_cli, "main..topic", "--cover-letter", letter)
    series = found["series"]
    assert isinstance(series, dict)
    assert series["cover_letter"] == str(letter)


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["topic..main"], "nothing to verify"),
        (["topic..topic"], "nothing to verify"),
        (["main..nowhere"], 'unknown revision "nowhere"'),
        (["nowhere..main"], 'unknown revision "nowhere"'),
        (["--", "--output=x..main"], 'unknown revision "--output=x"'),
        (["main..topic", "lamp.c"], "a range is the whole series"),
        (["main..topic", "--base", "main"], "a range is the whole series"),
        (["orphan..topic"], "has no common history"),
        (["../nowhere"], "cannot read ../nowhere"),
    ],
)
def test_what_is_no_range(lamp: Path, run_cli: Cli, argv: list[str], message: str) -> None:
    tree = git("write-tree", cwd=lamp).decode().strip()
    root = git("commit-tree", "-m", "root", tree, cwd=lamp).decode().strip()
    git("branch", "orphan", root, cwd=lamp)
    ran = run_cli("verify", *argv)
    assert ran.status == 2
    assert message in ran.err
    assert "hint: " in ran.err
    assert not (lamp / "x..main").exists()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a..b", True),
        ("a...b", True),
        ("origin/main..feature/x", True),
        ("..b", True),
        ("a..", True),
        ("../a", False),
        ("a/../b.patch", False),
        ("x.patch", False),
        (".", False),
        ("..", False),
    ],
)
def test_paths_are_no_ranges(text: str, expected: bool) -> None:
    assert is_range(text) is expected


def test_a_file_wins_over_a_range(lamp: Path, run_cli: Cli) -> None:
    (lamp / "main..topic").write_text("no mail\n")
    assert run_cli("verify", "main..topic").status == 2


def test_commits_of_every_kind(lamp: Path, run_cli: Cli) -> None:
    (lamp / "lamp.bin").write_bytes(b"\0\1\2")
    git("add", "lamp.bin", cwd=lamp)
    words = ("commit", "--quiet", "--signoff", "-m", "bin: add", "-m", "Why.")
    git(*words, cwd=lamp, env=AS_AUTHOR)
    (lamp / "lamp.c").chmod(0o755)
    words = ("commit", "--quiet", "--signoff", "-am", "lamp: mode", "-m", "Why.")
    git(*words, cwd=lamp, env=AS_AUTHOR)
    git("mv", "lamp.c", "light.c", cwd=lamp)
    words = ("commit", "--quiet", "--signoff", "-m", "lamp: rename", "-m", "Why.")
    git(*words, cwd=lamp, env=AS_AUTHOR)
    git("rm", "--quiet", "lamp.bin", cwd=lamp)
    words = ("commit", "--quiet", "--signoff", "-m", "bin: remove", "-m", "Why.")
    git(*words, cwd=lamp, env=AS_AUTHOR)
    ran = run_cli("verify", "main..topic")
    assert ran.status == 0, ran.out
    assert "6 of 6 patches apply" in ran.out
    for back in range(4):
        assert run_cli("verify", f"HEAD~{back + 1}..HEAD~{back}").status == 0


def test_a_shallow_clone(
    lamp: Path, run_cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git("clone", "--quiet", "--depth=2", lamp.as_uri(), str(tmp_path / "shallow"), cwd=tmp_path)
    monkeypatch.chdir(tmp_path / "shallow")
    assert run_cli("verify", "HEAD~..HEAD").status == 0
    ran = run_cli("verify", "HEAD~2..HEAD")
    assert ran.status == 2
    assert "in a shallow clone" in ran.err


def test_another_object_format(
    run_cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkout = make_lamp(tmp_path / "sha256", "--object-format=sha256")
    monkeypatch.chdir(checkout)
    ran = run_cli("verify", "HEAD~..HEAD", "--ignore", "signed-off-by-missing")
    assert ran.status == 0, ran.out + ran.err
