"""The catalogue of all checks, sorted by id. A new check is added here, with what it takes."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from importlib import import_module
from typing import Any

from patchgen.checks.check import Check
from patchgen.errors import UsageError, suggestion
from patchgen.findings import Finding, rule_of

_TAKES = {
    "agent-signed-off": "Patch",
    "already-applied": "Diagnosis",
    "author-mismatch": "Patch",
    "author-not-signed-off": "Patch",
    "base-commit-missing": "UnnamedBase",
    "base-commit-unknown": "NamedBase",
    "bidi-control-character": "Patch",
    "binary-damaged": "Patch",
    "binary-without-data": "Patch",
    "blob-id-mismatch": "Patch",
    "blob-mismatch": "LandedSeries",
    "blob-result-mismatch": "LandedSeries",
    "build-diagnostic-fixed": "PatchBuild",
    "build-diagnostic-new": "PatchBuild",
    "build-failed": "PatchBuild",
    "callback-not-wired": "UnwiredCallback",
    "changed-line-not-compiled": "UncompiledLines",
    "checkpatch": "RemarkedPatch",
    "claim-not-met": "ClaimedSeries",
    "co-developed-by-unsigned": "Patch",
    "coccicheck": "MatchedPatch",
    "commit-reference-malformed": "CitedCommit",
    "commit-reference-summary-mismatch": "CitedCommit",
    "commit-reference-unknown": "CitedCommit",
    "content-not-utf8": "Patch",
    "cover-diffstat-mismatch": "CoveredSeries",
    "cover-diffstat-partial": "CoveredSeries",
    "cover-diffstat-sum": "CoveredSeries",
    "cover-diffstat-undecided": "CoveredSeries",
    "cover-letter-missing": "PostedSeries",
    "cover-letter-placeholder": "Series",
    "crlf-line-endings": "Patch",
    "diff-combined": "Patch",
    "diff-empty": "Patch",
    "diff-header-mismatch": "Patch",
    "diffstat-arithmetic": "PostedDiffstat",
    "diffstat-mismatch": "Patch",
    "diffstat-scale-mismatch": "PostedDiffstat",
    "diffstat-summary-mismatch": "Patch",
    "encoding-undeclared": "Patch",
    "file-changed-twice": "Patch",
    "fixes-malformed": "FixedCommit",
    "fixes-not-ancestor": "FixedCommit",
    "fixes-summary-mismatch": "FixedCommit",
    "fixes-unknown-commit": "FixedCommit",
    "format-flowed": "Patch",
    "html-mail": "Patch",
    "hunk-ambiguous": "LandedSeries",
    "hunk-count-mismatch": "Patch",
    "hunk-in-wrong-section": "LandedSeries",
    "hunk-offset": "LandedSeries",
    "hunk-overlap": "Patch",
    "hunk-position-mismatch": "Patch",
    "kernel-doc": "DocumentedPatch",
    "kernel-oops": "TestedPatch",
    "kernel-warning": "TestedPatch",
    "line-too-long": "Patch",
    "lines-lost": "Patch",
    "mail-unreadable": "Patch",
    "maintainer-not-copied": "AddressedPatch",
    "message-contains-diff": "Patch",
    "message-cut-by-marker": "Patch",
    "message-empty": "Patch",
    "message-lost-to-scissors": "Patch",
    "metric-regressed": "TestedPatch",
    "mode-made-executable": "Patch",
    "no-newline-misplaced": "Patch",
    "numbering-duplicate": "Series",
    "numbering-gap": "PostedSeries",
    "oracle-disagreement": "CountedPatch",
    "patch-does-not-apply": "Diagnosis",
    "patch-reverts-earlier-patch": "Reverts",
    "path-prefix-missing": "Patch",
    "path-unsafe": "Series",
    "prefix-inconsistent": "Series",
    "prerequisite-missing": "NeededPatch",
    "rendered-output-stale": "RenderedSeries",
    "series-too-long": "PostedSeries",
    "shortlog-mismatch": "CoveredSeries",
    "sign-off-chain-broken": "Series",
    "signed-off-by-missing": "Patch",
    "sparse-remark": "PatchBuild",
    "stable-upstream-mismatch": "CopiedCommit",
    "subject-malformed": "Patch",
    "symbol-used-before-added": "EarlyUse",
    "test-crashed": "TestedPatch",
    "test-failed": "TestedPatch",
    "test-missing": "TestedPatch",
    "threading-broken": "PostedSeries",
    "total-mismatch": "Series",
    "trailer-in-wrong-place": "Patch",
    "trailer-malformed": "Patch",
    "unused-until-later": "IdleStatic",
    "version-inconsistent": "Series",
    "whitespace-damaged": "Patch",
}
"""The name of the type that each check takes: one that nothing is handed to is not loaded."""
_WRAP = ("checkpatch", "coccicheck")
"""The checks that wrap a tool of the kernel."""

IDS = {check_id: check_id in _WRAP for check_id in _TAKES}
"""All ids, and whether behind a slash the name of a wrapped tool for the defect may follow."""


class _Catalogue(Mapping[str, Check[Any]]):
    """All checks by id. The module of one is loaded when somebody asks for the check."""

    def __getitem__(self, check_id: str) -> Check[Any]:
        if check_id not in _TAKES:
            raise KeyError(check_id)
        name = check_id.replace("-", "_")
        found: Check[Any] = getattr(import_module(f"patchgen.checks.{name}"), name)
        return found

    def __contains__(self, check_id: object) -> bool:
        return check_id in _TAKES

    def __iter__(self) -> Iterator[str]:
        return iter(_TAKES)

    def __len__(self) -> int:
        return len(_TAKES)


CHECKS: Mapping[str, Check[Any]] = _Catalogue()


def known_id(check_id: str) -> str:
    """The id itself. Raises UsageError, with the nearest id, for an unknown one."""
    if check_id not in IDS and not IDS.get(rule_of(check_id)):
        raise UsageError(f'no check "{check_id}"', suggestion(check_id, CHECKS))
    return check_id


def find_check(check_id: str) -> Check[Any]:
    """The check with this id. Raises UsageError, with the nearest id, for an unknown one."""
    return CHECKS[rule_of(known_id(check_id))]


def run_checks(subjects: Iterable[object], only: Collection[str] = ()) -> Iterator[Finding]:
    """Hand every subject to every check, or to every one in ``only``, that takes its type."""
    handed: dict[str, list[object]] = {}
    for subject in subjects:
        handed.setdefault(type(subject).__name__, []).append(subject)
    rules = {rule_of(check_id) for check_id in only}
    for check_id, takes in _TAKES.items():
        if takes not in handed or (only and check_id not in rules):
            continue
        check = CHECKS[check_id]
        for subject in handed[takes]:
            for finding in check.run(subject):
                if not only or finding.check in only or finding.rule in only:
                    yield finding
