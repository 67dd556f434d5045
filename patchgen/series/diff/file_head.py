"""The head of a file's diff: what stands between ``diff --git`` and the first hunk.

Names are found as ``parse_git_diff_header()`` and ``parse_traditional_patch()`` in git's apply.c
find them with ``-p1``, and where the head says a thing twice it is noted when the two differ.
"""

import re

from patchgen.series.diff.header_names import git_names, name_of_line, names_agree, unprefixed
from patchgen.series.diff.hunks import BinaryHunk, FileDiff, Hunk
from patchgen.series.diff.quoting import unquoted

_MODE = re.compile(r"(old mode|new mode|new file mode|deleted file mode) ([0-7]{6})")
_MOVE = re.compile(r"(rename|copy) (from|to|old|new) (.*)")
_INDEX = re.compile(r"index ([0-9a-f]{4,64})\.\.([0-9a-f]{4,64})(?: ([0-7]{6}))?")
_SIMILARITY = re.compile(r"(?:dis)?similarity index (\d{1,3})%?")
_MODES = ("100644", "100755", "120000", "160000")
_GIT = "diff --git "


class FileHead:
    """The lines between ``diff --git`` and the first hunk.

    ``faults`` are what git would refuse, or believe although the head contradicts itself.
    """

    def __init__(self, first: str) -> None:
        first = first.removesuffix("\r")
        self.names = first.removeprefix(_GIT) if first.startswith(_GIT) else None
        self.old_path, self.new_path = git_names(self.names) if self.names else (None, None)
        self.old_mode: str | None = None
        self.new_mode: str | None = None
        self.old_id: str | None = None
        self.new_id: str | None = None
        self.similarity: int | None = None
        self.binary = self.renamed = self.copied = False
        self.faults: list[str] = []
        self._minus: str | None = None
        self._plus: str | None = None
        self._kind = ""
        self._mode_kinds: set[str] = set()

    def awaits(self, text: str) -> bool:
        """Whether a ``--- `` line still belongs to this file."""
        return text.startswith("--- ") and self._minus is None

    @property
    def unprefixed(self) -> str | None:
        """The file's name where it stands without ``a/`` and ``b/``, else None."""
        return unprefixed(self.names) if self.names else None

    def take(self, text: str) -> bool:
        """Read one header line; False when it is none. To git a carriage return is a blank."""
        text = text.removesuffix("\r")
        if text.startswith("--- "):
            self._minus = text[4:]
            self.old_path = self._path(text[4:], self.old_path)
        elif text.startswith("+++ "):
            self._plus = text[4:]
            self.new_path = self._path(text[4:], self.new_path)
            if self.names is None:
                self._agree_as_traditional()
        elif match := _MODE.fullmatch(text):
            self._mode(match[1], match[2])
        elif match := _MOVE.fullmatch(text):
            self._move(match[1], match[2], match[3])
        elif text.startswith(("GIT binary patch", "Binary files ", "Files ")):
            self.binary = text.startswith("GIT") or text.endswith(" differ")
            return self.binary
        elif text.startswith("index "):
            self._index(text)
        elif match := _SIMILARITY.fullmatch(text):
            self.similarity = int(match[1])
        else:
            return False
        return True

    def file(
        self, hunks: tuple[Hunk, ...], binary_hunks: tuple[BinaryHunk, ...], line: int
    ) -> FileDiff:
        """What the head says, together with the hunks below it."""
        return FileDiff(
            self.old_path,
            self.new_path,
            hunks,
            line,
            self.new_mode,
            self.binary,
            self.renamed,
            self.copied,
            self.old_mode,
            self.old_id,
            self.new_id,
            self.similarity,
            binary_hunks,
            self.names is not None,
        )

    def close(self) -> None:
        """Hold the lines of the whole head against each other."""
        if self.names is None:
            return
        old, new = self.old_path, self.new_path
        if not names_agree(self.names, old or new or "", new or old or ""):
            self.faults.append(
                f'"{_GIT}{self.names}" does not name "{old or new}" and "{new or old}", '
                "the lines below it do"
            )
        elif old and new and old != new and not (self.renamed or self.copied):
            self.faults.append(f'"--- {self._minus}" and "+++ {self._plus}" name different files')
        if ("old mode" in self._mode_kinds) != ("new mode" in self._mode_kinds):
            self.faults.append("one of old mode and new mode is missing")
        if self.old_mode and self.new_mode and self.old_mode[:3] != self.new_mode[:3]:
            self.faults.append(
                f"mode {self.old_mode} cannot become {self.new_mode}: another kind of file"
            )

    def _path(self, text: str, known: str | None) -> str | None:
        name = name_of_line(text, by_git=self.names is not None)
        if name is None:
            if self.names is not None and known is not None:
                self.faults.append(f'"{text}" stands where the head names the file "{known}"')
            return None
        if self.names is not None and known is None and self._kind:
            self.faults.append(f'"{text}" stands where /dev/null must: the file is {self._kind}')
            return None
        return name

    def _agree_as_traditional(self) -> None:
        """A diff that is not git's knows no renames: git takes the second name, or the shorter."""
        if self.old_path and self.new_path:
            shorter = self.new_path.startswith(self.old_path)
            self.old_path = self.new_path = self.old_path if shorter else self.new_path

    def _mode(self, kind: str, mode: str) -> None:
        if kind in self._mode_kinds:
            self.faults.append(f'"{kind}" stands twice')
        self._mode_kinds.add(kind)
        if mode not in _MODES:
            self.faults.append(f'"{kind} {mode}" is no mode of a file')
        if kind == "new file mode":
            self._becomes("created")
            self.old_path, self.new_mode = None, mode
        elif kind == "deleted file mode":
            self._becomes("deleted")
            self.new_path, self.old_mode = None, mode
        elif kind == "new mode":
            self.new_mode = mode
        else:
            self.old_mode = mode

    def _move(self, kind: str, end: str, name: str) -> None:
        self._becomes("renamed" if kind == "rename" else "copied")
        self.renamed, self.copied = kind == "rename", kind == "copy"
        if end in ("from", "old"):
            self.old_path = unquoted(name)
        else:
            self.new_path = unquoted(name)

    def _becomes(self, kind: str) -> None:
        if self._kind and self._kind != kind:
            self.faults.append(f"the file is said to be {self._kind} and {kind}")
        self._kind = kind

    def _index(self, text: str) -> None:
        match = _INDEX.fullmatch(text)
        if not match:
            self.faults.append(f'"{text}" cannot be read')
            return
        self.old_id, self.new_id = match[1], match[2]
        if match[3]:
            self.old_mode = match[3]
            if match[3] not in _MODES:
                self.faults.append(f'"{text}" has no mode of a file')
