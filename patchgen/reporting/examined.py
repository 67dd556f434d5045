"""What of the report was examined, and what not and why: for formats with a cell for each."""

from patchgen.findings import Finding, rule_of
from patchgen.report import Report, ReportedIgnore, ReportedRule, Step

_SCRIPTS = "scripts"
_LATER = ("apply", "build", "run")


def step_of(report: Report, stage: str, number: int) -> Step | None:
    """What a stage says about a step, None when it has nothing to say."""
    return next(
        (
            step
            for one in report.stages
            if one.name == stage
            for step in one.steps
            if step.number == number
        ),
        None,
    )


def not_examined(report: Report, stage: str, number: int) -> str | None:
    """Why a stage did not get to a patch, or None when it did; every patch is read."""
    if stage not in _LATER:
        return None
    for earlier in _LATER[: _LATER.index(stage) + 1]:
        for skipped in report.skipped:
            if skipped.what in (earlier, f"{earlier}: patch {number}"):
                return skipped.reason
    if step_of(report, stage, number) is None:
        return f"no result of {stage} for patch {number}"
    return None


def ignored_in_words(ignored: ReportedIgnore) -> str:
    """How many findings are left out, for what, why, and where that was said."""
    count = f"{ignored.count} finding{'' if ignored.count == 1 else 's'}"
    scope = f" in {ignored.scope}" if ignored.scope else ""
    return f"{count}{scope}: {ignored.reason or 'no reason given'} ({ignored.where})"


def not_checked(report: Report, rule: ReportedRule, number: int) -> str | None:
    """Why a check was not put to patch ``number`` (0: the series), or None when it was."""
    named = (skipped.reason for skipped in report.skipped if skipped.what == rule.id)
    if reason := next(named, None):
        return reason
    if report.only and rule.id not in map(rule_of, report.only):
        return "not asked for"
    if rule.stage == _SCRIPTS and all(stage.name != _SCRIPTS for stage in report.stages):
        named = (skipped.reason for skipped in report.skipped if skipped.what == _SCRIPTS)
        return next(named, "not asked for")
    everywhere = (one for one in report.ignored if one.check == rule.id and not one.scope)
    if ignored := next(everywhere, None):
        return f"ignored: {ignored.reason}" if ignored.reason else "ignored"
    if number:
        return not_examined(report, rule.stage, number)
    if rule.stage == "render" and all(stage.name != "render" for stage in report.stages):
        return "no commit here keeps a rendered series"
    return next((one.reason for one in report.skipped if one.what == rule.stage), None)


def findings_at(report: Report, number: int) -> tuple[Finding, ...]:
    """The findings in patch ``number``; 0 stands for the letter and the series as a whole."""
    return tuple(one for one in report.findings if (one.problem.location.patch or 0) == number)
