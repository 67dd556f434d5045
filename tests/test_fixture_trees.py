"""The fixture trees: free of warnings under every compiler at hand, and their tests repeatable."""

import shutil
import subprocess
from pathlib import Path

import pytest

from patchgen.running.ktap import Outcome, parse_ktap
from patchgen.shipped import fixture_trees

KVM = "linux-5.2-kvm"
COMPILERS = ("gcc", "clang")


def build(tree: Path, objects: Path, compiler: str, *variables: str) -> None:
    if shutil.which(compiler) is None:
        pytest.skip(f"{compiler} is not installed")
    command = ["make", "-rR", "-j2", "-f", "Makefile", f"O={objects}", f"CC={compiler}"]
    done = subprocess.run([*command, *variables], cwd=tree, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert not done.stderr


def run(objects: Path) -> bytes:
    done = subprocess.run([objects / "machine" / "kvm-timer"], capture_output=True, check=True)
    assert not done.stderr
    return done.stdout


@pytest.mark.parametrize("compiler", COMPILERS)
def test_the_kvm_tree_compiles_with_warnings_as_errors(compiler: str, tmp_path: Path) -> None:
    build(fixture_trees() / KVM, tmp_path / "obj", compiler, "WERROR=1")


def test_the_machine_says_the_same_under_every_compiler_and_sanitizer(tmp_path: Path) -> None:
    tree = fixture_trees() / KVM
    build(tree, tmp_path / "plain", "gcc")
    said = run(tmp_path / "plain")
    assert run(tmp_path / "plain") == said
    build(tree, tmp_path / "checked", "gcc", "KCFLAGS=-fsanitize=address,undefined")
    assert run(tmp_path / "checked") == said


def test_every_scenario_of_the_unpatched_tree_passes(tmp_path: Path) -> None:
    build(fixture_trees() / KVM, tmp_path / "obj", "gcc")
    tests = parse_ktap(run(tmp_path / "obj").decode())
    assert tests.complete
    assert not tests.faults
    outcomes = {case.outcome for case in tests.cases}
    assert outcomes == {Outcome.PASSED, Outcome.SKIPPED}
    assert len(tests.cases) > 1000
    assert {case.name.split("/")[0] for case in tests.cases} == {
        "machine",
        "intel-apicv",
        "intel-no-apicv",
        "amd",
    }
