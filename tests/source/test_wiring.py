"""Callbacks: which calls may meet a table that does not set them, and which cannot."""

from collections.abc import Mapping

import pytest

from patchgen.findings import Severity
from tests.source.conftest import Judge

HEADER = """\
struct bell;

struct bell_ops {{
	void (*open)(struct bell *bell);
	unsigned int flags;
{member}}};

struct bell {{
	const struct bell_ops *ops;
	int type;
}};
{inline}"""
TABLE = """\
#include "bell.h"

static void {name}_open(struct bell *bell)
{{
}}

static void {name}_ring(struct bell *bell)
{{
}}

static const struct bell_ops {name}_ops = {{
	.open = {name}_open,
{set}}};
{more}"""
CORE = """\
#include "bell.h"

{before}
void bell_tick(struct bell *bell)
{{
	bell->ops->open(bell);
{call}}}
{after}"""
MEMBER = "\tvoid (*ring)(struct bell *bell);\n"
CALL = "\tbell->ops->ring(bell);\n"


def tree(
    *,
    member: str = MEMBER,
    inline: str = "",
    brass: str = "\t.ring = brass_ring,\n",
    tin: str = "",
    tin_more: str = "",
    call: str = CALL,
    before: str = "",
    after: str = "",
) -> dict[str, str]:
    """Bells with two tables of functions."""
    return {
        "bells/bell.h": HEADER.format(member=member, inline=inline),
        "bells/brass.c": TABLE.format(name="brass", set=brass, more=""),
        "bells/tin/tin.c": TABLE.format(name="tin", set=tin, more=tin_more),
        "bells/core.c": CORE.format(call=call, before=before, after=after),
    }


BASE = tree(member="", brass="", call="")


def only(findings: list[object]) -> object:
    assert len(findings) == 1
    return findings[0]


BAD: dict[str, Mapping[str, str]] = {
    "not set": {},
    "null": {"tin": "\t.ring = NULL,\n"},
    "null with a comment": {"tin": "\t/* Tin has nothing to ring. */\n\t.ring = NULL,\n"},
    "zero": {"tin": "\t.ring = 0,\n"},
    "commented out": {"tin": "\t/* .ring = tin_ring, */\n"},
    "checked afterwards": {"call": f"{CALL}\tif (!bell->ops->ring)\n\t\treturn;\n"},
    "by pointer": {"call": "\t(*bell->ops->ring)(bell);\n"},
    "by a parameter": {
        "call": "\tring(bell, bell->ops);\n",
        "before": "static void ring(struct bell *bell, const struct bell_ops *ops)\n"
        "{\n\tops->ring(bell);\n}\n",
    },
    "behind another condition": {"call": f"\tif (bell)\n\t{CALL}"},
    "checked in another function": {
        "after": "void bell_tock(struct bell *bell)\n{\n"
        "\tif (bell->ops->ring)\n\t\tbell->ops->ring(bell);\n}\n"
    },
    "only one call checked": {
        "call": f"\tif (bell->type)\n\t{CALL}\tif (bell->ops->ring)\n\t{CALL}"
    },
    "next to a condition": {"tin": "#ifdef CONFIG_TIN\n\t.flags = 1,\n#endif\n"},
    "unset at start": {
        "tin_more": "void tin_start(struct bell_ops *ops)\n{\n\tops->ring = NULL;\n}\n"
    },
}
GOOD: dict[str, Mapping[str, str]] = {
    "set everywhere": {"tin": "\t.ring = tin_ring,\n"},
    "set nowhere that is known": {"brass": ""},
    "set with blanks": {"tin": "\t. ring\t=\n\t\ttin_ring,\n"},
    "set under a condition": {"tin": "#ifdef CONFIG_RING\n\t.ring = tin_ring,\n#endif\n"},
    "set by a macro": {"tin": "\tRING_OPS,\n"},
    "set by a macro with arguments": {"tin": "\tRING_OPS(tin),\n"},
    "set at start": {
        "tin_more": "void tin_start(void)\n{\n\ttin_ops.ring = tin_ring;\n}\n",
    },
    "set to a default": {
        "after": "void bell_start(struct bell_ops *ops)\n{\n"
        "\tif (!ops->ring)\n\t\tops->ring = bell_tick;\n}\n"
    },
    "refused at start": {
        "after": "int bell_start(struct bell_ops *ops)\n{\n"
        "\tif (!ops->ring)\n\t\treturn -1;\n\treturn 0;\n}\n"
    },
    "never called": {"call": ""},
    "checked": {"call": f"\tif (bell->ops->ring)\n\t{CALL}"},
    "checked with and": {"call": f"\tif (bell && bell->ops->ring && bell->type)\n\t{CALL}"},
    "checked by returning": {"call": f"\tif (!bell->ops->ring)\n\t\treturn;\n{CALL}"},
    "checked in an expression": {"call": "\tbell->ops->ring ? bell->ops->ring(bell) : (void)0;\n"},
    "checked with or": {"call": "\tif (!bell->ops->ring || bell->ops->ring(bell))\n\t\treturn;\n"},
    "checked by BUG_ON": {"call": f"\tBUG_ON(!bell->ops->ring);\n{CALL}"},
    "copied": {
        "call": "\tvoid (*ring)(struct bell *) = bell->ops->ring;\n\tif (ring)\n\t\tring(bell);\n"
    },
    "checked by an inline function": {
        "inline": "static inline int can_ring(struct bell *bell)\n"
        "{\n\treturn !!bell->ops->ring;\n}\n",
        "call": f"\tif (can_ring(bell))\n\t{CALL}",
    },
    "checked by a macro": {
        "inline": "#define can_ring(bell)\t((bell)->ops->ring)\n",
        "call": f"\tif (can_ring(bell))\n\t{CALL}",
    },
    "checked by the caller": {
        "before": f"static void ring(struct bell *bell)\n{{\n{CALL}}}\n",
        "call": "\tif (bell->ops->ring)\n\t\tring(bell);\n",
    },
    "called by a macro": {"call": "\tcall_if_set(bell->ops, ring, bell);\n"},
    "goes with another": {"call": f"\tif (bell->ops->open)\n\t{CALL}"},
    "told by the table": {"call": f"\tif (bell->ops->flags)\n\t{CALL}"},
    "another structure": {
        "before": "struct horn {\n\tvoid (*ring)(struct bell *bell);\n};\n",
        "call": "\tstruct horn *horn = horn_of(bell);\n\n\thorn->ring(bell);\n",
    },
    "another structure in a member": {
        "before": "struct horn {\n\tvoid (*ring)(struct bell *bell);\n};\n"
        "struct hall {\n\tstruct horn *ops;\n};\n",
        "call": "\tstruct hall *hall = hall_of(bell);\n\n\thall->ops->ring(bell);\n",
    },
    "the table that sets it": {
        "call": "\tstruct bell_ops brass_copy = brass;\n\n\tbrass_copy.ring(bell);\n"
    },
    "positional": {"tin_more": "", "tin": "\ttin_ring,\n"},
}


