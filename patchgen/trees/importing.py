"""Writing commits into the private repository, through one fast-import process."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from patchgen.errors import InputError
from patchgen.trees.repository import GitFailedError, Repository

NOTES_REF = "refs/notes/commits"


@dataclass(frozen=True, slots=True)
class TreeFile:
    """A file of a tree: git's mode (``100644``, ``100755``, ``120000``) and its bytes."""

    mode: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of an index: git's mode and the id of its content."""

    mode: str
    blob: str


Step = Mapping[str, Entry | None]
"""What becomes of files, by path; None is a deletion."""


@dataclass(frozen=True, slots=True)
class NewCommit:
    """A commit to write. ``date`` is ``<seconds> <zone>``; a file that is None is deleted.

    ``notes`` go into git's notes for the commit.
    """

    author: str
    date: str
    message: str
    files: Mapping[str, TreeFile | None]
    notes: str = ""


def write_commits(
    repository: Repository, ref: str, commits: Iterable[NewCommit], parent: str | None = None
) -> str:
    """Write ``commits`` on top of ``parent``, point ``ref`` at the last, and return its id.

    Only the directories on the way to the changed files are rewritten, so the cost does not grow
    with the tree. Author and committer are the same, so ids depend on nothing but the input.
    """
    stream = bytearray()
    annotated: list[tuple[int, NewCommit]] = []
    for number, commit in enumerate(commits, 1):
        stream += _commit(ref, commit, number, parent if number == 1 else None)
        if commit.notes:
            annotated.append((number, commit))
    for number, commit in annotated:
        stream += _notes(commit, number)
    stream += b"done\n"
    try:
        repository.run("fast-import", "--quiet", "--done", "--force", stdin=bytes(stream))
    except GitFailedError as error:
        reason = error.message.splitlines()[0] if error.message else "no reason given"
        raise InputError(
            f"git cannot build on commit {parent}: {reason}",
            "in a partial or shallow clone, fetch the files the series touches first",
        ) from error
    return repository.line("rev-parse", "--verify", ref)


def write_trees(
    repository: Repository, ref: str, steps: Sequence[Step], environment: Mapping[str, str]
) -> tuple[str, ...]:
    """Write a tree for each step on top of those before it and return their ids.

    The blobs are there already. ``ref`` is left pointing at commits of these trees, and
    ``environment`` says where objects go.
    """
    stream = bytearray()
    for step in steps:
        stream += b"commit %s\ncommitter x <x> 0 +0000\ndata 0\n" % ref.encode()
        for path, entry in sorted(step.items(), key=lambda item: (item[1] is not None, item[0])):
            if entry is None:
                stream += b"D %s\n" % _quoted(path)
            else:
                head = f"M {entry.mode} {entry.blob} ".encode("ascii")
                stream += head + _quoted(path) + b"\n"
        stream += b'ls ""\n'
    stream += b"done\n"
    listed = repository.run(
        "fast-import", "--quiet", "--done", "--force", env=environment, stdin=bytes(stream)
    )
    # Of each tree: "040000 tree <id>", a tab, and its name, which is empty.
    return tuple(line.split()[2] for line in listed.decode("ascii").splitlines())


def _commit(ref: str, commit: NewCommit, number: int, parent: str | None) -> bytes:
    person = f"{commit.author} {commit.date}".encode("utf-8", "surrogateescape")
    out = bytearray(b"commit %s\nmark :%d\n" % (ref.encode(), number))
    out += b"author %s\ncommitter %s\n" % (person, person)
    out += _data(commit.message.encode("utf-8", "surrogateescape"))
    if parent:
        out += b"from %s\n" % parent.encode()
    for path, file in sorted(commit.files.items()):
        quoted = _quoted(path)
        if file is None:
            out += b"D %s\n" % quoted
        else:
            out += b"M %s inline %s\n" % (file.mode.encode(), quoted) + _data(file.data)
    return bytes(out + b"\n")


def _notes(commit: NewCommit, number: int) -> bytes:
    person = f"{commit.author} {commit.date}".encode("utf-8", "surrogateescape")
    head = b"commit %s\ncommitter %s\n" % (NOTES_REF.encode(), person)
    notes = commit.notes.encode("utf-8", "surrogateescape") + b"\n"
    return head + _data(b"notes\n") + b"N inline :%d\n" % number + _data(notes) + b"\n"


def _data(data: bytes) -> bytes:
    return b"data %d\n%s\n" % (len(data), data)


def _quoted(path: str) -> bytes:
    raw = path.encode("utf-8", "surrogateescape")
    escaped = raw.replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n")
    return b'"' + escaped + b'"'


def is_safe_path(path: str) -> bool:
    """Whether a path is one that git takes: inside the tree, plainly written, and not `.git`."""
    unsafe = {"", ".", "..", ".git"} & {part.lower() for part in path.split("/")}
    return not unsafe and "\0" not in path
