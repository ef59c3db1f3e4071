"""What a person says of a network: tiers, zones, NAT, endpoints, flow logs, or somebody else's."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated, Any, Literal, cast

from pydantic import AfterValidator, Discriminator, Field, StringConstraints, Tag, model_validator

from components.contracts import SubnetTier
from components.network.beyond_settings import (
    PeeringSettings,
    RouteSettings,
    TransitGatewaySettings,
)
from components.network.endpoint_services import endpoint_service
from components.parts.cidr import Cidr
from components.parts.model import Development, Key, Losable, Settings
from components.parts.retention import Retention

VPC_PREFIXES = range(16, 29)
"""Prefix lengths of a VPC's IPv4 block ("VPC CIDR blocks", Amazon VPC User Guide, 2026-11)."""

SUBNET_PREFIXES = range(16, 29)
"""Prefix lengths of a subnet's IPv4 block ("Subnet CIDR blocks", same guide, 2026-11)."""

ZoneName = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(-[a-z]+)+-\d[a-h]$")]
"""A regional availability zone, as in `us-east-1a`; Local and Wavelength Zones are not served."""

ZoneLetter = Annotated[str, StringConstraints(pattern=r"^[a-h]$")]


class Nat(StrEnum):
    """How the private tier reaches the internet over IPv4."""

    NONE = "none"
    SINGLE = "single"
    PER_ZONE = "perZone"


class DerivedSubnets(Settings):
    """Subnets whose blocks follow from the VPC's: every tier and zone owns a slot for good."""

    prefix: int | None = Field(default=None, ge=SUBNET_PREFIXES[0], le=SUBNET_PREFIXES[-1])
    """Prefix length of each subnet; the whole slot when left out."""


