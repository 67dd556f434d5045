"""Why patches do not apply: a table of reasons, each with the explanation that is expected.

A case has the tree that its author had, the trees after each of the author's patches, and the
history of the base on which they are tried.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from patchgen.reading.read import parse_series
from patchgen.trees.apply import apply_series
from patchgen.trees.base import open_tree
from patchgen.trees.diagnosis.causes import Why
from patchgen.trees.diagnosis.diagnose import diagnose
from patchgen.trees.diagnosis.hunks import failing_hunks, why_not_here
from patchgen.trees.diagnosis.nearby import find_nearby
from tests.series.generated import commit_trees, format_patch, git

CODE = """\
#include "lamp.h"

static int level;

int lamp_on(void)
{
	level = 10;
	lamp_write(level);
	return 0;
}

int lamp_off(void)
{
	level = 0;
	lamp_write(level);
	lamp_forget();
	return 0;
}

int lamp_blink(int times)
{
	while (times--)
		lamp_toggle();
	return level;
}

int lamp_level(void)
{
	return level;
}
"""
Text = dict[str, str]


def code(*changes: tuple[str, str], text: str = CODE) -> Text:
    """The file with some texts replaced."""
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return {"lamp.c": text}


ON = ("level = 10;", "level = 5;")
OFF = ("lamp_forget();", "lamp_forget_all();")
DIM = (
    "int lamp_level(void)\n",
    """\
int lamp_dim(void)
{
	level = 0;
	lamp_write(level);
	lamp_dim_more();
	return 0;
}

