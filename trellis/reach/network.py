"""Connections that the network lets through: security groups in pairs, routes, listeners, the edge.

A connection needs both ends: a rule that lets it out of one group and one that lets it into the
other. Network ACLs are AWS's default, which lets everything through; the policy pack judges others.
"""

from __future__ import annotations

import dataclasses
import ipaddress
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from components.parts.in_transit import NONE, NOT_KNOWN, TLS
from trellis.planner.recording import Recorded
from trellis.reach.beyond import VPN
from trellis.reach.encryption import HTTPS, encryption
from trellis.reach.things import INTERNET, Subnet, Thing, Things, plain

INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
GROUP = "aws:ec2/securityGroup:SecurityGroup"
ANYWHERE = ("0.0.0.0/0", "::/0")
UNBOUND = "outside of the network"
"""The way of what no security group and no route stands before."""


@dataclass(frozen=True)
class Connection:
    """One way in which one thing may open a connection to another."""

    source: str
    """Id of a thing."""
    target: str
    port: str
    """As in `5432`, `8000-8010` or `any`."""
    protocol: str
    """`tcp`, `udp`, `any`."""
    way: str
    """What it goes through: `NAT gateway`, `internet gateway`, `CloudFront`; empty inside."""
    encryption: str
    rule: str
    """The description of the rule that lets it in, or of what else does."""


def connections(things: Things) -> list[Connection]:
    """Every connection that is let through, in a stable order."""
    every = (
        *_between_groups(things),
        *_from_outside(things),
        *_outwards(things),
        *_without_network(things),
        *_beyond(things),
        *_edge(things),
        *_apis(things),
        *_private(things),
    )
    # Two zones, or two address families, are one connection by several rules.
    rules: dict[Connection, dict[str, None]] = {}
    for connection in every:
        rules.setdefault(dataclasses.replace(connection, rule=""), {})[connection.rule] = None
    found = [
        dataclasses.replace(connection, rule="; ".join(rule_lines))
        for connection, rule_lines in rules.items()
    ]
    return sorted(found, key=lambda c: (c.source, c.target, c.port, c.way))


def _between_groups(things: Things) -> Iterator[Connection]:
    egress = _rules_by_group(things, EGRESS)
    for rule in things.recording.of_type(INGRESS):
        target = _owner(things, plain(rule.inputs.get("securityGroupId")))
        if target is None:
            continue
        group = plain(rule.inputs.get("securityGroupId"))
        for source_group, source in _sources(things, rule):
            if source.id == target.id and source_group != group:
                continue
            if any(_lets_out(other, rule, str(group)) for other in egress.get(source_group, ())):
                yield _connection(things, source, target, rule)


def _sources(things: Things, rule: Recorded) -> Iterator[tuple[str, Thing]]:
    """Groups that a rule lets in, by name or because they run in a block that it lets in."""
    group = plain(rule.inputs.get("referencedSecurityGroupId"))
    owner = _owner(things, group)
    if owner is not None:
        yield str(group), owner
        return
    block = plain(rule.inputs.get("cidrIpv4"))
    if block is None or block in ANYWHERE:
        return
    for other in things.recording.of_type(GROUP):
        thing = things.of(other)
        if thing is not None and any(_inside(s, str(block)) for s in things.subnets_of(thing)):
            yield other.id, thing


def _inside(subnet: Subnet, block: str) -> bool:
    try:
        ours, theirs = ipaddress.ip_network(subnet.cidr), ipaddress.ip_network(block)
    except ValueError:
        return False
    return ours.version == theirs.version and ours.overlaps(theirs)


def _lets_out(egress: Recorded, ingress: Recorded, target_group: str) -> bool:
    """Whether a rule of the source lets out what a rule of the target lets in."""
    group = plain(egress.inputs.get("referencedSecurityGroupId"))
    block = plain(egress.inputs.get("cidrIpv4"))
    aims = group == target_group or block in ANYWHERE or (group is None and block is not None)
    return aims and _overlap(_range(egress), _range(ingress))


def _range(rule: Recorded) -> tuple[int, int]:
    if str(plain(rule.inputs.get("ipProtocol"), "-1")) == "-1":
        return 0, 65_535
    least = plain(rule.inputs.get("fromPort"), 0)
    return int(least), int(plain(rule.inputs.get("toPort"), least))


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def _port(rule: Recorded) -> str:
    least, most = _range(rule)
    if (least, most) == (0, 65_535):
        return "any"
    return str(least) if least == most else f"{least}-{most}"


def _protocol(rule: Recorded) -> str:
    protocol = str(plain(rule.inputs.get("ipProtocol"), "-1"))
    return "any" if protocol == "-1" else protocol