def _shape(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return "list"
    keys = [str(key) for key in cast("dict[Any, Any]", value)] if isinstance(value, dict) else []
    return "byZone" if keys and all(re.fullmatch("[a-h]", key) for key in keys) else "derived"


TierSubnets = Annotated[
    Annotated[tuple[Cidr, ...], Tag("list"), Field(min_length=1)]
    | Annotated[dict[ZoneLetter, Cidr], Tag("byZone")]
    | Annotated[DerivedSubnets, Tag("derived")],
    Discriminator(_shape),
]
"""A list of blocks in the zones' order, a block by zone letter, or `{}` to derive them."""


EndpointService = Annotated[str, AfterValidator(endpoint_service)]
"""A service as the end of its endpoint's name says it."""


class FlowLogSettings(Settings):
    """Records of the traffic that a network accepts and rejects."""

    to: Literal["cloudwatch", "bucket"] = "cloudwatch"
    """Where flow logs are written: a log group, or a bucket of the stack file."""
    bucket: str | None = None
    """ARN of the bucket that receives them; only with `to: bucket`."""
    retention_days: Annotated[Retention, Development(30)] = 365
    """Days CloudWatch keeps them; a bucket's own lifecycle applies there."""
    traffic: Literal["ALL", "ACCEPT", "REJECT"] = "ALL"
    """Which traffic is logged: all of it, or only what was accepted or rejected."""
    interval_seconds: Literal[60, 600] = 600
    """Longest time over which a flow is added up."""

    @model_validator(mode="after")
    def _bucket_goes_with_to(self) -> FlowLogSettings:
        if (self.to == "bucket") != (self.bucket is not None):
            raise ValueError("`bucket` (an ARN) together with `to: bucket`, and only then")
        return self


class DnsSettings(Settings):
    """Amazon-provided DNS inside the VPC."""

    hostnames: bool = True
    """Whether instances with a public address get a DNS name."""
    resolution: bool = True
    """Whether the VPC's own DNS server answers."""


VpnGatewayId = Annotated[str, StringConstraints(pattern=r"^vgw-[0-9a-f]{8,17}$")]

SubnetId = Annotated[str, StringConstraints(pattern=r"^subnet-[0-9a-f]{8,17}$")]


MOST_SUBNETS = 16
"""Subnets that a task and a function take ("AwsVpcConfiguration", Amazon ECS API Reference;
"VpcConfig", AWS Lambda API Reference, 2026-11)."""


class ExistingNetwork(Settings):
    """A network that this system does not own, found by `trellis lookup`."""

    vpc_id: Annotated[str, StringConstraints(pattern=r"^vpc-[0-9a-f]{8,17}$")] | None = None
    """Id of the existing VPC, as in `vpc-0123456789abcdef0`."""
    tags: dict[str, str] = Field(default_factory=dict[str, str])
    """Tags that exactly one VPC of the region carries; instead of `vpcId`."""
    subnets: dict[
        SubnetTier, Annotated[tuple[SubnetId, ...], Field(min_length=1, max_length=MOST_SUBNETS)]
    ] = Field(default_factory=dict[SubnetTier, tuple[SubnetId, ...]])
    """Ids of the subnets to live in by tier, where a tier has several in a zone or some are
    somebody else's; every subnet of a tier that is not named. Tasks, functions, databases and
    caches spread over all of them. What stands once in a zone (load balancers, mount targets of
    file systems, links of APIs) stands in the first that is named there: add others behind it.
    Databases and caches move to no others: of a deployed stack, a tier that they stand in only
    gains subnets."""

    @model_validator(mode="after")
    def _one_way_to_find_it(self) -> ExistingNetwork:
        if (self.vpc_id is None) == (not self.tags):
            raise ValueError("either `vpcId` or `tags`")
        return self

    @model_validator(mode="after")
    def _every_subnet_once(self) -> ExistingNetwork:
        named = [subnet for subnets in self.subnets.values() for subnet in subnets]
        for subnet in named:
            if named.count(subnet) > 1:
                raise ValueError(f"each subnet once; {subnet} is named {named.count(subnet)} times")
        return self

    def place(self, tier: SubnetTier, subnet: str) -> int:
        """Where among a tier's named subnets one is; 0 where none of the tier is named."""
        named = self.subnets.get(tier, ())
        return named.index(subnet) if subnet in named else 0


class NetworkSettings(Losable):
    """One VPC a system: subnets by tier and zone, and the ways in and out."""

    cidr: Cidr = "10.0.0.0/16"
    """The VPC's IPv4 block, /16 to /28."""
    zones: Annotated[
        Annotated[int, Tag("count"), Field(ge=1, le=6)]
        | Annotated[tuple[ZoneName, ...], Tag("names"), Field(min_length=1, max_length=6)],
        Discriminator(lambda value: "names" if isinstance(value, (list, tuple)) else "count"),
        Development(2),
    ] = 3
    """How many zones, or their names."""
    nat: Annotated[Nat, Development("single")] = Nat.PER_ZONE
    """NAT gateways for private subnets: one in each zone, one for all zones, or none."""
    subnets: dict[SubnetTier, TierSubnets] = Field(
        default_factory=lambda: {
            SubnetTier.PUBLIC: DerivedSubnets(),
            SubnetTier.PRIVATE: DerivedSubnets(),
        }
    )
    """The tiers there are (`public`, `private`, `isolated`), each with its blocks."""
    data_subnets: Literal["private", "isolated"] = "private"
    """The tier that databases and caches stand in. A tier that comes later moves none of them, for
    AWS moves neither to other subnets of their network: to change this, bring the data into new
    ones (restore a snapshot, then remove the old one)."""
    replace_subnets: tuple[SubnetTier, ...] = ()
    """Tiers whose existing subnets may be replaced because their blocks change."""
    ipv6: bool = False
    """Gives the VPC an Amazon IPv6 block; private tiers get an egress-only gateway."""
    endpoints: Literal["auto"] | tuple[EndpointService, ...] = "auto"
    """Private paths to AWS services: `auto` (what the other tiers need) or a list, as in `ecr.api`.
    A whole name (`com.amazonaws.us-east-1.newservice`) is taken as it stands."""
    peerings: dict[Key, PeeringSettings] = Field(default_factory=dict[str, PeeringSettings])
    """Peering connections with other networks, by name."""
    transit_gateways: dict[Key, TransitGatewaySettings] = Field(
        default_factory=dict[str, TransitGatewaySettings]
    )
    """Transit gateways that the network is attached to, by name."""
    virtual_private_gateway: VpnGatewayId | None = None
    """Id of the gateway of a VPN or Direct Connect that is attached to the network (`vgw-...`)."""
    routes: dict[Key, RouteSettings] = Field(default_factory=dict[str, RouteSettings])
    """Further routes by name, each to blocks or a prefix list beyond the network."""
    flow_logs: FlowLogSettings = Field(default_factory=FlowLogSettings)
    dns: DnsSettings = Field(default_factory=DnsSettings)
    existing: ExistingNetwork | None = None
    """Live in a network that this system does not own."""
    from_: Annotated[
        Annotated[str, StringConstraints(pattern=r"^[^/\s]+/[^/\s]+/[^/\s]+$")] | None,
        Field(alias="from"),
    ] = None
    """Live in another stack's network: `org/project/stack`."""

    @model_validator(mode="after")
    def _each_endpoint_once(self) -> NetworkSettings:
        if len(set(self.endpoints)) < len(self.endpoints) and self.endpoints != "auto":
            raise ValueError("each service once in `endpoints`")
        return self

    def has_egress(self, tier: SubnetTier) -> bool:
        """Whether a tier of a network that is made here has a way to the internet."""
        if tier is SubnetTier.PUBLIC:
            return True
        if tier is SubnetTier.PRIVATE and self.nat is not Nat.NONE:
            return True
        return any(route.is_default and tier in route.tiers for route in self.routes.values())
