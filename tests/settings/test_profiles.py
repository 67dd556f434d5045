"""What every profile makes of findings, on the fixtures of the checks that it speaks of."""

from pathlib import Path

import pytest

from patchgen.checks.catalogue import IDS
from patchgen.reading.read import parse_series
from patchgen.report import Report
from patchgen.settings.model import Settings
from patchgen.settings.read import GENERIC, load_profile, profile_names
from patchgen.stages.facts import Wishes
from patchgen.trees.scratch import workspace
from patchgen.verify import verify_series
from tests.checks.test_cases import EXPECTED, FIXTURES, HISTORY, imported

SPOKEN_OF = [
    (name, check)
    for name in profile_names()
    for settings in [load_profile(name, IDS)]
    for check in (*dict(settings.severities), *(one.check for one in settings.ignores))
]


def verified(case: Path, place: Path, profile: str) -> Report:
    files = sorted(path for path in case.iterdir() if path.name != EXPECTED)
    series = parse_series((file.name, file.read_bytes()) for file in files)
    history = case.parent / HISTORY
    tree = str(imported(history, place / profile)) if history.is_file() else None
    with workspace() as scratch:
        wishes = Wishes(tree=tree, build=False, settings=Settings(profile=profile))
        return verify_series(series, wishes, scratch)


@pytest.mark.parametrize(("profile", "check"), SPOKEN_OF)
def test_a_profile_changes_what_it_speaks_of_and_nothing_else(
    profile: str, check: str, tmp_path: Path
) -> None:
    settings = load_profile(profile, IDS)
    severities, ignored = dict(settings.severities), {one.check for one in settings.ignores}
    changed = False
    for case in sorted((FIXTURES / check).glob("bad-*")):
        before = verified(case, tmp_path / case.name, GENERIC).findings
        report = verified(case, tmp_path / case.name, profile)
        kept = [one for one in before if one.check not in ignored]
        assert [(one.check, one.problem, one.severity) for one in report.findings] == [
            (one.check, one.problem, severities.get(one.check, one.severity)) for one in kept
        ]
        counts = {one.check: one.count for one in report.ignored}
        assert counts == {
            one: sum(finding.check == one for finding in before) for one in sorted(ignored)
        }
        changed |= any(
            one.check == check and (check in ignored or severities[check] != one.severity)
            for one in before
        )
    assert changed, "the profile says what is so without it"


def test_networking_asks_checkpatch_to_be_strict() -> None:
    assert load_profile("netdev", IDS).checkpatch_options == ("--strict", "--max-line-length=80")


def test_all_profiles_but_one_say_something() -> None:
    assert {name for name, _ in SPOKEN_OF} == {*profile_names()} - {GENERIC}
