"""Where hunks land on bases that drifted away: the truth is known by construction.

``git am`` and ``git am -3`` run beside it. CI takes a share of the cases; PATCHGEN_TEST_SCALE=20
makes 1,200.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from patchgen.checks.catalogue import run_checks
from patchgen.findings import Finding, Severity
from patchgen.reading.mailbox import split_mailbox
from patchgen.reading.read import parse_series
from patchgen.series.model import Series
from patchgen.trees.apply import AppliedSeries, apply_series
from patchgen.trees.base import open_tree
from patchgen.trees.landing import find_landings
from patchgen.trees.placement import PlacedFile, place_hunks
from patchgen.trees.scratch import workspace
from tests.series.generated import SCALE, git
from tests.trees.drift import Case, Drift, file_of

CASES = 60 * SCALE
OPTIONS = ("-U3", "-U3", "-U3", "-U3", "-U1", "-U6", "-W")
RIGHT, WRONG = "right", "wrong function"


@dataclass(frozen=True)
class Posted:
    """All cases in one repository: a file and a patch for each."""

    checkout: Path
    drifted: str
    cases: tuple[Case, ...]
    mails: tuple[bytes, ...]

    def fits(self, number: int) -> bool:
        """Whether we expect git to find a place for every hunk."""
        (patch,) = parse_series([("x", self.mails[number])]).patches
        (file,) = patch.diff.files
        return place_hunks(PlacedFile(self.cases[number].text), file.hunks) is not None

    def series(self, numbers: Sequence[int]) -> Series:
        """These patches as one series."""
        return parse_series((f"{number:05}", self.mails[number]) for number in numbers)


@pytest.fixture(scope="module")
def posted(tmp_path_factory: pytest.TempPathFactory) -> Posted:
    cases = tuple(Drift(seed).make() for seed in range(CASES))
    checkout = tmp_path_factory.mktemp("drift") / "checkout"
    git("init", "--quiet", str(checkout), cwd=checkout.parent)
    versions = [{f"d{n}.c": file_of(case.original) for n, case in enumerate(cases)}]
    versions += [{f"d{n}.c": file_of(case.changed)} for n, case in enumerate(cases)]
    versions += [{f"d{n}.c": case.text for n, case in enumerate(cases)}]
    commits = commit_versions(checkout, versions)
    mails: list[bytes] = [b""] * CASES
    for driver in ("", "*.c diff=cpp\n"):
        (checkout / ".git" / "info" / "attributes").write_text(driver)
        for option in dict.fromkeys(OPTIONS):
            span = f"{commits[0]}..{commits[-2]}"
            written = git("format-patch", "--stdout", option, span, cwd=checkout)
            for number, (mail, _) in enumerate(split_mailbox(written)):
                with_driver = number // len(OPTIONS) % 3 > 0
                if option == OPTIONS[number % len(OPTIONS)] and bool(driver) == with_driver:
                    mails[number] = mail
    assert all(mails)
    return Posted(checkout, commits[-1], cases, tuple(mails))


def commit_versions(checkout: Path, versions: Sequence[Mapping[str, bytes]]) -> list[str]:
    """Commit new versions of some files, one commit on the other."""
    out = bytearray()
    for number, files in enumerate(versions):
        out += b"commit refs/heads/tip\nauthor A U Thor <author@example.com> %d +0000\n" % number
        out += b"committer A U Thor <author@example.com> %d +0000\ndata 5\nstep\n\n" % number
        for name, data in files.items():
            out += b"M 100644 inline %s\ndata %d\n%s\n" % (name.encode(), len(data), data)
    git("fast-import", "--quiet", cwd=checkout, stdin=bytes(out))
    return git("rev-list", "--reverse", "tip", cwd=checkout).decode().split()


def alarms(applied: AppliedSeries) -> dict[int, list[Finding]]:
    """Errors and warnings about where hunks landed, by patch."""
    landed = find_landings(applied)
    assert not landed.unknown
    found: dict[int, list[Finding]] = {}
    for finding in run_checks([landed]):
        if finding.severity >= Severity.WARNING:
            found.setdefault(finding.problem.location.patch or 0, []).append(finding)
    return found


@pytest.mark.parametrize("author_file", ["at hand", "not at hand"])
def test_no_hunk_gets_into_another_function_in_silence(
    posted: Posted, tmp_path: Path, author_file: str
) -> None:
    tree = posted.checkout
    if author_file == "not at hand":
        tree = tmp_path / "plain"
        tree.mkdir()
        for number, case in enumerate(posted.cases):
            (tree / f"d{number}.c").write_bytes(case.text)
    numbers = [number for number in range(CASES) if posted.fits(number)]
    revision = posted.drifted if author_file == "at hand" else None
    tally, kinds = Counter[str](), Counter[str]()
    silent = []
    with workspace() as folder:
        applied = apply_series(posted.series(numbers), open_tree(folder, str(tree), revision, None))
        assert applied.refusal is None
        found = alarms(applied)
        for position, number in enumerate(numbers, 1):
            case = posted.cases[number]
            name = f"{applied.tip}:d{number}.c"
            fates = {*case.fates(applied.repository.run("cat-file", "blob", name))}
            tally["misplaced"] += WRONG in fates
            tally["right"] += fates == {RIGHT}
            if WRONG in fates and position not in found:
                silent.append((number, case.kinds))
            if fates == {RIGHT} and position in found:
                # A new name for the function itself cannot be told from another function without
                # the author's file: the warning is meant.
                own = "renamed" in case.kinds and author_file == "not at hand"
                tally["alarms"] += not own
                tally["warned of a new name"] += own
                kinds.update({*case.kinds})
    alarmed = tally["alarms"] + tally["warned of a new name"]
    print(
        f"\nauthor's file {author_file}: {CASES} bases, {len(numbers)} take the patch; "
        f"{tally['misplaced']} misplaced, {len(silent)} of them in silence; "
        f"{tally['right']} right, with alarms {alarmed} ({alarmed / tally['right']:.1%}): "
        f"{tally['warned of a new name']} for a new name of the function itself, "
        f"{tally['alarms']} others ({tally['alarms'] / tally['right']:.1%}); "
        f"kinds of drift there {dict(kinds)}"
    )
    assert not silent
    assert tally["misplaced"] > CASES / 10
    assert tally["alarms"] <= max(tally["right"] // 100, 1)


def test_git_am_is_silent(posted: Posted) -> None:
    """What the peers do with the same cases: counted, and what applies is the same as with us."""
    checkout = posted.checkout
    fitting = [number for number in range(CASES) if posted.fits(number)]
    others = [number for number in range(CASES) if number not in fitting]
    git("checkout", "--quiet", "--force", "--detach", posted.drifted, cwd=checkout)
    git("am", "--quiet", stdin=b"".join(posted.mails[n] for n in fitting), cwd=checkout)
    misplaced = sum(WRONG in fates(posted, number) for number in fitting)
    three_way = misplaced
    for number in others:
        git("checkout", "--quiet", "--force", "--detach", posted.drifted, cwd=checkout)
        git("am", "--quiet", stdin=posted.mails[number], cwd=checkout, check=False)
        assert (checkout / ".git" / "rebase-apply").is_dir(), "we thought it would not apply"
        git("am", "--abort", cwd=checkout)
        git("am", "--quiet", "-3", stdin=posted.mails[number], cwd=checkout, check=False)
        if (checkout / ".git" / "rebase-apply").is_dir():
            git("am", "--abort", cwd=checkout)
        else:
            three_way += WRONG in fates(posted, number)
    print(f"\nsilently misplaced, of {CASES}: git am {misplaced}, git am -3 {three_way}")
    assert misplaced > CASES / 10


def fates(posted: Posted, number: int) -> list[str]:
    """Where git put the marks in the file of a case that is checked out."""
    return posted.cases[number].fates((posted.checkout / f"d{number}.c").read_bytes())
