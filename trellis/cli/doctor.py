"""`trellis doctor STACK`: what would stop a deployment, before anything is touched."""

from __future__ import annotations

import argparse

from trellis.cli.operating import planned, print_findings
from trellis.cli.options import add_stack


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:  # pyright: ignore[reportPrivateUsage]
    """Declare the command."""
    parser = subparsers.add_parser(
        "doctor",
        help="look for what would stop a deployment, before it starts",
        description="Asks the stack's account, read only, whether the plan fits: credentials, "
        "zones, quotas, classes and versions offered, names that are taken, delegation, mail, "
        "images, secrets, and every permission that a deployment needs. What the caller may not "
        "ask is told and left out.",
    )
    add_stack(parser)
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.add_argument(
        "--strict", action="store_true", help="fail too where something could not be looked at"
    )
    parser.add_argument(
        "--principal",
        metavar="ARN",
        help="the role or user that deploys, whose permissions are looked at (default: the caller)",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Look and report; 1 where something is wrong."""
    import boto3

    from trellis.operate import doctor
    from trellis.operate.access import NoAccessError, sign_in
    from trellis.operate.findings import Finding, Status, found

    # Limits and rights have to do for what waits today, too.
    system = planned(arguments, complete=True)
    findings = found(doctor.TOOLS, system)
    try:
        access = sign_in(system.settings, boto3.Session)
        findings += doctor.examine(system, access, arguments.principal)
    except NoAccessError as error:
        findings.append(Finding("credentials", Status.WRONG, str(error), error.remedy))
    return print_findings(arguments, findings)
