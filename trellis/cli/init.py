"""`trellis init`: a repository of one's own that plans and passes."""

from __future__ import annotations

import argparse
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from components.parts.regions import REGION_FORM, known_regions
from trellis.cli.options import OK, WRONG_INPUT, UnwritableError
from trellis.stackfile.suggesting import did_you_mean
from trellis.start.bringing import LEFTOVERS, MissingError, brought

if TYPE_CHECKING:
    from trellis.start.repository import Repository

ELSEWHERE = ("trail", "configuration", "threatDetection", "accessAnalyzer", "diskEncryption",
             "publicAccessBlock", "apiLogs", "catalogEncryption")  # fmt: skip
"""What an account has once: the second stack of it leaves it to the first."""

BASELINE: dict[str, Any] = {
    "baseline": {},
    # Whoever reads the trail's bucket is recorded, too.
    "buckets": {
        "access-logs": {"purpose": "logs", "lifecycle": [{"afterDays": 365, "expire": True}]}
    },
}

REGION = re.compile(REGION_FORM)
ACCOUNT = re.compile(r"\d{12}")


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:  # pyright: ignore[reportPrivateUsage]
    """Declare the command."""
    parser = subparsers.add_parser(
        "init",
        help="begin a repository: stack files, program, policy pack",
        description="Writes a repository that plans and passes: Pulumi.yaml, a file a stack, the "
        "three-line program, requirements, the policy pack for the engine. Asks for what no flag "
        "says, at a terminal. Nothing is overwritten, and nothing is written that does not load.",
    )
    parser.add_argument("name", metavar="NAME", nargs="?", help="the system's name, as in shop")
    parser.add_argument("--region", metavar="REGION", help="as in eu-central-1")
    parser.add_argument("--account", metavar="ID", help="the AWS account, twelve digits")
    parser.add_argument("--prod-account", metavar="ID", help="production's, where it is another")
    parser.add_argument("--domain", metavar="NAME", help="a domain whose zone is made, for prod")
    parser.add_argument("--email", metavar="ADDRESS", help="who hears of alarms")
    parser.add_argument(
        "--baseline", action="store_true",
        help="the account has no trail, configuration recorder and threat detection yet: the "
        "stacks set them up",
    )  # fmt: skip
    parser.add_argument(
        "--from", dest="source", nargs=2, metavar=("KIND", "PATH"),
        help="bring over what is there: `copilot DIR` (the folder with copilot/ in it), "
        "`compose FILE` or `terraform STATE` (a state file, or what `terraform show -json` "
        "prints); what can't be is listed with its line",
    )  # fmt: skip
    parser.add_argument(
        "--workflows", metavar="HOST", help="write the workflows too: github or gitlab"
    )
    parser.add_argument("--into", type=Path, default=Path(), metavar="DIR", help="(default: here)")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Ask, check, and write."""
    from trellis.start.landing import InTheWayError, land
    from trellis.start.repository import text_of

    try:
        if arguments.source is None:
            _ask(arguments)
            repository, remarks = _new(arguments), ()
        else:
            repository, remarks = brought(arguments)
        texts = {**text_of(repository), **_workflows(arguments, tuple(repository.accounts))}
        kept = land(texts, arguments.into)
    except (MissingError, InTheWayError) as error:
        print(f"trellis init: {error}", file=sys.stderr)
        return WRONG_INPUT
    except OSError as error:
        raise UnwritableError(f"{error.filename} can't be written: {error.strerror}") from None
    _print_next(repository, arguments.into, kept)
    if arguments.workflows is not None:
        print("The workflows need roles, a state and variables: docs/delivery.md, Workflows")
    if remarks:
        print(f"\n{len(remarks)} lines need a hand; {LEFTOVERS} has them, too:\n")
        print("\n".join(map(str, remarks)))
    return OK


def _ask(arguments: argparse.Namespace) -> None:
    """Fills in what no flag said, at a terminal; `region` and `name` are needed in any case."""
    questions = (
        ("name", "Name of the system (lower case, as in shop)", True),
        ("region", "Region (as in eu-central-1)", True),
        ("account", "AWS account, twelve digits (empty: any)", False),
        ("domain", "Domain whose zone is made (empty: none)", False),
        ("email", "Address that hears of alarms (empty: none)", False),
        ("workflows", "Workflows for github or gitlab (empty: none)", False),
    )
    talks = sys.stdin.isatty() and sys.stdout.isatty() and arguments.region is None
    for field, question, needed in questions:
        while talks and getattr(arguments, field) is None:
            answer = input(f"{question}: ").strip()
            if answer or not needed:
                setattr(arguments, field, answer or None)
                break
        if needed and getattr(arguments, field) is None:
            flag = "NAME" if field == "name" else f"--{field}"
            raise MissingError(f"{flag} is needed, as in `trellis init shop --region eu-central-1`")
    _refuse_wrong(arguments)


def _refuse_wrong(arguments: argparse.Namespace) -> None:
    if not REGION.fullmatch(arguments.region):
        raise MissingError(f"--region {arguments.region} is none; as in eu-central-1")
    if arguments.region not in known_regions():
        hint = did_you_mean(arguments.region, known_regions()) or "as in eu-central-1"
        raise MissingError(f"--region {arguments.region} is no region of AWS: {hint}")
    for flag, value in (("--account", arguments.account),
                        ("--prod-account", arguments.prod_account)):  # fmt: skip
        if value is not None and not ACCOUNT.fullmatch(value):
            raise MissingError(f"{flag} {value} is no account: twelve digits")


def _workflows(arguments: argparse.Namespace, stacks: tuple[str, ...]) -> dict[str, str]:
    """The workflows for the repository that the files come into, by path from there."""
    from trellis.workflows.render import HOSTS, NoWorkflowsError, Repository, rendered

    host = arguments.workflows
    if host is None:
        return {}
    if host not in HOSTS:
        raise MissingError(f"--workflows {host} is none; one of {', '.join(HOSTS)}")
    here = arguments.into.absolute()
    root = next((above for above in (here, *here.parents) if (above / ".git").exists()), here)
    project = here.relative_to(root).as_posix()
    try:
        files = rendered(host, Repository(stacks, project=project))
    except NoWorkflowsError as error:
        raise MissingError(f"--workflows: {error}") from None
    return {os.path.relpath(root / name, here): text for name, text in files.items()}


def _new(arguments: argparse.Namespace) -> Repository:
    from trellis.start.repository import Repository

    production = arguments.prod_account or arguments.account
    shared: dict[str, Any] = {
        "tags": {"Project": arguments.name},
        "network": {"cidr": "10.0.0.0/16"},
    }
    own: dict[str, dict[str, Any]] = {"dev": {}, "prod": {}}
    if arguments.email is not None:
        shared["monitoring"] = {"subscribers": {"team": {"email": arguments.email}}}
    if arguments.domain is not None:
        own["prod"]["zones"] = {"main": {"domain": arguments.domain}}
        own["dev"]["zones"] = {"main": {"domain": f"dev.{arguments.domain}"}}
    if arguments.baseline:
        alone = production != arguments.account
        own["prod"] |= BASELINE
        own["dev"] |= BASELINE if alone else {"baseline": {"elsewhere": list(ELSEWHERE)}}
    return Repository(
        arguments.name, arguments.region, {"dev": arguments.account, "prod": production},
        shared, own,
    )  # fmt: skip


def _print_next(repository: Repository, folder: Path, kept: tuple[str, ...]) -> None:
    where = f" --project {folder}" if folder != Path() else ""
    stacks = list(repository.accounts)
    print(f"{repository.name}: {', '.join(stacks)} in {folder.absolute()}")
    for kept_file in kept:
        extra = ": add .venv/ and build/ to it" if kept_file == ".gitignore" else ""
        print(f"{kept_file} was there and stays as it is{extra}")
    print(f"Next: trellis plan {stacks[0]}{where}; trellis add service web{where}")
