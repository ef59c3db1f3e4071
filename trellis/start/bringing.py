"""`trellis init --from`: another tool's files as a repository, and a list of what needs a hand."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from pathlib import Path

from trellis.stackfile.problems import KeyPath, Problem, Source, StackFileError
from trellis.start.draft import Converted
from trellis.start.landing import check_texts
from trellis.start.ledger import Leftover
from trellis.start.repository import Repository, profile_of, text_of

LEFTOVERS = "LEFTOVERS.md"
NAMES_PLACE = ("terraform",)
"""Kinds of files that say where what exists stands."""

SUBJECT = "what would be carried over has"

HEADING = """\
# What was not carried over, or needs a hand

Each line names the file and line it comes from. Take a line away when it is done, and the file with
the last one.

"""


class MissingError(Exception):
    """Something that only a person can say, or a word that is none; the text names the flag."""


def brought(arguments: argparse.Namespace) -> tuple[Repository, tuple[Leftover, ...]]:
    """The repository that another tool's files come to, and what was left over.

    Raises:
        MissingError: the kind of files or the region is not said.
        StackFileError: the files can't be read, or come to a stack that does not load: each problem
            with the line of theirs that it comes from.
    """
    kind, given = arguments.source
    source = Path(given)
    readers = _readers()
    if kind not in readers:
        raise MissingError(f"--from {kind} is none; one of {', '.join(readers)}")
    if not source.exists():
        raise MissingError(f"{source} is not there")
    if arguments.region is None and kind not in NAMES_PLACE:
        raise MissingError("--region is needed: the files don't say where they run")
    converted = readers[kind](source, arguments.into, arguments.domain)
    region = arguments.region or converted.region
    if region is None:
        raise MissingError("--region is needed: the files don't say where they run")
    # Production last: what is typed first is tried first.
    stacks = sorted(converted.own or ("dev", "prod"), key=profile_of)
    accounts = {
        stack: (arguments.prod_account if profile_of(stack) == "production" else None)
        or arguments.account
        or converted.account
        for stack in stacks
    }
    remarks = converted.ledger.leftovers()
    files = (
        dict(converted.files)
        | {LEFTOVERS: HEADING + "".join(f"- {remark}\n" for remark in remarks)}
        if remarks
        else {}
    )
    shared = dict(converted.shared)
    if "loadBalancers" in shared or any(
        "loadBalancers" in entries for entries in converted.own.values()
    ):
        lifecycle = [{"afterDays": 90, "expire": True}]
        logs = {"purpose": "logs", "receives": ["loadBalancers"], "lifecycle": lifecycle}
        shared["buckets"] = {"access-logs": logs}
    if arguments.email is not None:
        shared["monitoring"] = {"subscribers": {"team": {"email": arguments.email}}}
    repository = Repository(
        arguments.name or converted.name, region, accounts, shared, converted.own,
        builds=converted.builds, files=files,
    )  # fmt: skip
    try:
        check_texts(text_of(repository))
    except StackFileError as error:
        raise StackFileError(
            [_with_origin(problem, converted) for problem in error.problems], subject=SUBJECT
        ) from None
    return repository, remarks


def _readers() -> dict[str, Callable[[Path, Path, str | None], Converted]]:
    from trellis.start import compose, copilot, terraform

    return {
        "copilot": copilot.convert,
        "compose": compose.convert,
        "terraform": terraform.convert,
    }


def _with_origin(problem: Problem, converted: Converted) -> Problem:
    """The same problem at the line of the other tool's file, where there is one."""
    # What does not go together is a problem of the whole entry, and begins with one of its words.
    word = re.match(r"`(\w+): ", problem.found)
    named: KeyPath = (*problem.path, word[1]) if word else problem.path
    origin = converted.origin(named)
    if origin is None:
        return problem
    source = Source("manifest", *origin)
    return Problem(problem.path, problem.found, problem.allowed, problem.hint, source)
