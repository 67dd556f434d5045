"""Running the base tree's ``scripts/kernel-doc`` on the comments of files."""

from collections.abc import Mapping

from patchgen.checkers.scripts import Bench, CheckerError, failure

SCRIPT = "scripts/kernel-doc"
_COMMENT = b"/**"

Version = tuple[str, str]
"""A file as it is after some patch: its path and the id of its blob."""


def has_comments(path: str, data: bytes) -> bool:
    """Whether there is something for it to read in a file."""
    return path.endswith((".c", ".h")) and _COMMENT in data


def run_kernel_doc(bench: Bench, files: Mapping[Version, bytes]) -> dict[Version, list[str]]:
    """What it says of these files, line by line. Raises CheckerError when it fails.

    That it does in trees from v6.16 on, too, where it is no longer written in Perl.
    """
    if b"perl" not in (bench.directory / SCRIPT).read_bytes().partition(b"\n")[0]:
        raise CheckerError(f"{SCRIPT} of the base tree is not written in Perl")
    places = {f"{blob}/{path}": (path, blob) for path, blob in files}
    for place, version in places.items():
        bench.write(place, files[version])
    status, said = bench.perl(SCRIPT, "-none", *places, files=len(places))
    found: dict[Version, list[str]] = {version: [] for version in files}
    for line in said:
        place, colon, rest = line.partition(":")
        if colon and place in places:
            path, _ = version = places[place]
            found[version].append(f"{path}:{rest}")
    if status and not any(found.values()):
        raise failure(SCRIPT, said)
    return found
