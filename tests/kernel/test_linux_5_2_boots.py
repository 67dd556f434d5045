"""The first shipped series on the kernel it is for, built and booted at every step: minutes."""

import json
import os
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from patchgen.cli.main import main
from patchgen.running.qemu import QEMU
from tests.kernel.needs import builds

LINUX = os.environ.get("PATCHGEN_LINUX_5_2")
PARAMETER = "kvm_intel.pi_inject_timer=1"
pytestmark = [
    pytest.mark.skipif(
        not LINUX, reason="PATCHGEN_LINUX_5_2 does not name a git checkout of a v5.2-time kernel"
    ),
    *builds(QEMU),
]


def test_every_step_boots_and_an_unset_callback_oopses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One test, for the kernel is built once, whatever the number of workers."""
    monkeypatch.setenv("PATCHGEN_CACHE_DIR", str(tmp_path / "cache"))
    series = tmp_path / "series"
    assert main(["render", "exitless-timer", "--tree", str(LINUX), "-o", str(series)]) == 0

    report = verified(series, "--boot-append", "", "--boot-append", PARAMETER)
    assert report["status"] == 0
    assert outcomes(report, "build") == ["builds"] * 4
    assert outcomes(report, "run") == ["passes"] * 4
    for run in report["runs"]:
        assert {case["name"].split("/")[0] for case in run["cases"]} == {"plain", PARAMETER}

    assert {claim["outcome"] for claim in report["claims"]} == {"held", "not checked"}
    assert not accused(series)

    leave_unset_on_amd(next(series.glob("0001-*.patch")))
    (found,) = accused(series)
    assert found["patch"] == 1
    assert '"svm_x86_ops" does not set it' in found["message"]
    report = verified(series)
    assert report["status"] == 1
    assert outcomes(report, "build") == ["builds"] * 4
    assert outcomes(report, "run") == ["passes"] + ["crashes"] * 3
    (found,) = (one for one in report["findings"] if one["check"] == "kernel-oops")
    assert found["patch"] == 1
    assert "NULL pointer dereference" in found["message"]
    trace = r"in 0x0, called from (?:\w+ \(\S+\), called from )?kvm_create_lapic \((\S+):(\d+)\)"
    decoded = re.search(trace, found["message"])
    assert decoded, found["message"]
    assert decoded[1] == "arch/x86/kvm/lapic.c"
    assert not [one for one in report["findings"] if one["check"].startswith("build-")]
    shutil.rmtree(tmp_path)


def leave_unset_on_amd(first: Path) -> None:
    """Have the patch call its callback without asking whether there is one, and leave out AMD's."""
    text = first.read_text()
    (check,) = re.findall(r"^\+.*(kvm_x86_ops->(\w+) && )kvm_x86_ops->\2\(", text, re.M)
    text = text.replace(check[0], "")
    of_amd = r"^diff --git a/arch/x86/kvm/svm\.c .*?(?=^diff --git)"
    text, count = re.subn(of_amd, "", text, flags=re.MULTILINE | re.DOTALL)
    assert count == 1
    first.write_text(text)


def verified(series: Path, *options: str) -> Any:
    return reported(series, "--boot", *options)


def accused(series: Path) -> Any:
    """What is found in callbacks without anything being built."""
    report = reported(series, "--no-build", "--only", "callback-not-wired")
    assert report["builds"] == []
    return report["findings"]


def reported(series: Path, *options: str) -> Any:
    file = series.parent / "report.json"
    argv = [str(series), "--tree", str(LINUX), f"--format=json={file}", *options]
    status = main(["verify", *argv])
    return json.loads(file.read_text()) | {"status": status}


def outcomes(report: Any, name: str) -> list[str]:
    (stage,) = (one for one in report["stages"] if one["name"] == name)
    return [step["outcome"] for step in stage["steps"]]
