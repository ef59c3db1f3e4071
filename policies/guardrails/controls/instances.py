"""EC2 instances and what launches them: metadata by session, no public address, no secrets."""

import base64
import binascii
from typing import Final

from .. import aws
from ..control import Control, Severity, Verdict, first_failure, not_applicable, require, where
from ..define import graph_control, of_own_code, resource_control
from ..evidence import Resource, Stack
from ..plain_sight import derived, plain_script
from ..reading import Reading
from ..unknown import Tri, any_of

_EC2: Final = "AWSEC2/latest/UserGuide/"
_SCALING: Final = "autoscaling/ec2/userguide/"
_VPC: Final = "vpc/latest/"


def _sessions_only(options: Reading) -> Tri:
    """Whether the metadata service asks for a session token, or is off."""
    return options["httpTokens"].equals("required") | options["httpEndpoint"].equals("disabled")


def _templates(instance: Resource, stack: Stack) -> tuple[Resource, ...]:
    """The launch templates in this stack that an instance takes its settings from."""
    named = (
        *stack.follow(instance, "launchTemplate.id", aws.LAUNCH_TEMPLATE).found,
        *stack.follow(instance, "launchTemplate.name", aws.LAUNCH_TEMPLATE).found,
    )
    return tuple(dict.fromkeys(named))


def _or_of_template(
    instance: Resource, stack: Stack, own: Tri, reading: Reading, asked: str, found: str
) -> Verdict:
    """The instance's own answer where it says something, else that of its launch template."""
    template = instance["launchTemplate"]
    if not reading.is_absent or template.is_absent:
        return require(own, found)
    templates = _templates(instance, stack)
    if not templates:
        return require(Tri.UNKNOWN, f"{found}, and its launch template is not in this stack")
    return require(
        any_of(_sessions_only(launch_template[asked]) for launch_template in templates), found
    )


@graph_control(
    of_own_code(
        "EC2.8",
        "Instances hand out metadata for session tokens only (IMDSv2)",
        Severity.HIGH,
        "metadata_options={'http_tokens': 'required'}",
        _EC2 + "configuring-instance-metadata-service.html",
    ),
    aws.INSTANCE,
)
def instance_metadata(instance: Resource, stack: Stack) -> Verdict:
    options = instance["metadataOptions"]
    return _or_of_template(
        instance,
        stack,
        _sessions_only(options),
        options,
        "metadataOptions",
        "metadataOptions.httpTokens is not required",
    )


@resource_control(
    of_own_code(
        "EC2.170",
        "Launch templates hand out metadata for session tokens only (IMDSv2)",
        Severity.LOW,
        "metadata_options={'http_tokens': 'required'}",
        _EC2 + "configuring-instance-metadata-service.html",
    ),
    aws.LAUNCH_TEMPLATE,
)
def template_metadata(template: Resource) -> Verdict:
    return require(
        _sessions_only(template["metadataOptions"]), "metadataOptions.httpTokens is not required"
    )


@resource_control(
    of_own_code(
        "AutoScaling.3",
        "Launch configurations hand out metadata for session tokens only (IMDSv2)",
        Severity.HIGH,
        "metadata_options={'http_tokens': 'required'}",
        _SCALING + "create-launch-config.html",
    ),
    aws.LAUNCH_CONFIGURATION,
)
def configuration_metadata(configuration: Resource) -> Verdict:
    return require(
        _sessions_only(configuration["metadataOptions"]),
        "metadataOptions.httpTokens is not required",
    )


@graph_control(
    of_own_code(
        "EC2.9",
        "Instances have no public address",
        Severity.HIGH,
        "associate_public_ip_address=False, subnet_id=private_subnet.id",
        _EC2 + "using-instance-addressing.html",
    ),
    aws.INSTANCE,
    aws.SPOT_FLEET,
)
def instance_private(instance: Resource, stack: Stack) -> Verdict:
    if instance.type == aws.SPOT_FLEET:
        return _fleet_private(instance, stack)
    elastic = any_of(one.belongs for one in stack.companions(instance, aws.ELASTIC_IP, "instance"))
    own = instance["associatePublicIpAddress"]
    given = _of_subnet(instance, stack) if own.is_absent else own.is_true()
    return require(~(given | elastic), "it gets a public address")


