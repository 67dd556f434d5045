"""subject-malformed"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.findings import Location, Problem, Severity
from patchgen.series.model import Patch


@check(Patch, Severity.WARNING)
def subject_malformed(patch: Patch) -> Iterator[Problem]:
    """A subject has no summary, a prefix that does not end, or none, or is that of a reply.

    Why: git records the subject without its prefix as the summary of the commit. What it cannot
    tell apart becomes part of the summary, or nothing is left.

    Bad:
        Subject: [PATCH 1/2 foo: add bar

    Good:
        Subject: [PATCH 1/2] foo: add bar
    """
    if patch.mail.headless:
        return
    subject, sent = patch.subject, patch.mail.message_id is not None
    problem = ""
    if not subject.summary:
        problem = "the subject has no summary"
    elif subject.summary.startswith("["):
        problem = f'the prefix of "{subject.summary}" does not end'
    elif subject.reply:
        problem = f'"{subject.summary}" is sent as a reply, with "Re:" in its subject'
    elif sent and not subject.prefix and subject.number is None:
        problem = f'"{subject.summary}" has no "[PATCH]"'
    if problem:
        yield Problem(
            problem,
            Location(patch.file, patch.subject_line, patch.position),
            'write "[PATCH] area: what it does"',
        )
