"""Small systems recorded whole, from settings as a stack file would say them."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from testing.stacks import ROOT
from trellis.assembly import build
from trellis.planner.record import Mode, ProgramInput, Recording, record_program
from trellis.stackfile.loading import load

ACCOUNT = "123456789012"
REGION = "us-east-1"

NETWORK: dict[str, Any] = {
    "cidr": "10.0.0.0/16",
    "zones": 2,
    "nat": "single",
    "subnets": {"public": {}, "private": {}},
}
DATABASE = {"engine": "postgres", "version": "17", "instanceClass": "db.t4g.medium"}
IMAGE = {"uri": f"{ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com/web@sha256:{'0' * 64}"}
CACHE = {"engine": "redis", "version": "7.1", "nodeType": "cache.t4g.micro", "nodes": 2}


def small_system(
    mode: Mode = "deployed", *, profile: str = "production", **tiers: Any
) -> Recording:
    """The recording of a system `shop`, environment `dev`, with these parts of a stack file.

    Tests that ask for the same system share one: leave it as it is. In a folder of its own, whose
    files a test may change, a system is recorded each time.
    """
    given = {"name": "shop", "environment": "dev", "profile": profile, "account": ACCOUNT, **tiers}
    config = {
        "aws:region": REGION,
        **{
            f"trellis:{key}": value if isinstance(value, str) else json.dumps(value)
            for key, value in given.items()
        },
    }
    if Path.cwd() != ROOT:
        return _recorded.__wrapped__(tuple(config.items()), mode)
    return _recorded(tuple(config.items()), mode)


@lru_cache(maxsize=100)
def _recorded(config: tuple[tuple[str, str], ...], mode: Mode) -> Recording:
    return recorded_build(ProgramInput("shop", "dev", dict(config)), mode)


def recorded_build(given: ProgramInput, mode: Mode) -> Recording:
    """What `build(load())` registers."""

    def program() -> None:
        build(load())

    return record_program(program, given, mode)
