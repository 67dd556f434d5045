"""Settings as people write them, right and wrong."""

import pytest

from patchgen.errors import UsageError
from patchgen.findings import Severity
from patchgen.settings.model import Ignore, Settings
from patchgen.settings.read import (
    GENERIC,
    load_profile,
    parse_toml,
    profile_description,
    profile_names,
    read_git_config,
)

CHECKS = dict.fromkeys(("lines-lost", "numbering-gap", "subject-malformed"), False)
WHERE = "patchgen.toml"


def parsed(text: str) -> Settings:
    return parse_toml(text.encode(), WHERE, CHECKS)


def test_everything_that_can_be_set() -> None:
    text = """
profile = "netdev"
fail-on = "warning"
only = ["lines-lost", "numbering-gap"]
[severity]
lines-lost = "note"
[[ignore]]
check = "numbering-gap"
reason = "we number from two"
path = "drivers/net/"
subsystem = "net"
"""
    ignore = Ignore("numbering-gap", "we number from two", WHERE, "drivers/net/", "net")
    assert parsed(text) == Settings(
        "netdev",
        Severity.WARNING,
        ("lines-lost", "numbering-gap"),
        (("lines-lost", Severity.NOTE),),
        (ignore,),
    )


def test_tables_of_fixture_trees_are_let_alone() -> None:
    assert parsed('[tree]\nname = "x"\n[build]\n[run]\n[[rendered]]\n') == Settings()


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("profil = 'x'", 'unknown key "profil"', 'did you mean "profile"?'),
        ("[severity]\nlines-losd = 'note'", 'no check "lines-losd"', 'did you mean "lines-lost"?'),
        ("only = ['numbering']", 'no check "numbering"', 'did you mean "numbering-gap"?'),
        ("only = 'lines-lost'", "only is no list of texts", 'only = ["…"]'),
        ("fail-on = 'eror'", 'no severity "eror"', 'did you mean "error"?'),
        ("fail-on = 3", 'no severity "3"', "error, note, warning"),
        ("severity = 'note'", "severity is no table", "[severity]"),
        ("profile = 3", "profile is no text", 'profile = "…"'),
        ("ignore = 'lines-lost'", "ignore is no list of tables", "[[ignore]]"),
        ("[[ignore]]\ncheck = 'lines-lost'", "no reason to ignore lines-lost", "reason"),
        ("[[ignore]]\ncheck = 'lines-lost'\nreason = ' '", "no reason to ignore", "say why"),
        ("[[ignore]]\nreason = 'x'", 'no check ""', "known: "),
        (
            "[[ignore]]\ncheck = 'lines-lost'\nreson = 'x'",
            'unknown key "reson" in ignore',
            'did you mean "reason"?',
        ),
        ("= 3", "Invalid", "TOML"),
    ],
)
def test_what_means_nothing_is_an_error(text: str, message: str, hint: str) -> None:
    with pytest.raises(UsageError) as raised:
        parsed(text)
    assert raised.value.message.startswith(f"{WHERE}: ")
    assert message in raised.value.message
    assert hint in raised.value.hint


def test_git_configuration_says_the_same_things() -> None:
    pairs = [
        ("patchgen.profile", "netdev"),
        ("patchgen.failon", "note"),
        ("patchgen.only", "lines-lost"),
        ("patchgen.only", "numbering-gap"),
        ("patchgen.sandbox", "none"),
        ("patchgen.lines-lost.severity", "warning"),
        ("patchgen.numbering-gap.ignore", "drafts"),
        ("patchgen.numbering-gap.path", "*.c"),
    ]
    assert read_git_config(pairs, CHECKS) == Settings(
        "netdev",
        Severity.NOTE,
        ("lines-lost", "numbering-gap"),
        (("lines-lost", Severity.WARNING),),
        (Ignore("numbering-gap", "drafts", "git config", "*.c"),),
        "none",
    )


@pytest.mark.parametrize(
    ("key", "hint"),
    [
        ("patchgen.profil", 'did you mean "profile"?'),
        ("patchgen.lines-lost.ignor", "known"),
        ("patchgen.lines-losd.severity", 'did you mean "lines-lost"?'),
        ("patchgen.lines-lost.path", "say why"),
    ],
)
def test_git_configuration_that_means_nothing_is_an_error(key: str, hint: str) -> None:
    with pytest.raises(UsageError) as raised:
        read_git_config([(key, "note")], CHECKS)
    assert raised.value.message.startswith("git config: ")
    assert hint in raised.value.hint or "did you mean" in raised.value.hint


def test_what_lies_on_top_counts_and_every_ignore_counts() -> None:
    low = Ignore("lines-lost", "low", "a")
    high = Ignore("lines-lost", "high", "b")
    below = Settings("kvm", Severity.NOTE, ("x",), (("a", Severity.NOTE),), (low,))
    above = Settings(None, Severity.ERROR, (), (("a", Severity.ERROR),), (high,), "none")
    assert above.over(below) == Settings(
        "kvm", Severity.ERROR, ("x",), (("a", Severity.ERROR),), (low, high), "none"
    )
    assert Settings().over(below) == below


@pytest.mark.parametrize(
    ("path", "subsystem", "paths", "summary", "covered"),
    [
        (None, None, ("a.c",), "x: y", True),
        ("drivers/", None, ("drivers/a.c", "drivers/b/c.c"), "x: y", True),
        ("drivers/", None, ("drivers/a.c", "lib/c.c"), "x: y", False),
        ("drivers/", None, (), "x: y", False),
        ("*.h", None, ("include/a.h",), "x: y", True),
        ("lib", None, ("lib/a.c",), "x: y", False),
        (None, "KVM", ("a.c",), "KVM: x86: y", True),
        (None, "kvm", ("a.c",), "KVM: y", True),
        (None, "KVM", ("a.c",), "KVMX: y", False),
        ("*.c", "KVM", ("a.h",), "KVM: y", False),
    ],
)
def test_an_ignore_covers_what_it_names(
    path: str | None, subsystem: str | None, paths: tuple[str, ...], summary: str, covered: bool
) -> None:
    assert Ignore("x", "y", "z", path, subsystem).covers(paths, summary) is covered


def test_every_profile_names_checks_that_exist_and_says_what_it_is_for() -> None:
    from patchgen.checks.catalogue import IDS as REAL

    assert profile_names() == ("generic", "kvm", "netdev", "stable", "tip")
    for name in profile_names():
        load_profile(name, REAL)
        assert profile_description(name)
    assert load_profile(GENERIC, REAL) == Settings()
    with pytest.raises(UsageError) as raised:
        load_profile("netdv", REAL)
    assert raised.value.hint == 'did you mean "netdev"?'
