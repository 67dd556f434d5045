"""Running the base tree's semantic patches with Coccinelle, as ``make coccicheck`` does."""

import os
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import PurePosixPath

from patchgen.checkers.names import SCRIPTS
from patchgen.checkers.scripts import NOT_FOUND, Bench, CheckerError
from patchgen.checkers.versions import Contents, Remarks, SourceRemark

SCRIPT = SCRIPTS["coccicheck"]
_RULES = "scripts/coccinelle"
_READ = "versions"
_HOW = ("-D", "report", "--very-quiet", "--no-show-diff", "--timeout", "60")
_OPTIONS = re.compile(rb"^//+ *Options: *(.*)$", re.MULTILINE)
_OPTION = re.compile(r"--[a-z-]+")
_REMARK = re.compile(rf"{_READ}/([0-9a-f]+)/(.+?):(\d+):[\d-]+: (?:WARNING: |ERROR: )?(.*)")


def may_read(path: str, _: bytes) -> bool:
    """Whether it reads a file."""
    return path.endswith((".c", ".h"))


def run_coccicheck(bench: Bench, files: Contents) -> tuple[Remarks, tuple[str, ...]]:
    """What every semantic patch of the tree finds in these files, and those that did not run.

    Those ask for more than this Coccinelle can do, such as scripts in OCaml. Raises CheckerError
    when there is none.
    """
    for (path, blob), data in files.items():
        bench.write(f"{_READ}/{blob}/{path}", data)
    rules = [path for path in bench.base.listed(_RULES) if path.endswith(".cocci")]
    if rules:
        bench.bring(*rules)
    found: Remarks = {version: [] for version in files}
    failed = []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        runs = pool.map(lambda rule: _run(bench, rule, len(files)), rules)
        for rule, (status, said) in zip(rules, runs, strict=True):
            if status:
                failed.append(rule)
            for match in filter(None, map(_REMARK.fullmatch, said)):
                remark = SourceRemark(int(match[3]), match[4], PurePosixPath(rule).stem)
                found[match[2], match[1]].append(remark)
    return found, tuple(failed)


def _run(bench: Bench, rule: str, files: int) -> tuple[int, list[str]]:
    words = ("--cocci-file", rule, *_options(bench, rule), "--dir", _READ)
    status, said = bench.run("spatch", *_HOW, *words, files=files)
    if status == NOT_FOUND:
        raise CheckerError("Coccinelle's spatch is not installed")
    return status, said


def _options(bench: Bench, rule: str) -> Iterator[str]:
    """Those that the semantic patch asks for in its head."""
    match = _OPTIONS.search((bench.directory / rule).read_bytes())
    yield from _OPTION.findall(match[1].decode("ascii", "replace")) if match else ()
