"""Lines, and names in git's quotes."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from patchgen.series.diff.quoting import quoted, unquoted
from patchgen.series.text import from_bytes, joined, numbered, paragraphs, to_bytes
from tests.series.generated import examples, git

NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\0/"), min_size=1, max_size=12)


@examples(100)
@given(data=st.binary())
def test_bytes_survive(data: bytes) -> None:
    assert to_bytes(from_bytes(data)) == data
    lines = numbered(from_bytes(data), 3)
    assert to_bytes(joined(lines)) == data + (b"" if data.endswith(b"\n") or not data else b"\n")
    assert [line.number for line in lines] == list(range(3, 3 + len(lines)))


@examples(100)
@given(name=NAMES)
def test_quoted_names_are_read_back(name: str) -> None:
    assert unquoted(quoted(name)) == name or name.startswith('"')


@examples(15)
@given(names=st.sets(NAMES.filter(lambda name: name not in {".", "..", ".git"}), min_size=5))
def test_names_are_quoted_as_git_quotes_them(repository: Path, names: set[str]) -> None:
    blob = git("hash-object", "-w", "--stdin", cwd=repository).decode().strip()
    stream = "".join(f"100644 blob {blob}\t{name}\0" for name in names).encode()
    tree = git("mktree", "-z", cwd=repository, stdin=stream).decode().strip()
    plain = git("ls-tree", "-z", "--name-only", tree, cwd=repository).decode().split("\0")[:-1]
    shown = git("ls-tree", "--name-only", tree, cwd=repository).decode().split("\n")[:-1]
    assert list(map(quoted, plain)) == shown
    assert list(map(unquoted, shown)) == plain


def test_paragraphs_lie_between_blank_lines() -> None:
    found = paragraphs(numbered("\n a\nb\n \t\n\nc\n"))
    assert [[line.text for line in run] for run in found] == [[" a", "b"], ["c"]]
