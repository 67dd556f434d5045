"""Making the configuration of a build directory."""

import os
from dataclasses import dataclass
from pathlib import Path

from patchgen.building.kbuild.configuration import Configuration
from patchgen.building.kbuild.making import KernelMake
from patchgen.building.kbuild.place import ObjectPlace, write_whole
from patchgen.process import Completed


@dataclass(frozen=True, slots=True)
class Configurator:
    """Writes ``.config`` so that it is the same for the same base, whatever was built before."""

    make: KernelMake
    place: ObjectPlace
    configuration: Configuration

    @property
    def kept(self) -> Path:
        """The configuration of the base as it was last made."""
        return self.place.directory / "config"

    def configure_base(self, commit: str) -> Completed:
        """Configure for the base; nothing is to be done where it is that of ``commit`` already.

        A file that comes out as it was keeps its time stamp: nothing has to be made again.
        """
        stamp = self.place.directory / "configured"
        seed = b"%s\n%s" % (commit.encode(), self.configuration.seed)
        before = self._read()
        if commit and before and _read(stamp) == seed and _read(self.kept) == before:
            return Completed(0, b"")
        then = self._path.lstat().st_mtime_ns if before else 0
        stamp.unlink(missing_ok=True)
        if self.configuration.target:
            done = self.make.run(self.configuration.target)
            if done.status or done.stopped:
                return done
            self._write((self._read() or b"") + self.configuration.lines)
        else:
            self._write(self.configuration.lines)
        done = self.adapt()
        if done.status == 0 and not done.stopped:
            after = self._read() or b""
            if after == before:
                os.utime(self._path, ns=(then, then), follow_symlinks=False)
            write_whole(self.kept, after)
            write_whole(stamp, seed)
        return done

    def adapt(self) -> Completed:
        """Give what the tree's Kconfig files have come to know of its default value."""
        return self.make.run("olddefconfig")

    @property
    def _path(self) -> Path:
        return self.place.objects / ".config"

    def _read(self) -> bytes | None:
        return _read(self._path)

    def _write(self, data: bytes) -> None:
        """A new file: what stands there may be a link that a series' commands have made."""
        self._path.unlink(missing_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
        with os.fdopen(os.open(self._path, flags, 0o644), "wb") as stream:
            stream.write(data)


def _read(path: Path) -> bytes | None:
    """What a file holds; None where there is none, or a link."""
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as stream:
            return stream.read()
    except OSError:
        return None
