"""The systems' own documents, line by line: what they count costs what was worked out by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from tests.price.systems import priced
from trellis.price.lines import Line
from trellis.price.prices import cents
from trellis.stackfile.problems import KeyPath

RECONCILIATION = {
    system["system"]: system
    for system in json.loads((Path(__file__).parent / "goldens.json").read_text())["reconciliation"]
}

WITHIN = Decimal("0.03")
NONE = Decimal(0)

Counts = Callable[[KeyPath, Line], bool]


def keys(*prefixes: str, part: str | None = None, names: tuple[str, ...] = ()) -> Counts:
    """Lines of price keys, of one part of the stack file, of some resources only."""

    def counts(owner: KeyPath, line: Line) -> bool:
        here = part is None or (bool(owner) and owner[0] == part)
        named = not names or line.name in names
        return here and named and line.charge.key.startswith(prefixes)

    return counts


FARGATE = "AmazonECS/fargate"
PUBLIC = "AmazonVPC/publicIpv4/hour"
SECRETS = keys("AWSSecretsManager/")
ENDPOINTS = keys("AmazonVPC/interfaceEndpoint/hour")
NAT = keys("AmazonVPC/natGateway/hour")
CACHE = keys("AmazonElastiCache/cache.")
DATABASE = keys("AmazonRDS/db.", "AmazonRDS/storage/")
BALANCER = keys("AWSELB/")

SYSTEMS: dict[str, tuple[tuple[str, str], dict[str, Counts]]] = {
    "clubapp-dev": (
        (".", "dev"),
        {
            "database": DATABASE,
            "cache": CACHE,
            "S3": keys("AmazonS3/", part="buckets"),
            "Fargate": keys(FARGATE),
            "balancer": BALANCER,
            "CDN": keys("AmazonCloudFront/northAmerica/"),
            "DNS": keys("AmazonRoute53/"),
            "secrets": SECRETS,
            "CloudWatch": keys(
                "AmazonCloudWatch/alarm/", "AmazonCloudWatch/dashboard/",
                "AmazonCloudWatch/logs/standard/",
            ),
            "NAT": NAT,
            "interface endpoints": ENDPOINTS,
            "public addresses": keys(PUBLIC),
            "table": keys("AmazonDynamoDB/"),
            "customer keys": keys("awskms/key/"),
        },
    ),
    "afric-analyzer-starter": (
        ("systems/afric-analyzer", "starter"),
        {
            "Fargate services": keys(f"{FARGATE}/x86/onDemand/", part="services"),
            "Fargate Spot consumer": keys(f"{FARGATE}/x86/spot/"),
            "database": DATABASE,
            "cache": CACHE,
            "balancer": BALANCER,
            "S3": keys("AmazonS3/", part="buckets", names=("reports",)),
            "CDN": keys("AmazonCloudFront/europe/", part="sites"),
            "DNS": keys("AmazonRoute53/hostedZone/"),
            "ECR": keys("AmazonECR/"),
            "NAT": NAT,
            "interface endpoints": ENDPOINTS,
            "public addresses": keys(PUBLIC),
            "firewalls": keys("awswaf/"),
            "secrets": SECRETS,
        },
    ),
    "afric-analyzer-prod": (
        ("systems/afric-analyzer", "prod"),
        {
            "Fargate": keys(FARGATE, part="services"),
            "database": DATABASE,
            "cache": CACHE,
            "balancer and firewall": keys("AWSELB/", "awswaf/", names=("alb", "main-regional")),
            "NAT": NAT,
            "secrets": SECRETS,
            "interface endpoints": ENDPOINTS,
            "public addresses": keys(PUBLIC),
            "firewall of the sites": keys("awswaf/", names=("main-sites",)),
        },
    ),
    "engify": (
        ("systems/engify", "prod"),
        {
            "secrets": SECRETS,
            "logs": keys("AmazonCloudWatch/logs/"),
            "metrics": keys("AmazonCloudWatch/metric/custom/"),
            # The document has four alarms and one key; Trellis watches and encrypts more.
            "alarms": keys(
                "AmazonCloudWatch/alarm/standard/",
                names=("api-error-rate", "api-response-time", "ai-cost", "function-errors"),
            ),
            "customer key": keys("awskms/key/", names=("keys-logs",)),
        },
    ),
}  # fmt: skip
"""What the document of each system counts, by its lines."""

TAKEN_OVER = {"CloudWatch", "rest"}
"""Lines of the Afric documents that are a sum of money without anything counted."""


@pytest.mark.parametrize("system", SYSTEMS)
def test_what_the_document_counts_costs_what_was_worked_out_by_hand(system: str):
    (project, stack), counted = SYSTEMS[system]
    worked = {line["line"]: Decimal(str(line["ours"])) for line in RECONCILIATION[system]["lines"]}
    found = priced(project, stack).estimate
    ours = {
        name: cents(
            sum((line.usd.expected for at, line in found.single_lines if counts(at, line)), NONE)
        )
        for name, counts in counted.items()
    }
    rest = worked.keys() - counted.keys()
    assert rest <= TAKEN_OVER
    expected = sum((worked[name] for name in counted), Decimal(0))
    total = sum(ours.values(), Decimal(0))
    assert abs(total - expected) <= WITHIN * expected, (ours, worked)
    assert (expected + sum(worked[name] for name in rest)) == Decimal(
        str(RECONCILIATION[system]["oursTotal"])
    )
