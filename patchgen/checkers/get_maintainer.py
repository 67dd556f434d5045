"""Asking the base tree's ``scripts/get_maintainer.pl`` who has to hear of a patch."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from patchgen.checkers.names import SCRIPTS
from patchgen.checkers.posted import PlainMail
from patchgen.checkers.scripts import Bench, failure
from patchgen.series.diff.hunks import FileDiff
from patchgen.series.mail.identity import Identity
from patchgen.series.trailers.people import person

SCRIPT = SCRIPTS["get_maintainer"]
_READ_BY_IT = ("MAINTAINERS", ".get_maintainer.conf", ".get_maintainer.ignore", ".mailmap")
_HOW = ("--no-tree", "--no-git", "--no-git-fallback", "--roles", "--no-rolestats")
_ROLE = re.compile(r"(.*\S) \(([^()]*(?:\([^()]*\)[^()]*)*)\)")


@dataclass(frozen=True, slots=True)
class Concerned:
    """Somebody, or a list, whom MAINTAINERS names for a patch, and as what: ``maintainer:KVM``."""

    who: Identity
    role: str

    @property
    def is_list(self) -> bool:
        """Whether this is a mailing list."""
        return "list" in self.kind

    @property
    def decides(self) -> bool:
        """Whether this is somebody who maintains what is changed."""
        return self.kind in ("maintainer", "supporter")

    @property
    def kind(self) -> str:
        """The role without the section of MAINTAINERS."""
        return self.role.partition(":")[0]

    @property
    def name(self) -> str:
        """A name if there is one, else the address."""
        return self.who.name or self.who.email


def who_is_concerned(bench: Bench, mail: PlainMail) -> tuple[Concerned, ...]:
    """Whom MAINTAINERS names for this patch. Raises CheckerError when the script fails."""
    bench.bring(*_READ_BY_IT)
    bench.make_directories_of(_paths(mail.patch.diff.files))
    name = f"{mail.patch.position:04}.patch"
    bench.write(name, mail.data)
    status, said = bench.perl(SCRIPT, *_HOW, name, files=1)
    if status:
        raise failure(SCRIPT, said)
    return tuple(
        Concerned(person(match[1]), match[2]) for line in said if (match := _ROLE.fullmatch(line))
    )


def _paths(files: tuple[FileDiff, ...]) -> Iterator[str]:
    for file in files:
        yield from (path for path in (file.old_path, file.new_path) if path)
