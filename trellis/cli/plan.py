"""`trellis plan STACK`: what a stack file would be on AWS, without an account or an engine."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING

from trellis.cli.options import add_stack

if TYPE_CHECKING:
    from rich.tree import Tree as RichTree

    from trellis.planner.record import Recording
    from trellis.planner.tree import Branch, TypeGroup

LOG_WIDTH = 160
"""Columns where the output is no terminal (a CI log wraps nothing)."""

NAME_WIDTH = 44


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = subparsers.add_parser("plan", help="show what a stack would be on AWS")
    add_stack(parser)
    parser.add_argument("--json", action="store_true", help="as JSON (docs/plan-json.md)")
    parser.add_argument("--full", action="store_true", help="with every input of every resource")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Record the program and print it."""
    from trellis.planner.record import record

    recording = record(arguments.project, arguments.stack, config_file=arguments.config_file)
    if arguments.json:
        json.dump(recording.as_json(), sys.stdout, indent=2, ensure_ascii=False)
        print()
    else:
        _print(recording, full=arguments.full)
    return 0


def _print(recording: Recording, *, full: bool) -> None:
    from rich.console import Console
    from rich.tree import Tree as RichTree

    from trellis.planner.tree import tree

    console = Console(
        width=None if sys.stdout.isatty() else LOG_WIDTH, highlight=False, markup=False, emoji=False
    )
    planned = tree(recording)
    console.print(
        f"{recording.project} · {recording.stack} · {recording.region} · "
        f"account {recording.account}",
        style="bold",
    )
    console.print(
        f"{planned.count} resources would be on AWS. Nothing was contacted and nothing was made.\n"
    )
    root = RichTree("", hide_root=True, guide_style="dim")
    for branch in planned.branches:
        _branch(root, branch, full=full)
    for group in planned.loose:
        _group(root, group, full=full)
    console.print(root, soft_wrap=True)
    if recording.outputs:
        from trellis.planner.facts import lines

        console.print("\nStack outputs", style="bold")
        for line in lines(recording.outputs, "  "):
            console.print(line, soft_wrap=True)


def _branch(parent: RichTree, branch: Branch, *, full: bool) -> None:
    from rich.text import Text

    remote = "  made by a package of its own: its children are not seen here"
    title = Text.assemble(
        (branch.component.name, "bold cyan"),
        f"  {branch.label}",
        (f"  {_resources(branch.count)}", "dim"),
        (remote if branch.component.remote else "", "yellow"),
    )
    node = parent.add(title)
    for group in branch.groups:
        _group(node, group, full=full)
    for inner in branch.branches:
        _branch(node, inner, full=full)


def _group(parent: RichTree, group: TypeGroup, *, full: bool) -> None:
    from rich.text import Text

    from trellis.planner.facts import facts, lines

    count = len(group.resources)
    node = parent.add(Text.assemble(group.label, (f"  {count}" if count > 1 else "", "dim")))
    for each in group.resources:
        about = "" if full else facts(each.type, each.inputs)
        protected = "  protected" if each.protect else ""
        leaf = node.add(
            Text.assemble((f"{each.name:<{NAME_WIDTH}}", "green"), about, (protected, "yellow"))
        )
        if full:
            for line in lines(each.inputs):
                leaf.add(Text(line, style="dim"))


def _resources(count: int) -> str:
    return "1 resource" if count == 1 else f"{count} resources"
