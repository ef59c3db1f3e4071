"""How sites are declared."""

from __future__ import annotations

from components.contracts import Domain
from components.parts.changes import Change, Downtime, Unique
from components.parts.declaration import CONFIGURATION, RECORDS, ROUTING, Resource, Tier, Watched
from components.sites.settings import SiteSettings

TIERS = (
    Tier(
        field="sites",
        settings=SiteSettings,
        components=(
            "trellis:sites:Content",
            "trellis:sites:Distribution",
            "trellis:sites:PrivateOrigin",
        ),
        resources={
            "aws:cloudfront/distribution:Distribution": Resource(
                Watched(("5xxErrorRate",), ("id",)),
                facts=("aliases", "priceClass"),
                change=Change(
                    moves="its domain name", downtime=Downtime("its names point nowhere meanwhile")
                ),
            ),
            "aws:cloudfront/function:Function": Resource(
                CONFIGURATION, unique=Unique("account", ("name",))
            ),
            "aws:cloudfront/originAccessControl:OriginAccessControl": Resource(
                CONFIGURATION, unique=Unique("account", ("name",))
            ),
            "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": Resource(
                CONFIGURATION, unique=Unique("account", ("name",))
            ),
            "aws:cloudfront/vpcOrigin:VpcOrigin": Resource(ROUTING),
            "aws:cloudwatch/logDelivery:LogDelivery": Resource(RECORDS),
            "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination": Resource(
                RECORDS, unique=Unique("region", ("name",))
            ),
            "aws:cloudwatch/logDeliverySource:LogDeliverySource": Resource(
                RECORDS, unique=Unique("region", ("name",))
            ),
        },
        keys=frozenset({Domain.DATA}),
    ),
)
"""What this package adds to a stack file."""
