"""The shipped series on a real kernel of the time of v5.2: it must resolve, apply and build."""

import os
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from patchgen.cli.main import main
from tests.test_exitless_timer import DIFFSTAT

LINUX = os.environ.get("PATCHGEN_LINUX_5_2")
pytestmark = pytest.mark.skipif(
    not LINUX, reason="PATCHGEN_LINUX_5_2 does not name a git checkout of a v5.2-time kernel"
)

OPTIONS = """\
    64BIT VIRTUALIZATION KVM KVM_AMD KVM_INTEL PRINTK TTY BINFMT_ELF SMP ACPI PCI HIGH_RES_TIMERS
    NO_HZ_FULL PROC_FS SYSFS DEBUG_FS MODULES KALLSYMS BUG NET EVENTFD EPOLL PERF_EVENTS
    X86_LOCAL_APIC MULTIUSER UNWINDER_FRAME_POINTER POSIX_TIMERS CPU_ISOLATION HYPERVISOR_GUEST
    FUTEX
"""


@pytest.fixture(scope="module")
def series(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("linux") / "series"
    assert main(["render", "exitless-timer", "--tree", str(LINUX), "-o", str(out)]) == 0
    return out


def test_the_totals_are_those_of_the_posting(series: Path) -> None:
    assert f"\n{DIFFSTAT}" in (series / "0000-cover-letter.patch").read_text()


def test_it_verifies_on_the_tree_it_was_rendered_on(series: Path) -> None:
    assert main(["verify", str(series), "--tree", str(LINUX)]) == 0


def test_git_am_applies_and_kvm_builds_without_a_new_warning(series: Path, tmp_path: Path) -> None:
    tree, objects = tmp_path / "linux", tmp_path / "objects"

    def run(*argv: str) -> str:
        done = subprocess.run(argv, cwd=tree, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
        return done.stdout + done.stderr

    def make(*targets: str) -> str:
        return run("make", f"O={objects}", "WERROR=0", f"-j{os.cpu_count()}", *targets)

    tree.mkdir()
    run("git", "clone", "--quiet", "--shared", str(LINUX), ".")
    base = re.findall(
        r"^base-commit: (\w+)", (series / "0000-cover-letter.patch").read_text(), re.M
    )
    run("git", "checkout", "--quiet", "--detach", base[0])
    make("tinyconfig")
    enabled = [word for option in OPTIONS.split() for word in ("-e", option)]
    run("scripts/config", "--file", str(objects / ".config"), *enabled)
    make("olddefconfig", "prepare")
    before = warnings(make("arch/x86/kvm/"))
    for patch in sorted(series.glob("000[1-9]-*.patch")):
        run("git", "-c", "user.name=t", "-c", "user.email=t@example.com", "am", str(patch))
        output = make("arch/x86/kvm/")
        assert re.search(r"^  CC +arch/x86/kvm/lapic\.o$", output, re.M)
        assert not warnings(output) - before


def warnings(output: str) -> Counter[str]:
    found = re.findall(r"^.*(?:warning|error): .*$", output, re.M)
    return Counter(re.sub(r":\d+", "", line) for line in found)


def test_the_callback_left_unset_on_amd_is_found_without_a_build(
    series: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "series"
    shutil.copytree(series, out)
    first = next(out.glob("0001-*.patch"))
    text = first.read_text()
    (check,) = re.findall(r"^\+.*(kvm_x86_ops->(\w+) && )kvm_x86_ops->\2\(", text, re.M)
    first.write_text(text.replace(check[0], ""))
    assert main(["verify", str(out), "--tree", str(LINUX), "--no-build"]) == 1
    said = capsys.readouterr().out
    (found,) = re.findall(r"^.*\[callback-not-wired\]$", said, re.M)
    assert f"{first.name}:" in found
    assert '"svm_x86_ops" does not set it' in found
