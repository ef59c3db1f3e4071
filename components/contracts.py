"""What tiers hand each other: frozen values, whose AWS-made parts are Pulumi inputs.

A producer offers ``link(access) -> Link``; a consumer takes ``links``. `Trust` is the mirror of
`Grant`: what an owner's resource policy must say about somebody else. Alarms and widgets are data.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal, TypeAlias

import pulumi

Arn: TypeAlias = pulumi.Input[str]


class SubnetTier(StrEnum):
    """A kind of subnet, by what its route tables let out."""

    PUBLIC = "public"
    PRIVATE = "private"
    ISOLATED = "isolated"


class Domain(StrEnum):
    """A kind of data that has a key of its own."""

    DATA = "data"
    """Databases, caches, tables, buckets, images, backups, streams."""
    LOGS = "logs"
    """CloudWatch log groups and audit trails."""
    SECRETS = "secrets"
    """Secrets, and the environment of functions."""
    MESSAGES = "messages"
    """Topics and queues."""


@dataclass(frozen=True)
class AccountRegion:
    """The account and region that a stack lives in: what early ARNs are computed from."""

    account: pulumi.Input[str]
    """Twelve digits."""
    region: str
    partition: str = "aws"

    def arn(self, service: str, resource: pulumi.Input[str], *, regional: bool = True) -> Arn:
        """`arn:{partition}:{service}:{region}:{account}:{resource}`, known when its parts are."""
        head = f"arn:{self.partition}:{service}:{self.region if regional else ''}:"
        if isinstance(self.account, str) and isinstance(resource, str):
            return f"{head}{self.account}:{resource}"
        return pulumi.Output.concat(head, self.account, ":", resource)


@dataclass(frozen=True)
class Placement:
    """Where a component lives: one tier's subnets, in others' networks several a zone."""

    vpc_id: pulumi.Input[str]
    vpc_cidr: pulumi.Input[str]
    """IPv4 block of the VPC, CIDR notation."""
    tier: SubnetTier
    subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    """In the order of `zones`."""
    zones: tuple[str, ...]
    """The zone of each subnet; empty where another stack says so only at deployment."""
    prefix_lists: Mapping[str, pulumi.Input[str]] = field(default_factory=dict[str, Any])
    """AWS-managed prefix list ids of gateway endpoints by service (`s3`, `dynamodb`)."""
    endpoints: Mapping[str, Endpoint] = field(default_factory=dict[str, Any])
    """Interface endpoints by service (`ecr.api`, `secretsmanager`, ...)."""
    has_egress: bool = True
    """Whether the tier has a route to the internet (an internet or NAT gateway)."""
    paths: tuple[pulumi.Resource, ...] = ()
    """Routes and endpoints that a resource depends on if it calls AWS as soon as it is created."""

    @property
    def first_of_zones(self) -> Mapping[str, pulumi.Input[str]]:
        """The first subnet of each zone, where what stands once in a zone does; if known."""
        if not self.zones or not isinstance(self.subnet_ids, (list, tuple)):
            raise ValueError("subnets by zone need a network whose zones are known")
        found: dict[str, pulumi.Input[str]] = {}
        for zone, subnet in zip(self.zones, self.subnet_ids, strict=True):
            found.setdefault(zone, subnet)
        return found

    @property
    def one_a_zone(self) -> pulumi.Input[Sequence[pulumi.Input[str]]]:
        """Subnets for what takes one of each zone; another stack's network has no more."""
        known = self.zones and isinstance(self.subnet_ids, (list, tuple))
        return list(self.first_of_zones.values()) if known else self.subnet_ids


@dataclass(frozen=True)
class Endpoint:
    """Where a producer listens: its own security group and port."""

    name: str
    """What it is, for rule descriptions and names, as in `database-main`."""
    security_group_id: pulumi.Input[str]
    port: int
    """1 to 65535."""
    protocol: Literal["tcp", "udp"] = "tcp"


@dataclass(frozen=True)
class Doorway:
    """A load balancer as an API reaches it, through a VPC link."""

    security_group_id: pulumi.Input[str]
    port: int
    listener_arn: pulumi.Input[str]
    """Of its HTTPS listener."""
    placement: Placement


ConditionValue: TypeAlias = pulumi.Input[str] | Sequence[pulumi.Input[str]]
Conditions: TypeAlias = Mapping[str, Mapping[str, ConditionValue]]
"""Operator, then condition key, then value, as in an IAM policy document."""


@dataclass(frozen=True)
class Grant:
    """One identity-policy statement: exact actions on exact ARNs."""

    sid: str
    """Letters and digits only, unique within one document (IAM's rule for `Sid`)."""
    actions: tuple[str, ...]
    resources: tuple[pulumi.Input[str], ...]
    conditions: Conditions = field(default_factory=dict[str, Any])


