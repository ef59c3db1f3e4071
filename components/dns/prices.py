"""What this package's resources cost.

Sources: "Amazon Route 53 pricing", 2026-11.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from components.parts.asked import Asked, Rule
from components.parts.charges import Charge, Free, NotPriced, Pricing, Row
from components.parts.spread import Spread


def zone(asked: Asked) -> Iterator[Pricing]:
    """The zone, and queries other than of aliases."""
    queries, why = asked.used("zones", "queries")
    month = asked.because("a hosted zone")
    yield Charge(
        "AmazonRoute53/hostedZone/month", "hosted zones", Spread.flat(1), (month,), everywhere=True
    )
    yield Charge("AmazonRoute53/standard/query", "DNS queries", queries, (why,), everywhere=True)


def certificate(asked: Asked) -> Iterator[Pricing]:
    """Public ones are free; those of a private authority are not."""
    if asked.get("certificateAuthorityArn"):
        yield NotPriced("private certificate", "no price of private authorities is in the data")
        return
    yield Charge(
        "AWSCertificateManager/publicCertificate/month", "public certificates", Spread.flat(1),
        (asked.because("certificates of ACM are free"),), everywhere=True,
    )  # fmt: skip


RULES: Mapping[str, Rule] = {
    "aws:route53/zone:Zone": zone,
    "aws:acm/certificate:Certificate": certificate,
}


FREE: Mapping[str, Free] = {
    "aws:route53/record:Record": Free(
        "records are free, their queries are the zone's", "Amazon Route 53 pricing, 2026-11"
    ),
    "aws:route53/hostedZoneDnsSec:HostedZoneDnsSec": Free(
        "signing is free, its key is priced", "Amazon Route 53 pricing, 2026-11"
    ),
    "aws:route53/keySigningKey:KeySigningKey": Free(
        "the KMS key behind it is priced", "Amazon Route 53 pricing, 2026-11"
    ),
    "aws:route53/queryLog:QueryLog": Free(
        "its lines are priced with the logs", "Amazon Route 53 pricing, 2026-11"
    ),
    "aws:acm/certificateValidation:CertificateValidation": Free(
        "it is a wait, not a thing", "AWS Certificate Manager pricing, 2026-11"
    ),
}

ASSUMED: Mapping[tuple[str, str], Row] = {
    ("zones", "queries"): ((1e4, 1e5, 1e6), (1e5, 1e6, 1e7), (1e6, 1e7, 1e8)),
}  # fmt: skip
