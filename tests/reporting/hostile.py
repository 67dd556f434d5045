"""A series that tries to be markup, script, workflow command and terminal escape at once."""

from pathlib import Path

MARKUP = (
    "</style></script><script>document.title='owned'</script><img src=x onerror=\"alert(1)\">"
    "<svg onload=alert(1)>--> ]]> &lt;b&gt; '\" `x` [link](http://evil.example/) |cell| "
    "{0} %0A::error::owned ##[error]owned @everyone http://evil.example/ "
)
ESCAPES = "\x1b[31mred\x1b]0;title\x07\x00\x08\x9b2J\u202etxt.exe\u2066\u2028\ufeff\uffff"
HOSTILE = MARKUP + ESCAPES
NAME = "0001-<img src=x onerror=alert(1)>,title=x::%0A'\".patch"
SEPARATOR = "From 0123456789012345678901234567890123456789 Mon Sep 17 00:00:00 2001\n"


def letter() -> str:
    """A cover letter: hostile subject, author, blurb, shortlog and diffstat."""
    return (
        f"{SEPARATOR}From: {HOSTILE} <a{MARKUP}@example.com>\n"
        f"Subject: [PATCH 0/2] lamp: {HOSTILE}\n\n"
        f"::error::owned\n{HOSTILE}\n<script>alert(1)</script>\n\n"
        f"{HOSTILE} (2):\n  lamp: {HOSTILE}\n  lamp: else\n\n"
        f" {MARKUP} | 2 +-\n lamp.h | 7 +\n 3 files changed, 4 insertions(+)\n\n-- \n{HOSTILE}\n"
    )


def patch(number: int, path: str) -> str:
    """A patch that is broken in ways whose findings quote it."""
    return (
        f"{SEPARATOR}From: {HOSTILE} <a@example.com>\n"
        f"Subject: [PATCH {number}/2] lamp: {HOSTILE}\n\n"
        f"Since commit 0123456 ({HOSTILE})\n{HOSTILE}\n\n"
        f"Reviewed-by: {HOSTILE}\n---\n {path} | 9 {'+' * 9}\n"
        " 1 file changed, 9 insertions(+)\n\n"
        f"diff --git a/{path} b/{path}\n--- a/{path}\n+++ b/{path}\n"
        f"@@ -1,3 +1,4 @@ {HOSTILE}\n {HOSTILE}\n-{HOSTILE}\n+{HOSTILE}\n+more\n context\n"
        f"+lost {HOSTILE}\n-- \n{HOSTILE}\n"
    )


def write_hostile(folder: Path) -> Path:
    """The series; file names are hostile, too."""
    folder.mkdir()
    (folder / "0000-letter.patch").write_text(letter(), "utf-8")
    (folder / NAME).write_text(patch(1, "lamp.c"), "utf-8")
    (folder / "0002-x.patch").write_text(patch(2, "la<b>mp&amp;.h"), "utf-8")
    return folder
