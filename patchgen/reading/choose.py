"""Choosing one posting among the versions of a series, and a part of it."""

import re
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass

from patchgen.errors import InputError, UsageError
from patchgen.reading.candidates import Candidate, find_candidates
from patchgen.series.mail.message import Mail
from patchgen.series.model import LeftOut

_PART = re.compile(r"([1-9]\d{0,8})(-([1-9]\d{0,8})?)?")
Posting = tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the user asks for: a version, and the patches of it (``1,3-5,7-``); all if None."""

    version: int | None = None
    patches: str | None = None


@dataclass(frozen=True, slots=True)
class Chosen:
    """The mails of one posting in the order in which they apply, and all the others.

    ``part`` says why this is not the whole posting, if it is not. ``versions`` are those that were
    there.
    """

    mails: Posting
    left_out: tuple[LeftOut, ...] = ()
    part: str = ""
    versions: tuple[int, ...] = ()


EVERYTHING = Wanted()


def choose(mails: Sequence[Mail], wanted: Wanted = EVERYTHING) -> Chosen:
    """Take the newest complete version among ``mails``, or the one that is wanted.

    If there is none that is complete, the newest; the checks will say what is missing. Patches that
    came in one mbox or maildir are put into the order of their numbers, as mail arrives in any;
    those in files of their own stay in the order given. Raises InputError when the wanted version
    or a wanted patch is not there, and when there is no patch at all.
    """
    found, left = find_candidates(mails)
    if all(one.is_cover for one in found):
        raise InputError(
            "no patch among the mails", "give patch files, a directory of them, or an mbox"
        )
    versions = tuple(sorted({one.mail.subject.version for one in found}))
    posting = _wanted_version(found, versions, wanted.version)
    posting, dropped = _without_talk(posting)
    rest = _others(found, posting, left, dropped)
    part = ""
    if wanted.patches is not None:
        taken = _part(posting, wanted.patches)
        kept = {one.at for one in taken}
        rest += [
            one.left_out(f"not chosen with -P {wanted.patches}")
            for one in posting
            if one.at not in kept
        ]
        posting, part = taken, f"only a part was chosen with -P {wanted.patches}"
    elif len(found) == 1 and (found[0].mail.subject.total or 1) > 1:
        part = f"one patch of a series of {found[0].mail.subject.total} was given"
    return Chosen(posting, (*left, *dropped, *rest), part, versions)


def _wanted_version(found: Posting, versions: tuple[int, ...], wanted: int | None) -> Posting:
    if wanted is not None:
        if wanted not in versions:
            there = ", ".join(map(str, versions))
            raise InputError(f"no version {wanted} among the mails", f"there is {there}")
        posting = _best(_of_version(found, wanted))
        if all(one.is_cover for one in posting):
            raise InputError(
                f"no patch of version {wanted} among the mails", "is the thread whole?"
            )
        return posting
    if _fits(found):
        return found
    newest = [_best(_of_version(found, version)) for version in reversed(versions)]
    newest = [posting for posting in newest if any(not one.is_cover for one in posting)]
    return next((posting for posting in newest if _is_complete(posting)), newest[0])


def _of_version(found: Posting, version: int) -> Posting:
    return tuple(one for one in found if one.mail.subject.version == version)


def _fits(found: Posting) -> bool:
    """Whether the mails can be one posting: no number twice, and all numbered or none."""
    numbers = [one.mail.subject.number for one in found]
    if None in numbers:
        return set(numbers) == {None} and len({one.mail.subject.version for one in found}) == 1
    return len(set(numbers)) == len(numbers)


def _is_complete(posting: Posting) -> bool:
    numbers = {one.mail.subject.number for one in posting}
    total = max(one.mail.subject.total or 0 for one in posting)
    return total <= len(posting) and numbers >= set(range(1, total + 1))


def _best(found: Posting) -> Posting:
    """The last complete one of the postings in ``found``; all of it if none is complete.

    What was posted again under the same number is told apart by its thread, or if that does not
    help by total and prefix. What is numbered and by the author of the first comes before others.
    """
    if _fits(found):
        return found
    author = found[0].mail.author.email
    for key in (_thread_of(found), _label):
        complete = [
            (_numbered(posting), posting[0].mail.author.email == author, posting[-1].at, posting)
            for posting in _grouped(found, key)
            if _is_complete(posting) and not all(one.is_cover for one in posting)
        ]
        if complete:
            return max(complete, key=lambda rated: rated[:3])[3]
    return found


def _numbered(posting: Posting) -> bool:
    return posting[0].mail.subject.number is not None


def _grouped(found: Posting, key: Callable[[Candidate], Hashable]) -> Iterable[Posting]:
    groups: dict[Hashable, list[Candidate]] = {}
    for one in found:
        groups.setdefault(key(one), []).append(one)
    return [tuple(group) for group in groups.values()]


def _label(one: Candidate) -> Hashable:
    prefix = tuple(word.upper() for word in one.mail.subject.prefix)
    return one.mail.subject.total, prefix


def _thread_of(found: Posting) -> Callable[[Candidate], Hashable]:
    """What finds the mail at the head of a candidate's posting: the cover letter or first patch.

    A mail with the number of the one it answers was posted again, and heads a thread of its own.
    """
    by_id = {one.mail.message_id: one for one in found if one.mail.message_id}

    def above(one: Candidate) -> Candidate | None:
        if one.is_cover:
            return None
        subject = one.mail.subject
        for name in one.mail.answers:
            other = by_id.get(name)
            if other and other.mail.subject.total == subject.total:
                return other if other.mail.subject.number != subject.number else None
        return None

    heads: dict[int, int] = {}

    def head(one: Candidate) -> Hashable:
        if one.mail.message_id is None:
            return None
        trail: list[Candidate] = []
        at: Candidate | None = one
        while at and at.at not in heads:
            trail.append(at)
            heads[at.at] = at.at
            at = above(at)
        top = heads[at.at] if at else trail[-1].at
        heads.update((step.at, top) for step in trail)
        return top

    return head


def _without_talk(posting: Posting) -> tuple[Posting, tuple[LeftOut, ...]]:
    """Leave out patches that others posted in the discussion, and those that were sent twice."""
    by_id = {one.mail.message_id: one for one in posting if one.mail.message_id}
    numbered = any(one.mail.subject.number is not None for one in posting)
    known: dict[Hashable, Candidate] = {}
    kept: list[Candidate] = []
    left: list[LeftOut] = []
    for one in posting:
        answered = next((by_id[name] for name in one.mail.answers if name in by_id), None)
        stranger = answered and answered.mail.author.email != one.mail.author.email
        if answered and one.mail.subject.number is None and (numbered or stranger):
            left.append(one.left_out("a patch posted in the discussion"))
            continue
        if one.mail.message_id and one.parts.diff:
            first = known.setdefault((one.mail.subject.number, one.patch_id()), one)
            if first is not one:
                left.append(one.left_out(f"the same patch as {first.place}"))
                continue
        kept.append(one)
    return _in_order(kept), tuple(left)


def _in_order(posting: Sequence[Candidate]) -> Posting:
    files = {one.mail.file for one in posting}
    arrived = len(files) < len(posting) or all(_in_maildir(file) for file in files)
    if arrived and all(one.mail.message_id for one in posting):
        return tuple(sorted(posting, key=lambda one: one.mail.subject.number or 0))
    return tuple(posting)


def _in_maildir(file: str) -> bool:
    return file.rpartition("/")[0].endswith(("/cur", "/new"))


def _others(
    found: Posting, posting: Posting, left: Sequence[LeftOut], dropped: Sequence[LeftOut]
) -> list[LeftOut]:
    """What belongs to other versions and postings, with what tells them apart."""
    version = max(one.mail.subject.version for one in posting)
    taken = {one.at for one in posting}
    known = {row.place for row in (*left, *dropped)}
    rest: list[LeftOut] = []
    for one in found:
        if one.at in taken or one.place in known:
            continue
        other = one.mail.subject.version
        if other == version:
            reason = "of another posting of the same version"
        elif other > version:
            reason = f"of version {other}, version {version} is verified"
        else:
            reason = f"of version {other}"
        rest.append(one.left_out(reason))
    return rest


def _part(posting: Posting, wanted: str) -> Posting:
    """The patches whose number, or place if they have none, is in ``wanted``."""
    patches = [one for one in posting if not one.is_cover]
    numbers = {one.at: one.mail.subject.number or place for place, one in enumerate(patches, 1)}
    last = max(numbers.values())
    chosen: set[int] = set()
    for word in wanted.split(","):
        match = _PART.fullmatch(word.strip())
        if match is None:
            raise UsageError(f'"{wanted}" names no patches', "write -P 1,3-5 or -P 4-")
        low = int(match[1])
        high = last if match[2] and not match[3] else int(match[3] or low)
        if low > high or low > last:
            raise InputError(f"no patch {word.strip()} in the series", f"it has 1 to {last}")
        chosen |= set(range(low, min(high, last) + 1))
    taken = tuple(one for one in posting if one.is_cover or numbers[one.at] in chosen)
    if all(one.is_cover for one in taken):
        raise InputError(f"no patch {wanted} in the series", f"it has 1 to {last}")
    return taken
