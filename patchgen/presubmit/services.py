"""What CI services and pre-commit say in their environment about the commits to verify."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from patchgen.errors import InputError, UsageError
from patchgen.presubmit.found import (
    Nothing,
    Submission,
    Variables,
    between,
    is_zero,
    since_upstream,
)
from patchgen.trees.repository import UserRepository

Found = Submission | Nothing


def find_submission(user: UserRepository, variables: Variables) -> Found:
    """What is about to be submitted, by the first service that has something to say.

    Without any, ``@{upstream}..HEAD``. Raises InputError when the checkout lacks the history,
    UsageError when the service runs for something that has no range.
    """
    for variable, ask in _SERVICES:
        if variables.get(variable):
            return ask(user, variables)
    return since_upstream(user)


def _pre_commit(user: UserRepository, variables: Variables) -> Found:
    """pre-commit, in its pre-push stage or with ``--from-ref`` and ``--to-ref``."""
    start = variables["PRE_COMMIT_FROM_REF"]
    return between(user, "pre-commit", variables.get("PRE_COMMIT_TO_REF") or "HEAD", start)


def _first_push(user: UserRepository, variables: Variables) -> Found:  # noqa: ARG001
    """pre-commit names no range when the root commit is among those pushed."""
    branch = variables["PRE_COMMIT_REMOTE_BRANCH"]
    return Nothing(branch, "a whole history is pushed, which has no base")


def _github(user: UserRepository, variables: Variables) -> Found:
    """GitHub Actions, and those of Gitea and Forgejo, which use its names.

    HEAD is no use: for pull requests it is a merge that the service has made.
    """
    event, kind = _github_event(variables), variables["GITHUB_EVENT_NAME"]
    source = f"{kind} event"
    if kind.startswith("pull_request"):
        request = event.get("pull_request", {})
        branch = variables.get("GITHUB_BASE_REF")
        bases = (_sha(request, "base"), f"origin/{branch}" if branch else "")
        return between(user, source, _sha(request, "head") or "HEAD", *bases)
    if kind == "merge_group":
        group = event.get("merge_group", {})
        return between(user, source, group.get("head_sha") or "HEAD", group.get("base_sha", ""))
    if kind == "push":
        after = event.get("after") or variables.get("GITHUB_SHA") or "HEAD"
        if is_zero(after):
            return Nothing(source, "the branch was deleted")
        default = event.get("repository", {}).get("default_branch") or "main"
        return between(user, source, after, event.get("before", ""), f"origin/{default}")
    raise UsageError(
        f'a "{kind}" event submits no commits',
        "run presubmit for pull_request, merge_group and push, or patchgen verify BASE..TIP",
    )


def _github_event(variables: Variables) -> dict[str, Any]:
    path = variables.get("GITHUB_EVENT_PATH", "")
    try:
        event = json.loads(Path(path).read_bytes()) if path else {}
    except (OSError, ValueError) as error:
        raise InputError(f'cannot read GITHUB_EVENT_PATH "{path}": {error}') from error
    return event if isinstance(event, dict) else {}


def _sha(request: dict[str, Any], end: str) -> str:
    return str(request.get(end, {}).get("sha", ""))


def _gitlab(user: UserRepository, variables: Variables) -> Found:
    """GitLab: a merge request's base, or what was there before the push."""
    tip = variables.get("CI_COMMIT_SHA") or "HEAD"
    if base := variables.get("CI_MERGE_REQUEST_DIFF_BASE_SHA"):
        # In a pipeline for merged results CI_COMMIT_SHA is a merge that GitLab has made.
        tip = variables.get("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA") or tip
        return between(user, "merge request", tip, base)
    default = variables.get("CI_DEFAULT_BRANCH")
    bases = (variables.get("CI_COMMIT_BEFORE_SHA", ""), f"origin/{default}" if default else "")
    return between(user, "GitLab push", tip, *bases)


def _gerrit(user: UserRepository, variables: Variables) -> Found:
    """Gerrit, as Jenkins' Gerrit Trigger tells of it."""
    branch = variables["GERRIT_BRANCH"]
    tip = variables.get("GERRIT_PATCHSET_REVISION") or "HEAD"
    bases = (f"origin/{branch}", f"gerrit/{branch}", f"refs/heads/{branch}")
    change = variables.get("GERRIT_REFSPEC") or tip
    return between(user, f"Gerrit change {change}", tip, *bases)


_SERVICES: tuple[tuple[str, Callable[[UserRepository, Variables], Found]], ...] = (
    ("PRE_COMMIT_FROM_REF", _pre_commit),  # it may run inside one of the others
    ("PRE_COMMIT_REMOTE_BRANCH", _first_push),
    ("GITHUB_EVENT_NAME", _github),
    ("GITLAB_CI", _gitlab),
    ("GERRIT_BRANCH", _gerrit),
)
"""The variable by which a service is known, and what to ask it."""
