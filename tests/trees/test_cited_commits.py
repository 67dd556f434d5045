"""Cited commits in generated histories: what is true is known, as it was made so."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from patchgen.findings import Finding
from patchgen.reading.read import parse_series
from patchgen.report import Report
from patchgen.stages.facts import Wishes
from patchgen.trees.commits import look_up
from patchgen.trees.repository import Repository
from patchgen.trees.scratch import workspace
from patchgen.verify import verify_series
from tests.series.generated import bare_repository, git, seeds
from tests.trees.lamp import snapshot

COMMITS = 24_000
"""Enough that ids with the same first seven digits are among them."""
DIGITS = "has {} digits, 12 are asked for"
FIXED = "fixes-"
PROSE = "commit-reference-"
WHO = "A U Thor <author@example.com>"
MAIL = """\
From 0123456789abcdef0123456789abcdef01234567 Mon Sep 17 00:00:00 2001
From: {who}
Date: Wed, 1 Mar 2023 10:00:00 +0000
Subject: [PATCH] lamp: dim it

{prose}
{fixes}
Signed-off-by: {who}
---
diff --git a/lamp.c b/lamp.c
--- a/lamp.c
+++ b/lamp.c
@@ -1 +1 @@
-bright
+dim
"""


@dataclass(frozen=True, slots=True)
class History:
    """A repository, and the titles of its commits by id on each of its branches."""

    repository: Path
    main: dict[str, str]
    side: dict[str, str]
    unrelated: dict[str, str]
    blob: str

    @property
    def all(self) -> dict[str, str]:
        return self.main | self.side | self.unrelated


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> History:
    """Three branches: main, one from its root with half of its titles, and one apart."""
    repository = bare_repository(tmp_path_factory.mktemp("cited") / "lamp.git")
    git("symbolic-ref", "HEAD", "refs/heads/main", cwd=repository)
    stream = bytearray()
    mark = 0
    for branch, count in (("main", COMMITS), ("side", 300), ("unrelated", 300)):
        for number in range(count):
            mark += 1
            title = f"lamp: change {number}" if branch != "unrelated" else f"bell: ring {number}"
            if branch == "side" and number % 2:
                title = f"lamp: only on the side {number}"
            skew = -90_000 if number % 97 == 0 else 0  # clocks are wrong now and then
            date = 1_500_000_010 + 100 * mark + skew
            stream += b"commit refs/heads/%s\nmark :%d\n" % (branch.encode(), mark)
            stream += b"committer %s %d +0000\n" % (WHO.encode(), date)
            stream += b"data %d\n%s\n" % (len(title), title.encode())
            if number:
                stream += b"from :%d\n" % (mark - 1)
            elif branch == "side":
                stream += b"from :1\n"
            if number == 0 and branch != "side":
                stream += b"M 100644 inline lamp.c\ndata 7\nbright\n\n"
    git("fast-import", "--quiet", cwd=repository, stdin=bytes(stream))

    def titles(branch: str, *without: str) -> dict[str, str]:
        listed = git("log", "--format=%H %s", branch, *without, cwd=repository).decode()
        return dict(line.split(" ", 1) for line in listed.splitlines())

    blob = git("rev-parse", "main:lamp.c", cwd=repository).decode().strip()
    return History(repository, titles("main"), titles("side", "^main"), titles("unrelated"), blob)


def asked(history: History, text: str, tree: Path | None = None) -> Report:
    series = parse_series([("0001.patch", text.encode())])
    with workspace() as place:
        wishes = Wishes(tree=str(tree or history.repository), build=False)
        return verify_series(series, wishes, place)


def about_commits(report: Report) -> list[Finding]:
    return [one for one in report.findings if one.check.startswith((FIXED, PROSE))]


def citations(history: History, source: random.Random) -> list[tuple[str, str, str, str]]:
    """Citations: the id and the title as cited, what is wrong, and what the hint has to say."""
    chosen: list[tuple[str, str, str, str]] = []
    main, side, unrelated = (
        sorted(each) for each in (history.main, history.side, history.unrelated)
    )
    for _ in range(12):
        digits = source.choice((12, 13, 16, 40))
        kind = source.randrange(8)
        if kind == 0:
            full = source.choice(main)
            chosen.append((full[:digits], history.main[full], "", ""))
        elif kind == 1:
            full = source.choice(main)
            title = f'{full[:12]} ("{history.main[full]}")'
            chosen.append((full[:digits], "lamp: renamed", "summary-mismatch", title))
        elif kind == 2:
            full = source.choice(unrelated)
            chosen.append((full[:digits], history.unrelated[full], "not-ancestor", "base"))
        elif kind == 3:
            full = source.choice(side)
            title = history.side[full]
            same = [one for one in main if history.main[one] == title]
            chosen.append((full[:digits], title, "not-ancestor", same[0][:12] if same else "base"))
        elif kind == 4:
            other = "".join(source.choices("0123456789abcdef", k=digits - 1)) + "1"
            chosen.append((other, "lamp: never was", "unknown", "tree"))
        elif kind == 5:
            chosen.append((history.blob[:digits], "lamp: a blob", "unknown", "tree"))
        elif kind == 6:
            full = source.choice(main)
            short = full[: source.choice((8, 9, 10, 11))]
            if sum(one.startswith(short) for one in history.all) == 1:
                title = f'{full[:12]} ("{history.main[full]}")'
                chosen.append((short, history.main[full], "malformed", title))
        else:
            full = source.choice(main)
            chosen.append((full, history.main[full].upper(), "", ""))
    return chosen


@seeds(25)
def test_every_verdict_is_right(history: History, seed: int) -> None:
    source = random.Random(seed)
    fixes, prose = citations(history, source), citations(history, source)
    text = MAIL.format(
        who=WHO,
        prose="".join(f'See commit {one} ("{title}").\n\n' for one, title, _, _ in prose),
        fixes="".join(f'Fixes: {one} ("{title}")\n' for one, title, _, _ in fixes).rstrip("\n"),
    )
    lines = text.splitlines()
    expected = {}
    for prefix, form, cited in ((PROSE, "See commit", prose), (FIXED, "Fixes:", fixes)):
        for one, title, wrong, hint in cited:
            if wrong and not (prefix == PROSE and wrong == "not-ancestor"):
                name = "unknown-commit" if (prefix, wrong) == (FIXED, "unknown") else wrong
                for number, line in enumerate(lines, 1):
                    if line.startswith(f'{form} {one} ("{title}")'):
                        expected[prefix + name, number] = hint
    found = about_commits(asked(history, text))
    places = {(one.check, one.problem.location.line or 0): one.problem.hint for one in found}
    assert places.keys() == expected.keys()
    for place, hint in expected.items():
        assert hint in places[place]


def test_an_ambiguous_id_lists_what_it_can_be(history: History) -> None:
    every = history.all
    prefixes: dict[str, list[str]] = {}
    for full in every:
        prefixes.setdefault(full[:7], []).append(full)
    several = {short: full for short, full in prefixes.items() if len(full) > 1}
    assert several, "not enough commits for an ambiguous id"
    known = look_up(Repository(history.repository), sorted(several))
    for short, full in several.items():
        assert [one.id for one in known[short].commits] == sorted(full)
        text = MAIL.format(who=WHO, prose=f"See commit {short}1.", fixes=f"Fixes: {short}")
        (malformed,) = (
            one for one in about_commits(asked(history, text)) if one.check == "fixes-malformed"
        )
        assert "is the beginning of 2 commits' ids" in malformed.problem.message
        for one in full:
            assert f'{one[:12]} ("{every[one]}")' in malformed.problem.hint
        title = every[full[0]]
        text = MAIL.format(who=WHO, prose="Why.", fixes=f'Fixes: {short} ("{title}")')
        hints = [one.problem.hint for one in about_commits(asked(history, text))]
        assert hints[0] == f'write Fixes: {full[0][:12]} ("{title}") on one line'


def test_a_letter_that_abbreviates_is_told_the_full_form(history: History) -> None:
    every = history.main
    first, second = (
        next(full for full in list(every)[start:] if alone(history, full[:8]))
        for start in (100, 200)
    )
    patch = MAIL.format(who=WHO, prose="Why.", fixes="").replace("[PATCH]", "[PATCH 1/1]")
    letter = patch.partition("Subject:")[0] + (
        "Subject: [PATCH 0/1] lamp: dim it\n\n"
        f'It was brighter after commit {first[:11]} ("{every[first]}")\nthan is good for the '
        f"eyes, and made worse\nby commit {second[:8]} ({every[second]}).\n"
    )
    mails = (("0000.patch", letter), ("0001.patch", patch))
    series = parse_series([(name, text.encode()) for name, text in mails])
    for tree in (str(history.repository), None):
        with workspace() as place:
            report = verify_series(series, Wishes(tree=tree, build=False), place)
        found = about_commits(report)
        assert [(one.check, one.problem.location.line, one.problem.message) for one in found] == [
            (f"{PROSE}malformed", 6, f'commit reference "{first[:11]}" {DIGITS.format(11)}'),
            (
                f"{PROSE}malformed",
                8,
                f'commit reference "{second[:8]}" {DIGITS.format(8)} '
                "and has its title without quotes",
            ),
        ]
        hints = [one.problem.hint for one in found]
        if tree:
            assert hints == [f'write commit {one[:12]} ("{every[one]}")' for one in (first, second)]
        else:
            assert all("--abbrev=12" in hint for hint in hints)
            skipped = {one.what for one in report.skipped}
            assert {"commit-reference-unknown", "commit-reference-summary-mismatch"} <= skipped


def alone(history: History, short: str) -> bool:
    return sum(one.startswith(short) for one in history.all) == 1


def shallow(history: History, place: Path) -> Path:
    git(
        "clone",
        "--quiet",
        "--depth=5",
        f"file://{history.repository}",
        str(place),
        cwd=place.parent,
    )
    return place


def partial(history: History, place: Path) -> Path:
    git("config", "uploadpack.allowFilter", "true", cwd=history.repository)
    git(
        "clone", "--quiet", "--filter=tree:0", "--single-branch", f"file://{history.repository}",
        str(place), cwd=place.parent,
    )  # fmt: skip
    git("config", "remote.origin.url", str(place.parent / "gone"), cwd=place)
    return place


@pytest.mark.parametrize("clone", [shallow, partial], ids=["shallow", "partial"])
def test_an_incomplete_clone_accuses_nobody(
    history: History, tmp_path: Path, clone: Callable[[History, Path], Path]
) -> None:
    tree = clone(history, tmp_path / "clone")
    before = snapshot(tree)
    tip = next(iter(history.main))
    side, old = next(iter(history.side)), list(history.main)[-1]
    text = MAIL.format(
        who=WHO,
        prose=f'See commit {side[:12]} ("{history.side[side]}").\n',
        fixes=f'Fixes: {side[:12]} ("{history.side[side]}")\n'
        f'Fixes: {old[:12]} ("{history.main[old]}")\n'
        f'Fixes: {tip[:11]} ("lamp: short enough to be of another commit")\n'
        f'Fixes: {tip[:12]} ("lamp: renamed")',
    )
    report = asked(history, text, tree)
    assert [one.check for one in about_commits(report)] == [
        "fixes-malformed",
        "fixes-summary-mismatch",
    ]
    reasons = {(one.what, one.reason) for one in report.skipped}
    for check in ("fixes-unknown-commit", "fixes-not-ancestor", "commit-reference-unknown"):
        assert (check, f"the repository is a {clone.__name__} clone") in reasons
    assert snapshot(tree) == before


def test_without_a_repository_the_form_is_still_looked_at() -> None:
    text = MAIL.format(who=WHO, prose='commit 0123456 ("x")', fixes='Fixes: 0123456789ab ("x")')
    series = parse_series([("0001.patch", text.encode())])
    with workspace() as place:
        report = verify_series(series, Wishes(), place)
    assert [one.check for one in about_commits(report)] == ["commit-reference-malformed"]
    skipped = {one.what for one in report.skipped}
    assert {"fixes-unknown-commit", "commit-reference-unknown"} <= skipped
