"""fixes-malformed"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.findings import Location, Problem, Severity
from patchgen.series.fixes import DIGITS, FIXES, FixesTag, fixes_tags
from patchgen.series.model import Patch


@check(Patch, Severity.WARNING)
def fixes_malformed(patch: Patch) -> Iterator[Problem]:
    """A Fixes trailer has another form than the one that people and programs look for.

    Why: the stable team and the checks of linux-next find the commit that is mended by this line:
    at least 12 digits of its id and its title in parentheses and double quotes, on one line
    however long it is; see Documentation/process/submitting-patches.rst in the kernel tree. What
    is not about a commit, such as a bug report, is linked with ``Closes:``.

    Bad:
        Fixes: 61abdbe0 (kvm: x86: make lapic hrtimer pinned)

    Good:
        Fixes: 61abdbe0bcc2 ("kvm: x86: make lapic hrtimer pinned")
    """
    for tag in fixes_tags(patch.message, patch.trailers):
        if tag.faults:
            yield Problem(
                f'"{FIXES}: {tag.value}" {" and ".join(tag.faults)}',
                Location(patch.file, tag.line, patch.position),
                _hint(tag),
            )


def _hint(tag: FixesTag) -> str:
    if tag.id is None:
        return (
            f'name a commit as {FIXES}: <{DIGITS} digits> ("<title>"), a report with Closes: <URL>'
        )
    if tag.title and len(tag.id) >= DIGITS:
        return f'write {FIXES}: {tag.id[:DIGITS]} ("{tag.title}") on one line'
    return f"git log -1 --abbrev={DIGITS} --format='{FIXES}: %h (\"%s\")' {tag.id}"
