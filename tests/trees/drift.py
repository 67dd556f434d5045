"""Bases that drifted away from the one a patch was made on, with the truth known.

A file is a run of functions, many of them alike. Every line has an identity of its own that
moves with it, and a copy of a function gets new ones: so wherever git puts a hunk, it can be told
whether these are the lines that it was made for.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import count

MARK = "\tmark_of_the_patch(d, {});"
_BODY = (
    "\tlock(d);",
    "\tunlock(d);",
    "\tif (!d->ready)",
    "\t\treturn -EBUSY;",
    "\td->state = 0;",
    "\td->state = 1;",
    "\twrite_reg(d, REG_A, 0);",
    "\twrite_reg(d, REG_B, 1);",
    "\tret = read_reg(d, REG_A);",
    "\tif (ret < 0)",
    "\t\tgoto out;",
    "\tfor (i = 0; i < d->count; i++)",
    "\t\treset_slot(d, i);",
    "",
    "\t/* settle */",
    "\tudelay(10);",
)
_KINDS = (
    *("similar above", "similar below", "similar anywhere", "moved") * 6,
    *("other renamed", "lines elsewhere", "other removed") * 6,
    *("edited", "parameter", "removed") * 2,
    *("renamed", "duplicated"),
)
_TYPES = ("static int", "int", "static void", "static inline int", "static __always_inline u32")


@dataclass(frozen=True)
class Piece:
    """A line and what it is."""

    identity: int
    text: str


@dataclass
class Function:
    """A function: its heading, and the lines above and below it. ``origin`` moves with it."""

    origin: int
    heading: Piece
    body: list[Piece]
    above: list[Piece] = field(default_factory=list)
    below: list[Piece] = field(default_factory=list)

    @property
    def pieces(self) -> list[Piece]:
        """All lines."""
        return [*self.above, self.heading, *self.body, *self.below]


@dataclass
class Case:
    """A file, the file with the change, the file as it drifted, and where the change belongs.

    ``relative`` is much like the original, as a version that the author's own commits are not in.

    ``belongs`` holds, for every mark, the identity of the line above it and the origin of its
    function, ``replaced`` whether it takes the place of a line; ``kinds`` are the names of what
    happened to the file.
    """

    original: list[str]
    relative: list[str]
    changed: list[str]
    drifted: list[Piece]
    owners: dict[int, int]
    belongs: list[tuple[int, int]]
    replaced: list[bool]
    kinds: list[str]

    @property
    def text(self) -> bytes:
        """The drifted file."""
        return file_of([piece.text for piece in self.drifted])

    def fates(self, result: bytes) -> list[str]:
        """Where each mark went in what a tool made of the drifted file.

        "right", "wrong function", or "same function" for another place in the right one.
        """
        fates = [""] * len(self.belongs)
        at = 0
        marks = {MARK.format(number): number for number in range(len(fates))}
        for line in result.decode().splitlines():
            if (number := marks.get(line)) is None:
                assert line == self.drifted[at].text
                at += 1
                continue
            above, (identity, origin) = self.drifted[at - 1], self.belongs[number]
            same = self.owners.get(above.identity) == origin
            fates[number] = "same function" if same else "wrong function"
            if above.identity == identity:
                fates[number] = "right"
            at += self.replaced[number]
        assert at == len(self.drifted)
        return fates


def file_of(lines: Sequence[str]) -> bytes:
    """A file of these lines."""
    return "".join(line + "\n" for line in lines).encode()


class Drift:
    """Makes a case from a seed."""

    def __init__(self, seed: int) -> None:
        self.source = random.Random(seed)
        self._other_source = random.Random(f"relative {seed}")
        self._identities = count(1)
        self._names = count(1)
        self._first = 0
        self._removed = False

    def make(self) -> Case:
        """A file, a change to it, and a drift."""
        source = self.source
        functions = [self._function() for _ in range(source.randint(1, 3))]
        while len(functions) < source.randint(5, 12):
            model = source.choice(functions)
            fresh = self._function() if source.random() < 0.3 else self._copy(model)
            functions.insert(source.randint(0, len(functions)), fresh)
        head = [self._piece(text) for text in ("#include <linux/d.h>", "#include <linux/io.h>", "")]
        original = head + [piece for one in functions for piece in one.pieces]
        relative = self._relative(original)
        chosen = source.sample(functions, 2 if source.random() < 0.2 else 1)
        marks: dict[int, int] = {}
        for number, function in enumerate(chosen):
            self._mark(function, number, marks)
        changed, belongs, replaced = self._changed(original, marks, functions)
        self._first = next(self._identities)
        wanted = source.choices(_KINDS, k=source.choice((1, 1, 2, 2, 3)))
        wanted.sort(key=lambda kind: "removed" in kind)
        kinds = [self._drift(kind, functions, chosen) for kind in wanted]
        drifted = head + [piece for one in functions for piece in one.pieces]
        owners = {piece.identity: one.origin for one in functions for piece in one.pieces}
        return Case(
            [one.text for one in original],
            relative,
            changed,
            drifted,
            owners,
            belongs,
            replaced,
            kinds,
        )

    def _relative(self, original: Sequence[Piece]) -> list[str]:
        """Now and then with other lines somewhere, and mostly with some on top."""
        source = self._other_source
        lines = [piece.text for piece in original]
        if source.random() < 0.5:
            lines[source.randrange(len(lines))] = source.choice(_BODY)
        return [f"#define E_{n} {n}" for n in range(source.randint(0, 5))] + lines

    def _piece(self, text: str) -> Piece:
        return Piece(next(self._identities), text)

    def _heading(self) -> str:
        kind = self.source.choice(_TYPES)
        more = self.source.choice(("", "", ", int n", ", unsigned long flags"))
        return f"{kind} f{next(self._names)}_op(struct d *d{more})"

    def _function(self) -> Function:
        source = self.source
        texts = source.choices(_BODY, k=source.randint(6, 28))
        label = ["out:"] if source.random() < 0.04 else []
        at = source.randint(3, len(texts))
        body = ["{", "\tint ret = 0, i;", "", *texts[:at], *label, *texts[at:], "\treturn ret;"]
        above = ["/* does it */"] if source.random() < 0.3 else []
        return Function(
            next(self._identities),
            self._piece(self._heading()),
            [self._piece(text) for text in [*body, "}"]],
            [self._piece(text) for text in above],
            [self._piece("")],
        )

    def _copy(self, model: Function, heading: str | None = None) -> Function:
        """A function like another one, with lines of its own; now and then one line differs."""
        made = Function(
            next(self._identities),
            self._piece(heading or self._heading()),
            [self._piece(piece.text) for piece in model.body],
            [self._piece(piece.text) for piece in model.above],
            [self._piece(piece.text) for piece in model.below],
        )
        if self.source.random() < 0.3:
            self._edit(made)
        return made

    def _edit(self, function: Function) -> None:
        at = self.source.randrange(3, max(len(function.body) - 2, 4))
        text = self.source.choice(_BODY)
        if function.body[at].text != text:
            function.body[at] = self._piece(text)

    def _mark(self, function: Function, number: int, marks: dict[int, int]) -> None:
        """Choose the line of a function below which the patch puts a line of its own."""
        at = self.source.randrange(2, len(function.body) - 2)
        marks[function.body[at].identity] = number

    def _changed(
        self, original: Sequence[Piece], marks: dict[int, int], functions: Sequence[Function]
    ) -> tuple[list[str], list[tuple[int, int]], list[bool]]:
        owners = {piece.identity: one.origin for one in functions for piece in one.pieces}
        changed: list[str] = []
        belongs: dict[int, tuple[int, int]] = {}
        replaced: dict[int, bool] = {}
        skipped = False
        for piece in original:
            if not skipped:
                changed.append(piece.text)
            skipped = False
            if (number := marks.get(piece.identity)) is not None:
                belongs[number] = (piece.identity, owners[piece.identity])
                changed.append(MARK.format(number))
                replaced[number] = skipped = self.source.random() < 0.5
        order = sorted(belongs)
        return changed, [belongs[at] for at in order], [replaced[at] for at in order]

    def _drift(self, kind: str, functions: list[Function], chosen: Sequence[Function]) -> str:
        """Let something happen to the file, mostly near the change; return what."""
        source = self.source
        near, other = source.choice(chosen), source.choice(functions)
        function = near if source.random() < 0.6 and near in functions else other
        if kind.startswith("other"):
            function = source.choice([one for one in functions if one not in chosen] or [other])
        if kind.startswith("similar"):
            self._insert_copy(functions, function, kind.split(" ")[1])
        elif kind == "moved":
            functions.remove(function)
            functions.insert(source.randint(0, len(functions)), function)
        elif kind == "duplicated":
            twin = self._copy(function, function.heading.text)
            twin.above.insert(0, self._piece("#ifdef CONFIG_D"))
            twin.below.insert(0, self._piece("#else"))
            functions.insert(functions.index(function), twin)
            function.below = [self._piece("#endif"), *function.below]
        elif kind == "edited":
            self._edit(function)
        elif kind == "lines elsewhere":
            lines = [self._piece(f"#define D_{n} {n}") for n in range(source.randint(1, 9))]
            other.above[:0] = [*lines, self._piece("")]
        elif kind.endswith("removed"):
            return self._remove(functions, function, function in chosen)
        else:
            text = function.heading.text.replace(")", ", void *priv)")
            alone = sum(one.heading.text == function.heading.text for one in functions) == 1
            text = self._heading() if kind.endswith("renamed") and alone else text
            function.heading = replace(function.heading, text=text)
        return kind.replace("other ", "") if function in chosen else kind

    def _insert_copy(self, functions: list[Function], function: Function, where: str) -> None:
        at = functions.index(function) + (where == "below")
        if where == "anywhere":
            at = self.source.randint(0, len(functions))
        functions.insert(at, self._copy(function))

    def _remove(self, functions: list[Function], function: Function, own: bool) -> str:
        """Remove a function, but not next to a new one: that were another name for it."""
        at = functions.index(function)
        around = [*functions[max(at - 1, 0) : at], *functions[at + 1 : at + 2]]
        if len(functions) < 3 or self._removed or any(one.origin > self._first for one in around):
            return "nothing"
        self._removed = True
        functions.remove(function)
        return "removed" if own else "other removed"
