"""The network component: a VPC, its subnets by tier and zone, and the ways in and out.

Builds a VPC; an internet gateway where there is a public tier; a subnet for each tier and zone; one
public route table, one private route table a zone, one isolated route table; NAT gateways; an
egress-only gateway for IPv6; gateway and interface endpoints; flow logs; and adopts the VPC's
default security group without any rule. The default network ACL is left alone.

Promises:
- Names come from tiers and zone letters (`network-private-a`), blocks from fixed slots (see
  `addresses`): adding or removing a zone or tier touches no subnet that stays.
- A private subnet's route table sends traffic through the NAT gateway of its own zone where
  `nat: perZone`, so losing a zone costs only that zone.
- The isolated tier has no route out of the VPC but those that `peerings` and `routes` name for it,
  and none to the internet.
- Nothing can send traffic out before the flow log records it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from ipaddress import IPv6Network

import pulumi
import pulumi_aws as aws

from components.contracts import (
    AccountRegion,
    AlarmSpec,
    Arn,
    NetworkNeeds,
    Placement,
    SubnetTier,
    WidgetSpec,
)
from components.naming import Kind, Naming
from components.network.addresses import letter, plan_addresses, subnet_name
from components.network.alarms import nat_alarms, nat_widgets
from components.network.beyond import Beyond
from components.network.endpoints import PrivatePaths, choose, private_paths
from components.network.flow_logs import flow_log
from components.network.settings import Nat, NetworkSettings
from components.tags import name_tag

ANYWHERE = "0.0.0.0/0"
ANYWHERE_V6 = "::/0"

SUBNET_V6_PREFIX = 64
"""Prefix length of a subnet's IPv6 block ("Subnet CIDR blocks", VPC User Guide, 2026-11)."""

_V6_SLOT = {SubnetTier.PUBLIC: 0, SubnetTier.PRIVATE: 8, SubnetTier.ISOLATED: 16}
"""Number of a tier's first /64 in the VPC's /56; a zone's letter adds 0 to 7."""


