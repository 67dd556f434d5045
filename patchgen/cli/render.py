"""``patchgen render``"""

import os
import sys
from argparse import Namespace
from pathlib import Path

from patchgen.errors import InputError, UsageError


def run(arguments: Namespace) -> int:
    """Render a series, verify it, write it; 1 when what was rendered does not verify."""
    from patchgen.cli.progress import progress
    from patchgen.reading.read import parse_series
    from patchgen.rendering.output import (
        check_directory,
        check_mailbox,
        write_directory,
        write_mailbox,
    )
    from patchgen.rendering.posting import Posting
    from patchgen.rendering.render import render_series
    from patchgen.rendering.template import load_template
    from patchgen.reporting.text import format_text
    from patchgen.stages.facts import Wishes
    from patchgen.trees.base import NoBase, find_base, import_fixture, open_tree
    from patchgen.trees.scratch import workspace
    from patchgen.verify import verify_on

    if arguments.series is None:
        return _list()
    template = load_template(arguments.series)
    chosen = dict(_setting(text) for text in arguments.set)
    output = arguments.output_directory or template.name
    if arguments.mbox is None:
        check_directory(Path(output), arguments.force)
    elif arguments.output_directory:
        raise UsageError("-o and --mbox exclude each other", "give one of them")
    else:
        check_mailbox(Path(arguments.mbox), arguments.force)
    posting = Posting(
        arguments.reroll_count,
        arguments.subject_prefix,
        tuple(arguments.to),
        tuple(arguments.cc),
        None if arguments.no_signature else arguments.signature or Posting().signature,
    )
    with workspace() as directory, progress() as tell:
        tell("opening the base tree")
        if arguments.tree:
            base = open_tree(directory, arguments.tree, arguments.base, None)
        elif arguments.base or not template.tree:
            found = find_base(directory, arguments.base or "HEAD", None)
            if isinstance(found, NoBase):
                raise InputError(found.reason, "name the base tree with --tree")
            base = found
        else:
            base = import_fixture(directory, template.tree)
        tell(f"rendering {template.title}")
        files = render_series(template, base, chosen, posting, directory)
        shown = [arguments.mbox or os.path.join(output, file.name) for file in files]
        series = parse_series(zip(shown, (file.data for file in files), strict=True))
        wishes = Wishes(build=False, not_built_because="left to patchgen verify")
        report = verify_on(series, base, wishes, directory, tell)
    if arguments.mbox:
        write_mailbox(files, Path(arguments.mbox))
    else:
        write_directory(files, Path(output))
    print("\n".join(dict.fromkeys(shown)))
    if report.findings:
        sys.stderr.write(format_text(report))
    return int(report.fails)


def _list() -> int:
    from patchgen.rendering.template import load_template, shipped_series

    for name in shipped_series():
        template = load_template(name)
        print(f"{name}: {template.title}")
        if template.description:
            print(f"    {template.description}")
        for variable in template.variables:
            default = "" if variable.default is None else f" (default: {variable.default})"
            print(f"    --set {variable.name}=…  {variable.description}{default}")
    return 0


def _setting(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise UsageError(f'--set "{text}" has no value', "write --set NAME=VALUE")
    return name, value