def _connection(
    things: Things, source: Thing, target: Thing, rule: Recorded, way: str = ""
) -> Connection:
    port = _port(rule)
    return Connection(
        source.id, target.id, port, _protocol(rule), way,
        encryption(things, source, target, port),
        str(plain(rule.inputs.get("description"), rule.name)),
    )  # fmt: skip


def _from_outside(things: Things) -> Iterator[Connection]:
    """What the internet may open: rules that let anybody in, of what stands in public."""
    internet = things.things[INTERNET]
    for rule in things.recording.of_type(INGRESS):
        target = _owner(things, plain(rule.inputs.get("securityGroupId")))
        if target is None:
            continue
        anybody = any(plain(rule.inputs.get(f"cidrIpv{n}")) in ANYWHERE for n in (4, 6))
        if anybody and _is_public(things, target):
            yield _connection(things, internet, target, rule, "internet gateway")


def _is_public(things: Things, thing: Thing) -> bool:
    internal = [
        plain(resource.inputs.get("internal"), default=False)
        for resource in things.resources(thing)
        if resource.type == "aws:lb/loadBalancer:LoadBalancer"
    ]
    if any(internal):
        return False
    subnets = things.subnets_of(thing)
    if internal and not subnets:
        # In another stack's network: one that faces the internet stands in its public subnets.
        return True
    return any(subnet.way_out == "internet gateway" for subnet in subnets)


def _outwards(things: Things) -> Iterator[Connection]:
    """What may open connections to the internet, by the routes of where it runs."""
    for rule in things.recording.of_type(EGRESS):
        source = _owner(things, plain(rule.inputs.get("securityGroupId")))
        if source is None or plain(rule.inputs.get("cidrIpv4")) not in ANYWHERE:
            continue
        ways = sorted({s.way_out for s in things.subnets_of(source) if s.way_out})
        for way in ways:
            yield _connection(things, source, things.things[INTERNET], rule, way)


def _without_network(things: Things) -> Iterator[Connection]:
    """Functions that stand in no network: nothing keeps them from a public address ("Giving Lambda
    functions access to resources in an Amazon VPC", AWS Lambda Developer Guide, 2026-11)."""
    for function in things.recording.of_type("aws:lambda/function:Function"):
        thing = things.of(function)
        placed: Mapping[str, Any] = plain(function.inputs.get("vpcConfig"), {})
        if thing is not None and not placed.get("subnetIds"):
            yield Connection(
                thing.id, INTERNET, "any", "any", UNBOUND, NOT_KNOWN, "a function in no network"
            )


def _beyond(things: Things) -> Iterator[Connection]:
    """Other networks: what may call there, and what they may call, by routes and rules."""
    for type_, leaves in ((EGRESS, True), (INGRESS, False)):
        for rule in things.recording.of_type(type_):
            own = _owner(things, plain(rule.inputs.get("securityGroupId")))
            if own is None:
                continue
            for network in sorted(
                {network for subnet in things.subnets_of(own) for network in subnet.beyond},
                key=lambda network: (network.id, network.destination),
            ):
                foreign = network.way != VPN and _of_another(things, rule)
                if not network.may_hold(rule) and not foreign:
                    continue
                other = things.things[network.id]
                ends = (own, other) if leaves else (other, own)
                yield _connection(things, *ends, rule, network.way)


def _of_another(things: Things, rule: Recorded) -> bool:
    """Whether a rule names a security group that is not of this network: one of a peered network
    perhaps."""
    group = plain(rule.inputs.get("referencedSecurityGroupId"))
    return group is not None and str(group) not in things.by_id


def _edge(things: Things) -> Iterator[Connection]:
    """Sites: browsers to CloudFront, and CloudFront to its origins."""
    for site in things.recording.of_type("aws:cloudfront/distribution:Distribution"):
        thing = things.of(site)
        if thing is None:
            continue
        behavior: Mapping[str, Any] = plain(site.inputs.get("defaultCacheBehavior"), {})
        policy = plain(behavior.get("viewerProtocolPolicy"))
        secrecy = TLS if policy == "https-only" else "TLS; HTTP is redirected"
        if policy == "allow-all":
            secrecy = "TLS or not encrypted, as the browser likes"
        names = ", ".join(plain(site.inputs.get("aliases"), ()))
        yield Connection(
            INTERNET, thing.id, "443", "tcp", "CloudFront", secrecy, names or thing.name
        )
        for origin in plain(site.inputs.get("origins"), ()):
            target = _origin(things, origin)
            if target is not None and target.id != thing.id:
                custom: Mapping[str, Any] = plain(origin.get("customOriginConfig"), {})
                http = plain(custom.get("originProtocolPolicy")) == "http-only"
                port = "80" if http else "443"
                rule = f"origin {plain(origin.get('originId'), '')} of {thing.name}"
                yield Connection(
                    thing.id, target.id, port, "tcp", "CloudFront", NONE if http else TLS, rule
                )


