"""Ways from the network to others: peering connections, attachments, and the routes by them.

Every route stands in the route tables of the tiers that it names and nowhere else; a security group
still says who may use it. Routes back stand in the other network's route tables where it is of the
stack's own account and they are named; else its owner adds them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv6Network

import pulumi
import pulumi_aws as aws

from components.contracts import SubnetTier
from components.naming import Kind, Naming
from components.network.beyond_settings import PeeringSettings, RouteSettings
from components.network.settings import NetworkSettings
from components.tags import name_tag


@dataclass(frozen=True)
class _Way:
    """What a route leads by."""

    peering: pulumi.Input[str] | None = None
    transit: pulumi.Input[str] | None = None
    gateway: pulumi.Input[str] | None = None
    after: tuple[pulumi.Resource, ...] = ()


class Beyond:
    """Everything of a network that leads to other networks."""

    def __init__(
        self,
        key: str,
        settings: NetworkSettings,
        *,
        naming: Naming,
        region: str,
        vpc_id: pulumi.Input[str],
        subnets: Mapping[SubnetTier, Sequence[pulumi.Input[str]]],
        tables: Mapping[SubnetTier, Mapping[str, aws.ec2.RouteTable]],
        opts: pulumi.ResourceOptions,
    ) -> None:
        """Make connections, attachments and routes.

        Args:
            subnets: of each tier, one a zone.
            tables: of each tier, each route table once, by what names it.
            opts: parent, and what has to stand before anything can leave.
        """
        self._key = key
        self._settings = settings
        self._naming = naming
        self._region = region
        self._vpc_id = vpc_id
        self._tables = tables
        self._opts = opts
        self.routes: list[pulumi.Resource] = []
        peerings = {name: self._peer(name, one) for name, one in settings.peerings.items()}
        transits = {name: self._attach(name, subnets) for name in settings.transit_gateways}
        private = self._attach_private_gateway()
        for name, peering in settings.peerings.items():
            route = RouteSettings(to=peering.cidr, peering=name, tiers=peering.tiers)
            self._route(f"peering-{name}", route, peerings[name])
        for name, route in settings.routes.items():
            if route.peering is not None:
                way = peerings[route.peering]
            elif route.transit_gateway is not None:
                way = transits[route.transit_gateway]
            else:
                way = private
            self._route(f"route-{name}", route, way)

    def _tag(self, *things: str) -> dict[str, str]:
        return name_tag(self._naming.of(Kind.VPC_TAG, *things))

    def _peer(self, name: str, settings: PeeringSettings) -> _Way:
        label = f"{self._key}-{name}"
        if settings.existing is not None:
            if not settings.accept:
                return _Way(peering=settings.existing)
            accepted = self._accept(label, settings.existing, name, None)
            return _Way(peering=settings.existing, after=(accepted,))
        here = settings.account is None
        elsewhere = settings.region not in (None, self._region)
        connection = aws.ec2.VpcPeeringConnection(
            label,
            vpc_id=self._vpc_id,
            peer_vpc_id=settings.vpc or "",
            peer_owner_id=settings.account,
            peer_region=settings.region if elsewhere else None,
            auto_accept=True if here and not elsewhere else None,
            tags=self._tag("peering", name),
            opts=self._opts,
        )
        if not here:
            return _Way(peering=connection.id)
        after: list[pulumi.Resource] = []
        if elsewhere:
            after.append(self._accept(label, connection.id, name, settings.region))
        way = _Way(peering=connection.id, after=tuple(after))
        region = settings.region if elsewhere else None
        self._resolve(label, way, region, on=settings.dns)
        for table in settings.route_tables:
            self.routes.append(
                aws.ec2.Route(
                    f"{label}-back-{table}",
                    region=region,
                    route_table_id=table,
                    destination_cidr_block=self._settings.cidr,
                    vpc_peering_connection_id=connection.id,
                    opts=self._after(way),
                )
            )
        return way

    def _accept(
        self, label: str, connection: pulumi.Input[str], name: str, region: str | None
    ) -> pulumi.Resource:
        return aws.ec2.VpcPeeringConnectionAccepter(
            label,
            region=region,
            vpc_peering_connection_id=connection,
            auto_accept=True,
            tags=self._tag("peering", name),
            opts=self._opts,
        )

    def _resolve(self, label: str, way: _Way, region: str | None, *, on: bool) -> None:
        """Each end says of its own names; the ends of two regions are told in their own.

        Said also where it is off: the provider leaves the connection as it is when these options
        are deleted (`aws_vpc_peering_connection_options`, its source, 2026-11).
        """
        if way.peering is None:
            return
        aws.ec2.PeeringConnectionOptions(
            label,
            vpc_peering_connection_id=way.peering,
            requester={"allow_remote_vpc_dns_resolution": on},
            accepter={"allow_remote_vpc_dns_resolution": on} if region is None else None,
            opts=self._after(way),
        )
        if region is not None:
            aws.ec2.PeeringConnectionOptions(
                f"{label}-accepter",
                region=region,
                vpc_peering_connection_id=way.peering,
                accepter={"allow_remote_vpc_dns_resolution": on},
                opts=self._after(way),
            )

    def _attach(self, name: str, subnets: Mapping[SubnetTier, Sequence[pulumi.Input[str]]]) -> _Way:
        settings = self._settings.transit_gateways[name]
        attachment = aws.ec2transitgateway.VpcAttachment(
            f"{self._key}-{name}",
            transit_gateway_id=settings.id,
            vpc_id=self._vpc_id,
            subnet_ids=list(subnets[settings.tier]),
            appliance_mode_support="enable" if settings.appliance_mode else "disable",
            dns_support="enable" if settings.dns else "disable",
            ipv6_support="enable" if self._settings.ipv6 else "disable",
            tags=self._tag("transit", name),
            opts=self._opts,
        )
        return _Way(transit=settings.id, after=(attachment,))

    def _attach_private_gateway(self) -> _Way:
        gateway = self._settings.virtual_private_gateway
        if gateway is None:
            return _Way()
        attachment = aws.ec2.VpnGatewayAttachment(
            f"{self._key}-vpn",
            vpc_id=self._vpc_id,
            vpn_gateway_id=gateway,
            # A network has one at most.
            opts=pulumi.ResourceOptions.merge(
                self._opts, pulumi.ResourceOptions(delete_before_replace=True)
            ),
        )
        return _Way(gateway=gateway, after=(attachment,))

    def _after(self, way: _Way) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions.merge(
            self._opts, pulumi.ResourceOptions(depends_on=list(way.after))
        )

    def _route(self, label: str, route: RouteSettings, way: _Way) -> None:
        block = route.block
        over_six = isinstance(block, IPv6Network)
        for tier in route.tiers:
            for table, made in self._tables[tier].items():
                self.routes.append(
                    aws.ec2.Route(
                        f"{self._key}-{table}-{label}",
                        route_table_id=made.id,
                        destination_cidr_block=str(block) if block and not over_six else None,
                        destination_ipv6_cidr_block=str(block) if over_six else None,
                        destination_prefix_list_id=route.to if block is None else None,
                        vpc_peering_connection_id=way.peering,
                        transit_gateway_id=way.transit,
                        gateway_id=way.gateway,
                        opts=self._after(way),
                    )
                )
