"""`trellis price STACK`: what a stack would cost a month, line by line, without an account."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import re
import sys
from pathlib import Path

from components.parts.regions import REGION_FORM
from trellis.cli.options import (
    OK,
    WRONG_INPUT,
    add_project,
    colours_wanted,
    print_document,
    terminal_width,
    write,
)

REFRESH = "refresh"

REGION = re.compile(REGION_FORM)


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:  # pyright: ignore[reportPrivateUsage]
    """Declare the command."""
    parser = subparsers.add_parser(
        "price",
        help="say what a stack would cost a month, and why",
        description="Prices a plan by list prices that Trellis brings, with a date and a source "
        "for each, and by the use that the stack file states under `usage`. Asks nobody. `trellis "
        "price refresh REGION` asks AWS's price list, with your credentials, and writes "
        "trellis.prices.REGION.json beside Pulumi.yaml, which is then used.",
    )
    parser.add_argument("stack", metavar="STACK", help=f"as in Pulumi.STACK.yaml; or `{REFRESH}`")
    parser.add_argument("region", metavar="REGION", nargs="?", help=f"only after `{REFRESH}`")
    add_project(parser)
    parser.add_argument("--json", action="store_true", help="as JSON (docs/price.md)")
    parser.add_argument("--total", action="store_true", help="only what each part costs")
    parser.add_argument(
        "--free-tier", action="store_true", help="take off what AWS gives every account for ever"
    )
    parser.add_argument(
        "--against",
        metavar="OTHER",
        help="the difference to another stack, to git:REVISION, or to a FILE that --json printed",
    )
    parser.add_argument(
        "--no-savings", action="store_true", help="do not plan again to find what would save most"
    )
    parser.add_argument(
        "--output", type=Path, metavar="FILE", help=f"where `{REFRESH}` writes instead"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Price and print."""
    if arguments.stack == REFRESH:
        return _refresh(arguments)
    if arguments.region is not None or arguments.output is not None:
        given = "--output" if arguments.region is None else arguments.region
        print(f"trellis price: {given} is only for `trellis price {REFRESH}`", file=sys.stderr)
        return WRONG_INPUT
    from trellis.planner.text import coloured, plain
    from trellis.price.against import against
    from trellis.price.budgets import verdicts
    from trellis.price.document import document
    from trellis.price.pricing import StackFolder, price_of
    from trellis.price.savings import failing, savings
    from trellis.price.support import sunsets
    from trellis.price.text import USUAL_WIDTH, PricePage, render

    where = StackFolder(arguments.project, arguments.stack, arguments.config_file)
    priced = price_of(where, free_tier=arguments.free_tier)
    found = priced.estimate
    today = dt.datetime.now(dt.UTC).date()
    budgets = list(verdicts(found.recording, found.usd, today))
    ending = list(sunsets(found.recording, today))
    difference = None
    if arguments.against is not None:
        difference = against(
            where, arguments.against, document(priced), free_tier=arguments.free_tier
        )
    saved = None if arguments.no_savings else savings(where, priced, failing)
    if arguments.json:
        whole = document(priced, budgets=budgets, sunsets=ending, savings=saved)
        whole["difference"] = None if difference is None else difference.as_json()
        print_document(json.dumps(whole, indent=2, ensure_ascii=False) + "\n")
        return OK
    page = PricePage(
        paint=coloured if colours_wanted() else plain,
        width=terminal_width() or USUAL_WIDTH,
        lines=not arguments.total,
    )
    text = render(
        priced, page, budgets=budgets, sunsets=ending, savings=saved, difference=difference
    )
    print("\n".join(line.rstrip() for line in text))
    return OK


def _refresh(arguments: argparse.Namespace) -> int:
    """Ask AWS for the prices of a region, and write them."""
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

    from trellis.price.prices import own_file, read
    from trellis.price.refresh import ENDPOINT_REGION, refresh, text_of

    region: str | None = arguments.region
    if region is None or REGION.fullmatch(region) is None:
        found = "no region" if region is None else f"the region {region}"
        print(f"trellis price {REFRESH}: {found}; give one such as eu-central-1", file=sys.stderr)
        return WRONG_INPUT
    target: Path = arguments.output or own_file(arguments.project, region)
    before = read(target, region) if target.is_file() else None
    try:
        client = boto3.client("pricing", region_name=ENDPOINT_REGION)
        renewed = refresh(region, client, dt.datetime.now(dt.UTC).date(), before)
    except (BotoCoreError, ClientError) as error:
        print(f"trellis price {REFRESH}: AWS does not answer: {error}", file=sys.stderr)
        print("  hint     sign in to any account that allows pricing:GetProducts", file=sys.stderr)
        return WRONG_INPUT
    if not renewed.renewed:
        print(f"trellis price {REFRESH}: AWS has no prices of {region}", file=sys.stderr)
        return WRONG_INPUT
    write(target, text_of(renewed.document))
    print(target)
    print(f"{len(renewed.renewed)} prices renewed, {renewed.kept} kept as they were")
    for key, was, now in renewed.changed:
        print(f"  {key}: {was} -> {now}")
    for key in renewed.doubtful:
        print(f"  {key}: AWS answers several prices; kept as it was", file=sys.stderr)
    return OK
