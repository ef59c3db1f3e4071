"""How sites are declared."""

from __future__ import annotations

from components.contracts import Domain
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
                Watched(("5xxErrorRate",), ("id",)), facts=("aliases", "priceClass")
            ),
            "aws:cloudfront/function:Function": Resource(CONFIGURATION),
            "aws:cloudfront/originAccessControl:OriginAccessControl": Resource(CONFIGURATION),
            "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": Resource(CONFIGURATION),
            "aws:cloudfront/vpcOrigin:VpcOrigin": Resource(ROUTING),
            "aws:cloudwatch/logDelivery:LogDelivery": Resource(RECORDS),
            "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination": Resource(RECORDS),
            "aws:cloudwatch/logDeliverySource:LogDeliverySource": Resource(RECORDS),
        },
        keys=frozenset({Domain.DATA}),
    ),
)
"""What this package adds to a stack file."""
