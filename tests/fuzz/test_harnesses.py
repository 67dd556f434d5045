"""The harnesses on a few inputs of each grammar, and on all that ever broke one."""

import random

import pytest

from tests.fuzz.grammar import GRAMMARS, damaged
from tests.fuzz.harnesses import HARNESSES, limits
from tests.series.generated import seeds

BROKE = {
    "a list of 99,999,999,998 missing patches": (
        "series",
        b"Subject: [PATCH 99999999999/1] x\n\n---\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n",
    ),
    "numbered and other parts of one parameter": (
        "mail",
        b"Content-Type: text/plain; charset=utf-8; charset*=utf-8''x; charset*0=ut\n\nx\n",
    ),
    "a charset that is not ASCII": ("mail", b"Subject: =?iso-88\xff59-1?q?x?=\n\nx\n"),
    "a charset with a NUL": ("mail", b"Content-Type: text/plain; charset=utf\x00-8\n\n\xfc\n"),
    "a git header with thousands of blanks": ("hunks", b"diff --git a/dir/c.c b/dir/c.c" * 1650),
    "a diff that begins like a marker line": (
        "series",
        b"Subject: [PATCH] x\n\nsome text\n--- \n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n",
    ),
    "an encoded word that is no base64": ("mail", b"Subject: =?utf-8?b?w7w?=\n\nx\n"),
}


@seeds(60)
@pytest.mark.parametrize("name", HARNESSES)
def test_nothing_breaks_a_parser(name: str, seed: int) -> None:
    source = random.Random(seed)
    with limits():
        HARNESSES[name](damaged(source, GRAMMARS[name](source)))


@pytest.mark.parametrize("broke", BROKE)
def test_what_broke_one_does_not_any_more(broke: str) -> None:
    name, data = BROKE[broke]
    with limits():
        HARNESSES[name](data)


def test_every_harness_has_a_grammar() -> None:
    assert {*HARNESSES} == {*GRAMMARS}
