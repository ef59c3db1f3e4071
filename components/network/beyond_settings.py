"""What a person says of other networks: peerings, transit gateways, and routes to them."""

from __future__ import annotations

import re
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Annotated, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from components.contracts import SubnetTier
from components.parts.cidr import Cidr
from components.parts.model import Key, Settings
from components.parts.regions import RegionName

PREFIX_LIST = re.compile(r"pl-[0-9a-f]{8,17}")

ACCOUNT = r"^\d{12}$"

Tiers = Annotated[tuple[SubnetTier, ...], Field(min_length=1)]


def _destination(value: str) -> str:
    if PREFIX_LIST.fullmatch(value):
        return value
    try:
        return str(ip_network(value)) if "/" in value else _no_block()
    except ValueError:
        raise ValueError(
            "a block (10.8.0.0/16, 2001:db8::/32) without host bits, or a prefix list (pl-...)"
        ) from None


def _no_block() -> str:
    raise ValueError


Destination = Annotated[str, AfterValidator(_destination)]
"""A block of addresses (CIDR) or a prefix list (`pl-...`)."""


class PeeringSettings(Settings):
    """A peering connection with another network (VPC), and the routes that lead there."""

    vpc: Annotated[str, StringConstraints(pattern=r"^vpc-[0-9a-f]{8,17}$")] | None = None
    """Id of the other network, which is asked for a connection. One of the stack's own account
    accepts at once; the owner of another account does so there (`existing` with `accept: true`,
    where a stack of Trellis's is at that end), and the routes here lead nowhere until then."""
    existing: Annotated[str, StringConstraints(pattern=r"^pcx-[0-9a-f]{8,17}$")] | None = None
    """Id of a connection that the other network's owner asked for; instead of `vpc`."""
    accept: bool = False
    """Accepts the connection; only with `existing`."""
    cidr: Cidr
    """The other network's IPv4 block, which routes lead to. Further blocks have `routes`."""
    account: Annotated[str, StringConstraints(pattern=ACCOUNT)] | None = None
    """Account of the other network, if not the stack's own; only with `vpc`."""
    region: RegionName | None = None
    """Region of the other network, if not the stack's own; only with `vpc`."""
    tiers: Tiers = (SubnetTier.PRIVATE,)
    """Tiers whose subnets have a route there."""
    route_tables: tuple[
        Annotated[str, StringConstraints(pattern=r"^rtb-[0-9a-f]{8,17}$")], ...
    ] = ()
    """Ids of the other network's route tables that get a route back to this one; only with `vpc`,
    in the stack's own account. Elsewhere the other network's owner adds those routes."""
    dns: bool = False
    """Whether names of either network lead to private addresses for whoever asks in the other;
    only with `vpc`, in the stack's own account, for AWS wants the connection to be active."""

    @model_validator(mode="after")
    def _one_end(self) -> Self:
        if (self.vpc is None) == (self.existing is None):
            raise ValueError("either `vpc` or `existing`")
        if self.accept and self.existing is None:
            raise ValueError("`accept` together with `existing`: what is asked for here is not it")
        for name, value in {"dns": self.dns, "routeTables": self.route_tables}.items():
            if value and self.account is not None:
                raise ValueError(
                    f"`{name}` without `account`: in another account its owner decides it"
                )
        if self.existing is not None:
            given = {"account": self.account, "region": self.region, "dns": self.dns or None,
                    "routeTables": self.route_tables or None}  # fmt: skip
            for name, value in given.items():
                if value is not None:
                    raise ValueError(f"`{name}` together with `vpc`: whoever asked decides it")
        return self


class TransitGatewaySettings(Settings):
    """A transit gateway that the network is attached to."""

    id: Annotated[str, StringConstraints(pattern=r"^tgw-[0-9a-f]{8,17}$")]
    """Id of the gateway, in this account or shared with it. One that does not accept by itself is
    to be told by its owner while the first `up` runs: AWS takes no route to it before."""
    tier: SubnetTier = SubnetTier.PRIVATE
    """Tier in whose subnets the attachment has an address in each zone."""
    appliance_mode: bool = False
    """Keeps both ways of a flow in one zone, as firewalls behind the gateway need it."""
    dns: bool = True
    """Whether names of the other networks lead to private addresses."""


class RouteSettings(Settings):
    """A route to what is beyond the network, by exactly one way."""

    to: Destination
    """Where it leads: a block outside of the network (`10.8.0.0/16`) or a prefix list
    (`pl-0123456789abcdef0`)."""
    peering: Key | None = None
    """By one of `peerings`."""
    transit_gateway: Key | None = None
    """By one of `transitGateways`."""
    virtual_private_gateway: bool = False
    """By the network's `virtualPrivateGateway`, which leads to a VPN or Direct Connect."""
    tiers: Tiers = (SubnetTier.PRIVATE,)
    """Tiers whose subnets have it."""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        ways = (self.peering, self.transit_gateway, self.virtual_private_gateway or None)
        if sum(way is not None for way in ways) != 1:
            raise ValueError("exactly one of `peering`, `transitGateway`, `virtualPrivateGateway`")
        if self.to == "::/0" or (self.is_default and self.transit_gateway is None):
            raise ValueError(
                "blocks in `to`; all the rest (0.0.0.0/0) leads to a `transitGateway` only"
            )
        return self

    @property
    def is_default(self) -> bool:
        """Whether it leads everywhere over IPv4."""
        return self.to == "0.0.0.0/0"

    @property
    def block(self) -> IPv4Network | IPv6Network | None:
        """Where it leads; None where a prefix list says so."""
        return None if PREFIX_LIST.fullmatch(self.to) else ip_network(self.to)
