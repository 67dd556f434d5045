"""mode-made-executable"""

import re
from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.findings import Location, Problem, Severity
from patchgen.series.diff.hunks import FileDiff
from patchgen.series.model import Patch

_NEVER_RUN = re.compile(
    r"(?:.*/)?(?:Makefile[^/]*|Kbuild[^/]*|Kconfig[^/]*|MAINTAINERS|README|CREDITS|COPYING"
    r"|[^/]*\.(?:c|h|cc|cpp|hpp|S|s|rs|rst|txt|md|dts|dtsi|dtso|lds|asn1|json|svg|png|patch))"
)


@check(Patch, Severity.WARNING)
def mode_made_executable(patch: Patch) -> Iterator[Problem]:
    """A source file is made executable.

    Why: editors and file systems that know no modes set the bit; maintainers ask for the patch
    again without it. Scripts, and files that begin with "#!", are left alone.

    Bad:
        diff --git a/lib/ring.c b/lib/ring.c
        old mode 100644
        new mode 100755

    Good:
        diff --git a/scripts/ring.sh b/scripts/ring.sh
        old mode 100644
        new mode 100755
    """
    for file in patch.diff.files:
        if (
            file.new_path
            and file.new_mode == "100755"
            and (file.created or file.old_mode != "100755")
            and _NEVER_RUN.fullmatch(file.new_path)
            and not _is_script(file)
        ):
            said = "is new and executable" if file.created else "becomes executable"
            yield Problem(
                f'"{file.new_path}" {said}, mode 100755',
                Location(patch.file, file.line, patch.position),
                "run chmod 644 on it and amend the commit",
            )


def _is_script(file: FileDiff) -> bool:
    return bool(
        file.hunks
        and file.hunks[0].new_offset == 0
        and file.hunks[0].post_image
        and file.hunks[0].post_image[0].text.startswith("#!")
    )
