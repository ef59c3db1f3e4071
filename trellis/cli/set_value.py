"""`trellis set STACK PATH VALUE`: change one setting in a stack's own file, and nothing else."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import Any

from trellis.cli.options import OK, add_stack, write


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:  # pyright: ignore[reportPrivateUsage]
    """Declare the command."""
    parser = subparsers.add_parser(
        "set",
        help="change one setting in a stack's own file; comments and order stay",
        description="Changes a setting in Pulumi.STACK.yaml (also one that Pulumi.yaml shares: the "
        "stack then has its own), checks the whole, and writes only what is right. VALUE is YAML "
        "on one line: 6, true, null, arm64, [a, b], {low: 1, high: 2}.",
    )
    add_stack(parser)
    parser.add_argument("path", metavar="PATH", help="as in services.backend.scaling.max")
    parser.add_argument("value", metavar="VALUE", help="YAML on one line")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Change, check, and write."""
    import yaml

    from trellis.stackfile.editing import SUBJECT, changed_text, typed
    from trellis.stackfile.explaining import parsed
    from trellis.stackfile.loading import load, read_stack, using
    from trellis.stackfile.problems import Problem, StackFileError, dotted
    from trellis.stackfile.project import shown

    path = parsed(arguments.path)
    if not path:
        problem = Problem((), "no path", "one of a setting, as in services.backend.scaling.max")
        raise StackFileError([problem], subject=SUBJECT)
    try:
        value: Any = typed(arguments.value)
    except yaml.YAMLError:
        problem = Problem(path, arguments.value, "a value that is YAML on one line")
        raise StackFileError([problem], subject=SUBJECT) from None
    files = read_stack(arguments.project, arguments.stack, arguments.config_file)
    before = files.file.read_text(encoding="utf-8")
    after = changed_text(before, path, value, shown(files.file))
    with tempfile.TemporaryDirectory(prefix="trellis-set-") as held:
        # Read as the stack's own file would be: whatever is wrong with it is told before it is.
        draft = Path(held) / files.file.name
        draft.write_text(after, encoding="utf-8")
        tried = read_stack(arguments.project, arguments.stack, draft)
        with using(tried):
            load(tried.config)
    write(files.file, after)
    print(f"{shown(files.file)}: {dotted(path)} is now {arguments.value}")
    return OK