@pytest.mark.parametrize("case", BAD.values(), ids=list(BAD))
def test_is_found(case: Mapping[str, str], judge: Judge) -> None:
    (finding,) = judge([BASE, tree(**case)])
    assert finding.check == "callback-not-wired"
    assert finding.severity is Severity.ERROR
    assert '"tin_ops" does not set it' in finding.problem.message


@pytest.mark.parametrize("case", GOOD.values(), ids=list(GOOD))
def test_is_left_alone(case: Mapping[str, str], judge: Judge) -> None:
    assert judge([BASE, tree(**case)]) == []


@pytest.mark.parametrize(
    "condition", ["bell->type == TIN", "bell->type & 4", "bell_has_feature(bell)"]
)
def test_what_may_tell_is_a_warning(condition: str, judge: Judge) -> None:
    (finding,) = judge([BASE, tree(call=f"\tif ({condition})\n\t{CALL}")])
    assert finding.severity is Severity.WARNING


def test_member_that_was_there_before(judge: Judge) -> None:
    assert judge([tree(call=""), tree()]) == []


def test_member_that_moves(judge: Judge) -> None:
    moved = tree()
    moved["bells/bell.h"] = HEADER.format(member="", inline="").replace(
        "\tvoid", MEMBER + "\tvoid", 1
    )
    assert judge([tree(), moved]) == []


def test_member_that_is_renamed(judge: Judge) -> None:
    old = tree(member=MEMBER.replace("ring", "strike"), brass="", tin="", call="")
    old = {
        path: text.replace("open", "strike_open")
        for path, text in tree(tin="\t.ring = tin_ring,\n").items()
    }
    new = {path: text.replace("ring", "strike") for path, text in old.items()}
    assert judge([old, new]) == []


def test_wired_by_a_later_patch(judge: Judge) -> None:
    wired = tree(tin="\t.ring = tin_ring,\n")
    (finding,) = judge([BASE, tree(), wired])
    assert finding.problem.location.patch == 1
    assert finding.problem.message.endswith('"tin_ops" does not set it before patch 2')


def test_set_by_a_later_patch_everywhere(judge: Judge) -> None:
    wired = tree(tin="\t.ring = tin_ring,\n")
    (finding,) = judge([BASE, tree(brass=""), tree(), wired])
    assert finding.problem.location.patch == 1
    assert finding.problem.message.endswith("do not set it before patch 3")


def test_called_by_a_later_patch(judge: Judge) -> None:
    (finding,) = judge([BASE, tree(call=""), tree()])
    assert finding.problem.location.patch == 2


def test_checked_by_a_later_patch(judge: Judge) -> None:
    (finding,) = judge([BASE, tree(), tree(call=f"\tif (bell->ops->ring)\n\t{CALL}")])
    assert finding.problem.location.patch == 1
    assert "before patch 2" in finding.problem.message


def test_table_that_comes_last(judge: Judge) -> None:
    def without(trees: dict[str, str]) -> dict[str, str]:
        return {path: text for path, text in trees.items() if path != "bells/tin/tin.c"}

    (finding,) = judge([without(BASE), without(tree()), tree()])
    assert finding.problem.location.patch == 2


def test_arrays_of_tables(judge: Judge) -> None:
    array = (
        "static const struct bell_ops both[] = {\n"
        "\t[0] = {\n\t\t.open = tin_open,\n\t\t.ring = tin_ring,\n\t},\n"
        "\t{\n\t\t.open = tin_open,\n\t},\n};\n"
    )
    (finding,) = judge([BASE, tree(tin="\t.ring = tin_ring,\n", tin_more=array)])
    assert '"both" does not set it' in finding.problem.message


def test_table_far_away_is_not_looked_at(judge: Judge) -> None:
    far = {"drivers/far.c": TABLE.format(name="far", set="", more="")}
    whole = {"tin": "\t.ring = tin_ring,\n"}
    assert judge([BASE | far, tree(**whole) | far]) == []


def test_table_nearby_in_an_untouched_file(judge: Judge) -> None:
    near = {"bells/near.c": TABLE.format(name="near", set="", more="")}
    (finding,) = judge([BASE | near, tree(tin="\t.ring = tin_ring,\n") | near])
    assert '"near_ops" does not set it' in finding.problem.message
