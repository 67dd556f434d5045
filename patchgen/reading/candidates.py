"""Which mails of a thread can belong to a series, and which are talk about it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

from patchgen.series.diff.scanner import SIGNATURE
from patchgen.series.mail.message import Mail
from patchgen.series.model import LeftOut
from patchgen.series.parts import Parts, take_apart
from patchgen.series.text import to_bytes

_MOVED = ("index ", "@@ ", "diff ")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A mail that may be the cover letter or a patch, with its parts; ``at`` is its place."""

    mail: Mail
    parts: Parts
    at: int

    @property
    def is_cover(self) -> bool:
        """Whether this is a cover letter."""
        return self.mail.subject.number == 0

    @property
    def place(self) -> str:
        """``file:line``, for reasons."""
        return f"{self.mail.file}:{self.mail.subject_line}"

    def left_out(self, reason: str) -> LeftOut:
        """The record that this one was not taken."""
        return LeftOut(self.place, reason)

    def patch_id(self) -> bytes:
        """The same for patches that do the same elsewhere in a file, as with ``git patch-id``."""
        digest = sha256()
        for _, text in self.parts.diff:
            if text == SIGNATURE:
                break
            if text and not text.startswith(_MOVED):
                digest.update(to_bytes("".join(text.split())) + b"\n")
        return digest.digest()


def find_candidates(mails: Sequence[Mail]) -> tuple[tuple[Candidate, ...], tuple[LeftOut, ...]]:
    """The mails that can be cover letters and patches, and the others with the reason.

    A reply is never one as long as there are others: people answer with diffs, too. Neither is a
    diff in a mail that has no ``[PATCH]``, where others have it.
    """
    left: list[LeftOut] = []
    once = _different(mails, left)
    parted = [Candidate(mail, take_apart(mail), at) for at, mail in once]
    posted = [one for one in parted if not one.mail.subject.reply and _is_part(one)]
    posted = posted if any(not one.is_cover for one in posted) else []
    chosen = posted or [one for one in parted if one.parts.diff or _is_posted_cover(one)]
    chosen = chosen or [one for one in parted if _is_posted(one)]
    prefixed = {one.at for one in chosen if one.mail.subject.prefix}
    if prefixed:
        chosen = [one for one in chosen if one.at in prefixed or not one.mail.answers]
    kept = {one.at for one in chosen} - set(_quoting(chosen, left))
    for one in parted:
        if one.at not in kept and one.place not in {row.place for row in left}:
            left.append(one.left_out(_why_not(one)))
    return tuple(one for one in chosen if one.at in kept), tuple(left)


def _different(mails: Sequence[Mail], left: list[LeftOut]) -> Iterator[tuple[int, Mail]]:
    """Without mails that arrived twice, as they do by way of several lists."""
    seen: dict[tuple[str, str], Mail] = {}
    for at, mail in enumerate(mails):
        key = (mail.message_id or "", str(mail.subject))
        first = seen.setdefault(key, mail) if mail.message_id else mail
        if first is mail:
            yield at, mail
        else:
            reason = f"the same mail as {first.file}:{first.subject_line}"
            left.append(LeftOut(f"{mail.file}:{mail.subject_line}", reason))


def _is_part(one: Candidate) -> bool:
    return one.mail.subject.number is not None or bool(one.parts.diff)


def _is_posted_cover(one: Candidate) -> bool:
    return one.is_cover and not one.mail.subject.reply


def _is_posted(one: Candidate) -> bool:
    """Whether a mail says that it is a patch; its diff may be lost, as in HTML."""
    return (
        any(word.upper() == "PATCH" for word in one.mail.subject.prefix)
        and not one.mail.subject.reply
    )


def _quoting(chosen: Sequence[Candidate], left: list[LeftOut]) -> Iterator[int]:
    """Replies by mailers that do not say so: no diff, but the number of a patch they answer."""
    by_id = {one.mail.message_id: one for one in chosen if one.mail.message_id}
    for one in chosen:
        if one.parts.diff or one.is_cover:
            continue
        for answered in (by_id[name] for name in one.mail.answers if name in by_id):
            if answered.parts.diff and answered.mail.subject.number == one.mail.subject.number:
                left.append(one.left_out("a reply"))
                yield one.at
                break


def _why_not(one: Candidate) -> str:
    if one.mail.subject.reply:
        return "a reply"
    return "a diff in the discussion" if one.parts.diff else "neither a patch nor a cover letter"
