"""Running what a series brings: no network, no home, no rights, and limits on all it can use up.

The walls are bubblewrap's. A user namespace without capabilities keeps a process that belongs to
root from giving itself rights over read-only mounts; nothing but the named directories and a
small /tmp can be written to.
"""

import enum
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from patchgen.process import Completed, run
from patchgen.watching import Allowance, watcher

PLAIN = {"LC_ALL": "C", "PATH": "/usr/bin:/bin", "TZ": "UTC"}
"""The environment of a command that needs nothing of ours."""

_WALLS = (
    *("--unshare-all", "--unshare-user", "--cap-drop", "ALL"),
    *("--die-with-parent", "--new-session"),
)
_NO_MORE_NAMESPACES = "--disable-userns"  # bubblewrap 0.8
_TMP_SIZE = 1 << 28
_SYSTEM = ("/usr", "/lib", "/lib32", "/lib64", "/libx32", "/bin", "/sbin")
_SETTINGS = ("/etc/alternatives", "/etc/ld.so.cache", "/etc/ld.so.conf")


class Walls(enum.Enum):
    """Whether what a series brings may run outside a sandbox."""

    REQUIRED = "required"
    IF_POSSIBLE = "if-possible"
    NONE = "none"

    def stand(self) -> bool | None:
        """Whether commands run within walls; None when they must not run at all."""
        if self is Walls.NONE:
            return False
        return has_walls() or (None if self is Walls.REQUIRED else False)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a command may use up.

    Seconds; bytes of memory, for each process and for all of them together; processes; bytes
    that the writable directories may grow by; and bytes of output.
    """

    seconds: float = 60.0
    memory: int = 1 << 30
    processes: int = 256
    disk: int = 1 << 30
    output: int = 64 << 20


@dataclass(frozen=True, slots=True)
class Sandbox:
    """Where a command runs, what it can see besides that directory and the system; its limits.

    What is writable may lie within what is readable.
    """

    directory: Path
    readable: tuple[Path, ...] = ()
    writable: tuple[Path, ...] = ()
    limits: Limits = field(default_factory=Limits)


@cache
def has_walls() -> bool:
    """Whether there is a sandbox here: bubblewrap is installed and may make one."""
    return _probe(*_WALLS)


def run_confined(
    argv: Sequence[str],
    sandbox: Sandbox,
    walls: bool,
    environment: Mapping[str, str] = PLAIN,
) -> Completed:
    """Run ``argv`` within its limits, and within ``walls``, which must be possible here.

    The limits hold in both cases, but without walls a process can leave its session and with it
    our sight. A program that is not there ends with status 127.
    """
    limits = sandbox.limits
    command = [*(_walled(sandbox) if walls else ()), *_limited(limits), *argv]
    allowance = Allowance(limits.memory, limits.processes, limits.disk, sandbox.writable)
    return run(
        command, sandbox.directory, environment, limits.seconds, limits.output, watcher(allowance)
    )


def toolchain(program: str) -> tuple[Path, ...]:
    """What has to be readable for a program that is not the system's: where it is installed."""
    found = shutil.which(program)
    places = {Path(found).parent, Path(found).resolve().parent} if found else set()
    return tuple(
        sorted(
            place.parent if place.name == "bin" else place
            for place in places
            if not str(place).startswith(tuple(f"{system}/" for system in _SYSTEM))
            and str(place) not in _SYSTEM
        )
    )


def _limited(limits: Limits) -> tuple[str, ...]:
    """A shell that sets the limits the kernel holds for each process, and becomes the command."""
    memory, disk = limits.memory >> 10, max(1, limits.disk >> 9)
    return ("sh", "-c", f'ulimit -c 0; ulimit -v {memory}; ulimit -f {disk}; exec "$@"', "sh")


def _walled(sandbox: Sandbox) -> list[str]:
    command = ["bwrap", *_WALLS]
    if _probe(*_WALLS, _NO_MORE_NAMESPACES):
        command.append(_NO_MORE_NAMESPACES)
    for name in _SYSTEM:
        place = Path(name)
        if place.is_symlink():
            command += ["--symlink", str(place.readlink()), name]
        else:
            command += ["--ro-bind-try", name, name]
    for name in _SETTINGS:
        command += ["--ro-bind-try", name, name]
    command += ["--proc", "/proc", "--dev", "/dev", "--size", str(_TMP_SIZE), "--tmpfs", "/tmp"]
    for path in (sandbox.directory, *sandbox.readable):
        command += ["--ro-bind", str(path.resolve()), str(path.resolve())]
    for path in sandbox.writable:
        command += ["--bind", str(path.resolve()), str(path.resolve())]
    return [
        *command,
        *("--remount-ro", "/dev", "--remount-ro", "/"),
        *("--chdir", str(sandbox.directory.resolve())),
    ]


@cache
def _probe(*options: str) -> bool:
    if shutil.which("bwrap") is None:
        return False
    tried = run(["bwrap", *options, "--ro-bind", "/", "/", "true"], Path("/"), PLAIN, timeout=10)
    return tried.status == 0
