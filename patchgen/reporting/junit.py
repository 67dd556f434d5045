"""The report as JUnit XML, for CI systems that show test results.

Format: the schema of Jenkins' xunit plugin, junit-10.xsd, which is what most readers accept.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from patchgen.findings import Finding, Severity
from patchgen.report import Report
from patchgen.reporting.examined import findings_at, not_checked
from patchgen.reporting.text import harmless, place


@dataclass(frozen=True, slots=True)
class _Case:
    check: str
    findings: tuple[Finding, ...]
    skipped: str | None

    @property
    def failed(self) -> bool:
        return any(finding.severity is Severity.ERROR for finding in self.findings)


def format_junit(report: Report) -> str:
    """A suite for the series and one for every patch; a case in it for every check.

    Errors are failures; warnings and notes are in the output of a case that passes, since the
    exit code does not fail for them either unless ``--fail-on`` says so.
    """
    suites = [("series", 0, tuple(_cases(report, 0)))]
    suites += [
        (f"{patch.number}: {patch.summary}", patch.number, tuple(_cases(report, patch.number)))
        for patch in report.patches
    ]
    every = [case for _, _, cases in suites for case in cases]
    root = Element("testsuites", {"name": harmless(report.title), **_counted(every, False)})
    for name, number, cases in suites:
        suite = SubElement(root, "testsuite", {"name": harmless(name), **_counted(cases, True)})
        for case in cases:
            _add_case(suite, case, "series" if number == 0 else f"patch {number}")
    indent(root)
    body: str = tostring(root, "unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'


def _cases(report: Report, number: int) -> Iterator[_Case]:
    """The cases of a patch, 0 for the series.

    A check of the series that finds something in a patch has its case there and no other.
    """
    findings = findings_at(report, number)
    by_check = {
        check: tuple(finding for finding in findings if finding.rule == check)
        for check in sorted({finding.rule for finding in findings})
    }
    elsewhere = {finding.rule for finding in report.findings} - by_check.keys()
    for rule in report.rules():
        found = by_check.pop(rule.id, ())
        put = rule.per_patch if number else not rule.per_patch and rule.id not in elsewhere
        if found or put:
            reason = None if found else not_checked(report, rule, number)
            yield _Case(rule.id, found, reason)
    for check, found in by_check.items():
        yield _Case(check, found, None)


def _counted(cases: Iterable[_Case], with_skipped: bool) -> dict[str, str]:
    cases = tuple(cases)
    numbers = {"tests": len(cases), "failures": sum(case.failed for case in cases), "errors": 0}
    if with_skipped:
        numbers["skipped"] = sum(case.skipped is not None for case in cases)
    return {name: str(number) for name, number in numbers.items()}


def _add_case(suite: Element, case: _Case, group: str) -> None:
    element = SubElement(suite, "testcase", {"name": harmless(case.check), "classname": group})
    if case.skipped is not None:
        SubElement(element, "skipped", {"message": harmless(case.skipped)})
    failures = [one for one in case.findings if one.severity is Severity.ERROR]
    for finding in failures:
        message = harmless(finding.problem.message)
        failure = SubElement(element, "failure", {"message": message, "type": "error"})
        failure.text = _described(finding)
    others = [one for one in case.findings if one not in failures]
    if others:
        SubElement(element, "system-out").text = "\n".join(map(_described, others))


def _described(finding: Finding) -> str:
    problem = finding.problem
    hints = "".join(f"\nhint: {harmless(hint)}" for hint in problem.hint.splitlines())
    message = harmless(problem.message)
    return f"{place(finding)}: {finding.severity}: {message} [{harmless(finding.check)}]{hints}"
