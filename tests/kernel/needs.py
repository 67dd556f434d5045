"""What tests on a real kernel need, and how they say that it is not there."""

import os
import shutil
from pathlib import Path

import pytest

from patchgen.sandbox import has_walls

LINUX_6_1 = Path(os.environ.get("PATCHGEN_LINUX_6_1", ""))

whole_6_1 = pytest.mark.skipif(
    not (LINUX_6_1 / "Kbuild").is_file(),
    reason="PATCHGEN_LINUX_6_1 does not name the whole unpacked linux-source-6.1",
)


def builds(*more: str) -> tuple[pytest.MarkDecorator, ...]:
    """Marks for tests that build a kernel in the sandbox, with these programs, too."""
    tools = ("make", "gcc", "flex", "bison", "bc", "perl", *more)
    return (
        pytest.mark.skipif(
            not all(map(shutil.which, tools)),
            reason=f"not all of {', '.join(tools)} are installed",
        ),
        pytest.mark.skipif(
            not has_walls(), reason="bubblewrap is not installed or may not make sandboxes here"
        ),
    )
