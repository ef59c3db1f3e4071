"""What a person says of how much a system is used: nothing is made of it, `trellis price` counts.

Every amount is of a month, and either one number or what a quiet, an ordinary and a busy month
would bring. What is left out is assumed by the size (docs/price.md has the table).
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, model_validator

from components.parts.model import Development, Key, Settings

Size = Literal["small", "medium", "large"]

Quantity = Annotated[float, Field(ge=0, le=1_000_000_000_000_000, allow_inf_nan=False)]


class RangeSettings(Settings):
    """One amount in three kinds of month."""

    low: Quantity
    """A quiet month."""
    expected: Quantity
    """An ordinary one."""
    high: Quantity
    """A busy one."""

    @model_validator(mode="after")
    def _ascending(self) -> RangeSettings:
        if not self.low <= self.expected <= self.high:
            raise ValueError("`low` at most `expected`, and `expected` at most `high`")
        return self


Amount: TypeAlias = Quantity | RangeSettings


class ServiceUsage(Settings):
    """Use of a container service."""

    tasks: Amount | None = None
    """Tasks that run on average, inside `scaling`."""


class JobUsage(Settings):
    """Use of a job."""

    runs: Amount | None = None
    """Times it runs in a month; a state machine that runs it counts its steps by them."""
    minutes: Amount | None = None
    """How long one run takes."""


class FunctionUsage(Settings):
    """Use of a function."""

    invocations: Amount | None = None
    """Calls in a month."""
    milliseconds: Amount | None = None
    """How long one call takes."""


class ApiUsage(Settings):
    """Use of an API."""

    requests: Amount | None = None
    """Requests in a month."""


class UserPoolUsage(Settings):
    """Use of a user pool."""

    users: Amount | None = None
    """People who sign in at least once in a month."""


class StreamUsage(Settings):
    """Use of a stream."""

    in_gb: Amount | None = None
    """Written."""
    out_gb: Amount | None = None
    """Read, by all readers together."""


class CatalogUsage(Settings):
    """Use of a catalog."""

    delivered_gb: Amount | None = None
    """Written to its tables by delivery streams."""
    requests: Amount | None = None
    """Of the catalog's own API, as queries make them."""
    crawler_dpu_hours: Amount | None = None
    """Of all its crawlers: two units each while it runs, ten minutes a run at least."""


class QueryUsage(Settings):
    """Use of a workgroup."""

    scanned_tb: Amount | None = None
    """Scanned by queries."""


class DatabaseUsage(Settings):
    """Use of a database."""

    storage_gb: Amount | None = None
    """What is stored. An RDS instance is billed for what it has, so only growth counts there."""
    backup_gb: Amount | None = None
    """Backups beyond what is free: the size of the database."""
    requests: Amount | None = None
    """Reads and writes of Aurora's standard storage."""
    capacity: Amount | None = None
    """Aurora capacity units on average, of each serverless instance."""


class CacheUsage(Settings):
    """Use of a cache."""

    backup_gb: Amount | None = None
    """Snapshots."""


class TableUsage(Settings):
    """Use of a table."""

    writes: Amount | None = None
    """Write units: one for each KiB."""
    reads: Amount | None = None
    """Read units: one for each 4 KiB, half of one where reads need not be the newest."""
    gb: Amount | None = None
    """What is stored."""


class BucketUsage(Settings):
    """Use of a bucket."""

    gb: Amount | None = None
    """What is stored in the standard class."""
    infrequent_gb: Amount | None = None
    """What is stored for infrequent access."""
    archive_gb: Amount | None = None
    """What is stored in the class that the lifecycle moves it to for long."""
    writes: Amount | None = None
    """PUT, COPY, POST and LIST requests."""
    reads: Amount | None = None
    """GET and other requests."""
    transitions: Amount | None = None
    """Objects that the lifecycle moves."""


class FileSystemUsage(Settings):
    """Use of a file system."""

    gb: Amount | None = None
    """What is stored in the standard class."""
    infrequent_gb: Amount | None = None
    """What has moved to Infrequent Access."""
    archive_gb: Amount | None = None
    """What has moved to Archive."""
    read_gb: Amount | None = None
    """Read, with `throughput: elastic`."""
    written_gb: Amount | None = None
    """Written, with `throughput: elastic`."""
    infrequent_read_gb: Amount | None = None
    """Read of what has moved to Infrequent Access."""
    archive_read_gb: Amount | None = None
    """Read of what has moved to Archive."""
    backup_gb: Amount | None = None
    """Kept by its daily copies."""


class TopicUsage(Settings):
    """Use of a topic."""

    messages: Amount | None = None
    """Published."""


class QueueUsage(Settings):
    """Use of a queue."""

    requests: Amount | None = None
    """Messages sent, received and deleted; an empty receive is one, too."""


class MailUsage(Settings):
    """Mail of a domain."""

    messages: Amount | None = None
    """Sent."""


class RepositoryUsage(Settings):
    """Use of an image repository."""

    gb: Amount | None = None
    """What is stored, compressed."""


class LoadBalancerUsage(Settings):
    """Use of a load balancer."""

    lcu: Amount | None = None
    """Capacity units on average ("Application Load Balancer pricing")."""


class NetworkLoadBalancerUsage(Settings):
    """Use of a network load balancer."""

    lcu: Amount | None = None
    """Capacity units on average ("Network Load Balancer pricing")."""


class SiteUsage(Settings):
    """Use of a site."""

    gb: Amount | None = None
    """Sent to browsers."""
    requests: Amount | None = None
    """HTTPS requests."""