int lamp_level(void)
""",
)
BLINK = ("lamp_toggle();", "lamp_flip();")


@dataclass(frozen=True)
class Case:
    """One reason; ``says`` must stand in the explanation, ``near`` where the hunk is nearest."""

    name: str
    author: Text
    patches: tuple[Text, ...]
    base: tuple[Text, ...]
    why: Why
    says: str
    near: str = ""
    others: tuple[Text, ...] = ()
    at_hand: bool = False
    edit: Callable[[bytes], bytes] = bytes


def swap(mails: bytes) -> bytes:
    """Two mails in the other order."""
    first, second = mails.split(b"\nFrom ", 1)
    return b"From " + second + b"\n" + first


def needs_first(mails: bytes) -> bytes:
    """The second mail alone; it lists the first one as a prerequisite."""
    first, second = mails.split(b"\nFrom ", 1)
    listed = git("patch-id", "--stable", cwd=Path("/"), stdin=first).split(b" ")[0]
    return b"From " + second.replace(b"\n-- \n", b"\nprerequisite-patch-id: " + listed + b"\n-- \n")


def second_only(mails: bytes) -> bytes:
    """The second mail alone."""
    return b"From " + mails.split(b"\nFrom ", 1)[1]


def hunk_twice(mail: bytes) -> bytes:
    """The hunk once more."""
    hunk = mail[mail.index(b"@@ -") : mail.index(b"\n-- \n")]
    return mail.replace(b"\n-- \n", b"\n" + hunk + b"\n-- \n")


def moved(text: Text, path: str) -> Text:
    """The same file elsewhere."""
    return {path: text["lamp.c"]}


OTHER = {"other.c": "int other;\n"}
TABS = CODE.replace("\t", "        ")
CASES = (
    Case(
        "changed there",
        code(),
        (code(ON),),
        (code(("level = 10;", "level = 11;")),),
        Why.OTHER_VERSION,
        "made on version",
        "lamp.c:7 in int lamp_on(void)",
    ),
    Case(
        "context changed",
        code(),
        (code(OFF),),
        (code(("level = 0;", "level = -1;")),),
        Why.OTHER_VERSION,
        "not at hand",
        "lamp.c:14 in int lamp_off(void)",
    ),
    Case(
        "a line more",
        code(),
        (code(OFF),),
        (code(("\tlamp_forget", "\tlamp_wait();\n\tlamp_forget")),),
        Why.OTHER_VERSION,
        "made on version",
        "lamp.c:16 in int lamp_off(void)",
    ),
    Case(
        "a line less",
        code(),
        (code(OFF),),
        (code(("\tlamp_write(level);\n\tlamp_forget", "\tlamp_forget")),),
        Why.OTHER_VERSION,
        "made on version",
        "lamp.c:15 in int lamp_off(void)",
    ),
    Case(
        "a function that is not there",
        code(DIM),
        (code(DIM, ("lamp_dim_more();", "lamp_dim_most();")),),
        (code(),),
        Why.LINES_NOWHERE,
        'has no line "lamp_dim_more();", which the patch takes out',
        "lamp.c:16 in int lamp_off(void)",
    ),
    Case(
        "the whole is there",
        code(),
        (code(ON),),
        (code(), code(ON)),
        Why.ALREADY_APPLIED,
        "the whole change already",
    ),
    Case(
        "the whole is there, further down",
        code(),
        (code(ON),),
        (code(ON, ("static int level;", "static int level;\nstatic int more;\nstatic int most;")),),
        Why.ALREADY_APPLIED,
        "the whole change already",
    ),
    Case(
        "one hunk is there",
        code(),
        (code(ON, BLINK),),
        (code(ON),),
        Why.ALREADY_APPLIED,
        'hunk 1 is in "lamp.c" already',
    ),
    Case(
        "a new file is there",
        code(),
        (code() | OTHER,),
        (code() | OTHER,),
        Why.ALREADY_APPLIED,
        "the whole change already",
    ),
    Case(
        "a new file is there, another too is new",
        code(),
        (code(ON) | OTHER,),
        (code() | OTHER,),
        Why.ALREADY_APPLIED,
        '"other.c" is in the base already',
    ),
    Case(
        "a new file is another there",
        code(),
        (code() | OTHER,),
        (code() | {"other.c": "int mine;\n"},),
        Why.FILE_EXISTS,
        "with other lines",
    ),
    Case(
        "a new file of an earlier patch",
        code(),
        (code() | OTHER,),
        (code(),),
        Why.ALREADY_APPLIED,
        "the whole change already",
        edit=lambda mail: mail + b"\n" + mail,
    ),
    Case(
        "blanks for tabs in the patch",
        code(text=TABS),
        (code(ON, text=TABS),),
        (code(),),
        Why.WHITE_SPACE,
        "blanks in the patch, tabs in the file",
    ),
    Case(
        "tabs for blanks in the patch",
        code(),
        (code(ON),),
        (code(text=TABS),),
        Why.WHITE_SPACE,
        "tabs in the patch, blanks in the file",
    ),
    Case(
        "blanks at the end of a line",
        code(),
        (code(ON),),
        (code(("{\n\tlevel = 10;", "{ \n\tlevel = 10;")),),
        Why.WHITE_SPACE,
        "white space at the ends of lines",
    ),
    Case(
        "white space in a line",
        code(),
        (code(ON),),
        (code(("lamp_write(level)", "lamp_write( level )")),),
        Why.WHITE_SPACE,
        "only white space differs",
    ),
    Case(
        "carriage returns in the file",
        code(),
        (code(ON),),
        ({"lamp.c": CODE.replace("\n", "\r\n")},),
        Why.LINE_ENDS,
        "the file has carriage returns",
    ),
    Case(
        "no newline at the end",
        code(),
        (code(("(void)\n{\n\treturn", "(void)\n{\n\t/* */\n\treturn")),),
        ({"lamp.c": CODE[:-1]},),
        Why.LAST_NEWLINE,
        "the newline at the end",
    ),
    Case(
        "a link",
        code(),
        (code(ON),),
        ({"lamp.c": "-> light.c"},),
        Why.NO_PLAIN_FILE,
        '"lamp.c" is a symbolic link',
    ),
    Case(
        "no more at the beginning",
        code(),
        (code(("#include", "/* lamp */\n#include")),),
        ({"lamp.c": "// SPDX\n" + CODE},),
        Why.NOT_AT_BEGINNING,
        "the lines are at line 2",
    ),
    Case(
        "no more at the end",
        code(),
        ({"lamp.c": CODE + "int last;\n"},),
        ({"lamp.c": CODE + "\nint more;\n"},),
        Why.NOT_AT_END,
        "fits at the end only",
    ),
    Case(
        "the order is wrong",
        code(),
        (code(ON), code((ON[0], "level = 7;"))),
        (code(),),
        Why.LATER_PATCH,
        'patch 2 adds "level = 5;"',
        edit=swap,
    ),
    Case(
        "a file comes later",
        code(),
        (code() | OTHER, code() | {"other.c": "int another;\n"}),
        (code(),),
        Why.LATER_PATCH,
        'patch 2 brings "other.c"',
        edit=swap,
    ),
    Case(
        "an earlier patch took the line",
        code(),
        (code(ON),),
        (code(),),
        Why.EARLIER_PATCH,
        'patch 1 removes "level = 10;"',
        edit=lambda mail: mail + b"\n" + mail.replace(b"+\tlevel = 5", b"+\tlevel = 6"),
    ),
    Case(
        "a patch is missing, on another branch",
        code(),
        (code(ON), code((ON[0], "level = 7;"))),
        (code(),),
        Why.OTHER_COMMIT,
        'not in the base, brings "level = 5;"',
        others=(code(), code(ON)),
        edit=second_only,
    ),
    Case(
        "a listed prerequisite is missing",
        code(),
        (code(ON), code((ON[0], "level = 7;"))),
        (code(),),
        Why.PREREQUISITE,
        'a prerequisite of the series, brings "level = 5;"',
        others=(code(), code(ON)),
        edit=needs_first,
    ),
    Case(
        "the file was renamed",
        code(),
        (code(ON),),
        (code(), moved(code(), "light.c")),
        Why.FILE_RENAMED,
        '"lamp.c" is "light.c" since commit',
    ),
    Case(
        "the file was removed",
        code(),
        (code(ON),),
        (code() | OTHER, OTHER),
        Why.FILE_REMOVED,
        '"lamp.c" was removed by commit',
    ),
    Case(
        "the file is in a directory",
        code(),
        (code(ON),),
        (moved(code(), "drivers/lamp.c"),),
        Why.FILE_ELSEWHERE,
        'the base has "drivers/lamp.c"',
    ),
    Case(
        "the file was never there",
        code(),
        (code(ON),),
        (OTHER,),
        Why.FILE_UNKNOWN,
        'nothing in the base is called "lamp.c"',
    ),
    Case(
        "nothing is similar",
        code(),
        (code(ON),),
        ({"lamp.c": "a\nb\nc\nd\n"},),
        Why.NOTHING_SIMILAR,
        'nothing in "lamp.c" is similar',
    ),
    Case(
        "a merge would do",
        code(),
        (code(OFF),),
        (code(), code(("lamp_forget();", "lamp_forget(level);"))),
        Why.CONFLICTS,
        "git am -3 would leave 1 conflict",
        at_hand=True,
    ),
    Case(
        "a merge does",
        code(),
        (code(("\tlevel = 0;\n", "\tlevel = 1;\n")),),
        (code(), code(("lamp_forget();\n\treturn 0", "lamp_forget();\n\treturn 1"))),
        Why.MERGES,
        'git am -3 would merge "lamp.c" without a conflict',
        at_hand=True,
    ),
    Case(
        "binary",
        {"x.bin": "\0one\n"},
        ({"x.bin": "\0two\n"},),
        ({"x.bin": "\0three\n"},),
        Why.OTHER_VERSION,
        'of "x.bin"',
    ),
    Case(
        "another hunk has the lines",
        code(),
        (code(OFF),),
        (code(),),
        Why.LINES_TAKEN,
        "has taken the lines",
        edit=hunk_twice,
    ),
)


def trees(texts: tuple[Text, ...]) -> list[dict[str, tuple[str, bytes]]]:
    """Trees as they are committed; a text that begins with an arrow is a link."""
    return [
        {
            path: ("120000" if text.startswith("-> ") else "100644", text.encode())
            for path, text in one.items()
        }
        for one in texts
    ]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_reason_is_named(case: Case, tmp_path: Path, workspace: Path) -> None:
    author = tmp_path / "author"
    git("init", "--quiet", str(author), cwd=tmp_path)
    commits = commit_trees(author, trees((case.author, *case.patches)))
    series = parse_series([("x", case.edit(format_patch(author, commits[0], "--no-renames")))])
    repository = tmp_path / "base"
    git("init", "--quiet", str(repository), cwd=tmp_path)
    base = commit_trees(repository, trees(case.base), [f"base: {n}" for n in range(9)])[-1]
    git("update-ref", "refs/heads/main", base, cwd=repository)
    if case.others or case.at_hand:
        commit_trees(repository, trees(case.others or (case.author,)), ["other: x"] * 9)
    opened = open_tree(workspace, str(repository), base, None)
    applied = apply_series(series, opened)
    assert applied.refusal
    found = diagnose(applied.refusal, series, opened)
    causes = {cause.why: cause.says for cause in found.causes}
    assert case.why in causes, causes
    assert case.says in causes[case.why]
    if case.why in (Why.MERGES, Why.CONFLICTS):
        assert "that one came with commit" in causes[Why.OTHER_VERSION]
    else:
        assert found.causes[0].why is case.why
    if case.near:
        assert found.near
        assert f"lamp.c:{found.near.line + 1} in {found.near.heading}" == case.near


def test_there_are_thirty_reasons() -> None:
    assert len(CASES) >= 30
    assert {case.why for case in CASES} == set(Why)


def test_a_hunk_without_old_lines_is_no_crash() -> None:
    (patch,) = parse_series(
        [("x", b"Subject: x\n\n---\n--- a/lamp.c\n+++ b/lamp.c\n@@ -5,0 +6 @@\n+x\n")]
    ).patches
    (file,) = patch.diff.files
    assert failing_hunks(CODE.encode(), file) == file.hunks
    assert [*why_not_here(CODE.encode(), file, file.hunks[0])] == []


def test_a_first_line_that_differs_is_the_one_above_those_that_are_the_same() -> None:
    same = [f"\tstep({number});" for number in range(8)]
    lines = ["int f(void)", "{", "\tint ret;", "\tif (!ready)", "\treturn 0;", *same, "}"]
    near = find_nearby(["\treturn ret;", *same[:3], *same[4:]], lines, 0, "a.c")
    assert near
    assert (near.position, near.line, near.found, near.difference) == (4, 4, "\treturn 0;", 0)
