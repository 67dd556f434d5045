"""Where a hunk landed, in words and as lines: the same in every format that people read."""

from collections.abc import Iterator

from patchgen.findings import Finding
from patchgen.report import Report, ReportedLanding

_FEW = 4


def landing_in_words(landing: ReportedLanding) -> str:
    """``lib/ring.c:9, 3 lines below the one it names, in "int ring_push(...)"``"""
    said = [f"{landing.path}:{landing.at}"]
    if landing.offset:
        count = abs(landing.offset)
        side = "below" if landing.offset > 0 else "above"
        said.append(f"{count} line{'' if count == 1 else 's'} {side} the one it names")
    if landing.found:
        said.append(f'in "{landing.found}"')
    elif landing.claimed:
        said.append("in no section")
    if landing.claimed != landing.found:
        said.append(f'its header says "{landing.claimed}"' if landing.claimed else "it names none")
    others = [str(at) for at in landing.fits if at != landing.at]
    if others:
        more = f" and {len(others) - _FEW} more" if len(others) > _FEW else ""
        said.append(f"it fits at {', '.join(others[:_FEW])}{more} as well")
    return ", ".join(said)


def landing_lines(landing: ReportedLanding) -> Iterator[str]:
    """The lines of the file with their numbers, and with the marks of the hunk."""
    width = max((len(str(line.number)) for line in landing.lines if line.number), default=1)
    for line in landing.lines:
        number = "" if line.number is None else str(line.number)
        yield f"{number:>{width}} {line.mark}{line.text}"


def landing_of(report: Report, finding: Finding) -> ReportedLanding | None:
    """The landing of the hunk that a finding is about, if it is shown."""
    location = finding.problem.location
    for landing in report.landings:
        if (landing.patch, landing.file, landing.line) == (
            location.patch,
            location.file,
            location.line,
        ):
            return landing
    return None
