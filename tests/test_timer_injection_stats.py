"""The shipped timer-injection-stats series: which trees it fits, and what it is on them."""

import subprocess
from pathlib import Path

import pytest

from patchgen.cli.main import main

TITLES = (
    "KVM: LAPIC: Tell whether a timer interrupt is accepted",
    "KVM: x86: Count timer interrupts that were left pending",
    "KVM: x86: Count timer interrupts that were posted",
)
HOST_H = """\
struct kvm_vcpu_arch {
	u64 irq_injections;
};

struct kvm_vcpu_stat {
	u64 exits;
	u64 irq_injections;
	u64 nmi_injections;
};
"""
X86_C = """\
const struct _kvm_stats_desc kvm_vcpu_stats_desc[] = {
	STATS_DESC_COUNTER(VCPU, exits),
	STATS_DESC_COUNTER(VCPU, irq_injections),
	STATS_DESC_COUNTER(VCPU, nmi_injections),
};
"""
LAPIC_C = """\
void kvm_wait_lapic_expire(struct kvm_vcpu *vcpu)
{
}
EXPORT_SYMBOL_GPL(kvm_wait_lapic_expire);

static void kvm_apic_inject_pending_timer_irqs(struct kvm_lapic *apic)
{
	struct kvm_timer *ktimer = &apic->lapic_timer;

	kvm_apic_local_deliver(apic, APIC_LVTT);
	if (apic_lvtt_tscdeadline(apic)) {
		ktimer->tscdeadline = 0;
	} else if (apic_lvtt_oneshot(apic)) {
		ktimer->tscdeadline = 0;
		ktimer->target_expiration = 0;
	}
}

static void apic_timer_expired(struct kvm_lapic *apic, bool from_timer_fn)
{
	if (DIRECT) {
		kvm_apic_inject_pending_timer_irqs(apic);
		return;
	}

	if (kvm_use_posted_timer_interrupt(apic->vcpu)) {
		if (ADVANCED)
			__kvm_wait_lapic_expire(vcpu);
		kvm_apic_inject_pending_timer_irqs(apic);
		return;
	}
}

void kvm_inject_apic_timer_irqs(struct kvm_vcpu *vcpu)
{
	struct kvm_lapic *apic = vcpu->arch.apic;

	if (atomic_read(&apic->lapic_timer.pending) > 0) {
		kvm_apic_inject_pending_timer_irqs(apic);
		atomic_set(&apic->lapic_timer.pending, 0);
	}
}
"""
DIRECT = {
    "v5.14": "!from_timer_fn && vcpu->arch.apicv_active",
    "v6.1": "!from_timer_fn && apic->apicv_active",
}
ADVANCED = {
    "v5.14": "vcpu->arch.apic->lapic_timer.timer_advance_ns",
    "v6.1": "lapic_timer.expired_tscdeadline && lapic_timer.timer_advance_ns",
}
FILES = {
    "arch/x86/include/asm/kvm_host.h": HOST_H,
    "arch/x86/kvm/x86.c": X86_C,
    "include/linux/kvm_host.h": "#define STATS_DESC_COUNTER(scope, name)\n",
}


@pytest.fixture(params=("v5.14", "v6.1"))
def tree(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """What the series looks at in a kernel of the version."""
    place = tmp_path / "linux"
    lapic = LAPIC_C.replace("DIRECT", DIRECT[request.param])
    lapic = lapic.replace("ADVANCED", ADVANCED[request.param])
    for path, text in (*FILES.items(), ("arch/x86/kvm/lapic.c", lapic)):
        (place / path).parent.mkdir(parents=True, exist_ok=True)
        (place / path).write_text(text)
    return place


def rendered(tree: Path, out: Path) -> list[Path]:
    assert main(["render", "timer-injection-stats", "--tree", str(tree), "-o", str(out)]) == 0
    return sorted(out.glob("*.patch"))


def test_each_path_counts_what_was_accepted(tree: Path, tmp_path: Path) -> None:
    letter, *patches = rendered(tree, tmp_path / "out")
    mails = zip(TITLES, patches, strict=True)
    assert all(f"] {title}\n" in patch.read_text() for title, patch in mails)
    assert " 3 files changed, 14 insertions(+), 4 deletions(-)\n" in letter.read_text()
    subprocess.run(["git", "apply", *patches], cwd=tree, check=True)
    lapic = (tree / "arch/x86/kvm/lapic.c").read_text()
    assert "static bool kvm_apic_inject_pending_timer_irqs(" in lapic
    calls = lapic.split("kvm_apic_inject_pending_timer_irqs(apic)")
    direct, posted, pending = (after.split(";")[0].split() for after in calls[1:])
    assert direct == []
    assert posted == [")", "++vcpu->stat.timer_posted_injections"]
    assert pending == [")", "++vcpu->stat.timer_pending_injections"]
    for name in ("timer_pending_injections", "timer_posted_injections"):
        header = (tree / "arch/x86/include/asm/kvm_host.h").read_text()
        assert f"\tu64 {name};" in header.partition("struct kvm_vcpu_stat {")[2]
        assert header.count(name) == 1
        described = f"\tSTATS_DESC_COUNTER(VCPU, {name}),\n"
        assert (tree / "arch/x86/kvm/x86.c").read_text().count(described) == 1


@pytest.mark.parametrize(
    ("path", "old", "new", "said"),
    [
        ("include/linux/kvm_host.h", "STATS_DESC_COUNTER", "OTHER", "the tree is too old: KVM has"),
        ("arch/x86/kvm/lapic.c", "inject_pending_timer_irqs", "other", "the tree has changed"),
        (
            "arch/x86/include/asm/kvm_host.h",
            "u64 nmi_injections",
            "u64 timer_pending_injections",
            "this series is already applied",
        ),
    ],
)
def test_a_tree_that_it_does_not_fit_is_told_why(
    tree: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    path: str,
    old: str,
    new: str,
    said: str,
) -> None:
    file = tree / path
    file.write_text(file.read_text().replace(old, new))
    argv = ["render", "timer-injection-stats", "--tree", str(tree), "-o", str(tmp_path / "out")]
    assert main(argv) == 2
    assert said in capsys.readouterr().err
