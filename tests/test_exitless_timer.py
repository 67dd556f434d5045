"""The shipped exitless-timer series: what it must be, and that nothing broken in it goes unseen."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from patchgen.findings import Severity
from patchgen.reading.read import parse_series
from patchgen.rendering.posting import Posting
from patchgen.rendering.render import RenderedFile, render_series
from patchgen.rendering.template import load_template
from patchgen.report import Report
from patchgen.sandbox import Walls, has_walls
from patchgen.series.diff.scanner import scan
from patchgen.series.text import from_bytes, numbered, to_bytes
from patchgen.shipped import templates
from patchgen.stages.facts import Wishes
from patchgen.trees.base import CommitBase, import_fixture
from patchgen.trees.scratch import workspace
from patchgen.verify import verify_on

TITLES = (
    "KVM: LAPIC: Make lapic timer unpinned when timer is injected by posted-interrupt",
    "KVM: LAPIC: lapic timer is injected by posted interrupt",
    "KVM: LAPIC: Ignore timer migration when lapic timer is injected by posted-interrupt",
)
DIFFSTAT = """\
 arch/x86/include/asm/kvm_host.h |  1 +
 arch/x86/kvm/lapic.c            | 45 +++++++++++++++++++++++++++++++++++------
 arch/x86/kvm/svm.c              |  5 +++++
 arch/x86/kvm/vmx/vmx.c          |  9 +++++++++
 4 files changed, 54 insertions(+), 6 deletions(-)
