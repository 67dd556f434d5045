"""diffstat-summary-mismatch"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.findings import Location, Problem, Severity
from patchgen.series.diff.summary import find_summary, summary_of_all
from patchgen.series.model import Patch
from patchgen.series.text import Line


@check(Patch, Severity.ERROR)
def diffstat_summary_mismatch(patch: Patch) -> Iterator[Problem]:
    """The lines below a patch's diffstat name other new, deleted or moved files than its diff.

    Why: they are what reviewers see of modes and renames; where they do not fit, the diff was
    changed after it was generated. Without any such line nothing is expected.

    Bad:
         create mode 100644 lib/fifo.c
        (and a diff in which lib/fifo.c is an old file)

    Good:
         create mode 100644 lib/fifo.c
        (and "new file mode 100644" in the diff of lib/fifo.c)
    """
    files = patch.diff.files
    if not files:
        return
    said = find_summary(patch.notes)
    if not said:
        return
    hint = "generate the patch again with git format-patch"
    left: dict[str, list[Line]] = {}
    for line in said:
        left.setdefault(line.text, []).append(line)
    for file, ways in summary_of_all(files, {line.text for line in said}):
        match = next((text for text in ways if left.get(text)), None)
        if match:
            left[match].pop()
        else:
            yield Problem(
                f'summary does not say "{ways[0].strip()}", the diff does',
                Location(patch.file, file.line, patch.position),
                hint,
            )
    for line in sorted(line for lines in left.values() for line in lines):
        yield Problem(
            f'summary says "{line.text.strip()}", the diff does not',
            Location(patch.file, line.number, patch.position),
            hint,
        )
