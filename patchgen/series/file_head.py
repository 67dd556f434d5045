"""The head of a file's diff: what stands between ``diff --git`` and the first hunk."""

import re

from patchgen.series.quoting import unquoted

_MODE = re.compile(r"(old mode|new mode|new file mode|deleted file mode) (\d{6})")
_MOVE = re.compile(r"(rename from|rename to|copy from|copy to) (.*)")
_INDEX = re.compile(r"index [0-9a-f]{4,64}\.\.[0-9a-f]{4,64}(?: \d{6})?$|(?:dis)?similarity index ")


class FileHead:
    """The lines between ``diff --git`` and the first hunk."""

    def __init__(self, first: str) -> None:
        self.old_path, self.new_path = _git_paths(first)
        self.new_mode: str | None = None
        self.binary = False
        self.moved = False
        self._minus = self._plus = False

    def awaits(self, text: str) -> bool:
        """Whether a ``--- `` line still belongs to this file."""
        return text.startswith("--- ") and not self._minus

    def take(self, text: str) -> bool:
        """Read one header line; False when it is none."""
        if text.startswith("--- "):
            self._minus, self.old_path = True, _path(text[4:], self.old_path)
        elif text.startswith("+++ "):
            self._plus, self.new_path = True, _path(text[4:], self.new_path)
        elif match := _MODE.fullmatch(text):
            self._mode(match[1], match[2])
        elif match := _MOVE.fullmatch(text):
            self.moved = True
            if match[1].endswith("from"):
                self.old_path = unquoted(match[2])
            else:
                self.new_path = unquoted(match[2])
        elif text.startswith(("GIT binary patch", "Binary files ")):
            self.binary = True
        else:
            return _INDEX.match(text) is not None
        return True

    def _mode(self, kind: str, mode: str) -> None:
        if kind == "new file mode":
            self.old_path, self.new_mode = None, mode
        elif kind == "deleted file mode":
            self.new_path = None
        elif kind == "new mode":
            self.new_mode = mode


def _git_paths(header: str) -> tuple[str | None, str | None]:
    """The names in ``diff --git a/x b/x``; with blanks in them both halves must be the same."""
    rest = header.removeprefix("diff --git ")
    if rest == header:
        return None, None
    if rest.startswith('"'):
        closing = re.match(r'"((?:[^"\\]|\\.)*)" (.*)', rest)
        if closing:
            return _stripped(unquoted(f'"{closing[1]}"')), _stripped(unquoted(closing[2]))
    for match in re.finditer(r" ", rest):
        left, right = rest[: match.start()], unquoted(rest[match.end() :])
        if _stripped(left) == _stripped(right):
            return _stripped(left), _stripped(right)
    left, _, right = rest.partition(" ")
    return _stripped(left), _stripped(unquoted(right))


def _path(text: str, known: str | None) -> str | None:
    name = unquoted(text.split("\t")[0])
    if name == "/dev/null":
        return None
    return known if known and _stripped(name) == known else _stripped(name)


def _stripped(name: str) -> str:
    """Without the first component, ``a/`` or ``b/``: what ``-p1`` removes."""
    return name.partition("/")[2] or name