class Network(pulumi.ComponentResource):
    """One VPC. See the module's text for what it builds and promises."""

    def __init__(
        self,
        name: str,
        settings: NetworkSettings,
        *,
        naming: Naming,
        where: AccountRegion,
        zones: Sequence[str],
        needs: NetworkNeeds | None = None,
        log_key_arn: Arn | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the network.

        Args:
            name: Pulumi name; the prefix of every child's.
            zones: zone names in order, as `addresses.zone_names` gives them.
            needs: what the other tiers need, for `endpoints: auto`.
            log_key_arn: customer key of the flow logs' group.

        Raises:
            ValueError: the settings describe a network made elsewhere.
        """
        if settings.existing or settings.from_:
            raise ValueError("this network is made elsewhere; see `components.network.elsewhere`")
        super().__init__("trellis:network:Network", name, None, opts)
        self._key = name
        self._settings = settings
        self._naming = naming
        self._where = where
        self._zones = tuple(zones)
        self._addresses = plan_addresses(settings, zones)
        self._child = pulumi.ResourceOptions(parent=self)

        self._vpc = self._create_vpc()
        self._close_default_group()
        log = flow_log(
            name,
            settings.flow_logs,
            naming=naming,
            where=where,
            vpc_id=self._vpc.id,
            key_arn=log_key_arn,
            opts=self._child,
        )
        # Ways out wait for the flow log: no traffic goes unrecorded.
        self._way_out = pulumi.ResourceOptions(parent=self, depends_on=[log])
        self._subnets = self._create_subnets()
        self._tables = self._create_route_tables()
        self._create_public_routes()
        self._nat_gateways = self._create_nat_gateways()
        self._create_private_routes()
        self._beyond = self._create_ways_beyond()
        self._paths = self._create_private_paths(needs or NetworkNeeds())
        self.register_outputs({"vpcId": self._vpc.id, "subnetIds": self._subnet_ids()})

    @property
    def name(self) -> str:
        """The VPC's `Name` tag."""
        return self._naming.of(Kind.VPC_TAG, "vpc")

    @property
    def arn(self) -> pulumi.Output[str]:
        """ARN of the VPC, decided by AWS."""
        return self._vpc.arn

    @property
    def resource(self) -> aws.ec2.Vpc:
        """The VPC."""
        return self._vpc

    @property
    def vpc_id(self) -> pulumi.Output[str]:
        """The VPC's id."""
        return self._vpc.id

    @property
    def tiers(self) -> tuple[SubnetTier, ...]:
        """The tiers that have subnets."""
        return tuple(tier for tier in SubnetTier if tier in self._settings.subnets)

    @property
    def nat_gateways(self) -> Mapping[str, aws.ec2.NatGateway]:
        """NAT gateways by zone name."""
        return dict(self._nat_gateways)

    def placement(self, tier: SubnetTier) -> Placement:
        """Where a component of the given tier lives.

        Raises:
            KeyError: the network has no such tier.
        """
        if tier not in self._settings.subnets:
            raise KeyError(f"the network has no {tier.value} subnets")
        return Placement(
            vpc_id=self._vpc.id,
            vpc_cidr=self._settings.cidr,
            tier=tier,
            subnet_ids=[self._subnets[tier, zone].id for zone in self._zones],
            zones=self._zones,
            prefix_lists={
                service: gateway.prefix_list_id for service, gateway in self._paths.gateways.items()
            },
            endpoints=self._paths.interfaces,
            has_egress=self._settings.has_egress(tier),
            paths=(self,),
        )

    def alarms(self) -> tuple[AlarmSpec, ...]:
        """Connections that NAT gateways could not open."""
        return nat_alarms(self._nat_ids())

    def widgets(self) -> tuple[WidgetSpec, ...]:
        """What goes out by NAT gateways."""
        return nat_widgets(self._nat_ids())

    def _nat_ids(self) -> dict[str, pulumi.Input[str]]:
        """By the zone's letter: names of alarms come from it."""
        return {letter(zone): gateway.id for zone, gateway in self._nat_gateways.items()}

    def exports(self) -> dict[str, pulumi.Input[object]]:
        """What another stack needs to live in this network (`network: {from: ...}`)."""
        return {
            "vpcId": self._vpc.id,
            "cidr": self._settings.cidr,
            "zones": list(self._zones),
            "subnets": self._subnet_ids(),
            "egress": [tier.value for tier in self.tiers if self.placement(tier).has_egress],
            "prefixLists": {
                service: gateway.prefix_list_id for service, gateway in self._paths.gateways.items()
            },
        }

    def _subnet_ids(self) -> dict[str, list[pulumi.Output[str]]]:
        return {
            tier.value: [self._subnets[tier, zone].id for zone in self._zones]
            for tier in self.tiers
        }

    def _tag(self, *things: str) -> dict[str, str]:
        return name_tag(self._naming.of(Kind.VPC_TAG, *things))

    def _create_vpc(self) -> aws.ec2.Vpc:
        return aws.ec2.Vpc(
            self._key,
            cidr_block=self._settings.cidr,
            enable_dns_hostnames=self._settings.dns.hostnames,
            enable_dns_support=self._settings.dns.resolution,
            assign_generated_ipv6_cidr_block=self._settings.ipv6,
            tags=self._tag("vpc"),
            opts=self._child,
        )

    def _close_default_group(self) -> None:
        # No `ingress` and no `egress`: adopting the group with neither takes AWS's rules away.
        aws.ec2.DefaultSecurityGroup(
            f"{self._key}-default",
            vpc_id=self._vpc.id,
            tags=self._tag("default-closed"),
            opts=self._child,
        )

    def _create_subnets(self) -> dict[tuple[SubnetTier, str], aws.ec2.Subnet]:
        return {
            (tier, zone): aws.ec2.Subnet(
                f"{self._key}-{subnet_name(tier, zone)}",
                vpc_id=self._vpc.id,
                availability_zone=zone,
                cidr_block=str(block),
                ipv6_cidr_block=self._ipv6_block(tier, zone),
                assign_ipv6_address_on_creation=self._settings.ipv6,
                # A load balancer and a NAT gateway bring addresses of their own.
                map_public_ip_on_launch=False,
                tags={**self._tag(subnet_name(tier, zone)), "Tier": tier.value},
                opts=self._child,
            )
            for (tier, zone), block in self._addresses.items()
        }

    def _ipv6_block(self, tier: SubnetTier, zone: str) -> pulumi.Output[str] | None:
        if not self._settings.ipv6:
            return None
        number = _V6_SLOT[tier] + ord(letter(zone)) - ord("a")
        return self._vpc.ipv6_cidr_block.apply(lambda block: _nth_v6_subnet(block, number))

    def _create_route_tables(self) -> dict[tuple[SubnetTier, str], aws.ec2.RouteTable]:
        """The route table of every subnet; the public and the isolated tier share one each."""
        tables: dict[tuple[SubnetTier, str], aws.ec2.RouteTable] = {}
        shared: dict[SubnetTier, aws.ec2.RouteTable] = {}
        for (tier, zone), subnet in self._subnets.items():
            own = subnet_name(tier, zone)
            if tier is SubnetTier.PRIVATE:
                table = self._create_route_table(own)
            else:
                table = shared.get(tier) or self._create_route_table(tier.value)
                shared[tier] = table
            tables[tier, zone] = table
            aws.ec2.RouteTableAssociation(
                f"{self._key}-{own}",
                subnet_id=subnet.id,
                route_table_id=table.id,
                opts=self._child,
            )
        return tables

    def _create_route_table(self, label: str) -> aws.ec2.RouteTable:
        return aws.ec2.RouteTable(
            f"{self._key}-{label}", vpc_id=self._vpc.id, tags=self._tag(label), opts=self._child
        )

    def _create_public_routes(self) -> None:
        if SubnetTier.PUBLIC not in self._settings.subnets:
            return
        gateway = aws.ec2.InternetGateway(
            self._key,
            vpc_id=self._vpc.id,
            tags=self._tag("internet"),
            # It leaves no network in which public addresses are still mapped.
            opts=pulumi.ResourceOptions(parent=self, replace_on_changes=["vpcId"]),
        )
        table = self._tables[SubnetTier.PUBLIC, self._zones[0]]
        aws.ec2.Route(
            f"{self._key}-public-internet",
            route_table_id=table.id,
            destination_cidr_block=ANYWHERE,
            gateway_id=gateway.id,
            opts=self._way_out,
        )
        if self._settings.ipv6:
            aws.ec2.Route(
                f"{self._key}-public-internet-v6",
                route_table_id=table.id,
                destination_ipv6_cidr_block=ANYWHERE_V6,
                gateway_id=gateway.id,
                opts=self._way_out,
            )

    def _create_nat_gateways(self) -> dict[str, aws.ec2.NatGateway]:
        """NAT gateways by the zone they stand in: none, the first zone's, or every zone's."""
        if self._settings.nat is Nat.NONE:
            return {}
        zones = self._zones if self._settings.nat is Nat.PER_ZONE else self._zones[:1]
        gateways: dict[str, aws.ec2.NatGateway] = {}
        for zone in zones:
            label = f"nat-{letter(zone)}"
            address = aws.ec2.Eip(
                f"{self._key}-{label}", domain="vpc", tags=self._tag(label), opts=self._child
            )
            gateways[zone] = aws.ec2.NatGateway(
                f"{self._key}-{label}",
                allocation_id=address.allocation_id,
                subnet_id=self._subnets[SubnetTier.PUBLIC, zone].id,
                connectivity_type="public",
                tags=self._tag(label),
                # Of one address only one gateway can be made.
                opts=pulumi.ResourceOptions.merge(
                    self._way_out, pulumi.ResourceOptions(delete_before_replace=True)
                ),
            )
        return gateways

    def _create_private_routes(self) -> None:
        if SubnetTier.PRIVATE not in self._settings.subnets:
            return
        for zone in self._zones:
            gateway = self._nat_gateways.get(zone) or next(iter(self._nat_gateways.values()), None)
            if gateway is not None:
                aws.ec2.Route(
                    f"{self._key}-{subnet_name(SubnetTier.PRIVATE, zone)}-nat",
                    route_table_id=self._tables[SubnetTier.PRIVATE, zone].id,
                    destination_cidr_block=ANYWHERE,
                    nat_gateway_id=gateway.id,
                    opts=self._way_out,
                )
        if self._settings.ipv6 and self._settings.nat is not Nat.NONE:
            self._create_private_v6_routes()

    def _create_private_v6_routes(self) -> None:
        gateway = aws.ec2.EgressOnlyInternetGateway(
            self._key, vpc_id=self._vpc.id, tags=self._tag("egress-only"), opts=self._child
        )
        for zone in self._zones:
            aws.ec2.Route(
                f"{self._key}-{subnet_name(SubnetTier.PRIVATE, zone)}-egress-v6",
                route_table_id=self._tables[SubnetTier.PRIVATE, zone].id,
                destination_ipv6_cidr_block=ANYWHERE_V6,
                egress_only_gateway_id=gateway.id,
                opts=self._way_out,
            )

    def _create_ways_beyond(self) -> Beyond:
        tables: dict[SubnetTier, dict[str, aws.ec2.RouteTable]] = {}
        for (tier, zone), table in self._tables.items():
            own = subnet_name(tier, zone) if tier is SubnetTier.PRIVATE else tier.value
            tables.setdefault(tier, {})[own] = table
        return Beyond(
            self._key,
            self._settings,
            naming=self._naming,
            region=self._where.region,
            vpc_id=self._vpc.id,
            subnets={
                tier: [self._subnets[tier, zone].id for zone in self._zones] for tier in self.tiers
            },
            tables=tables,
            opts=self._way_out,
        )

    def _create_private_paths(self, needs: NetworkNeeds) -> PrivatePaths:
        home = next(
            tier
            for tier in (SubnetTier.PRIVATE, SubnetTier.ISOLATED, SubnetTier.PUBLIC)
            if tier in self.tiers
        )
        tables = {id(table): table for table in self._tables.values()}
        return private_paths(
            self._key,
            choose(self._settings, needs),
            where=self._where,
            physical_name=self._naming.of(Kind.VPC_TAG),
            vpc_id=self._vpc.id,
            route_table_ids=[table.id for table in tables.values()],
            subnet_ids=[self._subnets[home, zone].id for zone in self._zones],
            callers={
                subnet_name(tier, zone): str(block)
                for (tier, zone), block in self._addresses.items()
                if tier is not SubnetTier.PUBLIC or home is SubnetTier.PUBLIC
            },
            opts=self._child,
        )


def _nth_v6_subnet(block: str, number: int) -> str:
    network = IPv6Network(block)
    start = int(network.network_address) + (number << (128 - SUBNET_V6_PREFIX))
    return str(IPv6Network((start, SUBNET_V6_PREFIX)))
