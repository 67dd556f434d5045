"""A tree with the rules of a kernel in small, series for it, and what verifying them says."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.conftest import Ran
from tests.series.generated import AS_AUTHOR, git
from tests.trees.lamp import write_files

TOOLS = ("make", "gcc", "flex", "bison", "bc", "perl")
MAKEFILE = """\
VERSION = 6
PATCHLEVEL = 1
O ?= .
-include $(O)/.config
core-y := fan/
core-$(CONFIG_PUMP) += pump/
all: $(core-y)
$(core-y): FORCE
	@$(MAKE) -f Makefile dir=$@ inside
tinyconfig:
	@echo CONFIG_TINY=y >$(O)/.config
pump_defconfig:
	@echo CONFIG_PUMP=y >$(O)/.config
olddefconfig: Kconfig
	@grep -q '^config' Kconfig || { echo 'Kconfig:1: syntax error'; false; }
	@LC_ALL=C sort -u -o $(O)/.config $(O)/.config
FORCE:
ifdef dir
include $(dir)Makefile
objects := $(addprefix $(O)/$(dir),$(obj-y))
inside: $(objects)
flags := -Wall -Wextra -I$(CURDIR)/include $(if $(CONFIG_PUMP),-DCONFIG_PUMP)
flags += $(if $(findstring 1,$(W)),-Wshadow) $(if $(ARCH),-DARCH_$(ARCH))
$(O)/%.o: %.c
	@mkdir -p $(@D)
	@echo '  CC      $*.o'
	@$(CC) $(flags) -MMD -MP -MF $(@D)/.$(@F).d -c -o $@ $(CURDIR)/$<
	$(if $(C),@echo '  CHECK   $(CURDIR)/$<'; sparse $(flags) $(CURDIR)/$<)
	$(if $(findstring 1,$(W)),$(if $(doc),@$(doc) -none $(CURDIR)/$<))
	@echo 'cmd_$@ := $(CC) -Wp,-MMD,$@.d $(flags) -c -o $@ $(CURDIR)/$< ; true $@' >$(@D)/.$(@F).cmd
	@cat $(@D)/.$(@F).d >>$(@D)/.$(@F).cmd
doc := $(wildcard scripts/kernel-doc)
-include $(wildcard $(O)/$(dir).*.cmd)
endif
"""
FAN = """\
#include "fan.h"

int fan_on(int speed)
{
	int unused;
	return speed;
}
"""
FILES = {
    "Makefile": MAKEFILE,
    "Kbuild": "\n",
    "Kconfig": "config PUMP\n",
    "scripts/config": "#!/bin/sh\n",
    "include/linux/fan.h": "#define FAST 2\n",
    "fan/Makefile": "obj-y := fan.o motor.o blade/blade.o\n",
    "fan/blade/blade.c": "int blade(void);\nint blade(void)\n{\n\treturn 0;\n}\n",
    "fan/fan.c": FAN,
    "fan/fan.h": "int fan_on(int speed);\n",
    "fan/motor.c": "#include <linux/fan.h>\nint motor(void);\n"
    "int motor(void)\n{\n\treturn FAST;\n}\n",
    "fan/spare.c": "int spare(void)\n{\n\treturn 0;\n}\n",
    "pump/Makefile": "obj-y := pump.o\n",
    "pump/pump.c": "int pump(void);\nint pump(void)\n{\n\treturn 0;\n}\n",
}
IDLE = FAN.replace("\treturn speed;", "\tint idle;\n\treturn speed;")
Change = dict[str, str | None]


class Kernel:
    """A tree, series for it, and what verifying them says."""

    def __init__(self, run_cli: Callable[..., Ran], place: Path) -> None:
        self.tree = write_files(place / "linux", FILES)
        self.run = run_cli
        self._place = place

    def posted(self, *changes: Change) -> Path:
        work, posted = self._place / "work", self._place / "posted"
        shutil.rmtree(work, ignore_errors=True)
        shutil.rmtree(posted, ignore_errors=True)
        shutil.copytree(self.tree, work, ignore=shutil.ignore_patterns(".git"))
        git("init", "--quiet", ".", cwd=work)
        git("add", ".", cwd=work)
        git("commit", "--quiet", "-m", "base", cwd=work)
        for number, change in enumerate(changes, 1):
            for name, content in change.items():
                if content is None:
                    git("rm", "--quiet", name, cwd=work)  # and its directory, when it is empty
                else:
                    (work / name).write_text(content)
            git("add", "--all", ".", cwd=work)
            words = ("-sm", f"fan: change {number}", "-m", "Why.")
            git("commit", "--quiet", *words, cwd=work, env=AS_AUTHOR)
        git("format-patch", "--quiet", f"-o{posted}", f"HEAD~{len(changes)}", cwd=work)
        return posted

    def ran(self, posted: Path, *options: str) -> Ran:
        words = ("--sandbox", "if-possible", "--ignore", "cover-letter-missing")
        return self.run(
            "verify", posted, "--tree", self.tree, "--build", *words, "--format", "json", *options
        )

    def verify(self, *changes: Change, options: tuple[str, ...] = ()) -> Any:
        ran = self.ran(self.posted(*changes), *options)
        assert ran.status in (0, 1), ran.err
        return json.loads(ran.out)


def stage(report: Any, name: str = "build") -> Any:
    return next(one for one in report["stages"] if one["name"] == name)


def outcomes(report: Any, name: str = "build") -> list[str]:
    return [step["outcome"] for step in stage(report, name)["steps"]]


def compiled(report: Any, name: str = "build") -> list[int | None]:
    """How many objects each step compiled; None where that was not done again."""
    details = (step["detail"].partition(",")[0] for step in stage(report, name)["steps"])
    return [None if one == "known" else int(one.partition(" ")[0]) for one in details]


def uncompiled(report: Any) -> list[str]:
    found = (one for one in report["findings"] if one["check"] == "changed-line-not-compiled")
    return [one["message"] for one in found]


def skipped(report: Any) -> dict[str, str]:
    return {one["what"]: one["reason"] for one in report["skipped"]}
