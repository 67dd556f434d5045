"""The scripts of a real kernel, on patches made for what they find."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from patchgen.cli.main import main
from tests.series.generated import AS_AUTHOR, ENVIRONMENT, git

LINUX = Path(os.environ.get("PATCHGEN_LINUX_6_1", ""))
pytestmark = pytest.mark.skipif(
    not (LINUX / "scripts" / "checkpatch.pl").is_file() or not (LINUX / "MAINTAINERS").is_file(),
    reason="PATCHGEN_LINUX_6_1 does not name the unpacked linux-source-6.1",
)
FILE = "arch/x86/kvm/lapic.c"


@pytest.fixture
def mails(tmp_path: Path) -> Path:
    """A patch that checkpatch and kernel-doc have something to say about, sent to a list."""
    tree = tmp_path / "tree"
    (tree / FILE).parent.mkdir(parents=True)
    (tree / FILE).write_bytes((LINUX / FILE).read_bytes())
    git("init", "--quiet", ".", cwd=tree)
    git("add", "--all", cwd=tree)
    git("commit", "--quiet", "-m", "base", cwd=tree)
    added = (
        "\n/**\n * apic_of - have the APIC\n * @vcpu: whose\n */\n"
        "int apic_of(struct kvm_vcpu *vcpu, int more)\n{\n\tif( more==1 )\n\t\treturn 0;\n"
        "    return more;\n}\n"
    )
    with (tree / FILE).open("a") as source:
        source.write(added)
    words = ("--quiet", "-a", "-s", "-m", "KVM: LAPIC: have it", "-m", "Why.")
    git("commit", *words, cwd=tree, env=AS_AUTHOR)
    out = tmp_path / "out"
    git("format-patch", "-q", "-1", "--to=kvm@vger.kernel.org", "-o", str(out), cwd=tree)
    return out


def test_they_say_what_they_say_to_everybody(
    mails: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["verify", str(mails), "--tree", str(LINUX), "--no-build", "--sandbox", "if-possible"])
    output = capsys.readouterr().out
    (mail,) = mails.glob("*.patch")
    peer = subprocess.run(
        ["perl", "scripts/checkpatch.pl", "--no-tree", "--terse", "--show-types", str(mail)],
        cwd=LINUX,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
    )
    theirs = set(re.findall(r":(\d+): (?:ERROR|WARNING):(\w+): ", peer.stdout))
    ours = set(re.findall(r":(\d+): warning: .*\[checkpatch/(\w+)\]", output))
    assert ours == theirs
    assert {name for _, name in ours} == {"SPACING", "LEADING_SPACE"}
    assert "'more' not described in 'apic_of' [kernel-doc]" in output
    assert re.search(r'not copied: ".*" \((?:maintainer|supporter)\).*\[maintainer-not-c', output)
    assert "kvm@vger.kernel.org" not in output
