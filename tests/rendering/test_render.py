"""Rendered series: the mails git would have written, the same ones every time."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.series.generated import git
from tests.trees.lamp import (
    COVER,
    DECLARED,
    DIMMED,
    LAMP,
    PATCHES,
    SETTINGS,
    make_lamp,
    snapshot,
    write_files,
    write_template,
)

Cli = Callable[..., Any]


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def rendered(run_cli: Cli, template: Path, tree: Path, *options: str) -> dict[str, bytes]:
    out = tree.parent / "out"
    ran = run_cli("render", template, "--tree", tree, "-o", out, *options)
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.split() == [str(path) for path in sorted(out.iterdir())]
    found = contents(out)
    for path in out.iterdir():
        path.unlink()
    out.rmdir()
    return found


def test_two_renders_are_the_same_bytes(
    run_cli: Cli, dim: Path, lamp: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = rendered(run_cli, dim, lamp)
    assert sorted(first) == [
        "0000-cover-letter.patch",
        "0001-lamp-dim-it.patch",
        "0002-lamp-declare-lamp_level.patch",
    ]
    git("clone", "--quiet", str(lamp), "elsewhere/clone", cwd=tmp_path)
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    monkeypatch.setenv("LANG", "de_DE.UTF-8")
    monkeypatch.setenv("HOME", str(tmp_path / "elsewhere"))
    (tmp_path / "elsewhere" / ".gitconfig").write_text(
        "[format]\n\tsignature = mine\n\tnumbered = false\n\tattach\n\tthread = shallow\n"
        "[diff]\n\talgorithm = patience\n\tcontext = 7\n\tnoprefix\n\trenames = false\n"
        "[core]\n\tabbrev = 20\n[user]\n\tname = Somebody Else\n[log]\n\tdate = relative\n"
        '[format]\n\tto = x@example.com\n\theaders = "X-Mine: 1\\n"\n\tsignOff\n'
    )
    assert rendered(run_cli, dim, tmp_path / "elsewhere" / "clone") == first


def test_git_am_and_format_patch_give_the_same_patches(
    run_cli: Cli, dim: Path, lamp: Path, tmp_path: Path
) -> None:
    found = rendered(run_cli, dim, lamp, "--signature", "the same")
    for name, data in found.items():
        (tmp_path / name).write_bytes(data)
    names = sorted(name for name in found if "cover" not in name)
    git("am", "--quiet", "--committer-date-is-author-date",
        *(str(tmp_path / name) for name in names), cwd=lamp)  # fmt: skip
    git("-c", "core.abbrev=12", "format-patch", "--quiet", "--numbered", "--signature=the same",
        f"-o{tmp_path / 'again'}", "HEAD~2", cwd=lamp)  # fmt: skip
    again = contents(tmp_path / "again")
    postmark = re.compile(rb"^From [0-9a-f]{40} ")
    for name in names:
        ours, theirs = (re.sub(postmark, b"From ID ", data) for data in (found[name], again[name]))
        assert ours == theirs
    assert (lamp / "lamp.c").read_text() == DIMMED
    assert (lamp / "lamp.h").read_text() == DECLARED


def test_the_cover_letter_is_gits(run_cli: Cli, dim: Path, lamp: Path) -> None:
    letter = rendered(run_cli, dim, lamp)["0000-cover-letter.patch"].decode()
    base = git("rev-parse", "HEAD", cwd=lamp).decode().strip()
    assert "Subject: [PATCH 0/2] lamp: dim it\n" in letter
    assert "\nLamps are too bright.\n\nA U Thor (2):\n" in letter
    assert " 2 files changed, 2 insertions(+), 1 deletion(-)\n" in letter
    assert f"\nbase-commit: {base}\n" in letter
    assert "***" not in letter


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["-v", "2"], "Subject: [PATCH v2 1/2] lamp: dim it\n"),
        (["--reroll-count", "3"], "Subject: [PATCH v3 1/2] lamp: dim it\n"),
        (["--subject-prefix", "RFC PATCH kvm"], "Subject: [RFC PATCH kvm 1/2] lamp: dim it\n"),
        (["--to", "a@x.org", "--to", "B <b@x.org>"], "\nTo: a@x.org,\n    B <b@x.org>\n"),
        (["--cc", "Béla <c@x.org>"], "\nCc: Béla <c@x.org>\n"),
        (["--signature", "mine"], "\n-- \nmine\n"),
        (["--set", "level=7"], "\n+\tlevel = 7;\n"),
        ([], "\n+\tlevel = 5;\n"),
        ([], "\nFrom: A U Thor <author@example.com>\nDate: Wed, 5 Jun 2019 12:00:00 +0000\n"),
        ([], "\n-- \npatchgen "),
    ],
)
def test_options_show_in_the_mails(
    run_cli: Cli, dim: Path, lamp: Path, options: list[str], says: str
) -> None:
    found = rendered(run_cli, dim, lamp, *options)
    (first,) = (data for name, data in found.items() if "lamp-dim-it" in name)
    assert says in first.decode()


def test_names_have_the_version_in_them(run_cli: Cli, dim: Path, lamp: Path) -> None:
    assert all(name.startswith("v2-000") for name in rendered(run_cli, dim, lamp, "-v", "2"))


def test_there_need_be_no_signature(run_cli: Cli, dim: Path, lamp: Path) -> None:
    for data in rendered(run_cli, dim, lamp, "--no-signature").values():
        assert b"\n-- \n" not in data


def test_an_mbox_holds_all_mails(run_cli: Cli, dim: Path, lamp: Path, tmp_path: Path) -> None:
    mbox = tmp_path / "series.mbox"
    ran = run_cli("render", dim, "--tree", lamp, "--mbox", mbox)
    assert (ran.status, ran.out) == (0, f"{mbox}\n")
    assert mbox.read_bytes() == b"".join(
        data for _, data in sorted(rendered(run_cli, dim, lamp).items())
    )
    assert git("mailsplit", f"-o{tmp_path}", str(mbox), cwd=tmp_path).strip() == b"3"


def test_an_mbox_is_not_overwritten_without_force(
    run_cli: Cli, dim: Path, lamp: Path, tmp_path: Path
) -> None:
    mbox = tmp_path / "series.mbox"
    mbox.write_text("mine")
    ran = run_cli("render", dim, "--tree", lamp, "--mbox", mbox)
    assert ran.status == 2
    assert mbox.read_text() == "mine"
    assert run_cli("render", dim, "--tree", lamp, "--mbox", mbox, "--force").status == 0
    assert mbox.read_text() != "mine"


def test_a_real_patch_is_a_template(run_cli: Cli, lamp: Path, tmp_path: Path) -> None:
    found = rendered(run_cli, write_template(tmp_path / "first"), lamp, "--signature", "2.39.5")
    bodies = {
        "first": found["0001-lamp-dim-it.patch"],
        "second": found["0002-lamp-declare-lamp_level.patch"],
    }
    changes = {
        key: re.search(r"Subject: \[PATCH [^]]*\] (.*)", mail.decode(), re.DOTALL)[1].replace(
            "\n\n", "\n\n", 1
        )
        for key, mail in bodies.items()
    }
    again = write_template(tmp_path / "again", **changes)
    assert rendered(run_cli, again, lamp, "--signature", "2.39.5") == found


def test_notes_stand_below_the_marker_line(run_cli: Cli, lamp: Path, tmp_path: Path) -> None:
    first = PATCHES["0001-dim.patch.j2"].replace("---\n---", "---\nv2: dimmer\n\n---")
    found = rendered(run_cli, write_template(tmp_path / "dim", first=first), lamp)
    mail = found["0001-lamp-dim-it.patch"].decode()
    assert mail.index("\n---\n") < mail.index("v2: dimmer") < mail.index("\ndiff --git")
    git("am", "--quiet", cwd=lamp, stdin=mail.encode())
    assert b"dimmer" not in git("log", "-1", "--format=%B", cwd=lamp)


def test_files_can_be_made_renamed_and_removed(run_cli: Cli, lamp: Path, tmp_path: Path) -> None:
    first = """\
