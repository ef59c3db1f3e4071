"""How zones and certificates are declared."""

from __future__ import annotations

from components.dns.changes import other_names, private_for_good
from components.dns.settings import CertificateSettings, ZoneSettings
from components.parts.adoption import Adopts
from components.parts.changes import Change, Downtime, Unique
from components.parts.declaration import ROUTING, WATCHING, Data, Resource, Tier, Watched
from components.parts.shown import Category, Column, Shown, ShownResources


def _domain(resources: ShownResources) -> str:
    return str(resources.get("aws:route53/zone:Zone", "name"))


TIERS = (
    Tier(
        field="zones",
        settings=ZoneSettings,
        adopts=Adopts(("aws:route53/zone:Zone",), also=("records",), setting=""),
        components={
            "trellis:dns:HostedZone": Shown(
                "DNS zone",
                glyph="M3 3h9l3 3-3 3H3zM5 9v7",
                category=Category.EDGE,
                column=Column.EDGE,
                icon=r"Route-?53",
                detail=_domain,
            ),
        },
        resources={
            "aws:route53/hostedZoneDnsSec:HostedZoneDnsSec": Resource(
                Watched(
                    ("DNSSECInternalFailure", "DNSSECKeySigningKeysNeedingAction"),
                    ("hostedZoneId",),
                ),
                change=Change(
                    deletion=(
                        "while the parent has a DS record, nobody who checks signatures finds "
                        "the domain: take it out of the parent first, and wait for its TTL"
                    )
                ),
            ),
            "aws:route53/keySigningKey:KeySigningKey": Resource(
                "the signature of its zone is watched"
            ),
            "aws:route53/queryLog:QueryLog": Resource(WATCHING, change=Change(place=("zoneId",))),
            "aws:route53/record:Record": Resource(
                ROUTING,
                facts=("type", "name"),
                change=Change(downtime=Downtime("its name is not found meanwhile")),
            ),
            "aws:route53/zone:Zone": Resource(
                ROUTING,
                facts=("name", "comment"),
                data=Data(
                    "the name servers that the domain is delegated to",
                    None,
                    "delegate the domain to the new zone's name servers",
                ),
                unique=Unique(
                    "account",
                    ("name",),
                    hint=(
                        "the registrar can name one zone only: let one stack have it, and say "
                        "`existing: true` under `zones` in the other"
                    ),
                ),
                change=Change(
                    moves="its name servers: tell the parent domain's registrar",
                    refusals=(private_for_good,),
                ),
            ),
        },
        keys=frozenset(),
    ),
    Tier(
        field="certificates",
        settings=CertificateSettings,
        components={
            "trellis:dns:Certificates": Shown("certificates", hidden=True),
        },
        resources={
            "aws:acm/certificate:Certificate": Resource(
                Watched(("DaysToExpiry",), ("arn",)),
                facts=("domainName", "subjectAlternativeNames", "region"),
                change=Change(conditions={"subjectAlternativeNames": other_names}),
            ),
            "aws:acm/certificateValidation:CertificateValidation": Resource(
                "it is a wait, not a thing"
            ),
        },
        keys=frozenset(),
    ),
)
"""What this package adds to a stack file."""
