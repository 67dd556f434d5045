"""Booting the kernels that were built, and running tests in them."""

import tomllib
from pathlib import Path

from patchgen.errors import ToolError
from patchgen.running.booting import BootWishes
from patchgen.running.plan import RunPlan, run_plan
from patchgen.running.programs import make_initramfs
from patchgen.running.qemu import IMAGE, Machine, cannot_boot, no_machine
from patchgen.running.sources import Decoder
from patchgen.running.step import StepRun, below, together
from patchgen.sandbox import Limits
from patchgen.shipped import boot_tests

_MANIFEST = "patchgen.toml"


class BootTests:
    """Boots what was built last, with tests in it.

    ``reason`` says why nothing is booted, empty when it is; ``plan`` how results are read. Raises
    InputError when what the user wants to run there cannot be.
    """

    doing = "booting"
    done = "{} of {} kernels boot and pass their tests"

    def __init__(
        self,
        objects: Path,
        source: Path,
        directory: Path,
        wishes: BootWishes,
        last: int,
        walls: bool,
    ) -> None:
        self._objects = objects
        self._wishes = wishes
        self._last = last
        self._walls = walls
        self._decoder = Decoder(objects, source, walls)
        self.reason = no_machine() or ""
        shipped = tomllib.loads((boot_tests() / _MANIFEST).read_text("utf-8"))
        plan = run_plan(shipped) or RunPlan("", Limits(), (), ())
        self.plan = plan if wishes.init is None else RunPlan("", plan.limits, (), ())
        try:
            self._initramfs = make_initramfs(wishes.init, directory, walls)
        except ToolError as error:
            self.reason = str(error)

    @property
    def not_decoded(self) -> str:
        """Why lines of the source are missing in traces; empty if none is."""
        return self._decoder.reason

    def left_out(self, number: int) -> str | None:
        """Why a step is not booted, if it is not."""
        if self._wishes.steps == "all" or number in (0, self._last):
            return None
        return "only the base and the last step are booted; see --boot-steps"

    def run(self, number: int) -> StepRun | None:
        """Boot the step that was just built, once for each wish; None if it has no image."""
        if number == 0 and (reason := cannot_boot(self._objects)):
            self.reason = reason
            return None
        if not (self._objects / IMAGE).is_file():
            if number == 0:
                self.reason = f"the base tree makes no {IMAGE}"
            return None
        return together(self._boot(number, append) for append in self._wishes.append)

    def _boot(self, number: int, append: str) -> StepRun:
        seconds, cpus = self.plan.limits.seconds, self._wishes.cpus
        machine = Machine(self._initramfs, append, seconds, cpus)
        run = self._decoder.decode(machine.boot(number, self._objects, self._walls))
        return below(append or "plain", run) if len(self._wishes.append) > 1 else run