lamp: move things

They were in the way.

Signed-off-by: {{ author }}
---
diff --git a/doc/lamp.txt b/doc/light.txt
similarity index 100%
rename from doc/lamp.txt
rename to doc/light.txt
diff --git a/lamp.h b/lamp.h
deleted file mode 100644
--- a/lamp.h
+++ /dev/null
@@
-int lamp_on(void);
-int lamp_off(void);
diff --git a/run.sh b/run.sh
new file mode 100755
--- /dev/null
+++ b/run.sh
@@
+#!/bin/sh
+exit 0
diff --git a/lamp.c b/lamp.c
old mode 100644
new mode 100755
"""
    settings = SETTINGS.replace(', "0002-declare.patch.j2"', "")
    template = write_template(tmp_path / "dim", first=first, settings=settings)
    out = tmp_path / "out"
    ran = run_cli("render", template, "--tree", lamp, "-o", out)
    assert ran.status == 0
    assert re.findall(r"\[[a-z-]+\]$", ran.err, re.MULTILINE) == ["[mode-made-executable]"]
    git("am", "--quiet", cwd=lamp, stdin=(out / "0001-lamp-move-things.patch").read_bytes())
    listed = git("ls-tree", "-r", "--format=%(objectmode) %(path)", "HEAD", cwd=lamp).decode()
    assert listed.split("\n")[:-1] == [
        "100644 Makefile",
        "100644 doc/light.txt",
        "100755 lamp.c",
        "100755 run.sh",
    ]


@pytest.mark.parametrize("kind", ["linked", "shallow", "sha256", "plain"])
def test_any_tree_can_be_rendered_on(
    run_cli: Cli, dim: Path, lamp: Path, tmp_path: Path, kind: str
) -> None:
    tree = tmp_path / "trees" / kind
    tree.parent.mkdir()
    if kind == "linked":
        git("worktree", "add", "--quiet", "--detach", str(tree), cwd=lamp)
    elif kind == "shallow":
        git("clone", "--quiet", "--depth=1", f"file://{lamp}", str(tree), cwd=tmp_path)
    elif kind == "sha256":
        make_lamp(tree, "--object-format=sha256")
    else:
        write_files(tree, {"lamp.c": LAMP, "lamp.h": "int lamp_off(void);\n"})
    found = rendered(run_cli, dim, tree)
    letter = found["0000-cover-letter.patch"].decode()
    assert ("base-commit:" in letter) == (kind != "plain")
    ran = run_cli("verify", "--tree", tree, *written(tmp_path / "mails", found))
    assert ran.status == 0
    assert "2 of 2 patches apply" in ran.out


def written(folder: Path, mails: dict[str, bytes]) -> list[Path]:
    folder.mkdir()
    for name, data in mails.items():
        (folder / name).write_bytes(data)
    return sorted(folder.iterdir())


def test_the_current_repository_is_the_default_tree(
    run_cli: Cli, dim: Path, lamp: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = rendered(run_cli, dim, lamp)
    monkeypatch.chdir(lamp / "doc")
    assert run_cli("render", dim, "-o", tmp_path / "o").status == 0
    assert contents(tmp_path / "o") == expected


def test_an_older_base_can_be_named(run_cli: Cli, dim: Path, lamp: Path) -> None:
    found = rendered(run_cli, dim, lamp, "--base", "HEAD~1")
    base = git("rev-parse", "HEAD~1", cwd=lamp).decode().strip()
    assert f"base-commit: {base}".encode() in found["0000-cover-letter.patch"]


def test_facts_about_the_base_steer_a_template(run_cli: Cli, lamp: Path, tmp_path: Path) -> None:
    cover = (
        COVER
        + "{% if has_file('lamp.h') and not has_file('none.h') %}has files{% endif +%}\n"
        + "{% if has_text('lamp.c', 'level = 10;') %}has text{% endif +%}\n"
        + "{% if has_text('none.c', '') %}has nothing{% endif +%}\n"
        + "{{ kernel_version[0] }}.{{ kernel_version[1] }} v{{ version }} {{ author }}\n"
    )
    template = write_template(tmp_path / "dim", cover=cover)
    letter = rendered(run_cli, template, lamp, "-v2")["v2-0000-cover-letter.patch"].decode()
    assert "\nhas files\nhas text\n" in letter
    assert "5.2 v2 A U Thor <author@example.com>\n" in letter
    assert "has nothing" not in letter


class TestOutput:
    """Where the mails go, and what is there already."""

    def test_the_default_is_the_name_of_the_series(
        self, run_cli: Cli, dim: Path, lamp: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "here").mkdir()
        monkeypatch.chdir(tmp_path / "here")
        assert run_cli("render", f"../{dim.name}/", "--tree", lamp).status == 0
        assert len(contents(tmp_path / "here" / "dim")) == 3

    @pytest.mark.parametrize("where", [".", "new/and/deep", "empty", "link", "empty/"])
    def test_an_empty_or_new_directory_is_written_to(
        self,
        run_cli: Cli,
        dim: Path,
        lamp: Path,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        where: str,
    ) -> None:
        here = tmp_path / "here"
        here.mkdir()
        monkeypatch.chdir(here)
        if where != ".":
            (here / "empty").mkdir()
            (here / "link").symlink_to("empty")
        ran = run_cli("render", dim, "--tree", lamp, "-o", where)
        assert (ran.status, ran.err) == (0, "")
        assert len(contents(here / where)) == 3
        assert not list(here.rglob(".*"))
        assert (here / "link").is_symlink() == (where != ".")

    def test_a_directory_with_files_is_refused(
        self, run_cli: Cli, dim: Path, lamp: Path, tmp_path: Path
    ) -> None:
        out = write_files(tmp_path / "out", {"mine.txt": "mine"})
        before = snapshot(out)
        ran = run_cli("render", dim, "--tree", lamp, "-o", out)
        assert ran.status == 2
        assert "is not empty" in ran.err
        assert "--force" in ran.err
        assert snapshot(out) == before

    def test_force_replaces_patches_of_the_same_version_only(
        self, run_cli: Cli, dim: Path, lamp: Path, tmp_path: Path
    ) -> None:
        kept = {"mine.txt": "mine", "v2-0001-x.patch": "2", "001-x.patch": "x", "0001-x.txt": "x"}
        gone = {"0001-old.patch": "old", "0003-old.patch": "old"}
        same = {"0001-lamp-dim-it.patch": "old"}
        out = write_files(tmp_path / "out", kept | gone | same)
        assert run_cli("render", dim, "--tree", lamp, "-o", out, "--force").status == 0
        found = contents(out)
        assert {name: found[name].decode() for name in kept} == kept
        assert not gone.keys() & found.keys()
        assert len(found) == len(kept) + 3
        assert found["0001-lamp-dim-it.patch"] != b"old"

    def test_a_file_in_the_way_is_an_error(
        self, run_cli: Cli, dim: Path, lamp: Path, tmp_path: Path
    ) -> None:
        (tmp_path / "file").write_text("x")
        for where in ("file", "file/below"):
            ran = run_cli("render", dim, "--tree", lamp, "-o", tmp_path / where)
            assert ran.status == 2
            assert ran.err.startswith("error: ")
            assert "\nhint: " in ran.err
        ran = run_cli("render", dim, "--tree", lamp, "--mbox", tmp_path / "file" / "below")
        assert ran.status == 2
        assert (tmp_path / "file").read_text() == "x"

    def test_new_files_have_the_usual_permissions(
        self, run_cli: Cli, dim: Path, lamp: Path, tmp_path: Path
    ) -> None:
        assert run_cli("render", dim, "--tree", lamp, "-o", tmp_path / "out").status == 0
        (tmp_path / "usual").mkdir()
        (tmp_path / "usual" / "file").touch()
        usual = (tmp_path / "usual").stat().st_mode
        assert (tmp_path / "out").stat().st_mode == usual
        for path in (tmp_path / "out").iterdir():
            assert path.stat().st_mode == (tmp_path / "usual" / "file").stat().st_mode

    def test_a_directory_and_an_mbox_exclude_each_other(
        self, run_cli: Cli, dim: Path, lamp: Path, tmp_path: Path
    ) -> None:
        ran = run_cli("render", dim, "--tree", lamp, "-o", tmp_path / "o", "--mbox", tmp_path / "m")
        assert ran.status == 2
        assert not (tmp_path / "o").exists()


def test_what_is_rendered_is_verified(run_cli: Cli, lamp: Path, tmp_path: Path) -> None:
    first = PATCHES["0001-dim.patch.j2"].replace("Signed-off-by: {{ author }}\n", "")
    template = write_template(tmp_path / "dim", first=first)
    ran = run_cli("render", template, "--tree", lamp, "-o", tmp_path / "out")
    assert ran.status == 1
    assert "[signed-off-by-missing]" in ran.err
    assert len(contents(tmp_path / "out")) == 3


def test_without_a_name_the_shipped_series_are_listed(run_cli: Cli) -> None:
    ran = run_cli("render")
    assert ran.status == 0
    assert "exitless-timer: " in ran.out


def test_nothing_of_the_template_is_run_by_a_shell(
    run_cli: Cli, lamp: Path, tmp_path: Path
) -> None:
    evil = SETTINGS.replace("lamp: dim it", "$(touch pwned) `touch pwned` ; touch pwned")
    template = write_template(tmp_path / "dim", settings=evil)
    assert run_cli("render", template, "--tree", lamp, "-o", tmp_path / "out").status == 0
    assert not list(tmp_path.rglob("pwned"))
    assert subprocess.run(["git", "status", "-s"], cwd=lamp, capture_output=True).stdout == b""
