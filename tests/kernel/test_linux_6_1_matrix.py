"""Every step of a series, built on the distribution's kernel in several ways; takes minutes."""

import json
import shutil
from pathlib import Path

import pytest

from patchgen.cli.main import main
from tests.kernel.needs import LINUX_6_1, builds, whole_6_1
from tests.series.generated import AS_AUTHOR, git

pytestmark = [whole_6_1, *builds("clang", "sparse")]
GCD = "lib/math/gcd.c"
ENTRY = """\
[matrix.strict]
warnings = "1"
sparse = true
options = ["KALLSYMS_ALL"]
"""
FIRST = """
#ifdef CONFIG_KALLSYMS_ALL
static unsigned long gcd_limit = 1;
#endif

#ifdef CONFIG_KASAN
static unsigned long gcd_shadow;
#endif
"""
SECOND = """
static int gcd_store(unsigned long __user *place, unsigned long a)
{
	unsigned long *there = place;
	__be32 wire = a;

	*there = a;
	return wire != 0;
}

int gcd_undeclared(unsigned long __user *place, unsigned long a)
{
	a = a;
#if BITS_PER_LONG == 32
	a += GCD_OF_LONG;
#endif
	return gcd_store(place, a);
}
"""
THIRD = "#define GCD_OF_LONG 4\n"


def posted(place: Path) -> Path:
    """Two patches that add to a file, and one that defines what the second one misses."""
    work, series = place / "work", place / "series"
    (work / GCD).parent.mkdir(parents=True)
    text = (LINUX_6_1 / GCD).read_text()
    git("init", "--quiet", ".", cwd=work)
    with_first = text + FIRST
    for content in (
        text,
        with_first,
        with_first + SECOND,
        with_first.replace("\n/*", f"\n{THIRD}\n/*", 1) + SECOND,
    ):
        (work / GCD).write_text(content)
        git("add", ".", cwd=work)
        words = ("-qsm", "lib: math: change the divisor", "-m", "This is why.")
        git("commit", *words, cwd=work, env=AS_AUTHOR)
    git("format-patch", "--quiet", f"-o{series}", "HEAD~3", cwd=work)
    return series


def test_each_way_shows_what_only_it_can_see_and_nothing_of_the_base(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATCHGEN_CACHE_DIR", str(tmp_path / "cache"))
    series = posted(tmp_path)
    (tmp_path / "patchgen.toml").write_text(ENTRY)
    monkeypatch.chdir(tmp_path)
    words = ("--matrix", "clang,strict,i386", "--checkers", "none", "--format", "json")
    status = main(["verify", str(series), "--tree", str(LINUX_6_1), *words])
    report = json.loads(capsys.readouterr().out)
    shutil.rmtree(tmp_path / "cache")
    assert status == 1
    messages = sorted(
        (one["patch"], one["check"], one["message"].replace("‘", "'").replace("’", "'"))
        for one in report["findings"]
        if one["check"] in ("build-failed", "build-diagnostic-new", "sparse-remark")
    )
    expected = (
        (1, "build-diagnostic-new", "with strict", "'gcd_limit' defined but not used"),
        (2, "build-diagnostic-new", "with clang", "(-Wself-assign)"),
        (2, "build-diagnostic-new", "with strict", "no previous prototype for 'gcd_undeclared'"),
        (2, "build-failed", "with i386", "GCD_OF_LONG"),
        (2, "sparse-remark", "with strict", "'gcd_undeclared' was not declared"),
        (2, "sparse-remark", "with strict", "(different address spaces)"),
        (2, "sparse-remark", "with strict", "expected restricted __be32 [usertype] wire"),
    )
    assert len(messages) == len(expected), messages
    for (patch, check, text), (at, name, entry, said) in zip(messages, expected, strict=True):
        assert (patch, check, text.partition(": ")[0]) == (at, name, entry), messages
        assert said in text, messages
    # What only "strict" or i386 compile is compiled; of what patch 2 adds nobody can tell.
    lines = [one for one in report["findings"] if one["check"] == "changed-line-not-compiled"]
    assert [(one["patch"], "CONFIG_KASAN is not set" in one["message"]) for one in lines] == [
        (1, True)
    ]
    reasons = {one["what"]: one["reason"] for one in report["skipped"]}
    assert reasons["changed-line-not-compiled: patch 2"] == "patch 2 does not build with i386"
