"""`trellis fingerprint STACK`: what was reviewed is what is deployed, or the deployment stops."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from trellis.cli.options import FAILED, OK, WRONG_INPUT, add_stack, fitted, recorded, write

MOST = 50
"""Differences shown; the rest is counted."""


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:  # pyright: ignore[reportPrivateUsage]
    """Declare the command."""
    parser = subparsers.add_parser(
        "fingerprint",
        help="say whether a plan is the one that was reviewed",
        description="A digest of each input of each resource of a plan. The review's is kept "
        "(--output); the deployment makes the plan of its own commit again and compares "
        "(--reviewed): it ends with 1 and names each resource and input that is other. Values of "
        "secrets are not in a plan, so they are not compared. Nothing is contacted.",
    )
    add_stack(parser)
    parser.add_argument("--output", type=Path, metavar="FILE", help="write it to a file")
    parser.add_argument(
        "--reviewed", type=Path, metavar="FILE", help="compare with one that was written"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Plan, and print or compare."""
    from trellis.review.fingerprint import UnreadableError, differences, fingerprint, read
    from trellis.stackfile.loading import read_stack

    recording = recorded(arguments, complete=True)
    files = read_stack(arguments.project, arguments.stack, arguments.config_file)
    main = files.project.main.resolve()
    now = fingerprint(recording, main if main.is_dir() else main.parent)
    if arguments.output is not None:
        write(arguments.output, json.dumps(now, indent=1) + "\n")
    if arguments.reviewed is None:
        print(now["whole"])
        return OK
    try:
        found = list(differences(read(arguments.reviewed), now))
    except UnreadableError as error:
        print(f"trellis fingerprint: {error}", file=sys.stderr)
        return WRONG_INPUT
    if not found:
        print(f"{now['whole']}: the plan is the one that was reviewed")
        return OK
    lines = [f"{len(found)} differences from the reviewed plan; review this one, then deploy it:"]
    lines += [f"  {member}" for member in found[:MOST]]
    if len(found) > MOST:
        lines.append(f"  and {len(found) - MOST} more")
    print(fitted("\n".join(lines)))
    return FAILED
