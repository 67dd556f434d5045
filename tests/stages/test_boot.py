"""Booting step after step, with a program in the place of QEMU: what is booted, or why not."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from patchgen.building.outcome import StepBuild
from patchgen.checks.subjects import ClaimedSeries, TestedPatch
from patchgen.promises import Claim, Expectation, Scenarios
from patchgen.reading.read import parse_series
from patchgen.running.booting import BootWishes
from patchgen.running.qemu import IMAGE, QEMU
from patchgen.series.model import Series
from patchgen.stages.boot import BootTests
from patchgen.stages.facts import Facts
from patchgen.stages.run import StepRunner
from tests.running.test_qemu import CONFIG

SAYS = "KTAP version 1\\n1..2\\nok 1 made\\n%s\\n"
OOPS = (
    "# case: ticks\\nBUG: kernel NULL pointer dereference, address: 0000000000000000\\n"
    "RIP: 0010:0x0\\nCall Trace:\\n lamp_on+0x8/0x10\\n---[ end trace 0 ]---"
)


class Steps:
    """Steps that are built one after the other, each with an image that says what a kernel does."""

    def __init__(self, place: Path, series: Series) -> None:
        self.place = place
        self.series = series
        self.objects = place / "obj"
        self.image = self.objects / IMAGE
        self.image.parent.mkdir(parents=True)
        (self.objects / ".config").write_text(CONFIG)
        self.archive = place / "mine.cpio"
        self.archive.write_bytes(b"070701 an archive")
        self.booted = place / "booted"

    def tests(
        self, which: str = "all", append: tuple[str, ...] = ("",), cpus: int = 1
    ) -> BootTests:
        wished = BootWishes(which, str(self.archive), append, cpus)
        last = len(self.series.patches)
        return BootTests(self.objects, self.place, self.place / "boot", wished, last, False)

    def run(
        self, images: Sequence[str | None], tests: BootTests, claims: Sequence[Claim] = ()
    ) -> Facts:
        """Boot the base and the steps: what each kernel says, None for one that makes no image."""
        runner = StepRunner(tests, False)
        for number, image in enumerate(images):
            self.image.unlink(missing_ok=True)
            if image is not None:
                self.image.write_text(image)
            build = StepBuild(number, image != "fails", (), (), "", "make")
            patch = self.series.patches[number - 1] if number else None
            runner.run(build, patch, lambda _: None)
        facts = Facts()
        runner.report(claims, facts)
        return facts


MAIL = """\
From: A U Thor <author@example.com>
Subject: [PATCH {0}/3] lamp: change number {0}
Message-Id: <{0}@example.com>
References: <1@example.com>

