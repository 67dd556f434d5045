"""Scissors lines: where ``git am --scissors`` begins to read the message."""

import re

_SCISSORS = (">8", "8<", ">%", "%<")
_PIECE = re.compile(r"[ \t\n\v\f\r]|-|>8|8<|>%|%<|.", re.DOTALL)
_BLANK = " \t\n\v\f\r"
_SHORTEST = 8


def is_scissors(text: str) -> bool:
    """Whether the line is scissors as ``is_scissors_line()`` in git 2.39's mailinfo.c has it.

    More than a third of it is perforation, and scissors and dashes are more than half of that.
    """
    if not any(mark in text for mark in _SCISSORS):
        return False
    visible = len(text.strip(_BLANK).encode("utf-8", "surrogateescape"))
    perforation = gap = 0
    in_perforation = False
    last = ""
    for piece in _PIECE.findall(f"{text}\n"):
        if piece in _BLANK:
            gap += in_perforation
            perforation += in_perforation
            continue
        last = piece
        in_perforation = piece == "-" or piece in _SCISSORS
        perforation += len(piece) * in_perforation
    visible -= last in _SCISSORS  # git looks at the first half of the last scissors
    return _SHORTEST <= visible < perforation * 3 and gap * 2 < perforation