API_TYPES = ("aws:apigatewayv2/api:Api", "aws:apigateway/restApi:RestApi")


def _apis(things: Things) -> Iterator[Connection]:
    """Functions with an address of their own, and APIs with what they call."""
    for address in things.recording.of_type("aws:lambda/functionUrl:FunctionUrl"):
        thing = things.of(address)
        if thing is not None:
            signed = plain(address.inputs.get("authorizationType")) == "AWS_IAM"
            rule = (
                "function URL, for whoever IAM lets in" if signed else "function URL, for anybody"
            )
            yield Connection(INTERNET, thing.id, "443", "tcp", "function URL", TLS, rule)
    for type_ in API_TYPES:
        for api in things.recording.of_type(type_):
            thing = things.of(api)
            kinds = plain(plain(api.inputs.get("endpointConfiguration"), {}).get("types"), "")
            if thing is not None and "PRIVATE" not in kinds:
                rule = str(plain(api.inputs.get("name"), api.name))
                yield Connection(INTERNET, thing.id, "443", "tcp", "API Gateway", TLS, rule)
    for permission in things.recording.of_type("aws:lambda/permission:Permission"):
        if plain(permission.inputs.get("principal")) != "apigateway.amazonaws.com":
            continue
        source = str(plain(permission.inputs.get("sourceArn"), "")).split(":")
        api = things.by_id.get(source[5].partition("/")[0]) if len(source) > 5 else None
        caller = things.of(api) if api is not None else None
        called = _function(things, str(plain(permission.inputs.get("function"), "")))
        if caller is not None and called is not None and caller.id != called.id:
            yield Connection(
                caller.id, called.id, "443", "tcp", "Lambda's API", TLS, permission.name
            )


INTEGRATIONS = (
    "aws:apigatewayv2/integration:Integration",
    "aws:apigateway/integration:Integration",
)


def _private(things: Things) -> Iterator[Connection]:
    """APIs with the VPC links that they call services by, and what those reach by PrivateLink,
    where no security group says so."""
    ports: dict[str, str] = {}
    for type_ in INTEGRATIONS:
        for integration in things.recording.of_type(type_):
            link = things.by_id.get(str(plain(integration.inputs.get("connectionId"))))
            caller, called = things.of(integration), things.of(link)
            if link is None or caller is None or called is None:
                continue
            uri = str(plain(integration.inputs.get("uri"), ""))
            port = str(urlsplit(uri).port or HTTPS)
            ports[link.id] = port
            yield Connection(
                caller.id, called.id, port, "tcp", "API Gateway", TLS,
                f"routes of {caller.name} to services",
            )  # fmt: skip
    for link in things.recording.of_type("aws:apigateway/vpcLink:VpcLink"):
        source = things.of(link)
        target = things.of(things.at(str(plain(link.inputs.get("targetArn"), ""))))
        if source is not None and target is not None:
            port = ports.get(link.id, str(HTTPS))
            yield Connection(
                source.id, target.id, port, "tcp", "PrivateLink",
                encryption(things, source, target, port), str(plain(link.inputs.get("name"))),
            )  # fmt: skip


def _function(things: Things, name: str) -> Thing | None:
    """The thing of a function, by its name or ARN."""
    for function in things.recording.of_type("aws:lambda/function:Function"):
        names = {plain(function.inputs.get("name")), plain(function.outputs.get("arn"))}
        if name in names or name == function.id:
            return things.of(function)
    return None


def _origin(things: Things, origin: Mapping[str, Any]) -> Thing | None:
    domain = str(plain(origin.get("domainName"), ""))
    for resource in things.recording:
        outputs = resource.outputs
        names = {plain(outputs.get(key)) for key in ("bucketRegionalDomainName", "dnsName")}
        if resource.custom and domain and domain in names:
            return things.of(resource)
        if resource.type == "aws:s3/bucket:Bucket" and domain.startswith(
            f"{plain(resource.inputs.get('bucket'), resource.id)}.s3."
        ):
            return things.of(resource)
        if resource.type == "aws:route53/record:Record" and domain == plain(
            resource.inputs.get("name")
        ):
            alias: Sequence[Mapping[str, Any]] = plain(resource.inputs.get("aliases"), ())
            for target in alias:
                return _origin(things, {"domainName": plain(target.get("name"))})
    return None


def _rules_by_group(things: Things, type_: str) -> Mapping[str, list[Recorded]]:
    found: dict[str, list[Recorded]] = {}
    for rule in things.recording.of_type(type_):
        found.setdefault(str(plain(rule.inputs.get("securityGroupId"))), []).append(rule)
    return found


def _owner(things: Things, group: Any) -> Thing | None:
    resource = things.by_id.get(str(group))
    return things.of(resource) if resource is not None and resource.type == GROUP else None
