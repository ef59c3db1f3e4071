"""The whole stack file as one model: a field a tier."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, StringConstraints

from components.api.settings import ApiSettings
from components.auth.settings import UserPoolSettings
from components.backups.settings import BackupsSettings
from components.baseline.settings import BaselineSettings
from components.bucket.settings import BucketSettings
from components.budgets.settings import AnomalySettings, BudgetSettings
from components.cache.settings import CacheSettings
from components.catalog.settings import CatalogSettings
from components.database.settings import DatabaseSettings
from components.delivery.settings import DeliverySettings
from components.dns.settings import CertificateSettings, ZoneSettings
from components.files.settings import FileSystemSettings
from components.firewall.settings import FirewallSettings
from components.functions.settings import FunctionSettings
from components.identities.settings import IdentitySettings
from components.keys.settings import KeysSettings
from components.mail.settings import MailSettings
from components.messaging.settings import QueueSettings, TopicSettings
from components.model.settings import ModelSettings
from components.monitoring.settings import MonitoringSettings
from components.network.settings import NetworkSettings
from components.parts.model import Key, Settings
from components.parts.regions import RegionName
from components.query.settings import QuerySettings
from components.secrets.settings import SecretSettings
from components.services.platform_settings import (
    ClusterSettings,
    LoadBalancerSettings,
    RepositorySettings,
)
from components.services.routing.network_settings import NetworkLoadBalancerSettings
from components.services.settings import JobSettings, ServiceSettings
from components.sites.settings import SiteSettings
from components.stream.settings import StreamSettings
from components.table.settings import TableSettings
from trellis.registry import hold
from trellis.stackfile.existing import ExistingPartSettings
from trellis.stackfile.usage import UsageSettings

AccountId = Annotated[str, StringConstraints(pattern=r"^\d{12}$")]
"""A twelve-digit AWS account id, quoted in YAML (a leading zero would be lost)."""


class AssumeRoleSettings(Settings):
    """The role that deployments act as."""

    role_arn: Annotated[str, StringConstraints(pattern=r"^arn:aws[a-z-]*:iam::\d{12}:role/.+$")]
    """ARN of the role that the provider assumes."""
    external_id: str | None = None
    """The external id that the role's trust policy asks for."""
    session_name: str = "trellis"
    """Name of the session, as CloudTrail shows it."""
    duration: Annotated[str, StringConstraints(pattern=r"^\d+[hms]$")] = "1h"
    """How long the session lasts, as in `1h`; the role's own maximum limits it."""


class ProviderSettings(Settings):
    """How the AWS provider signs in and retries."""

    profile: str | None = None
    """Named profile of the shared AWS configuration."""
    assume_role: AssumeRoleSettings | None = None
    max_retries: int = Field(default=25, ge=0, le=100)
    """How often the provider repeats a call that AWS throttles or fails."""
    retry_mode: Literal["standard", "adaptive"] = "standard"
    """`adaptive` also slows calls down while AWS throttles."""
    new_regions: tuple[RegionName, ...] = ()
    """Regions of the stack file that are newer than the AWS SDK which Trellis runs with: another
    that the SDK does not know is taken for a misspelt one."""


class ExemptionSettings(Settings):
    """One control that may fail on one resource, for a reason and a while."""

    control: Annotated[str, StringConstraints(min_length=1)]
    """The control that may fail, as in `S3.9`."""
    resource: Annotated[str, StringConstraints(min_length=1)]
    """A key of the stack file (`main`), a Pulumi name, or a pattern with `*`."""
    reason: Annotated[str, StringConstraints(min_length=10)]
    """Why it may fail."""
    owner: Annotated[str, StringConstraints(min_length=1)]
    """Who answers for it."""
    until: date
    """Last day it holds, as a quoted ISO date."""


OverrideValue: TypeAlias = bool | int | float | str | tuple[str, ...]