@dataclass(frozen=True)
class Trust:
    """One resource-policy statement that the owner of a resource adds for somebody else."""

    sid: str
    principals: Mapping[Literal["Service", "AWS", "Federated"], tuple[pulumi.Input[str], ...]]
    actions: tuple[str, ...]
    conditions: Conditions = field(default_factory=dict[str, Any])
    suffixes: tuple[str, ...] = ("",)
    """What follows the owner's ARN in `Resource`, as `("/*",)` for a bucket's objects."""
    effect: Literal["Allow", "Deny"] = "Allow"


@dataclass(frozen=True)
class SecretRef:
    """A secret, or one JSON key of it, that reaches a consumer as an environment value."""

    environment: str
    """Name of the environment variable."""
    arn: pulumi.Input[str]
    json_key: str | None = None
    key_arn: pulumi.Input[str] | None = None
    """The customer key that encrypts it; None for the AWS-managed key."""
    granted: pulumi.Input[str] | None = None
    """What policies call it, where that is not the ARN."""
    service: Literal["secretsmanager", "ssm"] = "secretsmanager"
    """Where it is kept: a secret, or a parameter of Systems Manager."""
    ready: pulumi.Input[Any] | None = None
    """Resolves when the first value exists; None where an operator sets it by hand."""
    given: bool = False
    """Whether an operator has to set the value before a consumer can start."""
    rotates: bool = False


@dataclass(frozen=True)
class Outside:
    """Something beyond the system that a consumer may call: exactly one of the last four."""

    name: str
    """For rule names, as in `db-example-net-5432`."""
    description: str
    """As in `db.example.net port 5432`."""
    port: int
    protocol: str = "tcp"
    """`tcp` or `udp`."""
    block: str | None = None
    """IPv4, CIDR."""
    block6: str | None = None
    """IPv6, CIDR."""
    prefix_list: str | None = None
    group: str | None = None
    """Security group."""


@dataclass(frozen=True)
class Mount:
    """An EFS file system in a consumer's folder, through one access point."""

    name: str
    """Of the volume, as in `files-media`: letters, digits, hyphens and underscores."""
    path: str
    """The folder, absolute; a function's stands under `/mnt/`."""
    file_system_id: pulumi.Input[str]
    access_point_id: pulumi.Input[str]
    access_point_arn: Arn
    read_only: bool = False


@dataclass(frozen=True)
class EnvironmentFile:
    """An object in a bucket whose lines become environment variables as a task starts."""

    arn: pulumi.Input[str]
    """Of the object."""
    bucket_arn: pulumi.Input[str]
    key_arn: pulumi.Input[str] | None = None
    """The customer key that encrypts it, if any."""


@dataclass(frozen=True)
class RegistrySignIn:
    """What a registry outside ECR asks for before a container's image is pulled."""

    container: str
    parameter: pulumi.Input[str]
    """The secret as ECS takes it: an ARN, or the name of one of this region."""
    secret: SecretRef
    """What must be read; it reaches no container, so its `environment` is empty."""


@dataclass(frozen=True)
class Link:
    """All that follows from one `uses:` line: the one connection between two components."""

    producer: str
    """Tier and key, as in `database-main`."""
    access: str
    endpoints: tuple[Endpoint, ...] = ()
    grants: tuple[Grant, ...] = ()
    environment: Mapping[str, pulumi.Input[str]] = field(default_factory=dict[str, Any])
    secrets: tuple[SecretRef, ...] = ()
    depends_on: tuple[pulumi.Resource, ...] = ()
    """What must exist before a consumer starts."""
    outside: tuple[Outside, ...] = ()
    """Beyond the system, what it leads to."""
    mounts: tuple[Mount, ...] = ()
    """File systems that the consumer finds in its folders."""
    environment_files: tuple[EnvironmentFile, ...] = ()
    """What is read as a task starts."""
    registry_sign_ins: tuple[RegistrySignIn, ...] = ()
    """What images are pulled with."""


@dataclass(frozen=True)
class LoginServer:
    """A database or cache server on which the rotation function makes and rotates users."""

    name: str
    """Tier and key, as in `database-main`."""
    engine: Literal["postgres", "mysql", "mariadb", "redis", "valkey"]
    host: pulumi.Input[str]
    """Name to connect to; for a cache its primary or configuration endpoint."""
    port: int
    endpoint: Endpoint
    """The server's security group and port, for the rotation function's rules."""
    database: str | None = None
    """Database to log in to; None for caches."""
    admin_secret_arn: pulumi.Input[str] | None = None
    """The RDS-managed master secret; None for caches."""
    key_arn: pulumi.Input[str] | None = None
    """The customer key of the admin secret."""
    resource_arn: pulumi.Input[str] | None = None
    """ARN of the replication group or instance, for grants on its control plane."""
    identifier: pulumi.Input[str] | None = None
    """Replication group id, for AUTH tokens."""
    user_arn: pulumi.Input[str] | None = None
    """ARN of the ElastiCache RBAC user that a credentials secret activates, where it has one."""
    user_id: str | None = None
    """Its id, which is also the name it signs in with."""
    made: pulumi.Input[str] | None = None
    """AWS's own id of the server: another one where the same name was made anew."""
    token_users: tuple[str, ...] = ()
    """Database users that sign in with IAM tokens."""
    further: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """Further databases of the server, and those users of each."""
    ready: tuple[pulumi.Resource, ...] = ()
    """What must be done before anybody can log in with the admin secret."""


