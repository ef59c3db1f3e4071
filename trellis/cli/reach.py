"""`trellis reach STACK [FROM [TO]]`: who may reach what, and who may do what."""

from __future__ import annotations

import argparse
import json

from trellis.cli.options import OK, add_stack, colours_wanted, fitted, print_document


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:  # pyright: ignore[reportPrivateUsage]
    """Declare the command."""
    parser = subparsers.add_parser(
        "reach",
        help="say who may reach what, and who may do what",
        description="Reads a plan: connections that security groups, routes, listeners and the "
        "edge let through, with port, way and encryption; and what roles and resources allow, with "
        "the `uses` line that gave it. With FROM and TO, also by which others the one reaches the "
        "other. Things are named as in the stack file (services.backend, databases.main); "
        "everybody outside is `internet`.",
    )
    add_stack(parser)
    parser.add_argument("source", metavar="FROM", nargs="?", help="only what begins here")
    parser.add_argument("target", metavar="TO", nargs="?", help="only what ends here")
    parser.add_argument("--json", action="store_true", help="as JSON (docs/reach.md)")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Plan, look, and print."""
    from trellis.planner.text import coloured, plain
    from trellis.reach.matrix import matrix_of
    from trellis.reach.text import render

    found = matrix_of(arguments.project, arguments.stack, arguments.config_file)
    source, target = arguments.source, arguments.target
    if arguments.json:
        whole = found.asked(source, target).as_json()
        path = found.path(source, target) if source and target else None
        whole["path"] = None if path is None else [[c.source, c.target, c.port] for c in path]
        print_document(json.dumps(whole, indent=2, ensure_ascii=False) + "\n")
        return OK
    paint = coloured if colours_wanted() else plain
    print(fitted("\n".join(render(found, source, target, paint))))
    return OK
