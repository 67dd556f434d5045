"""Running the base tree's ``scripts/kernel-doc`` on the comments of files."""

import re

from patchgen.checkers.names import SCRIPTS
from patchgen.checkers.scripts import Bench, CheckerError, failure
from patchgen.checkers.versions import Contents, Remarks, SourceRemark

SCRIPT = SCRIPTS["kernel-doc"]
_COMMENT = b"/**"
_REMARK = re.compile(r"(.+?):(\d+): (?:warning|error): (.*)")


def has_comments(path: str, data: bytes) -> bool:
    """Whether there is something for it to read in a file."""
    return path.endswith((".c", ".h")) and _COMMENT in data


def run_kernel_doc(bench: Bench, files: Contents) -> Remarks:
    """What it says of these files. Raises CheckerError when it fails.

    That it does in trees from v6.16 on, too, where it is no longer written in Perl.
    """
    if b"perl" not in (bench.directory / SCRIPT).read_bytes().partition(b"\n")[0]:
        raise CheckerError(f"{SCRIPT} of the base tree is not written in Perl")
    places = {f"{blob}/{path}": (path, blob) for path, blob in files}
    for place, version in places.items():
        bench.write(place, files[version])
    status, said = bench.perl(SCRIPT, "-none", *places, files=len(places))
    found: Remarks = {version: [] for version in files}
    for match in filter(None, map(_REMARK.fullmatch, said)):
        if match[1] in places:
            found[places[match[1]]].append(SourceRemark(int(match[2]), match[3]))
    if status and not any(found.values()):
        raise failure(SCRIPT, said)
    return found
