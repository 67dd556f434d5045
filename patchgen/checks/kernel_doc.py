"""kernel-doc"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.checks.subjects import DocumentedPatch
from patchgen.findings import Location, Problem, Severity


@check(DocumentedPatch, Severity.WARNING)
def kernel_doc(subject: DocumentedPatch) -> Iterator[Problem]:
    """The base tree's scripts/kernel-doc complains of a comment since a patch.

    Why: W=1 and the documentation's build show it to everybody. Only what it did not say of the
    tree before the patch is reported.

    Bad:
        a new parameter, and no line for it in the comment above the function

    Good:
        * @pinned: the CPU that the timer stays on
    """
    patch = subject.patch
    for diagnostic, line in subject.fresh:
        text = diagnostic.text[:1].lower() + diagnostic.text[1:]
        message = f"{diagnostic.path}:{diagnostic.line}: {text}"
        hint = f"in the tree after this patch: scripts/kernel-doc -none {diagnostic.path}"
        yield Problem(message, Location(patch.file, line, patch.position), hint)