def _fleet_private(fleet: Resource, stack: Stack) -> Verdict:
    """Whether no part of a Spot Fleet gives a public address, itself or by its subnet."""

    def opened(part: Reading, without: Tri) -> Tri:
        if part["subnetId"].is_absent:
            return without
        subnets = stack.resolve(fleet, part["subnetId"], aws.SUBNET)
        if subnets.complete is not Tri.YES:
            return Tri.UNKNOWN
        return any_of(subnet["mapPublicIpOnLaunch"].is_true() for subnet in subnets.found)

    given = fleet["launchSpecifications"].some(
        lambda one: (
            one["associatePublicIpAddress"].is_true()
            # Without a subnet it is the default one, which hands them out.
            | (one["associatePublicIpAddress"].absent() & opened(one, Tri.YES))
        )
    )
    overridden = fleet["launchTemplateConfigs"].some(
        lambda one: one["overrides"].some(lambda part: opened(part, Tri.NO))
    )
    return first_failure(
        require(~given, "a launch specification gives a public address"),
        # EC2.25 asks the template itself.
        require(~overridden, "a subnet of its overrides hands out public addresses"),
    )


def _of_subnet(instance: Resource, stack: Stack) -> Tri:
    """Whether the instance's subnet hands out public addresses."""
    subnets = stack.follow(instance, "subnetId", aws.SUBNET).found
    if not subnets:
        # Without a subnet it is the default one, which hands them out.
        absent = instance["subnetId"].is_absent and instance["launchTemplate"].is_absent
        return Tri.YES if absent else Tri.UNKNOWN
    return any_of(subnet["mapPublicIpOnLaunch"].is_true() for subnet in subnets)


@resource_control(
    of_own_code(
        "EC2.25",
        "Launch templates give no public address",
        Severity.HIGH,
        "network_interfaces=[{'associate_public_ip_address': 'false', ...}]",
        _EC2 + "ec2-launch-templates.html",
    ),
    aws.LAUNCH_TEMPLATE,
)
def template_private(template: Resource) -> Verdict:
    return require(
        ~template["networkInterfaces"].some(lambda one: one["associatePublicIpAddress"].is_true()),
        "a network interface gets a public address",
    )


@resource_control(
    of_own_code(
        "Autoscaling.5",
        "Launch configurations give no public address",
        Severity.HIGH,
        "associate_public_ip_address=False",
        _SCALING + "create-launch-config.html",
    ),
    aws.LAUNCH_CONFIGURATION,
)
def configuration_private(configuration: Resource) -> Verdict:
    return require(
        ~configuration["associatePublicIpAddress"].is_true(), "associatePublicIpAddress is true"
    )


@resource_control(
    of_own_code(
        "EC2.17",
        "Instances have one network interface",
        Severity.LOW,
        "network_interfaces with one member, or none",
        _EC2 + "using-eni.html",
    ),
    aws.INSTANCE,
)
def one_interface(instance: Resource) -> Verdict:
    interfaces = instance["networkInterfaces"]
    several = Tri.UNKNOWN if interfaces.is_unknown else Tri.of(len(interfaces.elements()) > 1)
    return require(~several, "it has several network interfaces")


@resource_control(
    of_own_code(
        "EC2.180",
        "Network interfaces check source and destination",
        Severity.MEDIUM,
        "source_dest_check=True (the default)",
        _EC2 + "using-eni.html",
    ),
    aws.NETWORK_INTERFACE,
)
def source_checked(interface: Resource) -> Verdict:
    return require(interface["sourceDestCheck"].is_true(), "sourceDestCheck is false")


