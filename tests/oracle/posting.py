"""What people have set when they run git-format-patch, and the mails that come out."""

import random
from dataclasses import dataclass
from pathlib import Path

from tests.series.generated import git

ALWAYS: tuple[tuple[str, ...], ...] = (("--no-color",),)
CHOICES: tuple[tuple[tuple[str, ...], ...], ...] = (
    (
        (), (), (), ("-U1",), ("-U2",), ("-U8",), ("-U25",), ("--function-context",), ("-U0",),
    ),
    ((), (), ("-M",), ("-M90%",), ("-C",), ("--find-copies-harder",), ("--no-renames",)),
    ((), (), (), (), ("-B", "-M")),
    ((), (), ("--full-index",), ("--abbrev=7",), ("--abbrev=16",)),
    ((), (), ("--patience",), ("--histogram",), ("--minimal",), ("--no-indent-heuristic",)),
    ((), (), ("--inter-hunk-context=9",)),
    (
        (), (), (), ("--stat=200",), ("--stat-width=120",), ("--no-stat",), ("--compact-summary",),
        ("--stat", "--numstat"), ("--stat", "--dirstat"), ("--stat=60,40",), ("--stat=90,20",),
        ("-p", "--stat-graph-width=30"),
    ),
    ((), (), (), (), ("--attach",), ("--inline",)),
    ((), ("--thread",), ("--thread=deep",), ("--no-thread",)),
    ((), (), (), ("--numbered-files",)),
    ((), (), ("-v2",), ("-v13",)),
    ((), (), (), ("--rfc",), ("--subject-prefix=PATCH net-next",), ("--subject-prefix=RFC bpf",)),
    ((), (), (), ("--signoff",)),
    ((), (), ("--from=C O Mitter <committer@example.com>",), ("--from=Jörg <j@example.org>",)),
    ((), (), ("--no-signature",), ("--signature=mine\nin two lines",), ("--signature=1.0",)),
    ((), (), ("--encode-email-headers",), ("--no-encode-email-headers",)),
    ((), (), (), ("--notes",)),
    ((), (), ("--to=list@example.org", "--cc=Jörg <j@example.org>")),
    ((), (), (), ("--src-prefix=i/", "--dst-prefix=w/")),
    ((), (), ("--zero-commit",)),
    ((), (), (), (), (), (), (), (), (), (), (), (), ("-s",)),
    ((), (), ("--add-header=X-Tool: ünï",), ("--in-reply-to=<some.id@example.org>",)),
)  # fmt: skip
SETTINGS = (
    (), (), (),
    ("i18n.logOutputEncoding=ISO-8859-1",),
    ("diff.context=4", "diff.interHunkContext=2"),
    ("diff.renames=copies",),
    ("format.numbered=true",),
    ("diff.mnemonicPrefix=true",),
    ("core.abbrev=12",),
    ("core.quotePath=false",),
    ("diff.statGraphWidth=20",),
    ("diff.noprefix=false", "diff.algorithm=histogram", "diff.suppressBlankEmpty=true"),
)  # fmt: skip

_BLURB = b"These patches change files.\n\nThat is all."


@dataclass(frozen=True, slots=True)
class Posting:
    """Mails as git wrote them, the first one the cover letter if there is one."""

    settings: tuple[str, ...]
    options: tuple[str, ...]
    mails: tuple[bytes, ...]
    has_cover: bool


def post(source: random.Random, repository: Path, base: str, folder: Path) -> Posting:
    """Format the commits after ``base`` on ``tip`` with options drawn from the table."""
    settings = source.choice(SETTINGS)
    options = [word for group in ALWAYS + tuple(map(source.choice, CHOICES)) for word in group]
    count = len(git("rev-list", f"{base}..tip", cwd=repository).split())
    has_cover = source.random() < (0.6 if count > 1 else 0.1)
    if has_cover:
        options.append("--cover-letter")
    if source.random() < 0.4:
        options.append(f"--base={base}")
    words = [word for setting in settings for word in ("-c", setting)]
    words += ["format-patch", "--quiet", f"--output-directory={folder}", *options, f"{base}..tip"]
    git(*words, cwd=repository)
    files = sorted(folder.iterdir(), key=_number)
    mails = [file.read_bytes() for file in files]
    for file in files:
        file.unlink()
    if has_cover:
        letter = mails[0].replace(b"*** SUBJECT HERE ***", b"area: what it is all about")
        mails[0] = letter.replace(
            b"*** BLURB HERE ***", b"These patches change files.\n\nThat is all."
        )
    return Posting(settings, tuple(options), tuple(mails), has_cover)


def _number(path: Path) -> int:
    """The place of a file in the series: the digits after its version."""
    name = path.name
    if name.startswith("v") and "-" in name:
        name = name.partition("-")[2]
    return int(name.split("-")[0].split(".")[0])