"""

Files = tuple[RenderedFile, ...]


class Rendered:
    """The series on its fixture tree, and verification of anything made from it."""

    def __init__(self, directory: Path, series: str = "exitless-timer") -> None:
        template = load_template(series)
        self.base: CommitBase = import_fixture(directory, template.tree or "")
        self.files: Files = render_series(template, self.base, {}, Posting(), directory)

    def verify(self, files: Files, build_in: Path | None = None) -> Report:
        series = parse_series((file.name, file.data) for file in files)
        wishes = Wishes(build=bool(build_in), walls=Walls.IF_POSSIBLE)
        return verify_on(series, self.base, wishes, build_in or self.base.repository.git_dir)

    def text(self, number: int) -> str:
        return from_bytes(self.files[number].data)

    def with_text(self, number: int, text: str) -> Files:
        changed = RenderedFile(self.files[number].name, to_bytes(text))
        return (*self.files[:number], changed, *self.files[number + 1 :])


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    return Rendered(tmp_path_factory.mktemp("rendered"))


def errors(report: Report) -> set[tuple[str, int | None, int | None]]:
    return {
        (found.check, found.problem.location.patch, found.problem.location.line)
        for found in report.findings
        if found.severity is Severity.ERROR
    }


def line_edits(text: str, at: int, new: str | None) -> str:
    """``text`` with line ``at`` (from 1) replaced, or removed when ``new`` is None."""
    lines = text.split("\n")
    lines[at - 1 : at] = [] if new is None else [new]
    return "\n".join(lines)


def count_edits(line: str, start: int, end: int) -> Iterator[str]:
    """Every single-character edit of the number at ``line[start:end]`` that changes its value."""
    number = line[start:end]
    edits = {
        number[:at] + digit + number[at + 1 :]
        for at in range(len(number))
        for digit in "0123456789"
    }
    edits |= {number[:at] + digit + number[at:] for at in range(len(number) + 1) for digit in "19"}
    edits |= {number[:at] + number[at + 1 :] for at in range(len(number))} - {""}
    for edit in sorted(edits):
        if int(edit) != int(number):
            yield line[:start] + edit + line[end:]


def test_titles_author_and_diffstat_are_those_of_the_posting(rendered: Rendered) -> None:
    cover = rendered.text(0)
    assert "Subject: [PATCH 0/3] KVM: LAPIC: Implement Exitless Timer\n" in cover
    assert f"\n{DIFFSTAT}" in cover
    block = re.search(r"^Wanpeng Li \(3\):\n((?:  .*\n)+)", cover, re.MULTILINE)
    assert block
    assert " ".join(block[1].split()) == " ".join(TITLES)
    subjects = [
        " ".join(re.search(r"^Subject: (.*(?:\n .*)*)", rendered.text(n), re.M)[1].split())
        for n in (1, 2, 3)
    ]
    assert subjects == [f"[PATCH {n}/3] {title}" for n, title in enumerate(TITLES, 1)]


def test_rendering_twice_gives_the_same_bytes(rendered: Rendered, tmp_path: Path) -> None:
    assert Rendered(tmp_path).files == rendered.files


def test_nothing_but_the_letters_own_references_is_found(
    rendered: Rendered, tmp_path: Path
) -> None:
    report = rendered.verify(rendered.files, tmp_path)
    where = "in a sandbox" if has_walls() else "without a sandbox"
    assert [(found.check, str(found.severity)) for found in report.findings] == [
        ("commit-reference-malformed", "warning")
    ] * 2
    assert {stage.name: stage.summary for stage in report.stages}["build"] == (
        f"the base and 3 of 3 steps build, {where}"
    )


def test_git_am_and_format_patch_give_the_same_patches(rendered: Rendered, tmp_path: Path) -> None:
    def git(*argv: str, stdin: bytes = b"") -> bytes:
        options = ["-c", "core.abbrev=12", "-c", "user.name=x", "-c", "user.email=x@example.com"]
        done = subprocess.run(
            ["git", *options, *argv], cwd=tmp_path, input=stdin, capture_output=True, check=True
        )
        return done.stdout

    origin = rendered.base.repository.git_dir
    git("clone", "--quiet", "--no-checkout", str(origin), ".")
    git("fetch", "--quiet", "origin", "refs/patchgen/base")
    git("checkout", "--quiet", "--detach", rendered.base.commit)
    git("am", "--quiet", stdin=b"".join(file.data for file in rendered.files[1:]))
    made = tmp_path / "made"
    git("format-patch", f"--output-directory={made}", f"--signature={Posting().signature}", "-3")
    for file in rendered.files[1:]:
        _, ours = file.data.split(b"\n", 1)
        _, theirs = (made / file.name).read_bytes().split(b"\n", 1)
        assert ours == theirs


def test_no_edit_of_a_hunk_header_count_goes_unnoticed(rendered: Rendered) -> None:
    tried = 0
    for number in (1, 2, 3):
        text = rendered.text(number)
        for match in re.finditer(r"^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@.*$", text, re.M):
            line = text.count("\n", 0, match.start()) + 1
            for group in (2, 4):
                if match[group] is None:
                    continue
                start, end = match.start(group) - match.start(), match.end(group) - match.start()
                for edited in count_edits(match[0], start, end):
                    report = rendered.verify(
                        rendered.with_text(number, line_edits(text, line, edited))
                    )
                    found = {
                        (check, patch)
                        for check, patch, at in errors(report)
                        if at is not None and at >= line
                    }
                    assert found & {("hunk-count-mismatch", number), ("lines-lost", number)}, edited
                    tried += 1
    assert tried > 100


def test_every_line_lost_is_found_where_it_stands(rendered: Rendered) -> None:
    for number in (1, 2, 3):
        text = rendered.text(number)
        for file in scan(numbered(text)).files:
            for hunk in file.hunks:
                last = hunk.lines[-1]
                mutant = line_edits(text, last.number, f"{last.text}\n+\t/* lost */")
                found = errors(rendered.verify(rendered.with_text(number, mutant)))
                assert ("lines-lost", number, last.number + 1) in found


def test_every_changed_context_line_is_found(rendered: Rendered) -> None:
    for number in (1, 2, 3):
        text = rendered.text(number)
        for file in scan(numbered(text)).files:
            for hunk in file.hunks:
                context = [
                    line for line in hunk.lines if line.text[:1] == " " and line.text.strip()
                ]
                for line in context:
                    mutant = line_edits(text, line.number, line.text + " /* changed */")
                    found = errors(rendered.verify(rendered.with_text(number, mutant)))
                    assert ("patch-does-not-apply", number, line.number) in found


def diffstat_lines(text: str) -> list[tuple[int, str]]:
    lines = enumerate(text.split("\n"), 1)
    return [
        (at, line) for at, line in lines if re.match(r" \S.* \|\s+\d| \d+ files? changed", line)
    ]


def test_no_edit_of_a_diffstat_goes_unnoticed(rendered: Rendered) -> None:
    """A table that contradicts the diff is a mismatch; one that contradicts itself, arithmetic.

    What is both is said once, so either may speak. Shortened bars have a check of their own; it
    is the only one that may speak of them instead.
    """
    tried = 0
    for number in range(4):
        mismatch = "diffstat-mismatch" if number else "cover-diffstat-mismatch"
        wrong_number = {(mismatch, number), ("diffstat-arithmetic", number)}
        wrong_bar = wrong_number | {("diffstat-scale-mismatch", number)}
        text = rendered.text(number)
        for at, line in diffstat_lines(text):
            numbers = [
                edited
                for match in re.finditer(
                    r"(?<=\| )\s*(\d+)|\d+(?= (?:files?|insertions?|deletions?))", line
                )
                for edited in count_edits(line, match.end() - len(match[0].strip()), match.end())
            ]
            bars, names = [], []
            if "|" in line:
                bar = len(line) - len(line.rstrip("+-"))
                bars = [line + "+", line[:-1], line + "-", line[:-1] + "+-"[line[-1] == "+"]]
                bars += [line[:-bar] + "-" + line[len(line) - bar + 1 :]]
                names = [line.replace(".", "_", 1)]
            lost = [None] if "|" in line and len(diffstat_lines(text)) > 2 else []
            for edits, expected in (
                (numbers, wrong_number),
                (bars, wrong_bar),
                (names + lost, {(mismatch, number)}),
            ):
                for edited in edits:
                    report = rendered.verify(
                        rendered.with_text(number, line_edits(text, at, edited))
                    )
                    found = {
                        (one.check, one.problem.location.patch)
                        for one in report.findings
                        if one.severity >= Severity.WARNING
                    }
                    assert found & expected, edited
                    tried += 1
    assert tried > 200


def test_patches_left_out_doubled_and_swapped_are_found(rendered: Rendered) -> None:
    cover, *patches = rendered.files
    for keep in ([1, 2], [0, 2], [0, 1], [0, 1, 1, 2], [1, 0, 2], [0, 2, 1], [0, 0, 1, 2]):
        report = rendered.verify((cover, *(patches[index] for index in keep)))
        expected = "numbering-gap" if len(set(keep)) == len(keep) else "numbering-duplicate"
        assert expected in {check for check, _, _ in errors(report)}, keep
        if len(set(keep)) < 3:
            assert "shortlog-mismatch" in {check for check, _, _ in errors(report)}, keep


def test_a_title_changed_in_the_letter_is_found_at_its_line(rendered: Rendered) -> None:
    text = rendered.text(0)
    for at, line in enumerate(text.split("\n"), 1):
        if line.startswith("  KVM: LAPIC: "):
            mutant = rendered.with_text(0, line_edits(text, at, line.replace("LAPIC", "lapic")))
            assert ("shortlog-mismatch", 0, at) in errors(rendered.verify(mutant))


@pytest.mark.parametrize(
    ("brought", "check"),
    [
        ("static int broken( { return 0; }", "build-failed"),
        ("static void nobody_calls_me(void) { }", "build-diagnostic-new"),
        ("static int *mistyped = 1.5;", "build-failed"),
        (
            "char *pointer_from(int number); char *pointer_from(int number) { return number; }",
            "build-diagnostic-new",
        ),
    ],
)
def test_what_does_not_compile_in_patch_2_is_found_there(
    tmp_path: Path, brought: str, check: str
) -> None:
    """Found with the line of the mail, in a series that is otherwise in order."""
    folder = tmp_path / "templates"
    shutil.copytree(templates() / "exitless-timer", folder)
    patch = next(folder.glob("0002-*"))
    hunk = f"@@\n+{brought}\n+\n static void apic_timer_expired(struct kvm_lapic *apic)\n {{\n"
    patch.write_text(re.sub(r"(?m)^@@ ", f"{hunk}@@ ", patch.read_text(), count=1))
    broken = Rendered(tmp_path, str(folder))
    report = broken.verify(broken.files, tmp_path / "build")
    line = broken.text(2).split("\n").index(f"+{brought}") + 1
    assert (check, 2, line) in errors(report)
    assert {(name, patch) for name, patch, _ in errors(report)} == {(check, 2)}
    steps = next(stage for stage in report.stages if stage.name == "build").steps
    assert steps[1].outcome == "builds"


def test_the_letter_may_be_kept_elsewhere(rendered: Rendered, tmp_path: Path) -> None:
    from patchgen.cli.main import main

    out = tmp_path / "out"
    out.mkdir()
    for file in rendered.files:
        (out / file.name).write_bytes(file.data)
    letter = tmp_path / "letter.md"
    body = rendered.text(0).partition("\n\n")[2].partition("\nbase-commit:")[0]
    letter.write_text(
        f"#### [PATCH 0/3] Title\n##### From: A <a@example.com>\n\n```c\n{body}\n```\n"
    )
    assert main(["verify", str(out), "--no-build", "--cover-letter", str(letter)]) == 0
    letter.write_text(letter.read_text().replace("54 insertions", "55 insertions"))
    assert main(["verify", str(out), "--no-build", "--cover-letter", str(letter)]) == 1


def test_workspaces_leave_nothing_behind() -> None:
    with workspace() as directory:
        home = directory.parent
        assert list(home.iterdir()) == [directory]
    assert not list(home.iterdir())
