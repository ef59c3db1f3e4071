"""Devices (AWS IoT), shares (AWS RAM), studios, and open ports without security groups."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from .. import aws
from ..control import Control, Severity, Verdict, first_failure, not_applicable, require
from ..define import of_own_code, resource_control
from ..evidence import Resource
from ..firewall_rules import open_blocks
from ..reading import Reading
from ..unknown import Tri, all_of, any_of
from .network import RISKY_PORTS

LIGHTSAIL_PORTS: Final = "aws:lightsail/instancePublicPorts:InstancePublicPorts"
GAME_FLEET: Final = "aws:gamelift/fleet:Fleet"
WORKSPACE_ADDRESSES: Final = "aws:workspaces/ipGroup:IpGroup"

# What devices do with messages and shadows: "AWS IoT policies overly permissive" of Device
# Defender, AWS IoT Core Developer Guide, 2026-11.
_MESSAGES: Final = re.compile(
    r"(?i)\*|iot:(?:\*|[a-z]*\*|connect|publish|retainpublish|subscribe|receive"
    r"|(?:get|update|delete)thingshadow)"
)
_ALL_ACTIONS: Final = re.compile(r"(?i)\*|iot:\*")
_ALL_RESOURCES: Final = re.compile(
    r"(?i)\*|arn:[^:]*:iot:[^:]*:[^:]*:(?:\*|(?:topic|topicfilter|client|thing)/\*)"
)


def _any(reading: Reading, pattern: re.Pattern[str]) -> Tri:
    return reading.some(
        lambda one: one.ask(
            lambda text: isinstance(text, str) and pattern.fullmatch(text) is not None
        )
    )


def _wide(statement: Reading) -> Tri:
    """Whether a statement lets a device act as every other device."""
    allows = statement["Effect"].equals("Allow")
    # Whatever is not excluded is allowed.
    open_ended = statement["NotAction"].present() | statement["NotResource"].present()
    all_resources = _any(statement["Resource"], _ALL_RESOURCES)
    everything = _any(statement["Action"], _ALL_ACTIONS)
    messages = _any(statement["Action"], _MESSAGES) & all_resources
    bound = Tri.of(
        any(
            key.lower().startswith("iot:connection.thing")
            for operator in statement["Condition"].keys()  # noqa: SIM118 - a Reading, no dict
            for key in statement["Condition"][operator].keys()  # noqa: SIM118
        )
    )
    return allows & (open_ended | everything | messages) & ~bound


@resource_control(
    of_own_code(
        "IoT.narrow-policies",
        "Devices publish, subscribe and connect as themselves only",
        Severity.HIGH,
        "actions by name, on topics and clients with ${iot:Connection.Thing.ThingName}",
        "iot/latest/developerguide/audit-chk-iot-policy-permissive.html",
    ),
    aws.IOT_POLICY,
)
def devices_narrow(policy: Resource) -> Verdict:
    statements = policy["policy"].parsed()["Statement"]
    return require(~statements.some(_wide), "a statement allows every device what one may do")


@resource_control(
    of_own_code(
        "RAM.internal-shares",
        "Resources are shared inside the organisation only",
        Severity.HIGH,
        "allow_external_principals=False (the default)",
        "ram/latest/userguide/working-with-sharing-create.html",
    ),
    aws.RESOURCE_SHARE,
)
def shares_internal(share: Resource) -> Verdict:
    return require(~share["allowExternalPrincipals"].is_true(), "allowExternalPrincipals is true")


@resource_control(
    of_own_code(
        "SageMaker.domain-network",
        "Studios reach the internet through the network of the account only",
        Severity.HIGH,
        "app_network_access_type='VpcOnly'",
        "sagemaker/latest/dg/studio-notebooks-and-internet-access.html",
    ),
    aws.STUDIO,
)
def studio_in_network(domain: Resource) -> Verdict:
    return require(
        domain["appNetworkAccessType"].equals("VpcOnly"), "appNetworkAccessType is not VpcOnly"
    )


# By type: the list of openings, and its fields for the first and last port and the addresses.
_OPENINGS: Final[Mapping[str, tuple[str, str, str, tuple[str, ...]]]] = {
    LIGHTSAIL_PORTS: ("portInfos", "fromPort", "toPort", ("cidrs", "ipv6Cidrs")),
    GAME_FLEET: ("ec2InboundPermissions", "fromPort", "toPort", ("ipRange",)),
    WORKSPACE_ADDRESSES: ("rules", "", "", ("source",)),
}


def _risky(opening: Reading, first: str, last: str) -> Tri:
    if not first:
        return Tri.YES
    return any_of(
        opening[first].at_most(port) & opening[last].at_least(port) for port in RISKY_PORTS
    )


def _openings(resource: Resource) -> Iterator[Verdict]:
    name, first, last, fields = _OPENINGS[resource.type]
    if resource[name].is_unknown:
        yield require(Tri.UNKNOWN, f"{name} may be open to the world")
    openings = [one for one in resource[name].elements() if _risky(one, first, last) is not Tri.NO]
    blocks = [block for one in openings for field in fields for block in _blocks(one[field])]
    sure = all_of(_risky(one, first, last) for one in openings)
    # Lightsail lets everybody in where no addresses are named.
    unnamed = Tri.of(
        resource.type == LIGHTSAIL_PORTS
        and any(
            all(one[field].is_absent for field in (*fields, "cidrListAliases")) for one in openings
        )
    )
    yield require(~((open_blocks(blocks) | unnamed) & sure), f"{name} are open to the world")


def _blocks(reading: Reading) -> tuple[Reading, ...]:
    return (reading,) if reading.is_unknown else reading.elements()


@resource_control(
    of_own_code(
        "EC2.service-ports",
        "Servers and desktops of other services open no risky port to the world",
        Severity.CRITICAL,
        "the addresses of your own network instead of 0.0.0.0/0",
        "lightsail/latest/userguide/understanding-firewall-and-port-mappings-in-amazon-lightsail.html",
    ),
    *_OPENINGS,
)
def ports_closed(resource: Resource) -> Verdict:
    if resource[_OPENINGS[resource.type][0]].is_absent:
        return not_applicable("it opens nothing")
    return first_failure(*_openings(resource))


@resource_control(
    of_own_code(
        "Batch.privileged",
        "Containers of batch jobs are not privileged",
        Severity.HIGH,
        '"privileged": false in container_properties',
        "batch/latest/userguide/job_definition_parameters.html",
    ),
    aws.BATCH_JOB,
)
def jobs_not_privileged(job: Resource) -> Verdict:
    nodes = job["nodeProperties"].parsed()["nodeRangeProperties"]
    tasks = job["ecsProperties"].parsed()["taskProperties"]
    privileged = any_of(
        (
            job["containerProperties"].parsed()["privileged"].is_true(),
            nodes.some(lambda node: node["container"]["privileged"].is_true()),
            tasks.some(
                lambda task: task["containers"].some(lambda one: one["privileged"].is_true())
            ),
            any_of(
                one["privileged"].is_true()
                for one in job.leaves("eksProperties.podProperties.containers.securityContext")
            ),
        )
    )
    return require(~privileged, "a container has privileged set to true")


CONTROLS: Final[tuple[Control, ...]] = (
    devices_narrow,
    shares_internal,
    studio_in_network,
    ports_closed,
    jobs_not_privileged,
)
