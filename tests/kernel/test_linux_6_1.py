"""A real kernel as a plain directory: what does not fit says why, what git wrote is a template."""

import os
import random
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from patchgen.cli.main import main

LINUX = Path(os.environ.get("PATCHGEN_LINUX_6_1", ""))
pytestmark = pytest.mark.skipif(
    not os.environ.get("PATCHGEN_LINUX_6_1"),
    reason="PATCHGEN_LINUX_6_1 does not name the unpacked linux-source-6.1",
)


def test_the_shipped_series_says_that_the_feature_is_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert main(["render", "exitless-timer", "--tree", str(LINUX), "-o", str(out)]) == 2
    message = capsys.readouterr().err
    assert "the feature is already there: since v5.3, commit 0c5f81dad46c" in message
    assert not out.exists()


def test_the_shipped_series_does_not_apply(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "out")
    main(["render", "exitless-timer", "-o", out])
    assert main(["verify", out, "--tree", str(LINUX)]) == 1
    assert "[patch-does-not-apply]" in capsys.readouterr().out


def test_the_counters_of_timer_interrupts_verify(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert main(["render", "timer-injection-stats", "--tree", str(LINUX), "-o", str(out)]) == 0
    capsys.readouterr()
    assert main(["verify", str(out), "--tree", str(LINUX), "--fail-on", "warning"]) == 0
    assert "3 of 3 patches apply" in capsys.readouterr().out
    script = LINUX / "scripts/checkpatch.pl"
    if script.is_file() and shutil.which("perl"):
        files = sorted(out.glob("*.patch"))
        said = subprocess.run(
            ["perl", script, "--no-tree", "--strict", *files],
            capture_output=True,
            text=True,
            check=False,
        ).stdout
        assert said.count("total: 0 errors, 0 warnings, 0 checks") == len(files), said


def test_patches_that_git_wrote_are_templates(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Random edits of KVM's own files: as templates they render back to what they were.

    Three lines of context may stand twice in a section; then, and only then, that is said.
    """
    rendered = 0
    files = sorted(path.relative_to(LINUX) for path in LINUX.glob("arch/x86/kvm/**/*.c"))
    chosen = random.Random(6.1)
    before, after = tmp_path / "a", tmp_path / "b"
    for number in range(12):
        picked = chosen.sample(files, 3)
        for side in (before, after):
            shutil.rmtree(side, ignore_errors=True)
        for path in picked:
            for side in (before, after):
                (side / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(LINUX / path, side / path)
            edit(after / path, chosen)
        diff = subprocess.run(
            ["git", "diff", "--no-index", "--no-prefix", "a", "b"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        ).stdout
        folder = template(tmp_path / f"template-{number}", diff)
        out = tmp_path / f"out-{number}"
        if main(["render", str(folder), "--tree", str(LINUX), "-o", str(out)]):
            messages = re.findall(r"(?m)^error: (.*)", capsys.readouterr().err)
            assert all("the hunk fits 2 places" in message for message in messages)
            continue
        rendered += 1
        patch = next(out.glob("0001-*")).read_text()
        assert body(patch) == body(diff)
    assert rendered > 6


def edit(path: Path, chosen: random.Random) -> None:
    lines = path.read_text().split("\n")
    for _ in range(4):
        at = chosen.randrange(len(lines) - 1)
        what = chosen.choice(["insert", "delete", "replace"])
        if what == "insert":
            lines.insert(at, f"/* note {chosen.random()} */")
        elif what == "delete":
            del lines[at]
        else:
            lines[at] = f"{lines[at]} /* {chosen.random()} */"
    path.write_text("\n".join(lines))


def template(folder: Path, diff: str) -> Path:
    """A series of one patch whose template is ``diff`` as git printed it."""
    folder.mkdir()
    (folder / "series.toml").write_text(
        'title = "kvm: Edit"\nauthor = "A <a@example.com>"\ndate = "2024-01-01T00:00:00+00:00"\n'
        'cover-letter = "cover-letter.j2"\npatches = ["0001-edit.patch.j2"]\n'
    )
    (folder / "cover-letter.j2").write_text("kvm: Edit\n\nEdits.\n")
    raw = "{% raw %}\n" + diff + "{% endraw %}\n"
    (folder / "0001-edit.patch.j2").write_text(
        f"kvm: edit\n\nEdit.\n\nSigned-off-by: {{{{ author }}}}\n---\n{raw}"
    )
    return folder


def body(patch: str) -> list[str]:
    """The hunks from the first ``@@`` to the signature, without file headers and headings.

    git chose the headings of the edits without the tree's attributes.
    """
    lines = patch[patch.index("\n@@ ") :].split("\n-- \n")[0].split("\n")
    headers = re.compile(r"diff --git |index |--- |\+\+\+ ")
    kept = [line for line in lines if line and not headers.match(line)]
    return [re.sub(r"^(@@ .* @@).*", r"\1", line) for line in kept]
