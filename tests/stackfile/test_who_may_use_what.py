"""Every kind of `uses` line in every kind of consumer: refused in words, or it leads somewhere."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from testing.everything import EVERYTHING, site_folder
from testing.small_systems import ACCOUNT, recorded_build
from trellis.planner.record import ProgramInput
from trellis.registry import OFFERS
from trellis.stackfile.loading import load
from trellis.stackfile.problems import KeyPath, StackFileError

IMAGE = {"uri": f"{ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com/web@sha256:{'0' * 64}"}
LINES: dict[str, dict[str, Any]] = {
    "database": {"database": "main"},
    "cache": {"cache": "main"},
    "table": {"table": "orders"},
    "bucket": {"bucket": "data", "access": "read"},
    "secret": {"secret": "signing"},
    "topic": {"topic": "news"},
    "queue": {"queue": "work", "access": "send"},
    "mail": {"mail": "main"},
    "stream": {"stream": "clicks", "access": "put"},
    "service": {"service": "web"},
    "metrics": {"metrics": "app"},
    "catalog": {"catalog": "lake"},
    "query": {"query": "main"},
    "model": {"model": "small"},
    "function": {"function": "answers"},
    "api": {"api": "fast"},
    "users": {"users": "users"},
    "logs": {"logs": "audit"},
    "files": {"files": "uploads", "at": "/mnt/uploads"},
    "parameter": {"parameter": "stage"},
    "kms": {"kms": "central", "access": "encrypt"},
    "address": {"address": "93.184.216.0/24", "port": 1521},
    "grant": {"grant": {"actions": ["s3:ListAllMyBuckets"], "resources": ["*"]}},
}
"""A line of each kind, by its kind."""

CONSUMERS: dict[str, dict[str, Any]] = {
    "services": {"image": IMAGE},
    "jobs": {"image": IMAGE, "schedule": "rate(1 day)"},
    "functions": {"image": IMAGE, "subnets": "private"},
    "identities": {
        "issuer": "https://oidc.vercel.com/shop",
        "audience": "https://vercel.com/shop",
        "subject": "owner:shop:project:web:environment:production",
    },
}

REFUSED = {
    ("functions", "service"),
    *(
        ("identities", kind)
        for kind in ("address", *(o.kind for o in OFFERS.values() if o.listens))
    ),
}
"""Lines that lead nowhere: a function resolves no name of the cluster's, and a workload outside AWS
has no way into the network."""


KEY_END = "0000-4000-8000-000000000000"
PLAIN = {"address": "93.184.216.0/24", "grant": "ListAllMyBuckets"}
"""What a line of no variables leaves in a consumer's resources."""


def config_with(consumers: str, lines: list[dict[str, Any]]) -> dict[str, str]:
    """The configuration of the system of every tier with one consumer more."""
    settings: dict[str, Any] = copy.deepcopy(EVERYTHING)
    settings["services"]["web"]["discoverable"] = True
    settings["topics"] = {"news": {}}
    settings["models"] = {"small": {"provider": "bedrock", "id": "amazon.nova-lite-v1:0"}}
    settings["existing"] = {
        "parameters": {"stage": {"name": "/shop/stage"}},
        "keys": {"central": {"arn": f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/{'0' * 8}-{KEY_END}"}},
    }
    settings["monitoring"]["metrics"] = {
        "app": {"namespace": "Shop", "metrics": {"orders": {"name": "Orders"}}}
    }
    settings["monitoring"]["logs"] = {"audit": {"name": "/shop/audit"}}
    settings.setdefault(consumers, {})["consumer"] = {**CONSUMERS[consumers], "uses": lines}
    texts = {f"trellis:{key}": json.dumps(value) for key, value in settings.items()}
    named = {"name": "shop", "environment": "dev", "account": ACCOUNT}
    return {
        "aws:region": "eu-west-1",
        **texts,
        **{f"trellis:{key}": text for key, text in named.items()},
    }


def refused_at(config: Mapping[str, str]) -> set[KeyPath]:
    """Where the loader finds fault, four keys deep."""
    try:
        load(config)
    except StackFileError as refused:
        return {problem.path[:4] for problem in refused.problems}
    return set()


def test_every_kind_has_a_line() -> None:
    assert OFFERS.keys() <= LINES.keys()


@pytest.mark.long
@pytest.mark.parametrize("consumers", CONSUMERS)
def test_a_line_is_refused_or_leads_somewhere(
    consumers: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(site_folder(tmp_path))
    refused = {kind: refused_at(config_with(consumers, [line])) for kind, line in LINES.items()}
    place = (consumers, "consumer", "uses", 0)
    assert {kind: paths for kind, paths in refused.items() if paths} == {
        kind: {place} for other, kind in REFUSED if other == consumers
    }
    accepted = {kind: line for kind, line in LINES.items() if not refused[kind]}
    lines = [
        {**line, **({} if kind in PLAIN else {"prefix": f"{kind.upper()}_"})}
        for kind, line in accepted.items()
    ]
    given = ProgramInput("shop", "dev", config_with(consumers, lines))
    recording = recorded_build(given, "deployed")
    mine = [resource for resource in recording if "consumer" in resource.urn]
    shown = repr([resource.inputs for resource in mine]) + repr(recording.outputs)
    assert [kind for kind in accepted if PLAIN.get(kind, f"{kind.upper()}_") not in shown] == []
    if consumers == "identities":
        (policy,) = (r for r in mine if r.type == "aws:iam/rolePolicy:RolePolicy")
        assert len(json.loads(policy.inputs["policy"])["Statement"]) >= len(lines)
