"""Settings that a person wrote and that nothing heeds, because of what else the stack file says.

A setting without effect is a mistake: whoever wrote it believes that it holds. What a profile sets
by itself is left alone, and so is a default.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from components.services.deployment.settings import DeploymentSettings
from components.services.settings import JobSettings, ServiceSettings
from trellis.stackfile.complaints import Complaint
from trellis.stackfile.edge import with_tls
from trellis.stackfile.nodes import Data
from trellis.stackfile.problems import KeyPath
from trellis.stackfile.settings import SystemSettings
from trellis.stackfile.shape import fields
from trellis.stackfile.tree import get, has, is_mapping

Unheeded: TypeAlias = tuple[KeyPath, str]
"""A setting, and what would make it count."""

BALANCED = ("stickiness", "health", "balancing", "slowStart")
"""What only a service behind a load balancer has."""

EITHER = ("deregistration", "targetGroup")
"""What only a service behind a load balancer or a network load balancer has."""

NETWORK = (
    "cidr", "zones", "nat", "subnets", "replaceSubnets", "ipv6", "endpoints", "flowLogs", "dns",
    "peerings", "transitGateways", "virtualPrivateGateway", "routes",
)  # fmt: skip
"""What only a network that is made here has."""

OTHER_PROTOCOLS = {
    21: "FTP", 22: "SSH", 25: "SMTP", 389: "LDAP", 465: "SMTP", 587: "SMTP", 1433: "SQL Server",
    1521: "Oracle", 1883: "MQTT", 2181: "ZooKeeper", 3306: "MySQL", 4222: "NATS",
    5432: "PostgreSQL", 5671: "AMQP", 5672: "AMQP", 6379: "Redis", 8883: "MQTT", 9042: "Cassandra",
    9092: "Kafka", 11211: "memcached", 27017: "MongoDB", 61616: "OpenWire",
}  # fmt: skip
"""Ports at which something else than HTTP listens ("Service Name and Transport Protocol Port Number
Registry", IANA, 2026-11)."""


def check_written(
    settings: SystemSettings, data: dict[str, Data], profiled: Iterable[KeyPath]
) -> Iterator[Complaint]:
    """Complaints of what somebody wrote in vain, and of what nobody wrote and should have.

    Args:
        data: the merged stack file.
        profiled: paths that the profile set by itself.
    """
    by_profile = set(profiled)
    for path, remedy in unheeded(settings):
        written = has(data, path) and get(data, path) is not None
        if written and not _all_profiled(path, get(data, path), by_profile):
            yield path, "a setting that nothing heeds here", remedy, "or leave it out"
    for key, service in settings.services.items():
        path: KeyPath = ("services", key, "protocol")
        other = OTHER_PROTOCOLS.get(service.port or 0)
        if other is not None and service.discoverable and not has(data, path):
            yield (
                path,
                f"nothing, and port {service.port}, where {other} listens",
                "`protocol: tcp`, or `protocol: http` where it is HTTP all the same",
                "the proxies between services speak HTTP unless told otherwise, and drop all else",
            )


def _all_profiled(path: KeyPath, value: Data, profiled: set[KeyPath]) -> bool:
    if is_mapping(value) and value:
        return all(_all_profiled((*path, key), element, profiled) for key, element in value.items())
    return path in profiled


def unheeded(settings: SystemSettings) -> Iterator[Unheeded]:
    """Every setting that would have no effect."""
    yield from _network(settings)
    if settings.cluster.existing is not None:
        for name in ("name", "insights", "execRetentionDays", "mayBeLost"):
            yield ("cluster", name), "it in a cluster that is made here; its owner decides this one"
    for key, service in settings.services.items():
        yield from _service(("services", key), service)
    for key, job in settings.jobs.items():
        yield from _job(("jobs", key), job)
    for key, alarm in settings.monitoring.alarms.items():
        if alarm.is_composite:
            for name in ("period", "periods", "datapoints", "comparison", "statistic", "band",
                         "leastSamples"):  # fmt: skip
                path: KeyPath = ("monitoring", "alarms", key, name)
                yield path, "it in an alarm of a metric: this one looks at other alarms"
    yield from _data(settings)
    yield from _files(settings)
    yield from _edge(settings)
    yield from _network_balancers(settings)
    yield from _baseline(settings)


def _network(settings: SystemSettings) -> Iterator[Unheeded]:
    network = settings.network
    if network is not None and (network.existing is not None or network.from_ is not None):
        for name in NETWORK:
            yield ("network", name), "it in a network that is made here; its owner decides this one"


def _service(path: KeyPath, service: ServiceSettings) -> Iterator[Unheeded]:
    if not service.routes:
        remedy = "`routes`: it is a load balancer's"
        for name in BALANCED:
            yield (*path, name), remedy
    if not service.routes and not service.listeners:
        remedy = "`routes` or `listeners`: it is a load balancer's"
        for name in EITHER:
            yield (*path, name), remedy
        yield (*path, "deployment", "grace"), remedy
    if not service.routes:
        remedy = "`routes`: it is a load balancer's"
        yield (*path, "deployment", "rollback", "errors"), remedy
        yield (*path, "deployment", "rollback", "errorPercent"), remedy
        yield (*path, "deployment", "rollback", "latencySeconds"), remedy
        if not service.discoverable and not service.listeners:
            yield (*path, "protocol"), "`routes` or `discoverable: true`: nobody calls it"
    if not service.discoverable:
        yield (*path, "calls"), "`discoverable: true`: nobody calls it by name"
    yield from _deployment((*path, "deployment"), service.deployment)
    if not service.scaling.measured:
        yield (
            (*path, "scaling", "cooldown"),
            "`cpu`, `memory`, `requests`, `backlog` or `metric`: schedules wait for nothing",
        )
    if not service.capacity.spot:
        yield (*path, "capacity", "onDemand"), "`capacity.spot` above 0"


def _deployment(path: KeyPath, deployment: DeploymentSettings) -> Iterator[Unheeded]:
    if deployment.swaps:
        # "Amazon ECS blue/green deployments" (Amazon ECS Developer Guide, 2026-11): a whole second
        # set of tasks is started, and the first runs until the end.
        yield (*path, "minHealthy"), "`strategy: rolling`"
        yield (*path, "max"), "`strategy: rolling`"
    else:
        yield (*path, "bakeMinutes"), "`strategy: blueGreen`, `canary` or `linear`"
        yield (*path, "pauses"), "`strategy: blueGreen`, `canary` or `linear`"
    for strategy in ("canary", "linear"):
        if deployment.strategy != strategy:
            yield (*path, strategy), f"`strategy: {strategy}`"


def _job(path: KeyPath, job: JobSettings) -> Iterator[Unheeded]:
    if job.before:
        for name in ("enabled", "spreadMinutes", "timezone", "retries", "rerun"):
            yield (*path, name), "`schedule`: a deployment starts this job"


def _data(settings: SystemSettings) -> Iterator[Unheeded]:
    if not settings.databases and not settings.tables:
        yield ("backups",), "`databases` or `tables`: nothing else is backed up"
    for key, cache in settings.caches.items():
        if cache.cluster_mode is not None:
            yield ("caches", key, "nodes"), "`clusterMode.replicas` instead"
        if cache.authentication == "token":
            yield ("caches", key, "users"), "`authentication: user`"
    for key, secret in settings.secrets.items():
        if secret.kind == "credentials":
            unused = ("cacheAccess",) if secret.database is not None else ("user",)
            for name in unused:
                yield (
                    ("secrets", key, name),
                    ("it with `cache`" if secret.database is not None else "`cacheUser` instead"),
                )
    for key, mail in settings.mail.items():
        if mail.existing:
            for name in ("mailFrom", "dmarc", "keyBits"):
                yield ("mail", key, name), "no `existing`: the identity's owner decides"


def _files(settings: SystemSettings) -> Iterator[Unheeded]:
    for key, bucket in settings.buckets.items():
        if not bucket.versioned:
            remedy = "`versioning: true`: there are no former versions"
            yield ("buckets", key, "expireNoncurrentDays"), remedy
    for key, files in settings.file_systems.items():
        if not files.moves:
            yield ("fileSystems", key, "back"), "`infrequentDays` or `archiveDays`: no file moves"


def _network_balancers(settings: SystemSettings) -> Iterator[Unheeded]:
    tls = with_tls(settings)
    for key, balancer in settings.network_load_balancers.items():
        if key not in tls:
            logged = ("accessLogs",) if balancer.access_logs != "none" else ()
            for name in ("tlsPolicy", "certificates", *logged):
                yield ("networkLoadBalancers", key, name), "a listener with `protocol: tls`"


def _baseline(settings: SystemSettings) -> Iterator[Unheeded]:
    if settings.baseline is None:
        return
    for name, part in (
        ("trail", settings.baseline.trail),
        ("configuration", settings.baseline.configuration),
        ("threatDetection", settings.baseline.threat_detection),
    ):
        for key in fields(type(part)) if not part.enabled else ():
            if key != "enabled":
                yield ("baseline", name, key), f"`baseline.{name}.enabled: true`"


def _edge(settings: SystemSettings) -> Iterator[Unheeded]:
    for key, zone in settings.zones.items():
        if zone.existing or zone.private:
            yield ("zones", key, "queryLogs"), "it in a public zone that is made here"
        if not zone.logs_queries:
            yield ("zones", key, "queryLogDays"), "`queryLogs`, in a public zone that is made here"
    for key, site in settings.sites.items():
        if not site.has_bucket:
            for name in ("pages", "index"):
                yield ("sites", key, name), "a site over a bucket: the service has its own pages"
        else:
            yield ("sites", key, "content", "originCache"), "`content.loadBalancer`"
        if site.content.path is None:
            for name in ("immutable", "cache", "keepDays"):
                yield ("sites", key, "content", name), "`content.path`: others put the files there"
