"""Physical names: `{name}-{environment}-{thing}`, cut to the service's limit with a hash suffix."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

import pulumi

HASH_LENGTH = 8
"""Hex digits that keep two names apart when both are cut to the same beginning."""


@dataclass(frozen=True)
class Rule:
    """What a service allows in a name, with the documentation page it comes from (2026-11)."""

    limit: int
    """Characters at most."""
    pattern: str
    """Regular expression of the whole name."""
    source: str
    lower: bool = False
    separator: str = "-"
    """What stands between the parts of a name; SQL takes hyphens only in quotes."""


class Kind(Enum):
    """Things with a physical name, and the rule AWS has for it."""

    VPC_TAG = Rule(256, r"[\w .:/=+@-]+", "Tag your Amazon EC2 resources: tag restrictions")
    SECURITY_GROUP = Rule(
        255, r"(?!sg-)[\w .:/()#,@\[\]+=&;{}!$*-]+", "CreateSecurityGroup: GroupName"
    )
    ROLE = Rule(64, r"[\w+=,.@-]+", "IAM and AWS STS quotas: role name")
    LOG_GROUP = Rule(512, r"[.\-_/#A-Za-z0-9]+", "CreateLogGroup: logGroupName")
    KEY_ALIAS = Rule(256, r"alias/(?!aws/)[a-zA-Z0-9/_-]+", "CreateAlias: AliasName")
    BUCKET = Rule(
        63,
        r"(?!xn--|sthree-|amzn-s3-demo-)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?<!-s3alias)",
        "General purpose bucket naming rules",
        lower=True,
    )
    DATABASE = Rule(63, r"[a-z](-?[a-z0-9])*", "CreateDBInstance: DBInstanceIdentifier", lower=True)
    CACHE = Rule(
        40, r"[a-z](-?[a-z0-9])*", "CreateReplicationGroup: ReplicationGroupId", lower=True
    )
    CACHE_USER = Rule(40, r"[a-z](-?[a-z0-9])*", "CreateUser (ElastiCache): UserId", lower=True)
    TABLE = Rule(255, r"[a-zA-Z0-9_.-]{3,}", "Naming rules in Amazon DynamoDB")
    TOPIC = Rule(256, r"[A-Za-z0-9_-]+(\.fifo)?", "CreateTopic: Name")
    QUEUE = Rule(80, r"[A-Za-z0-9_-]+(\.fifo)?", "CreateQueue: QueueName")
    FIFO_STEM = Rule(75, r"[A-Za-z0-9_-]+", "CreateQueue: QueueName, less .fifo")
    FUNCTION = Rule(64, r"[a-zA-Z0-9_-]+", "CreateFunction: FunctionName")
    # AWS advises against ending in a hyphen and six characters, as `jwt-secret` does, because it
    # confuses searches by partial ARN; it takes such names, and here ARNs are always whole.
    SECRET = Rule(512, r"[A-Za-z0-9/_+=.@-]+", "CreateSecret: Name")
    REPOSITORY = Rule(
        256,
        r"[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*",
        "CreateRepository: repositoryName",
        lower=True,
    )
    CLUSTER = Rule(255, r"[a-zA-Z0-9_-]+", "CreateCluster: clusterName")
    SERVICE = Rule(255, r"[a-zA-Z0-9_-]+", "CreateService: serviceName")
    TARGET_GROUP = Rule(32, r"(?!-)[a-zA-Z0-9-]+(?<!-)", "CreateTargetGroup: Name")
    LOAD_BALANCER = Rule(32, r"(?!-|internal-)[a-zA-Z0-9-]+(?<!-)", "CreateLoadBalancer: Name")
    ALARM = Rule(255, r".+", "PutMetricAlarm: AlarmName")
    DASHBOARD = Rule(255, r"[A-Za-z0-9_-]+", "PutDashboard: DashboardName")
    BACKUP = Rule(50, r"[a-zA-Z0-9_-]{2,}", "CreateBackupVault: BackupVaultName")
    LOG_DELIVERY = Rule(60, r"[\w-]+", "PutDeliverySource: name")
    WEB_ACL = Rule(128, r"[\w-]+", "CreateWebACL: Name")
    SCHEDULE = Rule(64, r"[0-9a-zA-Z_.-]+", "CreateSchedule: Name")
    STATE_MACHINE = Rule(80, r"[A-Za-z0-9_-]+", "CreateStateMachine: name")
    BUDGET = Rule(100, r"[^:\\/]+", "Budget: BudgetName")
    TRAIL = Rule(128, r"[A-Za-z0-9][A-Za-z0-9._-]{1,126}[A-Za-z0-9]", "CreateTrail: Name")
    RECORDER = Rule(256, r"\S+", "ConfigurationRecorder: name")
    ANALYZER = Rule(255, r"[A-Za-z][A-Za-z0-9_.-]*", "CreateAnalyzer: analyzerName")
    CHAT = Rule(128, r"[\w-]+", "CreateSlackChannelConfiguration: ConfigurationName")
    DELIVERY_STREAM = Rule(64, r"[a-zA-Z0-9_.-]+", "CreateDeliveryStream: DeliveryStreamName")
    STREAM = Rule(128, r"[a-zA-Z0-9_.-]+", "CreateStream: StreamName")
    CANARY = Rule(255, r"[0-9a-z_-]+", "CreateCanary: Name", lower=True)
    API = Rule(128, r"[\w .+-]+", "CreateApi: Name")
    USER_POOL = Rule(128, r"[\w\s+=,.@-]+", "CreateUserPool: PoolName")
    CATALOG = Rule(255, r"[a-z0-9_]+", "CreateDatabase (Glue): Name", lower=True, separator="_")
    CRAWLER = Rule(255, r"[\w-]+", "Adding an AWS Glue crawler: name")
    WORKGROUP = Rule(128, r"[a-zA-Z0-9._-]+", "CreateWorkGroup: Name")
    EVENT_RULE = Rule(64, r"[.\-_A-Za-z0-9]+", "PutRule: Name")


class IllegalNameError(pulumi.RunError, ValueError):
    """A name that AWS would refuse; says what was found, what is allowed and where that stands."""


@dataclass(frozen=True)
class Naming:
    """Makes the physical names of one system in one environment.

    >>> Naming("clubapp", "dev").of(Kind.DATABASE, "postgres")
    'clubapp-dev-postgres'
    """

    system: str
    environment: str
    given: Mapping[tuple[Kind, tuple[str, ...]], str] = field(
        default_factory=dict[tuple[Kind, tuple[str, ...]], str], hash=False
    )
    """Whole names of things that were made under other ones (`physicalName`)."""

    def of(self, kind: Kind, *things: str) -> str:
        """The name `{system}-{environment}-{things...}`, within the kind's limit.

        Raises:
            IllegalNameError: the name has characters that the service refuses.
        """
        if self.is_given(kind, *things):
            return self.exact(kind, self.given[kind, things])
        parts = [part for part in (self.system, self.environment, *things) if part]
        separator = kind.value.separator
        return fit(kind, separator.join(part.replace("-", separator) for part in parts))

    def is_given(self, kind: Kind, *things: str) -> bool:
        """Whether a person gave the whole name of a thing."""
        return (kind, things) in self.given

    def exact(self, kind: Kind, name: str) -> str:
        """A name given whole by a person: checked, never cut.

        Raises:
            IllegalNameError: it is too long or has characters that the service refuses.
        """
        rule = kind.value
        if len(name) > rule.limit or not re.fullmatch(rule.pattern, name):
            raise _illegal(kind, name)
        return name

    def chosen(self, kind: Kind, given: str | None, *things: str) -> str:
        """The name a person gave whole, or else the one that follows from `things`.

        Raises:
            IllegalNameError: see `exact` and `of`.
        """
        return self.of(kind, *things) if given is None else self.exact(kind, given)


def fit(kind: Kind, name: str) -> str:
    """Cut `name` to the kind's limit; a cut name ends in a hash of the whole one.

    The hash is of the uncut name, so two long names with one beginning stay apart, and the same
    name is always cut alike.
    """
    rule = kind.value
    if rule.lower:
        name = name.lower()
    if len(name) > rule.limit:
        digest = hashlib.sha256(name.encode()).hexdigest()[:HASH_LENGTH]
        beginning = name[: rule.limit - HASH_LENGTH - 1].rstrip("-._/")
        name = f"{beginning}{rule.separator}{digest}"
    if not re.fullmatch(rule.pattern, name):
        raise _illegal(kind, name)
    return name


def _illegal(kind: Kind, name: str) -> IllegalNameError:
    rule = kind.value
    thing = kind.name.lower().replace("_", " ")
    return IllegalNameError(
        f"{name!r} can't be the name of a {thing}: at most {rule.limit} characters of the form "
        f"{rule.pattern} ({rule.source}); found {len(name)}"
    )