class ZoneUsage(Settings):
    """Use of a DNS zone."""

    queries: Amount | None = None
    """Other than those of aliases to AWS, which are free."""


class FirewallUsage(Settings):
    """Use of a firewall, where it stands before sites and where before load balancers each."""

    requests: Amount | None = None
    """Looked at."""


class NetworkUsage(Settings):
    """Traffic of the network."""

    nat_gb: Amount | None = None
    """Through all NAT gateways."""
    endpoint_gb: Amount | None = None
    """Through all interface endpoints."""
    internet_out_gb: Amount | None = None
    """To the internet, other than by CloudFront."""
    cross_zone_gb: Amount | None = None
    """Between zones."""
    transit_gateway_gb: Amount | None = None
    """From the network through all transit gateways."""
    flow_logs_gb: Amount | None = None
    """Of flow logs written."""


class LogUsage(Settings):
    """All logs of the stack but flow logs."""

    gb: Amount | None = None
    """Written."""
    kept_gb: Amount | None = None
    """Kept; as much as is written in a month, where nothing is said."""


class RequestUsage(Settings):
    """Requests to a service."""

    requests: Amount | None = None


class AccountUsage(Settings):
    """What the account's baseline records."""

    configuration_items: Amount | None = None
    """Changes that AWS Config records."""
    data_events: Amount | None = None
    """Reads and writes of objects and rows that the trail records."""


class BackupUsage(Settings):
    """What AWS Backup keeps."""

    databases_gb: Amount | None = None
    """Of RDS instances and Aurora clusters."""
    tables_gb: Amount | None = None
    """Of DynamoDB tables."""


class UsageSettings(Settings):
    """How much the system is used in a month, for the price; nothing is made of it."""

    size: Annotated[Size, Development("small")] = "medium"
    """What is assumed where nothing is said."""
    as_of: date | None = None
    """When the amounts were measured or agreed, as a quoted ISO date; the price shows it."""
    services: dict[Key, ServiceUsage] = Field(default_factory=dict[str, ServiceUsage])
    """Use of services, by their keys."""
    jobs: dict[Key, JobUsage] = Field(default_factory=dict[str, JobUsage])
    """Use of jobs, by their keys."""
    functions: dict[Key, FunctionUsage] = Field(default_factory=dict[str, FunctionUsage])
    """Use of functions, by their keys."""
    apis: dict[Key, ApiUsage] = Field(default_factory=dict[str, ApiUsage])
    """Use of APIs, by their keys."""
    user_pools: dict[Key, UserPoolUsage] = Field(default_factory=dict[str, UserPoolUsage])
    """Use of user pools, by their keys."""
    streams: dict[Key, StreamUsage] = Field(default_factory=dict[str, StreamUsage])
    """Use of streams, by their keys."""
    catalogs: dict[Key, CatalogUsage] = Field(default_factory=dict[str, CatalogUsage])
    """Use of catalogs, by their keys."""
    queries: dict[Key, QueryUsage] = Field(default_factory=dict[str, QueryUsage])
    """Use of queries, by their keys."""
    databases: dict[Key, DatabaseUsage] = Field(default_factory=dict[str, DatabaseUsage])
    """Use of databases, by their keys."""
    caches: dict[Key, CacheUsage] = Field(default_factory=dict[str, CacheUsage])
    """Use of caches, by their keys."""
    tables: dict[Key, TableUsage] = Field(default_factory=dict[str, TableUsage])
    """Use of tables, by their keys."""
    buckets: dict[Key, BucketUsage] = Field(default_factory=dict[str, BucketUsage])
    """Use of buckets, by their keys."""
    file_systems: dict[Key, FileSystemUsage] = Field(default_factory=dict[str, FileSystemUsage])
    """Use of file systems, by their keys."""
    topics: dict[Key, TopicUsage] = Field(default_factory=dict[str, TopicUsage])
    """Use of topics, by their keys."""
    queues: dict[Key, QueueUsage] = Field(default_factory=dict[str, QueueUsage])
    """Use of queues, by their keys."""
    mail: dict[Key, MailUsage] = Field(default_factory=dict[str, MailUsage])
    """Use of mail domains, by their keys."""
    repositories: dict[str, RepositoryUsage] = Field(default_factory=dict[str, RepositoryUsage])
    """Use of image repositories, by name."""
    load_balancers: dict[Key, LoadBalancerUsage] = Field(
        default_factory=dict[str, LoadBalancerUsage]
    )
    """Use of load balancers, by their keys."""
    network_load_balancers: dict[Key, NetworkLoadBalancerUsage] = Field(
        default_factory=dict[str, NetworkLoadBalancerUsage]
    )
    """Use of network load balancers, by their keys."""
    sites: dict[Key, SiteUsage] = Field(default_factory=dict[str, SiteUsage])
    """Use of sites, by their keys."""
    zones: dict[Key, ZoneUsage] = Field(default_factory=dict[str, ZoneUsage])
    """Use of zones, by their keys."""
    firewalls: dict[Key, FirewallUsage] = Field(default_factory=dict[str, FirewallUsage])
    """Use of firewalls, by their keys."""
    network: NetworkUsage = Field(default_factory=NetworkUsage)
    logs: LogUsage = Field(default_factory=LogUsage)
    secrets: RequestUsage = Field(default_factory=RequestUsage)
    """Reads of all secrets together."""
    keys: RequestUsage = Field(default_factory=RequestUsage)
    """Uses of all keys together."""
    account: AccountUsage = Field(default_factory=AccountUsage)
    backups: BackupUsage = Field(default_factory=BackupUsage)
