"""``patchgen verify``: reports, options, and mails that mean no good."""

import json
import random
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.series.generated import (
    bare_repository,
    commit_trees,
    format_patch,
    generated_trees,
    git,
    seeds,
)

Cli = Callable[..., Any]
ESCAPE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def spoiled(posted: Path) -> Path:
    """The series with an error in the letter and a warning in the first patch."""
    letter = posted / "0000-cover-letter.patch"
    letter.write_text(letter.read_text().replace("2 insertions", "3 insertions"))
    first = posted / "0001-lamp-dim-it.patch"
    base = letter.read_text().partition("base-commit: ")[2][:7]
    first.write_text(first.read_text().replace("Why.", f"Since commit {base} it is dim."))
    return posted


def test_findings_look_like_those_of_a_compiler(run_cli: Cli, posted: Path, lamp: Path) -> None:
    lines = run_cli("verify", spoiled(posted), "--tree", lamp).out.splitlines()
    pattern = r"[^:]+:\d+: (error|warning|note): [^A-Z\s].* \[[a-z-]+\]"
    found = [line for line in lines if re.fullmatch(pattern, line)]
    assert len(found) == 2
    assert found[0].startswith(f"{posted}/0000-cover-letter.patch:")
    assert found[1].startswith(f"{posted}/0001-lamp-dim-it.patch:")
    for line in found:
        assert lines[lines.index(line) + 1].startswith("hint: ")


@pytest.mark.parametrize(
    ("options", "status"),
    [
        ([], 1),
        (["--fail-on", "error"], 1),
        (["--fail-on", "warning"], 1),
        (["--ignore", "diffstat-arithmetic"], 0),
        (["--ignore", "diffstat-arithmetic", "--fail-on", "warning"], 1),
        (["--ignore", "diffstat-arithmetic", "--ignore", "commit-reference-malformed",
          "--fail-on", "note"], 0),
    ],
)  # fmt: skip
def test_the_level_decides(
    run_cli: Cli, posted: Path, lamp: Path, options: list[str], status: int
) -> None:
    assert run_cli("verify", spoiled(posted), "--tree", lamp, *options).status == status


def test_what_is_ignored_is_counted(run_cli: Cli, posted: Path, lamp: Path) -> None:
    argv = ["verify", spoiled(posted), "--tree", lamp, "--ignore", "diffstat-arithmetic"]
    ran = run_cli(*argv)
    assert "[diffstat-arithmetic]" not in ran.out
    assert re.search(r"ignored +diffstat-arithmetic: 1 finding", ran.out)
    report = json.loads(run_cli(*argv, "--format", "json").out)
    assert [(one["check"], one["count"]) for one in report["ignored"]] == [
        ("diffstat-arithmetic", 1)
    ]


def test_the_json_report_has_these_keys(run_cli: Cli, posted: Path, lamp: Path) -> None:
    ran = run_cli("verify", spoiled(posted), "--tree", lamp, "--format", "json")
    report = json.loads(ran.out)
    assert report["schema"] == 1
    assert {"schema", "patchgen", "series", "stages", "findings", "skipped", "ignored",
            "counts"} <= report.keys()  # fmt: skip
    assert report["series"].keys() >= {"title", "version", "cover_letter", "base", "patches"}
    assert [patch["number"] for patch in report["series"]["patches"]] == [1, 2]
    assert report["series"]["patches"][0].keys() >= {"number", "file", "summary", "author"}
    assert [stage["name"] for stage in report["stages"]][:2] == ["read", "apply"]
    assert all(stage.keys() >= {"name", "summary", "steps"} for stage in report["stages"])
    for finding in report["findings"]:
        assert finding.keys() >= {
            "check", "severity", "patch", "file", "line", "message", "hint",
        }  # fmt: skip
    assert [finding["patch"] for finding in report["findings"]] == [0, 1]
    assert report["counts"] == {"error": 1, "warning": 1, "note": 0}
    assert all(skipped.keys() >= {"what", "reason"} for skipped in report["skipped"])


@pytest.mark.parametrize("kind", ["text", "json"])
def test_a_report_can_go_into_a_file(
    run_cli: Cli, posted: Path, lamp: Path, tmp_path: Path, kind: str
) -> None:
    argv = ["verify", spoiled(posted), "--tree", lamp, "--format", kind]
    shown = run_cli(*argv)
    written = run_cli(*argv, "--output", tmp_path / "report")
    assert (written.status, written.out, written.err) == (1, "", "")
    assert (tmp_path / "report").read_text("utf-8") == shown.out


