"""The only door to GitPython: git run in a clean environment on one repository."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from patchgen.errors import ToolError
from patchgen.process import PIPE

try:
    import git
except ImportError as error:  # GitPython looks for git as it is imported
    raise ToolError("git is not installed", "install git 2.30 or newer") from error

_SETTINGS = (
    ("core.hooksPath", "/dev/null"),
    ("core.fsmonitor", "false"),
    ("core.attributesFile", "/dev/null"),
    ("core.abbrev", "12"),
    ("core.quotePath", "true"),
    ("core.autocrlf", "false"),
    ("commit.gpgSign", "false"),
    ("diff.renames", "true"),
    ("gc.auto", "0"),
    ("core.fsync", "none"),  # what we write is gone before the disk has it
    ("core.compression", "0"),
    ("fastimport.unpackLimit", "0"),  # a pack of its own, and no borrowed object marked as fresh
    ("safe.directory", "*"),
)
_ENVIRONMENT = {
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_CONFIG_COUNT": str(len(_SETTINGS)),
    "TZ": "UTC",
    **{f"GIT_CONFIG_KEY_{n}": key for n, (key, _) in enumerate(_SETTINGS)},
    **{f"GIT_CONFIG_VALUE_{n}": value for n, (_, value) in enumerate(_SETTINGS)},
}


class GitFailedError(Exception):
    """git exited with an error; ``message`` is what it said of it, ``output`` what it printed."""

    def __init__(self, argv: Sequence[str], status: int, message: str, output: bytes = b"") -> None:
        super().__init__(f"git {argv[0]} exited with {status}: {message}")
        self.status = status
        self.message = message
        self.output = output


class Repository:
    """A git directory in which commands can be run.

    Every command runs with the user's own configuration, hooks and ``GIT_*`` variables out of the
    way, so that it does the same on every machine.
    """

    def __init__(self, git_dir: Path) -> None:
        self.git_dir = git_dir

    def run(
        self,
        *argv: str,
        stdin: bytes = b"",
        env: Mapping[str, str] | None = None,
        settings: Mapping[str, str] | None = None,
        failing: bool = False,
    ) -> bytes:
        """What ``git argv`` prints. Raises GitFailedError when git exits with an error.

        With ``failing`` it is what git has printed before that.
        """
        options = [part for item in (settings or {}).items() for part in ("-c", "=".join(item))]
        try:
            return _run([*options, *argv], self.git_dir, {"GIT_DIR": "."} | dict(env or {}), stdin)
        except GitFailedError as error:
            if failing:
                return error.output
            raise

    def line(self, *argv: str, env: Mapping[str, str] | None = None) -> str:
        """The one line that ``git argv`` prints. Raises GitFailedError when git fails."""
        return self.run(*argv, env=env).decode("utf-8", "surrogateescape").rstrip("\n")


@dataclass(frozen=True, slots=True)
class UserRepository:
    """What we need to know of the user's repository to borrow its objects, and no more.

    ``shallow`` is what git knows of commits whose parents are missing in a shallow clone.
    """

    repository: Repository
    objects: Path
    object_format: str
    shallow: bytes

    def resolve(self, revision: str) -> str | None:
        """The full id of a commit that is there, or None."""
        try:
            return self.repository.line(
                "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"
            )
        except GitFailedError:
            return None


_PLACES = (("--absolute-git-dir",), ("--git-path", "objects"), ("--git-path", "shallow"))
_FORMAT = "--show-object-format"


def find_repository(path: Path) -> UserRepository | None:
    """The repository to which ``path`` belongs, or None. Linked worktrees are understood."""
    try:
        answers = _asked(path, *chain(*_PLACES), _FORMAT).split("\n")
        if len(answers) != len(_PLACES) + 1:  # a directory has line breaks in its name
            answers = [_asked(path, *question) for question in (*_PLACES, (_FORMAT,))]
        git_dir, objects, shallow = (path / answer for answer in answers[:-1])
        object_format = answers[-1]
    except GitFailedError:
        return None
    grafts = shallow.read_bytes() if shallow.is_file() else b""
    return UserRepository(Repository(git_dir), objects.resolve(), object_format, grafts)


def _asked(path: Path, *question: str) -> str:
    answer = _run(["rev-parse", *question], path, {}, b"")
    return answer.decode("utf-8", "surrogateescape").removesuffix("\n")


def hooks_directory(path: Path) -> Path | None:
    """Where git looks for the hooks of the repository to which ``path`` belongs, or None.

    The one question that is answered by the user's own configuration: that is where
    ``core.hooksPath`` is, and it is git with that configuration that will run the hooks.
    """
    try:
        place = Path(_as_user(path, "--absolute-git-dir"))
        if _as_user(path, "--is-inside-work-tree") == "true":
            place = Path(_as_user(path, "--show-toplevel"))
        # A relative core.hooksPath is relative to where hooks are run.
        return place / _as_user(place, "--git-path", "hooks")
    except GitFailedError:
        return None


def configured(path: Path, section: str) -> list[tuple[str, str]]:
    """The user's own settings of a section, as pairs of a key and its value; none outside git.

    A key has its section and name in lower case, as git has them.
    """
    try:
        found = _execute(
            ["config", "-z", "--get-regexp", rf"^{section}\."], path, _persons_environment(), b""
        )
    except GitFailedError:
        return []
    pairs = found.decode("utf-8", "surrogateescape").split("\0")[:-1]
    return [(key, value) for key, _, value in (pair.partition("\n") for pair in pairs)]


def _persons_environment() -> dict[str, str]:
    """The user's own, with what configures git, and without what a hook or a trace adds to it."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GIT_") or name.startswith("GIT_CONFIG")
    }


def _as_user(path: Path, *question: str) -> str:
    answer = _run(["rev-parse", *question], path, None, b"")
    return answer.decode("utf-8", "surrogateescape").removesuffix("\n")


def is_checkout(path: Path) -> bool:
    """Whether ``path`` is the top of a checkout or a bare repository.

    A directory somewhere inside a checkout is not: it is taken as a plain tree.
    """
    bare = all((path / name).exists() for name in ("HEAD", "objects", "refs"))
    return bare or (path / ".git").exists()


def _run(argv: Sequence[str], cwd: Path, env: Mapping[str, str] | None, stdin: bytes) -> bytes:
    """Run git in a clean environment with ``env`` on top; without ``env``, in the user's own."""
    return _execute(argv, cwd, os.environ if env is None else {**_ENVIRONMENT, **env}, stdin)


def _execute(argv: Sequence[str], cwd: Path, environment: Mapping[str, str], stdin: bytes) -> bytes:
    try:
        with _hidden(name for name in os.environ if name not in environment):
            # Not as GitPython's own working directory: it expands $NAME and ~ in that.
            process = git.Git().execute(
                ["git", "-C", str(cwd), *argv],
                istream=PIPE,
                env=dict(environment),
                as_process=True,
            )
    except git.GitCommandNotFound as error:
        raise ToolError("git is not installed", "install git 2.30 or newer") from error
    output, errors = process.communicate(stdin)
    if process.returncode:
        message = errors.decode("utf-8", "surrogateescape").strip()
        raise GitFailedError(argv, process.returncode, message, bytes(output))
    return bytes(output)


@contextmanager
def _hidden(names: Iterable[str]) -> Iterator[None]:
    """Have those of the variables that git looks at out of our environment for a moment.

    GitPython can add variables but not remove any, and a hook is called with GIT_DIR and more.
    """
    hidden = {name: os.environ.pop(name) for name in [*names] if name.startswith("GIT_")}
    try:
        yield
    finally:
        os.environ.update(hidden)