---
diff --git a/lamp.c b/lamp.c
--- a/lamp.c
+++ b/lamp.c
@@ -1 +1 @@
-{0}
+again {0}
"""


@pytest.fixture
def steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Steps:
    program = tmp_path / "bin" / QEMU
    program.parent.mkdir()
    program.write_text(
        '#!/bin/sh\nwords="$*"\nwhile [ "$1" != -kernel ]; do shift; done\n'
        f'echo "$words" >> {tmp_path}/booted\nprintf "$(cat "$2")"\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    mails = ((f"000{number}.patch", MAIL.format(number).encode()) for number in (1, 2, 3))
    return Steps(tmp_path, parse_series(mails))


def outcomes(facts: Facts) -> list[str]:
    (stage,) = (one for one in facts.stages if one.name == "run")
    return [f"{step.number} {step.outcome}" for step in stage.steps]


def why(facts: Facts) -> dict[str, str]:
    return {skipped.what: skipped.reason for skipped in facts.skipped}


def held(facts: Facts) -> list[TestedPatch]:
    return [one for one in facts.subjects if isinstance(one, TestedPatch)]


PASSES, FAILS, CRASHES = SAYS % "ok 2 ticks", SAYS % "not ok 2 ticks", SAYS % OOPS


def test_every_step_is_held_against_the_one_before(steps: Steps) -> None:
    facts = steps.run([PASSES, PASSES, CRASHES, FAILS], steps.tests())
    assert outcomes(facts) == ["0 passes", "1 passes", "2 crashes", "3 fails"]
    assert [one.before.number for one in held(facts)] == [0, 1, 2]
    (splat,) = held(facts)[1].run.splats
    assert (splat.trace[0].function, splat.case) == ("0x0", "ticks")
    assert why(facts) == {}


def test_only_the_last_step_is_booted_where_that_is_wished_for(steps: Steps) -> None:
    facts = steps.run([PASSES, PASSES, CRASHES, CRASHES], steps.tests("last"))
    assert outcomes(facts) == ["0 passes", "3 crashes"]
    assert set(why(facts)) == {"run: patch 1", "run: patch 2"}
    assert len(steps.booted.read_text().splitlines()) == 2


def test_a_step_without_an_image_is_not_booted_with_that_of_another(steps: Steps) -> None:
    facts = steps.run([PASSES, None, "fails", PASSES], steps.tests())
    assert outcomes(facts) == ["0 passes", "3 passes"]
    assert why(facts) == {
        "run: patch 1": "patch 1 makes nothing to run",
        "run: patch 2": "patch 2 does not build",
    }
    assert held(facts)[0].before.number == 0


@pytest.mark.parametrize(
    ("base", "said"),
    [
        (None, f"the base tree makes no {IMAGE}"),
        ("fails", "the base tree does not build"),
        (CRASHES, "the base tree's tests: the test run announces 2 results and has 1"),
        ("Loading", 'the base tree\'s tests: says nothing in KTAP; the last .* says is "Loading"'),
    ],
)
def test_without_a_base_that_runs_nothing_is_said_of_a_patch(
    steps: Steps, base: str | None, said: str
) -> None:
    facts = steps.run([base, CRASHES, CRASHES, PASSES], steps.tests())
    assert held(facts) == []
    (reason,) = {why(facts)["run"]}
    assert re.fullmatch(said, reason)


def test_a_kernel_that_cannot_be_seen_is_not_booted(steps: Steps) -> None:
    (steps.objects / ".config").write_text(CONFIG.replace("CONFIG_SERIAL", "# CONFIG_SERIAL"))
    facts = steps.run([PASSES, CRASHES, CRASHES, CRASHES], steps.tests())
    assert "has no SERIAL_8250_CONSOLE" in why(facts)["run"]
    assert not steps.booted.exists()


def test_without_qemu_nothing_is_booted(steps: Steps, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    facts = steps.run([PASSES, CRASHES, CRASHES, CRASHES], steps.tests())
    assert why(facts) == {"run": f"{QEMU} is not installed"}


def test_each_step_is_booted_with_all_words_on_as_many_cpus(steps: Steps) -> None:
    facts = steps.run([PASSES] * 3 + [FAILS], steps.tests("last", ("", "kvm.x=1"), 2))
    booted = steps.booted.read_text().splitlines()
    assert len(booted) == 4
    assert [words.endswith(" kvm.x=1") for words in booted] == [False, True] * 2
    assert all("-smp 2" in words for words in booted)
    names = [case.name for case in held(facts)[0].run.tests.cases]
    assert names == ["plain/made", "plain/ticks", "kvm.x=1/made", "kvm.x=1/ticks"]


def test_why_traces_have_no_lines_is_known(steps: Steps) -> None:
    tests = steps.tests()
    steps.run([PASSES, CRASHES, PASSES, PASSES], tests)
    assert tests.not_decoded == "there is no vmlinux to look them up in"
    passing = steps.tests()
    steps.run([PASSES, PASSES, PASSES, PASSES], passing)
    assert passing.not_decoded == ""


def test_claims_on_what_was_not_run_are_not_checked(steps: Steps) -> None:
    def claim(pattern: str, metric: str = "exits", first: int = 1) -> Claim:
        return Claim(pattern, metric, Scenarios((pattern,)), first, Expectation("=", 3.0))

    skipped = SAYS % "# metric: exits 3\\nok 2 ticks # SKIP one CPU"
    measured = SAYS % "# metric: exits 3\\nok 2 ticks\\n"
    claims = (claim("ti*"), claim("ti*", "other"), claim("*/apicv"), claim("made"))
    claims += (claim("made", first=0),)
    for image, expected in (
        (measured, ["held", *["not checked"] * 4]),
        (skipped, ["not checked"] * 5),
    ):
        facts = steps.run([image] * 4, steps.tests(), claims)
        assert [one.outcome for one in facts.claims] == expected
        asked = [one.claim for one in facts.subjects if isinstance(one, ClaimedSeries)]
        # Where there is the scenario, but not the metric, the series may have to bring that.
        assert asked == ([claims[0], claims[1], claims[3]] if image == measured else [claims[3]])
        assert facts.claims[2].detail == "what was run has no such scenarios"
        assert facts.claims[4].detail == "nothing measures exits there"
    assert facts.claims[0].detail == "its scenarios were skipped: one CPU"
