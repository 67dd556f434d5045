"""stable-upstream-mismatch"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.checks.subjects import CopiedCommit
from patchgen.findings import Problem, Severity
from patchgen.series.commits.citations import same_title


@check(CopiedCommit, Severity.WARNING)
def stable_upstream_mismatch(copied: CopiedCommit) -> Iterator[Problem]:
    """A backport is not the upstream commit that it says it is a copy of.

    Why: a copy keeps the title, so with another one the id is most likely wrong. Where it changes
    other lines, which older kernels often need, Documentation/process/stable-kernel-rules.rst in
    the kernel tree wants that said and justified; this is a note, and none where the message
    speaks of it. What is around the lines, and in which file, may differ.

    Bad:
        commit 0123456789ab upstream.      (which is "tick: stop the counter")

    Good:
        commit 61abdbe0bcc2 upstream.

        [ A U Thor: kernel/tick.c was kernel/time.c ]
    """
    backport, upstream = copied.backport, copied.upstream
    title = backport.patch.subject.summary
    if not same_title(backport.title, upstream.title):
        yield Problem(
            f'upstream commit "{backport.upstream[:12]}" is "{upstream.title}",'
            f' the patch is "{title}"',
            copied.place,
            "name the commit that this is a copy of, and keep its title",
        )
    elif copied.same is False and not backport.explained:
        yield Problem(
            f"the patch changes other lines than upstream commit {upstream.short}",
            copied.place,
            "say in brackets above your sign-off what had to be changed and why",
            Severity.NOTE,
        )
