"""What AWS returns for this package's types (each service's API reference, 2026-11)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from components.parts.simulation import UUID, AutoName, Scope, Shape


def _name_servers(scope: Scope) -> list[str]:
    """Four servers in four top-level domains, as every hosted zone has."""
    number = int(scope.text("{hex:6}"), 16)
    ends = ("com", "net", "org", "co.uk")
    return [
        f"ns-{(number >> n) % 512 + 512 * n}.awsdns-{n + 10:02}.{e}" for n, e in enumerate(ends)
    ]


def _fqdn(scope: Scope) -> str:
    return str(scope["name"]).removesuffix(".")


def _validation_options(scope: Scope) -> list[dict[str, str]]:
    """One record per name, a wildcard's its parent's: an account is asked for the same always."""
    others = cast("list[str]", scope.given("subjectAlternativeNames") or [])
    options: list[dict[str, str]] = []
    for name in dict.fromkeys([str(scope["domainName"]), *others]):
        bare = name.removeprefix("*.")
        asked = f"{scope.world.account}|{bare}"
        option = Scope(scope.type, asked, scope.state, scope.world)
        options.append(
            {
                "domainName": name,
                "resourceRecordName": option.text(f"_{{hex:32}}.{bare}."),
                "resourceRecordType": "CNAME",
                "resourceRecordValue": option.text("_{hex:32}.{lower:10}.acm-validations.aws."),
            }
        )
    return options


SHAPES: Mapping[str, Shape] = {
    "aws:acm/certificate:Certificate": Shape(
        id="arn:{partition}:acm:{region}:{account}:certificate/" + UUID,
        computed={
            "arn": "{id}",
            "domainValidationOptions": _validation_options,
            "keyAlgorithm": "RSA_2048",
            "notAfter": "",
            "notBefore": "",
            "pendingRenewal": False,
            "renewalEligibility": "INELIGIBLE",
            "renewalSummaries": [],
            "status": "PENDING_VALIDATION",
            "subjectAlternativeNames": ["{domainName}"],
            "type": "AMAZON_ISSUED",
            "validationEmails": [],
            "validationMethod": "NONE",
        },
    ),
    "aws:acm/certificateValidation:CertificateValidation": Shape(
        # The time of issue; the fraction keeps two certificates of one moment apart.
        id="2026-11-02T08:00:00.{digits:9}Z",
        computed={"validationRecordFqdns": []},
        tagged=False,
    ),
    "aws:route53/zone:Zone": Shape(
        id="Z{upper:20}",
        defaults={"comment": "Managed by Pulumi", "forceDestroy": False},
        computed={
            "arn": "arn:{partition}:route53:::hostedzone/{id}",
            "nameServers": _name_servers,
            "primaryNameServer": lambda s: s["nameServers"][0],
            "zoneId": "{id}",
        },
        named=AutoName(limit=255),
        regional=False,
    ),
    "aws:route53/record:Record": Shape(
        id="{zoneId}_{name}_{type}",
        computed={"allowOverwrite": False, "fqdn": _fqdn},
        regional=False,
        tagged=False,
    ),
    "aws:route53/queryLog:QueryLog": Shape(
        id=UUID,
        computed={"arn": "arn:{partition}:route53:::queryloggingconfig/{id}"},
        regional=False,
        tagged=False,
    ),
    "aws:route53/keySigningKey:KeySigningKey": Shape(
        id="{hostedZoneId},{name}",
        defaults={"status": "ACTIVE"},
        computed={
            "digestAlgorithmMnemonic": "SHA-256",
            "digestAlgorithmType": 2,
            "digestValue": "{hex:64}",
            "dnskeyRecord": "257 3 13 {lower:86}==",
            "dsRecord": "{digits:5} 13 2 {hex:64}",
            "flag": 257,
            "keyTag": 12345,
            "publicKey": "{lower:86}==",
            "signingAlgorithmMnemonic": "ECDSAP256SHA256",
            "signingAlgorithmType": 13,
        },
        named=AutoName(limit=128),
        regional=False,
        tagged=False,
    ),
    "aws:route53/hostedZoneDnsSec:HostedZoneDnsSec": Shape(
        id="{hostedZoneId}", defaults={"signingStatus": "SIGNING"}, regional=False, tagged=False
    ),
}
"""By Pulumi type token."""
