"""A real kernel in a git repository, and a series on it: what it takes to build every step."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from benchmarks.large_tree import git
from patchgen.running.programs import make_initramfs
from patchgen.running.qemu import IMAGE, Machine, no_machine

VARIABLE = "PATCHGEN_LINUX_6_1"
_SERIES = "timer-injection-stats"
_OBJECTS = "arch/x86/kvm/"
_BUILT = "*.o\n*.a\n*.cmd\n*.d\n*.order\n*.mod\n.config*\n/include/generated\n/include/config\n"

_BUILDS = re.compile(rb"the base and (\d+) of \1 steps build")


def no_kernel() -> str:
    """Why no kernel is built and booted, empty when one can be."""
    if not (Path(os.environ.get(VARIABLE, "")) / "Kbuild").is_file():
        return f"{VARIABLE} does not name the whole unpacked linux-source-6.1"
    missing = [tool for tool in ("make", "gcc", "flex", "bison", "bc") if not shutil.which(tool)]
    return f"not installed: {', '.join(missing)}" if missing else no_machine() or ""


class KernelSeries:
    """The series as mails, and as a branch of a checkout in which the base is built.

    The checkout and patchgen's cache have the same configuration; patchgen knows what came of the
    base, from another series on it, and nothing of this one's steps.
    """

    def __init__(self, home: Path) -> None:
        self.tree = home / "linux"
        self._mails = home / "mails"
        self._other = home / "other"
        self._made = home / "made"
        self._verdicts = Path()
        self._booted: Path | None = None
        self._machine: Machine | None = None

    def prepare(self) -> None:
        """Make it all; takes minutes, a second time nothing."""
        if self._made.exists():
            return
        self._check_in()
        self._patchgen("render", _SERIES, "--tree", str(self.tree), "-o", str(self._mails))
        self._branch_off()
        self.verify(self._other)
        (self._verdicts,) = Path(os.environ["PATCHGEN_CACHE_DIR"]).glob("kernels/*/*/verdicts")
        self._made.touch()
        shutil.copy(self._verdicts.with_name("config"), self.tree / ".config")
        self._run("make", "olddefconfig")
        self._run("make", f"-j{os.cpu_count()}", _OBJECTS)

    def verify(self, mails: Path | None = None, *options: str) -> None:
        """Build the base and every step, and put all checks.

        Without a sandbox: what runs in one is not counted as our time by the system.
        """
        argv = ("--tree", str(self.tree), "--base", "main", "--build", "--no-sandbox", *options)
        self._patchgen("verify", str(mails or self._mails), *argv)

    def make_images(self) -> None:
        """Have images of the base and of the last step, and what they are to run."""
        self.prepare()
        if self._booted is None:
            self.verify(self._mails, "--boot", "--boot-steps=last")
            (image,) = Path(os.environ["PATCHGEN_CACHE_DIR"]).glob(f"kernels/*/*/obj/{IMAGE}")
            self._booted = image.parents[len(Path(IMAGE).parts) - 1]
            self._machine = Machine(make_initramfs(None, self.tree.parent / "boot", False), "", 120)

    def boot(self) -> None:
        """Boot the last step and run the shipped tests there."""
        assert self._machine is not None
        assert self._booted is not None
        run = self._machine.boot(3, self._booted, False)
        assert run.tests.complete, run.output

    def rebase(self, *options: str) -> None:
        """Build every step as people do."""
        command = " ".join(("make", *options, _OBJECTS))
        git(self.tree, "checkout", "--quiet", "series")
        self._run("git", "rebase", "--quiet", "--exec", command, "main")

    def forget(self) -> None:
        """Forget what came of the steps, and have the base built in both places."""
        shutil.rmtree(self._verdicts)
        self.verify(self._other)
        git(self.tree, "checkout", "--quiet", "main")
        self._run("make", f"-j{os.cpu_count()}", _OBJECTS)

    def _check_in(self) -> None:
        shutil.copytree(os.environ[VARIABLE], self.tree, symlinks=True)
        git(self.tree, "init", "--quiet", "-b", "main", ".")
        git(self.tree, "config", "gc.auto", "0")
        git(self.tree, "add", "--force", ".")
        git(self.tree, "commit", "--quiet", "--message=base")
        (self.tree / ".git/info/exclude").write_text(_BUILT)

    def _branch_off(self) -> None:
        git(self.tree, "checkout", "--quiet", "-b", "other")
        with (self.tree / "arch/x86/kvm/irq_comm.c").open("a") as file:
            file.write("/* Nothing follows. */\n")
        git(self.tree, "commit", "--quiet", "--all", "--signoff", "--message=kvm: say the end")
        git(self.tree, "format-patch", "--quiet", f"--output-directory={self._other}", "main")
        git(self.tree, "checkout", "--quiet", "-b", "series", "main")
        patches = sorted(self._mails.glob("000[1-9]*.patch"))
        git(self.tree, "am", "--quiet", *map(str, patches))
        git(self.tree, "checkout", "--quiet", "main")

    def _run(self, *argv: str) -> None:
        quiet = subprocess.DEVNULL
        subprocess.run(argv, cwd=self.tree, check=True, stdout=quiet, stderr=quiet)

    def _patchgen(self, *argv: str) -> None:
        done = subprocess.run([sys.executable, "-m", "patchgen", *argv], stdout=subprocess.PIPE)
        if done.returncode > 1 or ("verify" in argv and not _BUILDS.search(done.stdout)):
            raise AssertionError(done.stdout.decode())