class Severity(StrEnum):
    """Who hears of an alarm: the team in working hours, or whoever is on call."""

    NOTIFY = "notify"
    PAGE = "page"


@dataclass(frozen=True)
class MetricQuery:
    """One metric, or one expression over others, as CloudWatch's `MetricDataQuery`."""

    id: str
    """Lower-case first letter, then letters, digits and underscores."""
    namespace: str | None = None
    name: str | None = None
    dimensions: Mapping[str, pulumi.Input[str]] = field(default_factory=dict[str, Any])
    statistic: str | None = None
    period: int | None = None
    """Seconds: 10, 20, 30 or a multiple of 60."""
    expression: str | None = None
    given: Mapping[str, pulumi.Input[str]] = field(default_factory=dict[str, Any])
    """What `{NAME}` in the expression stands for, where AWS makes it up."""
    label: str | None = None
    returns: bool = True
    """Whether this one is what the alarm looks at; exactly one query of an alarm does."""


@dataclass(frozen=True)
class AlarmSpec:
    """An alarm as data: `monitoring` makes the resource and knows nothing of the component."""

    name: str
    """Stable key, as in `backend-cpu`; a stack file overrides an alarm by it."""
    title: str
    meaning: str
    """What it means when it fires, one sentence."""
    action: str
    """What whoever is woken should do first, one or two sentences."""
    severity: Severity
    metrics: tuple[MetricQuery, ...]
    threshold: float
    comparison: Literal[
        "GreaterThanThreshold",
        "GreaterThanOrEqualToThreshold",
        "LessThanThreshold",
        "LessThanOrEqualToThreshold",
        "GreaterThanUpperThreshold",
        "LessThanLowerThreshold",
        "LessThanLowerOrGreaterThanUpperThreshold",
    ]
    """The last three compare with an anomaly band: one of `metrics` is then the expression
    `ANOMALY_DETECTION_BAND(...)`, and `threshold` is its width in standard deviations."""
    evaluation_periods: int
    """N of M-of-N."""
    datapoints_to_alarm: int
    """M of M-of-N."""
    missing_data: Literal["breaching", "notBreaching", "ignore", "missing"]
    parent: str = ""
    """Producer key the alarm belongs to, as in `service-backend`: groups composite alarms."""
    region: str | None = None
    """Where its metrics are, for what AWS measures in one region only; None for the system's."""


@dataclass(frozen=True)
class WidgetSpec:
    """A dashboard widget as data; `monitoring` lays widgets out."""

    title: str
    section: str
    """The dashboard section it belongs to, as in `Databases`."""
    metrics: tuple[MetricQuery, ...]
    unit: str = ""
    threshold: float | None = None
    """Drawn as a horizontal annotation."""
    stacked: bool = False
    width: int | None = None
    """Columns of CloudWatch's 24-column grid; None shares its row equally with its neighbours."""
    height: int = 6
    text: str = ""
    """Markdown, instead of metrics."""
    region: str | None = None
    """Where its metrics are; None for the system's region."""
    log_groups: tuple[str, ...] = ()
    """Where to read on: its section's heading links to them."""


@dataclass(frozen=True)
class DnsRecord:
    """A record somebody needs in a zone: data, so that whoever owns the zone can make it."""

    name: str
    """Stable key, as in `mail-dkim-1`: the Pulumi name."""
    fqdn: pulumi.Input[str]
    """Fully qualified, without a trailing dot."""
    type: Literal["CNAME", "MX", "TXT"]
    values: tuple[pulumi.Input[str], ...]
    ttl: int = 3600
    """Seconds."""


@dataclass(frozen=True)
class NetworkNeeds:
    """What a tier needs of the network: a pure function of its settings, known before the VPC."""

    gateway_endpoints: frozenset[str] = frozenset()
    """Services by short name: `s3`, `dynamodb`."""
    interface_endpoints: frozenset[str] = frozenset()
    """Services by short name: `ecr.api`, `ecr.dkr`, `logs`, `secretsmanager`, ..."""
    addresses: Mapping[SubnetTier, int] = field(default_factory=dict[SubnetTier, int])
    """IPv4 addresses the tier takes at most, by kind of subnet."""

    def __or__(self, other: NetworkNeeds) -> NetworkNeeds:
        tiers = self.addresses.keys() | other.addresses.keys()
        return NetworkNeeds(
            self.gateway_endpoints | other.gateway_endpoints,
            self.interface_endpoints | other.interface_endpoints,
            {t: self.addresses.get(t, 0) + other.addresses.get(t, 0) for t in tiers},
        )
