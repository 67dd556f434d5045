"""html-mail"""

from collections.abc import Iterator

from patchgen.checks.check import check
from patchgen.findings import Location, Problem, Severity
from patchgen.series.model import Patch


@check(Patch, Severity.ERROR)
def html_mail(patch: Patch) -> Iterator[Problem]:
    """A patch was sent as HTML.

    Why: git knows no HTML and takes its source for text, of the message or of the patch. The
    kernel's lists refuse such mails; see Documentation/process/email-clients.rst.

    Bad:
        Content-Type: text/html; charset=utf-8

    Good:
        Content-Type: text/plain; charset=utf-8
    """
    parts = patch.mail.parts
    part = next((part for part in parts if part.content_type == "text/html"), None)
    if part is None:
        return
    location = Location(patch.file, part.line, patch.position)
    hint = "send plain text, best with git send-email"
    if any(other.content_type == "text/plain" for other in parts):
        message = "the mail has a part in HTML as well, which git am takes for text of the patch"
        yield Problem(message, location, hint, Severity.WARNING)
    else:
        yield Problem("the mail is in HTML, which git am takes for text", location, hint)
