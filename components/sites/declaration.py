"""How sites are declared."""

from __future__ import annotations

from components.contracts import Domain
from components.parts.changes import Change, Downtime, Inputs, Unique
from components.parts.declaration import CONFIGURATION, RECORDS, ROUTING, Resource, Tier, Watched
from components.parts.shown import Category, Column, Shown, ShownResources
from components.sites.settings import SiteSettings


def _another_service(before: Inputs, after: Inputs) -> bool:
    """Whether logs go to another service: to another bucket they go in place (provider 5.100)."""
    was, will = (_service(side) for side in (before, after))
    return was != will


def _service(inputs: Inputs) -> str:
    where: Inputs = inputs.get("deliveryDestinationConfiguration") or {}
    arn = str(where.get("destinationResourceArn"))
    return arn.split(":")[2] if arn.startswith("arn:") else ""


def _names_of(resources: ShownResources) -> str:
    """The names that it answers to."""
    return ", ".join(resources.get("aws:cloudfront/distribution:Distribution", "aliases", ()))


TIERS = (
    Tier(
        field="sites",
        settings=SiteSettings,
        components={
            "trellis:sites:Content": Shown("content"),
            "trellis:sites:Distribution": Shown(
                "site",
                glyph="M2 3h14v12H2zM2 7h14M4.5 5h.1M7 5h.1",
                category=Category.EDGE,
                column=Column.EDGE,
                icon=r"CloudFront",
                detail=_names_of,
            ),
            "trellis:sites:PrivateOrigin": Shown("private origin"),
        },
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
                RECORDS,
                unique=Unique("region", ("name",)),
                change=Change(conditions={"deliveryDestinationConfiguration": _another_service}),
            ),
            "aws:cloudwatch/logDeliverySource:LogDeliverySource": Resource(
                RECORDS, unique=Unique("region", ("name",))
            ),
        },
        keys=frozenset({Domain.DATA}),
    ),
)
"""What this package adds to a stack file."""
