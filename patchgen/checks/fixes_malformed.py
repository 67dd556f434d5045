"""fixes-malformed"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.checks.subjects import FixedCommit, Lookup
from patchgen.findings import Problem, Severity
from patchgen.series.commits.fixes import DIGITS, FIXES, FixesTag


@check(FixedCommit, Severity.WARNING)
def fixes_malformed(fixed: FixedCommit) -> Iterator[Problem]:
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
    tag, lookup = fixed.citation.tag, fixed.lookup
    faults = list(tag.faults)
    if lookup and len(lookup.commits) > 1:
        faults.append(f"is the beginning of {len(lookup.commits)} commits' ids")
    if faults:
        message = f'"{FIXES}: {tag.value}" {" and ".join(faults)}'
        yield Problem(message, fixed.place, _hint(tag, lookup))


def _hint(tag: FixesTag, lookup: Lookup | None) -> str:
    if tag.id is None:
        return f'write {FIXES}: <{DIGITS} digits> ("<title>") for a commit, Closes: for a report'
    if lookup and (commit := lookup.meant(tag.title)):
        return f"write {FIXES}: {commit.short} on one line"
    if lookup and lookup.commits:
        return f"write {FIXES}: {' or '.join(one.short for one in lookup.commits)}"
    if tag.title and len(tag.id) >= DIGITS:
        return f'write {FIXES}: {tag.id[:DIGITS]} ("{tag.title}") on one line'
    return f"git log -1 --abbrev={DIGITS} --format='{FIXES}: %h (\"%s\")' {tag.id}"
