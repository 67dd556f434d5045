"""``patchgen explain``"""

from argparse import Namespace


def run(arguments: Namespace) -> int:
    """Print the documentation of one check, or a line for each."""
    from patchgen.checks.catalogue import CHECKS, find_check

    if arguments.check is None:
        width = max(map(len, CHECKS))
        for check in CHECKS.values():
            print(f"{check.id:<{width}}  {check.severity!s:<8} {check.title}")
        return 0
    check = find_check(arguments.check)
    print(f"{check.id} ({check.severity})\n\n{check.title}")
    for name, text in (("Why", check.why), ("Bad", check.bad), ("Good", check.good)):
        print(f"\n{name}:\n{text}")
    return 0