def _script(resource: Resource) -> tuple[Reading, str | None]:
    """The user data of an instance, decoded where it is in base64."""
    plain, encoded = resource["userData"], resource["userDataBase64"]
    reading = encoded if plain.is_absent else plain
    text = reading.text()
    if text is None:
        return reading, None
    try:
        decoded = base64.b64decode(text, validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return reading, text
    return reading, decoded


@resource_control(
    of_own_code(
        "EC2.user-data-secrets",
        "The start-up script holds no credentials",
        Severity.HIGH,
        "read the secret at start-up: aws secretsmanager get-secret-value",
        _EC2 + "instancedata-add-user-data.html",
    ),
    aws.INSTANCE,
    aws.LAUNCH_TEMPLATE,
    aws.LAUNCH_CONFIGURATION,
)
def script_without_secrets(resource: Resource) -> Verdict:
    reading, text = _script(resource)
    if reading.is_absent:
        return not_applicable("it has no start-up script")
    return plain_script(reading, reading.path, derived(resource, reading.path), text)


@resource_control(
    of_own_code(
        "AutoScaling.1",
        "Groups behind a load balancer are checked by it",
        Severity.LOW,
        "health_check_type='ELB'",
        _SCALING + "ec2-auto-scaling-health-checks.html",
    ),
    aws.AUTOSCALING_GROUP,
)
def checked_by_balancer(group: Resource) -> Verdict:
    balanced = any_of(
        group[name].present() for name in ("targetGroupArns", "loadBalancers", "trafficSources")
    )
    return where(
        balanced,
        require(group["healthCheckType"].equals("ELB"), "healthCheckType is not ELB"),
        "no load balancer sends to it",
    )


@resource_control(
    of_own_code(
        "AutoScaling.2",
        "Groups of instances span two zones",
        Severity.MEDIUM,
        "vpc_zone_identifiers=[subnet_a.id, subnet_b.id]",
        _SCALING + "as-add-availability-zone.html",
    ),
    aws.AUTOSCALING_GROUP,
)
def two_zones(group: Resource) -> Verdict:
    return require(
        _several(group["vpcZoneIdentifiers"]) | _several(group["availabilityZones"]),
        "it names fewer than two subnets or zones",
    )


def _several(members: Reading) -> Tri:
    return Tri.UNKNOWN if members.is_unknown else Tri.of(len(members.elements()) > 1)


@resource_control(
    of_own_code(
        "AutoScaling.9",
        "Groups of instances use a launch template",
        Severity.MEDIUM,
        "launch_template={'id': template.id, 'version': template.latest_version}",
        _SCALING + "launch-templates.html",
    ),
    aws.AUTOSCALING_GROUP,
)
def uses_template(group: Resource) -> Verdict:
    return require(
        group["launchTemplate"].present() | group["mixedInstancesPolicy"].present(),
        "it uses no launch template",
    )


@resource_control(
    of_own_code(
        "EC2.23",
        "Transit gateways accept no attachment by themselves",
        Severity.HIGH,
        "auto_accept_shared_attachments='disable' (the default)",
        _VPC + "tgw/tgw-vpc-attachments.html",
    ),
    aws.TRANSIT_GATEWAY,
)
def attachments_accepted_by_hand(gateway: Resource) -> Verdict:
    return require(
        gateway["autoAcceptSharedAttachments"].equals("disable"),
        "autoAcceptSharedAttachments is enable",
    )


@resource_control(
    of_own_code(
        "EC2.51",
        "Connections to client VPN endpoints are logged",
        Severity.LOW,
        "connection_log_options={'enabled': True, 'cloudwatch_log_group': group.name}",
        "vpn/latest/clientvpn-admin/cvpn-working-with-connection-logs.html",
    ),
    aws.CLIENT_VPN,
)
def connections_logged(endpoint: Resource) -> Verdict:
    return require(
        endpoint.at("connectionLogOptions.enabled").is_true(),
        "connectionLogOptions.enabled is not true",
    )


CONTROLS: Final[tuple[Control, ...]] = (
    instance_metadata,
    template_metadata,
    configuration_metadata,
    instance_private,
    template_private,
    configuration_private,
    one_interface,
    source_checked,
    script_without_secrets,
    checked_by_balancer,
    two_zones,
    uses_template,
    attachments_accepted_by_hand,
    connections_logged,
)
