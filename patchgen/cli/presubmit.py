"""``patchgen presubmit``"""

import os
import sys
from argparse import Namespace
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from patchgen.errors import UsageError

if TYPE_CHECKING:
    from patchgen.cli.output import Output
    from patchgen.presubmit.judge import Judged

_OLD_GIT = "this git does not say which mails are a series (2.41 does)"


def run(arguments: Namespace) -> int:
    """Verify what is about to be submitted; 1 when it has findings that fail it.

    Nothing to submit is not an error. What a hook has to say goes to standard error, where git
    shows it as it is.
    """
    modes = ("hook", "b4", "install", "uninstall")
    if arguments.arguments and not arguments.hook:
        raise UsageError(
            f'presubmit takes no "{arguments.arguments[0]}"', "patchgen verify BASE..TIP does"
        )
    if sum(bool(getattr(arguments, mode)) for mode in modes) > 1:
        raise UsageError("--hook, --b4, --install and --uninstall exclude each other", "give one")
    if arguments.install:
        return _install(arguments.install)
    if arguments.uninstall:
        return _uninstall(arguments.uninstall)
    if arguments.b4:
        return _b4(arguments)
    if arguments.hook == "sendemail-validate":
        return _mail(arguments)
    return _commits(arguments)


def _commits(arguments: Namespace) -> int:
    from patchgen.cli.output import chosen_outputs, verify_command
    from patchgen.cli.progress import progress
    from patchgen.cli.verify import wishes_of
    from patchgen.presubmit.found import Submission, between
    from patchgen.presubmit.judge import judge_commits
    from patchgen.presubmit.push import pushed
    from patchgen.presubmit.services import find_submission
    from patchgen.reading.git_range import open_repository
    from patchgen.trees.scratch import workspace

    outputs = chosen_outputs(arguments)
    # git names the repository to its hooks where they could not find it by themselves.
    named = os.environ.get("GIT_DIR") if arguments.hook else None
    user = open_repository(arguments.tree or named)
    if arguments.hook:
        found = list(pushed(user, sys.stdin.read()))
    elif base := arguments.base:
        found = [between(user, f"{base}..HEAD", "HEAD", base)]
    else:
        found = [find_submission(user, os.environ)]
    wishes = wishes_of(arguments)

    def command(commits: str) -> str:
        given = {**vars(arguments), "source": [commits], "base": None, "cover_letter": None}
        return verify_command(Namespace(**given), arguments.tree and "TREE")

    judged: list[Judged] = []
    for one in found:
        if isinstance(one, Submission):
            with workspace() as directory, progress() as tell:
                judged.append(judge_commits(user, one, wishes, command, directory, tell))
        else:
            judged.append(one)
    return _conclude(judged, outputs, arguments)


def _mail(arguments: Namespace) -> int:
    from patchgen.cli.output import chosen_outputs
    from patchgen.cli.progress import progress
    from patchgen.cli.verify import wishes_of
    from patchgen.presubmit.judge import judge_alone, judge_mails
    from patchgen.presubmit.mails import Waiting, collect, read_mail
    from patchgen.trees.scratch import workspace

    if not arguments.arguments:
        raise UsageError("the sendemail-validate hook needs a file", "leave calling it to git")
    outputs = chosen_outputs(arguments)
    mail = read_mail(arguments.arguments[0])
    mails = collect(mail, os.environ)
    if isinstance(mails, Waiting):
        return 0
    wishes = wishes_of(arguments)
    with workspace() as directory, progress() as tell:
        if mails is None:
            judged = judge_alone(mail, _OLD_GIT, wishes, directory, tell)
        else:
            judged = judge_mails(mails, wishes, directory, tell)
    return _conclude([judged], outputs, arguments)


def _b4(arguments: Namespace) -> int:
    """What b4 expects of a check: a line for each finding, with ``ERROR:`` in the bad ones."""
    from patchgen.cli.verify import wishes_of
    from patchgen.presubmit.found import Nothing
    from patchgen.presubmit.judge import judge_alone
    from patchgen.reporting.text import harmless
    from patchgen.stages.facts import silent
    from patchgen.trees.scratch import workspace

    mail = ("-", sys.stdin.buffer.read())
    with workspace() as directory:
        judged = judge_alone(mail, "b4 shows one mail", wishes_of(arguments), directory, silent)
    if isinstance(judged, Nothing):
        return 0
    for finding in judged.findings:
        problem = finding.problem
        line = problem.location.line or 1
        level = str(finding.severity).upper()
        print(f"-:{line}: {level}: {harmless(problem.message)} [{finding.check}]")
    return int(judged.fails)


def _conclude(judged: "Iterable[Judged]", outputs: "Sequence[Output]", arguments: Namespace) -> int:
    from patchgen.cli.output import write_reports
    from patchgen.presubmit.found import Nothing
    from patchgen.reporting.text import harmless

    failed, reports = False, []
    for one in judged:
        if isinstance(one, Nothing):
            source, reason = harmless(one.source), harmless(one.reason)
            print(f"nothing to verify in {source}: {reason}", file=sys.stderr)
        else:
            failed = failed or one.fails
            reports.append(one)
    if reports:
        write_reports(reports, outputs, sys.stderr if arguments.hook else sys.stdout)
    return int(failed)


def _install(name: str) -> int:
    from patchgen.presubmit.install import chosen_hooks, install

    for path in install(chosen_hooks(name)):
        print(f"installed {_shown(path)}")
    return 0


def _uninstall(name: str) -> int:
    from patchgen.presubmit.install import chosen_hooks, uninstall

    removed, others = uninstall(chosen_hooks(name))
    for path in removed:
        print(f"removed {_shown(path)}")
    for path in others:
        print(f"left {_shown(path)}: it is not patchgen's")
    if not removed and not others:
        print("no hook is installed")
    return 0


def _shown(path: Path) -> str:
    from patchgen.reporting.text import harmless

    return harmless(str(path))
