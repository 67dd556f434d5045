"""Mails that a mailer changed, applied to a repository as git-am applies them to it."""

import base64
from pathlib import Path

import pytest

from patchgen.reading.read import parse_series
from patchgen.stages.facts import Wishes
from patchgen.trees.apply import apply_series
from patchgen.trees.base import open_tree
from patchgen.verify import verify_series
from tests.series.generated import AS_AUTHOR, git

HEAD = b"From: A U Thor <author@example.com>\nSubject: [PATCH] x\n"
BODY = b"""
Because.

Signed-off-by: A U Thor <author@example.com>
---
diff --git a/x b/x
--- a/x
+++ b/x
@@ -1,3 +1,3 @@
 one
-two
+two and a half, which is more than fits a line of most of those who read this
 three
"""
NEW = b"""
Because.

Signed-off-by: A U Thor <author@example.com>
---
diff --git a/new b/new
new file mode 100644
--- /dev/null
+++ b/new
@@ -0,0 +1,2 @@
+one
+two
"""
SEVEN_LINES = HEAD + b"\n--- /dev/null\n+++ b/new\n@@ -0,0 +1 @@\n+Gr\xf6\xdfe\n"
PLAIN = b"one\ntwo\nthree\n"


def with_returns(text: bytes) -> bytes:
    return text.replace(b"\n", b"\r\n")


def in_base64(body: bytes) -> bytes:
    return HEAD + b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(body[1:])


def flowed(body: bytes, width: int = 40) -> bytes:
    """As format=flowed has it: lines broken behind a blank, an extra blank in front of one."""
    lines = []
    for line in body[1:].split(b"\n"):
        line = b" " + line if line.startswith(b" ") else line
        while len(line) > width and (place := line.find(b" ", width - 10)) > 0:
            lines.append(line[: place + 1])
            line = line[place + 1 :]
        lines.append(line)
    return HEAD + b"Content-Type: text/plain; format=flowed\n\n" + b"\n".join(lines)


NO_BREAK = BODY.replace(b"\n one", "\n\u00a0one".encode())
CASES = {
    "seven lines": (SEVEN_LINES, PLAIN, True, "content-not-utf8"),
    "seven lines in CRLF": (with_returns(SEVEN_LINES), PLAIN, True, "content-not-utf8"),
    "plain": (HEAD + BODY, PLAIN, True, ""),
    "plain on CRLF": (HEAD + BODY, with_returns(PLAIN), False, "patch-does-not-apply"),
    "CRLF": (with_returns(HEAD + BODY), PLAIN, True, ""),
    "an odd CR": (HEAD + BODY.replace(b"+two", b"+\r\n+two"), PLAIN, False, "crlf-line-endings"),
    "a CR within": (HEAD + BODY.replace(b"line of", b"line of\r"), PLAIN, True, ""),
    "a CR in a new file": (
        HEAD + NEW.replace(b"+two\n", b"+two\r\n"),
        PLAIN,
        True,
        "crlf-line-endings",
    ),
    "base64": (in_base64(BODY), PLAIN, True, ""),
    "base64 of CRLF": (in_base64(with_returns(BODY)), PLAIN, False, "crlf-line-endings"),
    "base64 of CRLF on CRLF": (
        in_base64(with_returns(BODY)),
        with_returns(PLAIN),
        True,
        "crlf-line-endings",
    ),
    "base64 of a new file in CRLF": (
        in_base64(with_returns(NEW)),
        PLAIN,
        True,
        "crlf-line-endings",
    ),
    "flowed": (flowed(BODY), PLAIN, True, "format-flowed"),
    "flowed in CRLF": (with_returns(flowed(BODY)), PLAIN, True, "format-flowed"),
    "wrapped": (flowed(BODY).replace(b"; format=flowed", b""), PLAIN, False, "whitespace-damaged"),
    "no-break space": (HEAD + NO_BREAK, PLAIN, False, "whitespace-damaged"),
}


@pytest.mark.parametrize(("mail", "old", "applies", "found"), CASES.values(), ids=CASES)
def test_what_git_am_makes_of_a_mail(
    mail: bytes, old: bytes, applies: bool, found: str, tmp_path: Path, workspace: Path
) -> None:
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    git("init", "--quiet", "-b", "main", ".", cwd=checkout)
    (checkout / "x").write_bytes(old)
    git("add", "x", cwd=checkout)
    git("commit", "--quiet", "-m", "x", cwd=checkout, env=AS_AUTHOR)
    base = git("rev-parse", "HEAD", cwd=checkout).decode().strip()
    (tmp_path / "mail").write_bytes(mail)
    git("am", str(tmp_path / "mail"), cwd=checkout, env=AS_AUTHOR, check=False)
    tree = git("rev-parse", "HEAD^{tree}", cwd=checkout).decode().strip()
    assert (git("rev-parse", "HEAD", cwd=checkout).decode().strip() != base) == applies

    series = parse_series([("mail", mail)])
    user = open_tree(workspace, str(checkout), base, None)
    applied = apply_series(series, user)
    assert bool(applied.steps) == applies
    if applies:
        objects = {"GIT_ALTERNATE_OBJECT_DIRECTORIES": str(applied.repository.git_dir / "applied")}
        path = series.patches[0].diff.files[0].path
        blobs = [
            git("cat-file", "blob", f"{one}:{path}", cwd=checkout, env=objects)
            for one in (tree, applied.steps[0].after)
        ]
        assert blobs[0] == blobs[1]
        assert mail != SEVEN_LINES or blobs[0] == b"Gr\xf6\xdfe\n"

    (workspace / "again").mkdir()
    report = verify_series(series, Wishes(str(checkout), base, build=False), workspace / "again")
    ids = {finding.check for finding in report.findings}
    mail_checks = {"content-not-utf8", "crlf-line-endings", "format-flowed", "whitespace-damaged"}
    assert ids & mail_checks == {found} & mail_checks
    assert not applies or "patch-does-not-apply" not in ids
