"""What git drops of a message, held against git-mailinfo."""

import random
from pathlib import Path

from patchgen.checks.message_contains_diff import message_contains_diff
from patchgen.checks.message_cut_by_marker import message_cut_by_marker
from patchgen.checks.signed_off_by_missing import signed_off_by_missing
from patchgen.series.mail.scissors import is_scissors
from tests.series.generated import git, seeds
from tests.series.test_mailinfo import patch_in

SIGN_OFF = "Signed-off-by: A U Thor <author@example.com>"
HEAD = "From: A U Thor <author@example.com>\nSubject: [PATCH] foo: add bar\n\n"
DIFF = "diff --git a/foo b/foo\n--- a/foo\n+++ b/foo\n@@ -1,2 +1,2 @@\n foo\n-foo\n+bar\n"
STAT = " foo | 2 +-\n 1 file changed, 1 insertion(+), 1 deletion(-)\n\n"
ODD = (
    "---",
    "--- ",
    "---\t ",
    "----",
    " ---",
    "--- a",
    "---a",
    "--- a/foo",
    "diff -",
    "diff - -u",
    "diff",
    "diff --git a/foo b/foo",
    "Index: foo",
    "Index:foo",
    "index: foo",
    "some text",
    "-- ",
    "--",
    "",
    DIFF.rstrip(),
    DIFF.replace("\n", "\n ").rstrip(),
    "> diff -u",
)
PIECES = (">8", "8<", ">%", "%<", "-", "-", "--", " ", " ", "  ", "cut", "8", "<", "\t", "ä")


def message_of(text: str, folder: Path, *options: str) -> str:
    git("mailinfo", *options, "message", "patch", cwd=folder, stdin=text.encode())
    return (folder / "message").read_text()


@seeds(300)
def test_a_lost_sign_off_is_found_and_no_other(tmp_path: Path, seed: int) -> None:
    source = random.Random(seed)
    odd = [source.choice(ODD) for _ in range(source.randint(0, 3))]
    lines = ["It was missing.", *odd, "and so on", "", SIGN_OFF]
    text = "\n".join([HEAD + lines[0], *lines[1:], "---", STAT + DIFF])
    lost = SIGN_OFF not in message_of(text, tmp_path)

    patch = patch_in(text.encode())
    found = [*message_contains_diff.find(patch), *message_cut_by_marker.find(patch)]
    assert len(found) == lost
    assert not [*signed_off_by_missing.find(patch)]


@seeds(400)
def test_scissors_are_those_of_git(tmp_path: Path, seed: int) -> None:
    source = random.Random(seed)
    line = "".join(source.choice(PIECES) for _ in range(source.randint(1, 14)))
    text = f"{HEAD}above\n {line}\nbelow\n---\n{DIFF}"
    cut = "above" not in message_of(text, tmp_path, "--scissors")
    assert is_scissors(line) == cut
