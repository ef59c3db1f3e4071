"""`trellis add KIND NAME`: one thing more in the stack file, by the shortest entry that runs."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from trellis.cli.options import OK, WRONG_INPUT, write
from trellis.start.recipes import KINDS


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:  # pyright: ignore[reportPrivateUsage]
    """Declare the command."""
    parser = subparsers.add_parser(
        "add",
        help="add a service, database, site, function, ... to the stack file",
        description="Adds an entry to Pulumi.yaml, for all stacks, or to one stack's own file. "
        "Comments and order stay, and nothing is written that does not load. SETTING is "
        "PATH=VALUE inside the entry, as in cpu=512, engine=mysql or uses='[{database: main}]'.",
    )
    parser.add_argument("kind", metavar="KIND", choices=KINDS, help=", ".join(KINDS))
    parser.add_argument("name", metavar="NAME", help="its key in the stack file")
    parser.add_argument("settings", metavar="SETTING", nargs="*", help="PATH=VALUE")
    parser.add_argument("--stack", metavar="STACK", help="only this stack has it")
    parser.add_argument(
        "--host", metavar="NAME", help="of a service: requests for this name reach it"
    )
    parser.add_argument(
        "--project", type=Path, default=None, metavar="DIR",
        help="folder of Pulumi.yaml (default: this one, or the nearest above that has one)",
    )  # fmt: skip
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Change, check, and write."""
    from trellis.start.adding import added
    from trellis.start.landing import InTheWayError

    if arguments.host is not None and arguments.kind != "service":
        print("trellis add: --host goes with `service` only", file=sys.stderr)
        return WRONG_INPUT
    try:
        texts = added(
            arguments.project, arguments.kind, arguments.name, _given(arguments.settings),
            stack=arguments.stack, host=arguments.host,
        )  # fmt: skip
    except InTheWayError as error:
        print(f"trellis add: {error}", file=sys.stderr)
        return WRONG_INPUT
    for file, text in sorted(texts.items(), key=lambda pair: pair[0].name.startswith("Pulumi")):
        write(file, text)
        where = file.absolute().relative_to(arguments.project.absolute())
        print(f"{where}: {arguments.kind} {arguments.name}")
    return OK


def _given(words: list[str]) -> dict[tuple[str | int, ...], Any]:
    import yaml

    from trellis.stackfile.editing import SUBJECT, typed
    from trellis.stackfile.explaining import parsed
    from trellis.stackfile.problems import Problem, StackFileError

    found: dict[tuple[str | int, ...], Any] = {}
    for word in words:
        name, equals, value = word.partition("=")
        path = parsed(name)
        try:
            found[path] = typed(value)
        except yaml.YAMLError:
            equals = ""
        if not equals or not path:
            allowed = "PATH=VALUE, VALUE as YAML on one line"
            raise StackFileError([Problem(path, word, allowed)], subject=SUBJECT)
    return found
