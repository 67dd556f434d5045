"""Lines that are meant as trailers: the tags the kernel uses, wherever and however they stand."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

KNOWN = (
    "Signed-off-by",
    "Co-developed-by",
    "Reviewed-by",
    "Acked-by",
    "Tested-by",
    "Reported-by",
    "Suggested-by",
    "Assisted-by",
    "Fixes",
)
"""The tags of Documentation/process/submitting-patches.rst that a history must not lose."""
_TAG = re.compile(r"(?P<token>[A-Za-z][A-Za-z -]{1,38}?)\s*:\s*(?P<value>\S.*)")
_FIXES = re.compile(r"(?:commit )?[0-9a-f]{7,40}\b", re.IGNORECASE)
_ALIKE = 0.86


@dataclass(frozen=True, slots=True)
class Tag:
    """A line that has the form of a tag; ``known`` is the one that is meant."""

    token: str
    value: str
    known: str

    @property
    def misspelt(self) -> bool:
        """Whether the token is not the known one; case does not count."""
        return self.token.lower() != self.known.lower()


def tag(text: str) -> Tag | None:
    """The tag in a line that begins with one, or with a slip of the pen for one.

    Prose may begin with "Fixes:" or "Reported by:", so the value must be what the tag asks for.
    """
    match = _TAG.fullmatch(text)
    if match is None:
        return None
    token, value = match["token"], match["value"].rstrip()
    known = _meant(token)
    if known is None or not (_FIXES.match(value) if known == "Fixes" else _names(value)):
        return None
    return Tag(token, value, known)


def _meant(token: str) -> str | None:
    plain = "-".join(token.lower().split())
    if plain in ("co-authored-by", "co-author-by"):
        return "Co-developed-by"
    for known in KNOWN:
        if plain == known.lower():
            return known
    if not plain.endswith("by") and not plain.startswith("fix"):
        return None
    scores = [
        (SequenceMatcher(None, plain, known.lower()).ratio(), known)
        for known in KNOWN
        if plain[0] == known[0].lower()  # or "Nacked-by" would be a slip for "Acked-by"
    ]
    score, best = max(scores, default=(0.0, ""))
    same_end = plain.endswith("by") == best.endswith("by")
    return best if score >= _ALIKE and same_end else None


def _names(value: str) -> bool:
    """Whether a value names somebody with an address, and little else."""
    head, at, tail = value.partition("@")
    return bool(at) and "." in tail and len(head.split()) <= 8
