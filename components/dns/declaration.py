"""How zones and certificates are declared."""

from __future__ import annotations

from components.dns.settings import CertificateSettings, ZoneSettings
from components.parts.adoption import Adopts
from components.parts.declaration import ROUTING, WATCHING, Data, Resource, Tier, Watched

TIERS = (
    Tier(
        field="zones",
        settings=ZoneSettings,
        adopts=Adopts(("aws:route53/zone:Zone",), also=("records",), setting=""),
        components=("trellis:dns:HostedZone",),
        resources={
            "aws:route53/hostedZoneDnsSec:HostedZoneDnsSec": Resource(
                Watched(
                    ("DNSSECInternalFailure", "DNSSECKeySigningKeysNeedingAction"),
                    ("hostedZoneId",),
                )
            ),
            "aws:route53/keySigningKey:KeySigningKey": Resource(
                "the signature of its zone is watched"
            ),
            "aws:route53/queryLog:QueryLog": Resource(WATCHING),
            "aws:route53/record:Record": Resource(ROUTING, facts=("type", "name")),
            "aws:route53/zone:Zone": Resource(
                ROUTING,
                facts=("name", "comment"),
                data=Data(
                    "the name servers that the domain is delegated to",
                    None,
                    "delegate the domain to the new zone's name servers",
                ),
            ),
        },
    ),
    Tier(
        field="certificates",
        settings=CertificateSettings,
        components=("trellis:dns:Certificates",),
        resources={
            "aws:acm/certificate:Certificate": Resource(
                Watched(("DaysToExpiry",), ("arn",)),
                facts=("domainName", "subjectAlternativeNames", "region"),
            ),
            "aws:acm/certificateValidation:CertificateValidation": Resource(
                "it is a wait, not a thing"
            ),
        },
    ),
)
"""What this package adds to a stack file."""