class OverrideSettings(Settings):
    """Provider properties of one resource, where no setting says them: plain values and lists of
    words. Plan, policy pack and comparison see the resource as it then is."""

    type: Annotated[str, StringConstraints(pattern=r"^aws:[a-z0-9]+/[A-Za-z0-9]+:[A-Za-z0-9]+$")]
    """The resource's type as the plan shows it, as in `aws:rds/instance:Instance`."""
    name: Annotated[str, StringConstraints(min_length=1)]
    """Its Pulumi name, as the plan shows it."""
    values: Annotated[dict[str, OverrideValue], Field(min_length=1)]
    """By the property's name in pulumi-aws, as in `networkType: DUAL`."""
    reason: Annotated[str, StringConstraints(min_length=10)] | None = None
    """Why; needed for a property that Trellis sets itself."""


class SystemSettings(Settings):
    """Everything a stack file says, after merging: see docs/reference.md."""

    name: Key
    """The system; the first part of every physical name."""
    environment: Key
    """The environment; the second part of every physical name."""
    profile: Literal["development", "production"] = "production"
    """Which defaults apply."""
    expires: date | None = None
    """Last day of a stack that is there for a while, as a quoted ISO date; everything carries it as
    the tag `trellis:expires`. At most 30 days away, and never with the profile `production`."""
    region: RegionName
    """Where everything is made; the stack file says it as `aws:region`."""
    account: AccountId | None = None
    """The one account this stack may be deployed to."""
    provider: ProviderSettings = Field(default_factory=ProviderSettings)
    permissions_boundary: (
        Annotated[str, StringConstraints(pattern=r"^[\w+=,.@/-]{1,128}$")] | None
    ) = None
    """Name of the managed policy that bounds every role of this stack: the one that its delivery
    makes (`boundary-SYSTEM-ENVIRONMENT`), without which the delivery's role may make no role."""
    tags: dict[str, str] = Field(default_factory=dict[str, str])
    """Tags of every resource, beside Trellis's own."""
    keys: KeysSettings = Field(default_factory=KeysSettings)
    network: NetworkSettings | None = None
    databases: dict[Key, DatabaseSettings] = Field(default_factory=dict[str, DatabaseSettings])
    """RDS instances and Aurora clusters by name."""
    caches: dict[Key, CacheSettings] = Field(default_factory=dict[str, CacheSettings])
    """Redis and Valkey replication groups by name."""
    tables: dict[Key, TableSettings] = Field(default_factory=dict[str, TableSettings])
    """DynamoDB tables by name."""
    file_systems: dict[Key, FileSystemSettings] = Field(
        default_factory=dict[str, FileSystemSettings]
    )
    """Files that several tasks and functions share (Amazon EFS), by name."""
    backups: BackupsSettings = Field(default_factory=BackupsSettings)
    """The plan that covers databases and tables."""
    buckets: dict[Key, BucketSettings] = Field(default_factory=dict[str, BucketSettings])
    """Buckets by name."""
    topics: dict[Key, TopicSettings] = Field(default_factory=dict[str, TopicSettings])
    """Notification topics by name."""
    queues: dict[Key, QueueSettings] = Field(default_factory=dict[str, QueueSettings])
    """Work queues by name."""
    streams: dict[Key, StreamSettings] = Field(default_factory=dict[str, StreamSettings])
    """Kinesis data streams by name."""
    mail: dict[Key, MailSettings] = Field(default_factory=dict[str, MailSettings])
    """Domains that mail is sent as, by name."""
    secrets: dict[Key, SecretSettings] = Field(default_factory=dict[str, SecretSettings])
    """Secrets by name; no value ever stands here."""
    cluster: ClusterSettings = Field(default_factory=ClusterSettings)
    """The ECS cluster of all services and jobs."""
    repositories: dict[Key, RepositorySettings] = Field(
        default_factory=dict[str, RepositorySettings]
    )
    """ECR repositories by name. A repository that only an `image` refers to gets the defaults."""
    load_balancers: dict[Key, LoadBalancerSettings] = Field(
        default_factory=dict[str, LoadBalancerSettings]
    )
    """Load balancers by name."""
    network_load_balancers: dict[Key, NetworkLoadBalancerSettings] = Field(
        default_factory=dict[str, NetworkLoadBalancerSettings]
    )
    """Load balancers of TCP, UDP and TLS by name."""
    services: dict[Key, ServiceSettings] = Field(default_factory=dict[str, ServiceSettings])
    """Container services by name."""
    jobs: dict[Key, JobSettings] = Field(default_factory=dict[str, JobSettings])
    """Tasks that end, by name."""
    functions: dict[Key, FunctionSettings] = Field(default_factory=dict[str, FunctionSettings])
    """Functions by name."""
    catalogs: dict[Key, CatalogSettings] = Field(default_factory=dict[str, CatalogSettings])
    """Records delivered to a bucket as Parquet, and the tables they are read by, by name."""
    queries: dict[Key, QuerySettings] = Field(default_factory=dict[str, QuerySettings])
    """Athena workgroups over catalogs, by name."""
    models: dict[Key, ModelSettings] = Field(default_factory=dict[str, ModelSettings])
    """Language models to ask, by name."""
    apis: dict[Key, ApiSettings] = Field(default_factory=dict[str, ApiSettings])
    """APIs by name; functions say which of their paths they answer."""
    user_pools: dict[Key, UserPoolSettings] = Field(default_factory=dict[str, UserPoolSettings])
    """Users who sign in, by name of the pool."""
    identities: dict[Key, IdentitySettings] = Field(default_factory=dict[str, IdentitySettings])
    """Workloads outside AWS, by name, each with a role that its own token opens."""
    deliveries: dict[Key, DeliverySettings] = Field(default_factory=dict[str, DeliverySettings])
    """Roles that deploy other stacks, by name, opened by their pipelines' tokens."""
    zones: dict[Key, ZoneSettings] = Field(default_factory=dict[str, ZoneSettings])
    """Public DNS zones by name."""
    certificates: dict[Key, CertificateSettings] = Field(
        default_factory=dict[str, CertificateSettings]
    )
    """Certificates for several sites and load balancers at once, by name."""
    sites: dict[Key, SiteSettings] = Field(default_factory=dict[str, SiteSettings])
    """What CloudFront serves, by name."""
    firewalls: dict[Key, FirewallSettings] = Field(default_factory=dict[str, FirewallSettings])
    """Web application firewalls before sites and load balancers, by name."""
    monitoring: MonitoringSettings = Field(default_factory=MonitoringSettings)
    """Alarms, who hears of them, dashboards, the application's own logs and metrics."""
    budgets: dict[Key, BudgetSettings] = Field(default_factory=dict[str, BudgetSettings])
    """Monthly budgets by name."""
    cost_anomalies: AnomalySettings | None = None
    """Alerts on unusual spending (AWS Cost Anomaly Detection)."""
    usage: UsageSettings = Field(default_factory=UsageSettings)
    """How much the system is used, for `trellis price`; nothing is made of it."""
    existing: ExistingPartSettings = Field(default_factory=ExistingPartSettings)
    """What somebody else made, for `uses:` lines."""
    baseline: BaselineSettings | None = None
    """What the account needs once, and what of it another stack has set up."""
    exemptions: tuple[ExemptionSettings, ...] = ()
    """Controls of the policy pack that one resource may fail, each with a reason, an owner and an
    end date."""
    overrides: tuple[OverrideSettings, ...] = ()
    """Provider properties of single resources, where no setting says them."""


NO_TIERS = frozenset(
    {
        "name",
        "environment",
        "profile",
        "expires",
        "region",
        "account",
        "provider",
        "tags",
        "permissions_boundary",
        "exemptions",
        "existing",
        "overrides",
        "usage",
    }
)
"""Fields about the stack itself, or of what is not made here: no component declares them."""

hold(SystemSettings, NO_TIERS)