def test_two_reports_are_the_same_bytes(
    run_cli: Cli, posted: Path, lamp: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(spoiled(posted).parent)
    git("clone", "--quiet", str(lamp), "elsewhere/lamp", cwd=tmp_path)
    for kind in ("text", "json"):
        argv = ["verify", "posted", "--format", kind, "--tree"]
        one, other = run_cli(*argv, lamp), run_cli(*argv, "elsewhere/lamp")
        assert one == other
        assert str(tmp_path) not in one.out


def test_what_was_not_examined_is_said(
    run_cli: Cli, posted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (posted / "0000-cover-letter.patch").unlink()
    report = json.loads(run_cli("verify", posted, "--format", "json").out)
    skipped = {one["what"] for one in report["skipped"]}
    assert {"apply", "build", "cover-diffstat-mismatch", "shortlog-mismatch"} <= skipped


def test_piped_output_has_no_escape_sequences(run_process: Cli, posted: Path, lamp: Path) -> None:
    ran = run_process("verify", spoiled(posted), "--tree", lamp)
    assert ran.status == 1
    assert not ESCAPE.search(ran.out + ran.err)


HOSTILE = "\x1b[31mred\x1b]0;title\x07\x9b2J\x00\x08\r\u202eevil\u2066"


def test_escapes_in_a_mail_do_not_reach_the_terminal(
    run_cli: Cli, posted: Path, lamp: Path, tmp_path: Path
) -> None:
    for path in sorted(posted.iterdir()):
        text = path.read_text().replace("dim it", f"dim {HOSTILE} it")
        text = text.replace("declare", f"declare{HOSTILE}").replace("lamp.c", f"lamp{HOSTILE}.c")
        text = text.replace("A U Thor", f"A {HOSTILE} U Thor").replace(
            "3 insertions", "9 insertions"
        )
        path.write_text(text)
    for tree in (lamp, tmp_path / f"none{HOSTILE}".replace("\x00", "")):
        ran = run_cli("verify", posted, "--tree", tree)
        assert ran.status in (1, 2)
        assert not ESCAPE.search(ran.out + ran.err)
        assert "\\x1b" in ran.out + ran.err
    report = run_cli("verify", posted, "--tree", lamp, "--format", "json")
    assert not ESCAPE.search(report.out)


@pytest.mark.parametrize("name", ["x\x1b[31m.patch", "x\n.patch", "x\udcff.patch", "-x.patch"])
def test_file_names_are_shown_harmlessly(
    run_cli: Cli, posted: Path, lamp: Path, tmp_path: Path, name: str
) -> None:
    (posted / "0001-lamp-dim-it.patch").rename(posted / name)
    (posted / "0000-cover-letter.patch").unlink()
    (posted / "0002-lamp-declare-lamp_level.patch").unlink()
    ran = run_cli("verify", posted, "--tree", lamp)
    assert not ESCAPE.search(ran.out)
    ran.out.encode("utf-8")
    assert ran.status == 0 or "numbering-gap" in ran.out


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bare_repository(tmp_path_factory.mktemp("git") / "generated.git")


def damaged(source: random.Random, data: bytes) -> bytes:
    """The mails with some bytes, lines or words not as they were."""
    out = bytearray(data)
    for _ in range(source.randint(1, 6)):
        at = source.randrange(len(out))
        kind = source.randrange(6)
        if kind == 0:
            out[at] = source.randrange(256)
        elif kind == 1:
            del out[at : at + source.randint(1, 40)]
        elif kind == 2:
            out[at:at] = source.randbytes(source.randint(1, 8))
        elif kind == 3:
            lines = out.split(b"\n")
            lines.insert(source.randrange(len(lines)), source.choice(lines))
            out = bytearray(b"\n".join(lines))
        elif kind == 4:
            lines = out.split(b"\n")
            del lines[source.randrange(len(lines))]
            out = bytearray(b"\n".join(lines))
        else:
            out = bytearray(out.replace(*source.choice(WORDS), 1))
    return bytes(out)


WORDS = (
    (b"+++ b/", b"+++ b/../"),
    (b"--- a/", b'--- "a/\\x'),
    (b"diff --git a/", b'diff --git "a/'),
    (b"100644", b"160000"),
    (b"100644", b"120000"),
    (b"100644", b"040000"),
    (b"@@ -", b"@@ -99999999999999999999"),
    (b"[PATCH", b"[PATCH 9/0"),
    (b"rename from ", b"rename from ../"),
    (b"Subject: ", b"Subject: =?utf-8?b?/////w==?= "),
    (b"Subject: ", b"Content-Transfer-Encoding: base64\nSubject: "),
    (b"GIT binary patch", b"Binary files a and b differ"),
    (b"literal ", b"delta "),
    (b"index ", b"index ffffffffffff"),
    (b"\n", b"\r\n"),
    (b" | ", b" | 99999999999999999999999 "),
)


@seeds(40)
def test_no_damage_is_a_crash(
    repository: Path, tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    from patchgen.cli.main import main

    source = random.Random(seed)
    commits = commit_trees(repository, generated_trees(seed))
    data = damaged(source, format_patch(repository, commits[0], "--cover-letter"))
    mbox = tmp_path_factory.getbasetemp() / "damaged.mbox"
    mbox.write_bytes(data)
    argv = ["verify", str(mbox), "--tree", str(repository), "--base", commits[0]]
    assert main(argv) in (0, 1, 2), f"seed {seed}"


@pytest.mark.parametrize("limit", [50])
def test_a_giant_hunk_header_takes_no_time(
    run_cli: Cli, tmp_path: Path, lamp: Path, limit: int
) -> None:
    mail = "From: A <a@x.org>\nSubject: [PATCH] x\n\nx\n---\n"
    mail += "--- a/lamp.c\n+++ b/lamp.c\n@@ -1,9999999999 +1,9999999999 @@\n" + " x\n" * 20000
    (tmp_path / "x.patch").write_text(mail)
    ran = run_cli("verify", tmp_path / "x.patch", "--tree", lamp)
    assert ran.status == 1
    assert "[hunk-count-mismatch]" in ran.out


def test_nothing_is_imported_that_is_not_needed(run_process: Cli) -> None:
    ran = run_process("--version", python=("-X", "importtime"))
    imported = {line.rpartition("|")[2].strip() for line in ran.err.splitlines()}
    assert not imported & {"git", "jinja2", "unidiff", "rich", "email"}
    assert sys.version_info >= (3, 11)
