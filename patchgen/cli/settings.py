"""Settings of the person who runs patchgen: from the command line and from ``git config``."""

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from patchgen.settings.model import Settings


def chosen_settings(arguments: Namespace) -> "Settings":
    """What the options say, over what git is configured to say.

    Raises UsageError, with the nearest name, for checks, profiles and keys that do not exist.
    """
    from patchgen.checks.catalogue import IDS, known_id
    from patchgen.findings import Severity
    from patchgen.settings.model import Ignore, Settings
    from patchgen.settings.read import load_profile, read_git_config
    from patchgen.trees.repository import configured

    ignores = []
    for text in arguments.ignore:
        check, _, reason = text.partition("=")
        ignores.append(Ignore(known_id(check), reason, "--ignore"))
    said = Settings(
        arguments.profile,
        Severity[arguments.fail_on.upper()] if arguments.fail_on else None,
        tuple(known_id(check) for check in arguments.only),
        ignores=tuple(ignores),
        sandbox=arguments.sandbox,
    )
    found = said.over(read_git_config(configured(Path(), "patchgen"), IDS))
    if found.profile:
        load_profile(found.profile, IDS)
    return found
