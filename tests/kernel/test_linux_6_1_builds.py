"""Every step of a series over KVM, built on the distribution's kernel; takes minutes."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from patchgen.cli.main import main
from tests.kernel.needs import LINUX_6_1, builds, whole_6_1
from tests.series.generated import AS_AUTHOR, git

pytestmark = [whole_6_1, *builds()]
HEADER, TIMER, LAPIC = "arch/x86/kvm/lapic.h", "arch/x86/kvm/i8254.c", "arch/x86/kvm/lapic.c"


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    place = tmp_path / "cache"
    monkeypatch.setenv("PATCHGEN_CACHE_DIR", str(place))
    yield
    shutil.rmtree(place)


def posted(place: Path, *changes: tuple[str, str, str]) -> Path:
    """A series that replaces, in one file for each patch, the first match of a pattern."""
    work, series = place / "work", place / "series"
    for path in {change[0] for change in changes}:
        (work / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(LINUX_6_1 / path, work / path)
    git("init", "--quiet", ".", cwd=work)
    git("add", ".", cwd=work)
    git("commit", "--quiet", "-m", "base", cwd=work)
    for number, (path, pattern, new) in enumerate(changes, 1):
        text, count = re.subn(pattern, new, (work / path).read_text(), count=1, flags=re.M)
        assert count
        (work / path).write_text(text)
        words = ("-qasm", f"KVM: x86: change {number}", "-m", "This is why.")
        git("commit", *words, cwd=work, env=AS_AUTHOR)
    git("format-patch", "--quiet", f"-o{series}", f"HEAD~{len(changes)}", cwd=work)
    return series


def verified(series: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    status = main(["verify", str(series), "--tree", str(LINUX_6_1), "--build", "--format", "json"])
    report = json.loads(capsys.readouterr().out)
    assert status == int(any(one["severity"] == "error" for one in report["findings"]))
    return report


def steps(report: Any) -> list[tuple[str, int | None]]:
    """How each step ended, and how many objects it compiled; None where it was known."""
    (stage,) = (one for one in report["stages"] if one["name"] == "build")
    assert "in a sandbox, a tiny configuration with KVM on x86: arch/x86/kvm/" in stage["summary"]
    details = (step["detail"].partition(",")[0] for step in stage["steps"])
    counts = (None if one == "known" else int(one.partition(" ")[0]) for one in details)
    return [*zip((step["outcome"] for step in stage["steps"]), counts, strict=True)]


NAMED = (HEADER, r"^#define KVM_APIC_INIT.*", r"\g<0>\n#define KVM_APIC_TRIED\t\t9")
IDLE = (TIMER, r"^{$", "{\n\tint idle;\n")
QUIET = (TIMER, r"^{$", "{\n\n")
CHECKED = (LAPIC, r"^{$", "{\n\tBUILD_BUG_ON(KVM_APIC_TRIED != 9);\n")


@pytest.mark.usefixtures("cache")
def test_an_unused_variable_is_found_and_the_next_series_compiles_only_what_differs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = verified(posted(tmp_path / "first", NAMED, IDLE, CHECKED), capsys)
    (found,) = (one for one in report["findings"] if one["severity"] == "error")
    assert (found["check"], found["patch"]) == ("build-diagnostic-new", 2)
    assert "unused variable" in found["message"]
    assert "idle" in found["message"]
    assert [outcome for outcome, _ in steps(report)] == ["builds"] * 4
    (_, base), (_, named), *later = steps(report)
    assert base
    assert named
    assert base > named > 1
    assert [count for _, count in later] == [1, 1]

    clean = verified(posted(tmp_path / "second", NAMED, CHECKED, QUIET), capsys)
    assert not [one for one in clean["findings"] if one["check"].startswith("build-")]
    assert steps(clean) == [*[("builds", None)] * 2, *[("builds", 1)] * 2]
