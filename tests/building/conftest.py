import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.building.small_kernel import Kernel
from tests.conftest import Ran
from tests.series.generated import AS_AUTHOR, git
from tests.trees.lamp import write_files

MAKEFILE = """\
O ?= .
objects := $(patsubst %.c,$(O)/%.o,$(wildcard *.c))
all: $(objects)
$(O)/%.o: %.c Makefile
	@mkdir -p $(@D)
	@echo '  CC      $*.o'
	@$(CC) -Wall -Wextra -MMD -MP -c -o $@ $<
-include $(objects:.o=.d)
"""
MANIFEST = '[tree]\nname = "fan"\n[build]\ntargets = ["all"]\n'
FAN = """\
#include "fan.h"

int fan_on(int speed)
{
	int unused;
	return speed;
}

int fan_off(void)
{
	return 0;
}
"""
FILES = {
    "patchgen.toml": MANIFEST,
    "Makefile": MAKEFILE,
    "fan.c": FAN,
    "fan.h": "int fan_on(int speed);\nint fan_off(void);\n",
    "motor.c": '#include "fan.h"\nint motor(void)\n{\n\treturn fan_on(1);\n}\n',
    "alone.c": "int alone(void)\n{\n\treturn 0;\n}\n",
}


@pytest.fixture
def fan(tmp_path: Path) -> Path:
    """A tree that says how it is built."""
    return write_files(tmp_path / "fan", FILES)


Verify = Callable[..., Any]


@pytest.fixture
def verify(run_cli: Callable[..., Any], fan: Path, tmp_path: Path) -> Verify:
    """Verify a series that makes these changes, one commit each; the report as JSON."""

    def run(
        *changes: dict[str, str | bytes | None], status: int = 0, sandbox: str = "if-possible"
    ) -> Any:
        for old in ("work", "posted"):
            shutil.rmtree(tmp_path / old, ignore_errors=True)
        work = write_files(
            tmp_path / "work", {path.name: path.read_text() for path in fan.iterdir()}
        )
        git("init", "--quiet", ".", cwd=work)
        git("add", ".", cwd=work)
        git("commit", "--quiet", "-m", "base", cwd=work)
        for number, change in enumerate(changes, 1):
            for name, content in change.items():
                if content is None:
                    (work / name).unlink()
                elif isinstance(content, bytes):
                    (work / name).write_bytes(content)
                else:
                    (work / name).parent.mkdir(parents=True, exist_ok=True)
                    (work / name).write_text(content)
            git("add", "--all", ".", cwd=work)
            words = ("commit", "--quiet", "-sm", f"fan: change {number}", "-m", "Why.")
            git(*words, cwd=work, env=AS_AUTHOR)
        posted = tmp_path / "posted"
        git("format-patch", "--quiet", f"-o{posted}", f"HEAD~{len(changes)}", cwd=work)
        words = ("--sandbox", sandbox, "--format", "json", "--ignore", "cover-letter-missing")
        ran = run_cli("verify", posted, "--tree", fan, *words)
        assert ran.status == status, (ran.out, ran.err)
        return json.loads(ran.out)

    return run


@pytest.fixture(params=["directory", "checkout"])
def kernel(
    request: pytest.FixtureRequest,
    run_cli: Callable[..., Ran],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Kernel:
    monkeypatch.setenv("PATCHGEN_CACHE_DIR", str(tmp_path / "cache"))
    made = Kernel(run_cli, tmp_path)
    if request.param == "checkout":
        git("init", "--quiet", ".", cwd=made.tree)
        git("add", ".", cwd=made.tree)
        git("commit", "--quiet", "-m", "base", cwd=made.tree)
    return made
