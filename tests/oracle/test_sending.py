"""That mails sent by git-send-email are encoded as asked, and hold what was sent."""

import random
from pathlib import Path

import pytest

from tests.oracle.sending import INSTALLED, WHY_NOT, sent_by_git
from tests.series.generated import git

MAIL = b"""From 0000000000000000000000000000000000000000 Mon Sep 17 00:00:00 2001
From: =?UTF-8?q?J=C3=B6rg?= <j@example.org>
Date: Wed, 1 Mar 2023 10:00:00 +0000
Subject: [PATCH] tick: count from one

Gr\xc3\xb6\xc3\x9fer than zero.
---
 t.c | 2 +-
 1 file changed, 1 insertion(+), 1 deletion(-)

diff --git a/t.c b/t.c
--- a/t.c
+++ b/t.c
@@ -1 +1 @@
-\xe9 = 0;
+\xe9 = 1;\t
--\x20
2.39.5
"""


@pytest.mark.skipif(not INSTALLED, reason=WHY_NOT)
@pytest.mark.parametrize("encoding", ["8bit", "quoted-printable", "base64"])
def test_what_is_sent_arrives(encoding: str, tmp_path: Path) -> None:
    for seed in range(4):
        mail = sent_by_git(encoding)(random.Random(seed), MAIL)
        assert f"\nContent-Transfer-Encoding: {encoding}\n".encode() in mail
        git("mailinfo", "message", "patch", cwd=tmp_path, stdin=mail)
        assert (tmp_path / "message").read_bytes().endswith(b"Gr\xc3\xb6\xc3\x9fer than zero.\n")
        assert MAIL.endswith((tmp_path / "patch").read_bytes().partition(b"\ndiff ")[2])
