"""What of a cover letter is its own."""

import textwrap
from pathlib import Path

from patchgen.series.letter import own_lines
from patchgen.series.text import joined, numbered
from tests.series.generated import commit_trees, generated_trees, git, seeds


def own(text: str) -> str:
    return joined(own_lines(numbered(text)))


@seeds(25)
def test_what_git_puts_below_a_letter_is_not_its_own(repository: Path, seed: int) -> None:
    commits = commit_trees(repository, generated_trees(seed, 3, binary=False))
    for option in (f"--interdiff={commits[1]}", f"--range-diff={commits[0]}..{commits[1]}"):
        base = f"{commits[0]}..tip"
        letters = [
            git("format-patch", "--stdout", "--cover-letter", *more, base, cwd=repository)
            .decode("utf-8", "surrogateescape")
            .partition("\nFrom ")[0]
            for more in ((), (option,))
        ]
        plain, longer = (letter.partition("\n\n")[2] for letter in letters)
        assert own(longer).split() == plain.split()


def test_a_heading_alone_takes_nothing_away() -> None:
    text = "Interdiff against v1:\n\nNone, as only titles changed.\n\nRange-diff:\n\n none\n"
    assert own(text) == text


def test_lines_below_a_range_diff_are_the_letters() -> None:
    text = textwrap.dedent(
        """\
        Before.

        Range-diff against v2:
        1:  0123456789ab ! 1:  ba9876543210 lamp: dim it
            @@ lamp.c: void f(void)
            -	a
        -:  ------------ > 2:  0123456789ab lamp: use it

        After.
        """
    )
    assert own(text) == "Before.\n\n\nAfter.\n"
