"""Writes a random network down as resources, each thing in one of the shapes that AWS has for it.

What resources can't say (or the pack does not read from them) is left out of the network first:
`expressible`. The pack's own reading of the resources must then answer as the packets do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import Any

from policies.guardrails import aws
from policies.guardrails.facts import ResourceFacts
from policies.guardrails.reachability.model import (
    AclRule,
    Gateway,
    GroupRule,
    Network,
    NetworkAcl,
    Route,
    SecurityGroup,
)
from policies.guardrails.unknown import UNKNOWN

_ROUTES = (Gateway.INTERNET, Gateway.NAT)


def expressible(network: Network) -> Network:
    """The network without what its resources would not say."""
    return replace(
        network,
        route_tables={
            name: replace(
                table, routes=tuple(one for one in table.routes if _is(one, Route, _ROUTES))
            )
            for name, table in network.route_tables.items()
        },
        groups={
            name: replace(group, ingress=_plain(group.ingress), egress=_plain(group.egress))
            for name, group in network.groups.items()
        },
        interfaces={
            name: replace(one, groups=one.groups or ("sg2",), ipv6=False, addresses=None)
            for name, one in network.interfaces.items()
        },
        load_balancers={
            name: replace(
                one,
                groups=one.groups or ("sg1",),
                ipv6=False,
                keeps_client=False,
                listeners=tuple(
                    replace(
                        listener,
                        protocol="HTTPS",
                        targets=tuple(
                            way for way in listener.targets if way.resource in network.interfaces
                        ),
                    )
                    for listener in one.listeners
                ),
            )
            for name, one in network.load_balancers.items()
        },
        peerings={},
        transit_gateways={},
        prefix_lists={},
    )


def _is(route: object, kind: type[Route], gateways: Sequence[Gateway]) -> bool:
    return isinstance(route, kind) and route.gateway in gateways


def _plain(rules: Any) -> tuple[GroupRule, ...]:
    return tuple(replace(rule, prefix_lists=()) for rule in rules)


class Written:
    """The resources of a network: with ids when `deployed`, else as a preview sees them."""

    def __init__(self, network: Network, random: Random, *, deployed: bool) -> None:
        self._network, self._random, self._deployed = network, random, deployed
        self.facts: list[ResourceFacts] = []
        self._kinds = {
            **dict.fromkeys(network.vpcs, aws.VPC),
            **dict.fromkeys(network.subnets, aws.SUBNET),
            **dict.fromkeys(network.route_tables, aws.ROUTE_TABLE),
            **dict.fromkeys(network.groups, aws.SECURITY_GROUP),
            **dict.fromkeys(network.acls, aws.NETWORK_ACL),
            **dict.fromkeys(network.interfaces, aws.ECS_SERVICE),
            **dict.fromkeys(network.load_balancers, aws.LOAD_BALANCER),
            **dict.fromkeys(network.nats, aws.NAT_GATEWAY),
            "igw0": aws.INTERNET_GATEWAY,
        }
        self._defaults = self._chosen_defaults()
        self._write()

    def urn(self, name: str) -> str:
        """The URN of what the network calls so."""
        return f"urn:pulumi:dev::random::{self._kinds[name]}::{name}"

    def _chosen_defaults(self) -> dict[str, str]:
        """For some VPCs an ACL that is written as the default one: VPC by ACL."""
        chosen: dict[str, str] = {}
        for vpc in self._network.vpcs:
            inside = [one for one in self._network.subnets.values() if one.vpc == vpc]
            acls = {one.acl for one in inside}
            # The default one is that of all subnets that name none, so none may be left open.
            name = inside[0].acl
            if isinstance(name, str) and len(acls) == 1 and name not in chosen:
                others = {one.acl for one in self._network.subnets.values() if one.vpc != vpc}
                if name not in others and self._random.random() < 0.7:
                    chosen[name] = vpc
                    self._kinds[name] = aws.DEFAULT_NETWORK_ACL
        return chosen

    def _add(self, name: str, kind: str, /, **inputs: Any) -> None:
        """One resource; an input `Ref(...)` is an id: a text once deployed, unknown before."""
        self._kinds[name] = kind
        depends = {key: tuple(_references(value)) for key, value in inputs.items()}
        outputs: dict[str, object] = {"id": f"{name}-id", "arn": f"arn:aws:x:::{name}"}
        if kind == aws.VPC:
            outputs["defaultNetworkAclId"] = f"{name}-default-acl"
        if kind == aws.DEFAULT_NETWORK_ACL:
            outputs["id"] = f"{self._defaults[name]}-default-acl"
        self.facts.append(
            ResourceFacts(
                self.urn(name),
                kind,
                name,
                {key: self._value(value) for key, value in inputs.items()},
                outputs if self._deployed else None,
                property_dependencies={
                    key: tuple(self.urn(one) for one in names)
                    for key, names in depends.items()
                    if names
                },
            )
        )

    def _value(self, value: Any) -> Any:
        if isinstance(value, Ref):
            if not self._deployed:
                return UNKNOWN
            if value.name in self._defaults:
                return f"{self._defaults[value.name]}-default-acl"
            return value.text.format(value.name)
        if isinstance(value, Mapping):
            return {key: self._value(one) for key, one in value.items()}
        if isinstance(value, list):
            return [self._value(one) for one in value]
        return value

    def _write(self) -> None:
        network = self._network
        for vpc in network.vpcs.values():
            self._add(vpc.id, aws.VPC, cidrBlock=vpc.cidrs[0], ipv6CidrBlock=vpc.cidrs[1])
        self._add("igw0", aws.INTERNET_GATEWAY, vpcId=Ref("vpc0"))
        for subnet in network.subnets.values():
            four, six = subnet.cidrs
            vpc = Ref(subnet.vpc)
            self._add(subnet.id, aws.SUBNET, vpcId=vpc, cidrBlock=four, ipv6CidrBlock=six)
            if subnet.route_table:
                place = {"subnetId": Ref(subnet.id), "routeTableId": Ref(subnet.route_table)}
                self._add(f"{subnet.id}-table", aws.ROUTE_TABLE_ASSOCIATION, **place)
        for name, where in network.nats.items():
            self._add(name, aws.NAT_GATEWAY, subnetId=Ref(where))
        for name, table in network.route_tables.items():
            self._table(name, table.routes)
        for name, acl in network.acls.items():
            self._acl(name, acl)
        for group in network.groups.values():
            self._group(group)
        for name, one in network.load_balancers.items():
            self._balancer(name, one)
        for name, one in network.interfaces.items():
            self._service(name, one)

    def _table(self, name: str, routes: Sequence[Any]) -> None:
        inline = self._random.random() < 0.5
        keys = {Gateway.INTERNET: "gatewayId", Gateway.NAT: "natGatewayId"}
        listed: list[dict[str, Any]] = []
        separate: list[dict[str, Any]] = []
        for route in routes:
            six = ":" in route.destination
            target = {keys[route.gateway]: Ref(route.target)}
            block = "ipv6CidrBlock" if six else "cidrBlock"
            listed.append({block: route.destination, **target})
            far = "destinationIpv6CidrBlock" if six else "destinationCidrBlock"
            separate.append({far: route.destination, **target})
        self._add(name, aws.ROUTE_TABLE, vpcId=Ref("vpc0"), routes=listed if inline else [])
        for number, route in enumerate(() if inline else separate):
            self._add(f"{name}-{number}", aws.ROUTE, routeTableId=Ref(name), **route)

    def _acl(self, name: str, acl: NetworkAcl) -> None:
        inside = [one for one in self._network.subnets.values() if one.acl == name]
        inline = self._random.random() < 0.5
        inputs: dict[str, Any] = {}
        if inline:
            inputs["ingress"] = [_entry(one, "ruleNo", "action") for one in acl.ingress]
            inputs["egress"] = [_entry(one, "ruleNo", "action") for one in acl.egress]
        if name in self._defaults:
            owner = Ref(self._defaults[name], "{}-default-acl")
            self._add(name, aws.DEFAULT_NETWORK_ACL, defaultNetworkAclId=owner, **inputs)
        elif self._random.random() < 0.5:
            listed = [Ref(one.id) for one in inside]
            self._add(name, aws.NETWORK_ACL, vpcId=Ref("vpc0"), subnetIds=listed, **inputs)
        else:
            self._add(name, aws.NETWORK_ACL, vpcId=Ref("vpc0"), **inputs)
            for one in inside:
                place = {"subnetId": Ref(one.id), "networkAclId": Ref(name)}
                self._add(f"{one.id}-acl", aws.NETWORK_ACL_ASSOCIATION, **place)
        for egress, rules in () if inline else ((False, acl.ingress), (True, acl.egress)):
            for number, rule in enumerate(rules):
                entry = _entry(rule, "ruleNumber", "ruleAction")
                inputs = {"networkAclId": Ref(name), "egress": egress, **entry}
                self._add(f"{name}-{egress}-{number}", aws.NETWORK_ACL_RULE, **inputs)

    def _group(self, group: SecurityGroup) -> None:
        shape = self._random.choice(("inline", "rule", "single"))
        inputs: dict[str, Any] = {}
        for direction in ("ingress", "egress"):
            for number, rule in enumerate(getattr(group, direction)):
                name = f"{group.id}-{direction}-{number}"
                if shape == "inline":
                    inputs.setdefault(direction, []).append(
                        {**_listed(rule), "securityGroups": [Ref(one) for one in rule.groups]}
                    )
                elif shape == "rule":
                    self._rules(name, group.id, direction, rule)
                else:
                    self._singles(name, group.id, direction, rule)
        self._add(group.id, aws.SECURITY_GROUP, **inputs)

    def _rules(self, name: str, group: str, direction: str, rule: GroupRule) -> None:
        own = {"securityGroupId": Ref(group), "type": direction}
        self._add(name, aws.SECURITY_GROUP_RULE, **own, **_listed(rule))
        for peer in rule.groups:
            inputs = {**_listed(rule), "cidrBlocks": [], "ipv6CidrBlocks": []}
            inputs["sourceSecurityGroupId"] = Ref(peer)
            self._add(f"{name}-{peer}", aws.SECURITY_GROUP_RULE, **own, **inputs)

    def _singles(self, name: str, group: str, direction: str, rule: GroupRule) -> None:
        kind = aws.INGRESS_RULE if direction == "ingress" else aws.EGRESS_RULE
        ports = dict(zip(("fromPort", "toPort"), rule.ports or (0, 65535), strict=True))
        inputs: dict[str, Any] = {"securityGroupId": Ref(group), "ipProtocol": rule.protocol}
        if rule.protocol != "-1":
            inputs.update(ports)
        for number, cidr in enumerate(rule.cidrs):
            block = "cidrIpv6" if ":" in str(cidr) else "cidrIpv4"
            self._add(f"{name}-{number}", kind, **inputs, **{block: cidr})
        for peer in rule.groups:
            self._add(f"{name}-{peer}", kind, **inputs, referencedSecurityGroupId=Ref(peer))

    def _balancer(self, name: str, one: Any) -> None:
        self._add(
            name,
            aws.LOAD_BALANCER,
            internal=not one.internet_facing,
            subnets=[Ref(subnet) for subnet in one.subnets],
            securityGroups=[Ref(group) for group in one.groups],
        )
        for number, listener in enumerate(one.listeners):
            groups: list[str] = []
            for place in range(len(listener.targets)):
                group = f"{name}-{number}-{place}"
                self._add(group, aws.TARGET_GROUP, protocol="HTTP", targetType="ip")
                groups.append(group)
            action: dict[str, Any] = {"type": "forward"}
            if len(groups) == 1:
                action["targetGroupArn"] = Ref(groups[0], "arn:aws:x:::{}")
            elif groups:
                arns = [{"arn": Ref(group, "arn:aws:x:::{}")} for group in groups]
                action["forward"] = {"targetGroups": arns}
            else:
                action = {"type": "fixed-response"}
            self._add(
                f"{name}-{number}",
                aws.LISTENER,
                loadBalancerArn=Ref(name, "arn:aws:x:::{}"),
                port=listener.port,
                protocol=listener.protocol,
                defaultActions=[action],
            )

    def _service(self, name: str, one: Any) -> None:
        entries = [
            {"targetGroupArn": Ref(f"{lb}-{i}-{j}", "arn:aws:x:::{}"), "containerPort": way.port}
            for lb, balancer in self._network.load_balancers.items()
            for i, listener in enumerate(balancer.listeners)
            for j, way in enumerate(listener.targets)
            if way.resource == name
        ]
        self._add(
            name,
            aws.ECS_SERVICE,
            loadBalancers=entries,
            networkConfiguration={
                "assignPublicIp": one.public,
                "subnets": [Ref(subnet) for subnet in one.subnets],
                "securityGroups": [Ref(group) for group in one.groups],
            },
        )


class Ref:
    """A reference to what the network calls `name`."""

    def __init__(self, name: str, text: str = "{}-id") -> None:
        self.name, self.text = name, text


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, Ref):
        yield value.name
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _references(one)
    elif isinstance(value, list):
        for one in value:
            yield from _references(one)


def _entry(rule: AclRule, number: str, action: str) -> dict[str, Any]:
    first, last = (0, 65535) if rule.ports is None else rule.ports
    ports = (0, 0) if rule.protocol == "-1" else (first, last)
    return {
        number: rule.number,
        action: "allow" if rule.allow else "deny",
        "ipv6CidrBlock" if ":" in str(rule.cidr) else "cidrBlock": rule.cidr,
        "protocol": {"tcp": "6"}.get(str(rule.protocol), rule.protocol),
        "fromPort": ports[0],
        "toPort": ports[1],
    }


def _listed(rule: GroupRule) -> dict[str, Any]:
    first, last = (0, 65535) if rule.ports is None else rule.ports
    ports = (0, 0) if rule.protocol == "-1" else (first, last)
    return {
        "protocol": rule.protocol,
        "fromPort": ports[0],
        "toPort": ports[1],
        "cidrBlocks": [one for one in rule.cidrs if ":" not in str(one)],
        "ipv6CidrBlocks": [one for one in rule.cidrs if ":" in str(one)],
    }
