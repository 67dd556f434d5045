"""What stops the hunks of a file: looked for in the file as it is."""

from collections.abc import Iterator, Sequence

from patchgen.series.diff.hunks import FileDiff, Hunk
from patchgen.series.text import from_bytes
from patchgen.trees.diagnosis.causes import Cause, Why
from patchgen.trees.placement import PlacedFile, image, place_hunks

_FEW = 3
_MANY = 200


def failing_hunks(data: bytes, file: FileDiff) -> tuple[Hunk, ...]:
    """The hunks that fit nowhere when those above them that fit are in place.

    Of very many hunks only the first are looked at.
    """
    placed: list[Hunk] = []
    failing: list[Hunk] = []
    content = PlacedFile(data)
    for hunk in file.hunks[:_MANY]:
        if place_hunks(content, [*placed, hunk]) is None:
            failing.append(hunk)
        else:
            placed.append(hunk)
    return tuple(failing)


def why_not_here(data: bytes, file: FileDiff, hunk: Hunk) -> Iterator[Cause]:
    """What is the matter with a hunk that fits nowhere, as far as the file shows."""
    content = PlacedFile(data)
    yield from _there_already(content, file)
    old = image(hunk, "-")
    places = list(content.find(b"".join(old))) if old else []
    if places:
        yield _misfit(content, file, hunk, places)
    elif cause := _white_space(data, old):
        yield cause


def lines_nowhere(hunk: Hunk, lines: Sequence[str], path: str) -> Iterator[Cause]:
    """Whether the file has none of the lines that a hunk takes out: then they came with a patch.

    The place that is most like the hunk says little then.
    """
    have = {*lines}
    gone = [line.text[1:] for line in hunk.lines if line.text.startswith("-")]
    telling = [text.strip() for text in gone if any(map(str.isalnum, text))]
    if telling and not any(text in have for text in gone if any(map(str.isalnum, text))):
        which = "which the patch takes out"
        if len(telling) > 1:
            which = f"nor any other of the {len(telling)} that the patch takes out there"
        yield Cause(Why.LINES_NOWHERE, f'"{path}" has no line "{telling[0]}", {which}')


def _there_already(content: PlacedFile, file: FileDiff) -> Iterator[Cause]:
    done = [
        number
        for number, hunk in enumerate(file.hunks, 1)
        if hunk.added and any(content.find(b"".join(image(hunk, "+"))))
    ]
    done = [number for number in done if not any(content.find(_old(file.hunks[number - 1])))]
    if done:
        which = "the hunk is" if len(file.hunks) == 1 else _numbers(done)
        yield Cause(Why.ALREADY_APPLIED, f'{which} in "{file.path}" already')


def _old(hunk: Hunk) -> bytes:
    return b"".join(image(hunk, "-")) or b"\0"


def _numbers(numbers: Sequence[int]) -> str:
    listed = ", ".join(map(str, numbers[:_FEW])) + (" and more" if len(numbers) > _FEW else "")
    return f"hunk{'s' if len(numbers) > 1 else ''} {listed} {'are' if len(numbers) > 1 else 'is'}"


def _misfit(content: PlacedFile, file: FileDiff, hunk: Hunk, places: Sequence[int]) -> Cause:
    """Why git does not take a hunk although its lines are there."""
    at = places[0] + 1
    size = len(hunk.pre_image)
    if hunk.old_start <= 1 and 0 not in places:
        return Cause(
            Why.NOT_AT_BEGINNING,
            f"the lines are at line {at}; a hunk that begins at line 1 fits at the beginning only",
        )
    if not _has_context_below(hunk) and all(place + size != len(content.lines) for place in places):
        return Cause(
            Why.NOT_AT_END,
            f"the lines are at line {at}; a hunk without context below them fits at the end only",
        )
    return Cause(Why.LINES_TAKEN, f'another hunk for "{file.path}" has taken the lines at {at}')


def _has_context_below(hunk: Hunk) -> bool:
    marks = [line.text[:1] for line in hunk.lines if not line.text.startswith("\\")]
    return marks[-1:] in ([" "], [""])


def _white_space(data: bytes, old: Sequence[bytes]) -> Cause | None:
    """Whether the lines are there but for white space."""
    lines = data.split(b"\n")
    if lines[-1] == b"":
        lines.pop()
    wanted = [line.removesuffix(b"\n") for line in old]
    if not wanted:
        return None
    for why, says, key in (
        (Why.LAST_NEWLINE, "only the newline at the end of the file differs", lambda line: line),
        (Why.LINE_ENDS, "", lambda line: line.removesuffix(b"\r")),
        (Why.WHITE_SPACE, "only white space at the ends of lines differs", bytes.rstrip),
        (Why.WHITE_SPACE, "", lambda line: b" ".join(line.split())),
        (Why.WHITE_SPACE, "only white space differs", lambda line: b"".join(line.split())),
    ):
        have, want = [key(line) for line in lines], [key(line) for line in wanted]
        size = len(want)
        for at in range(len(have) - size + 1):
            if have[at] == want[0] and have[at : at + size] == want:
                pairs = list(zip(wanted, lines[at : at + size], strict=True))
                return Cause(why, f"{says or _which(why, pairs)} (line {at + 1})")
    return None


def _which(why: Why, pairs: Sequence[tuple[bytes, bytes]]) -> str:
    """What is on which side, in the first line that differs."""
    ours, theirs = next((pair for pair in pairs if pair[0] != pair[1]), pairs[0])
    if why is Why.LINE_ENDS:
        dos = "the patch" if ours.endswith(b"\r") else "the file"
        return f"only line ends differ: {dos} has carriage returns"
    kinds = [_kind(ours), _kind(theirs)]
    if kinds[0] != kinds[1]:
        return f"only white space differs: {kinds[0]} in the patch, {kinds[1]} in the file"
    return f'only white space differs, as in "{from_bytes(theirs).strip()}"'


def _kind(line: bytes) -> str:
    indent = line[: len(line) - len(line.lstrip())]
    return "tabs" if b"\t" in indent else "blanks" if indent else "nothing"
