"""What this package's resources cost.

Sources: "Amazon RDS Pricing", "Amazon Aurora Pricing", "Amazon RDS Proxy Pricing", "AWS Secrets
Manager pricing", 2026-11.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from components.database.classes import SERVERLESS
from components.database.support import EXTENDED, surcharge_year
from components.database.vcpus import vcpus
from components.parts.asked import Asked, PricedResource, Rule, known
from components.parts.charges import HOURS, Charge, Free, NotPriced, Pricing, Reason, Row
from components.parts.spread import Spread, decimal

INSTANCE = "aws:rds/instance:Instance"

CLUSTER = "aws:rds/cluster:Cluster"

MEMBER = "aws:rds/clusterInstance:ClusterInstance"

GP3_BASELINE: Mapping[str, tuple[int, int]] = {"iops": (3_000, 12_000), "throughput": (125, 500)}
"""Included below and from 400 GiB ("Amazon RDS DB instance storage")."""

STRIPED_FROM_GB = 400

FREE_INSIGHTS_DAYS = 7

PROXY_LEAST_ACU = 8
"""Aurora capacity units that a proxy before a serverless cluster is billed for, at least."""


def instance(asked: Asked) -> Iterator[Pricing]:
    """Hours, storage, backups, monitoring."""
    engine, class_ = asked.get("engine"), asked.get("instanceClass")
    source = _copied(asked)
    if source is not None:
        engine = engine or known(source.inputs.get("engine"))
        class_ = class_ or known(source.inputs.get("instanceClass"))
    if engine is None or class_ is None:
        yield NotPriced("instance hours", "its engine or class is not known before deployment")
        return
    zones = "multiAz" if asked.get("multiAz", False) else "singleAz"
    description = f"{class_}, {'two zones' if zones == 'multiAz' else 'one zone'}"
    yield Charge(
        f"AmazonRDS/{class_}/{engine}/{zones}/hour", f"instance hours of {class_}",
        Spread.flat(HOURS), (asked.because(description, "instanceClass"),),
    )  # fmt: skip
    yield from _storage(asked, zones, source)
    backup, why = asked.used("databases", "backup_gb")
    if asked.get("backupRetentionPeriod", 0):
        yield Charge("AmazonRDS/backup/gbMonth", "backups beyond the free size", backup, (why,))
    yield from _observation(asked, class_)
    yield from extended_support(asked, engine, class_, 2 if zones == "multiAz" else 1)


def _copied(asked: Asked) -> PricedResource | None:
    """The instance that a read replica copies."""
    urns = asked.resource.property_dependencies.get("replicateSourceDb", ())
    source = next((asked.plan.by_urn[urn] for urn in urns if urn in asked.plan.by_urn), None)
    if source is not None and source.type == INSTANCE:
        return source
    name = asked.get("replicateSourceDb")
    for other in asked.plan.of_type(INSTANCE):
        if name is not None and known(other.inputs.get("identifier")) == name:
            return other
    return None


def _storage(asked: Asked, zones: str, source: PricedResource | None) -> Iterator[Pricing]:
    inputs = {**(source.inputs if source is not None else {}), **asked.resource.inputs}
    size = known(inputs.get("allocatedStorage"))
    kind = known(inputs.get("storageType"), "gp2")
    if size is None:
        yield NotPriced("storage", "its size is not known before deployment")
        return
    allocated = decimal(size)
    most = max(allocated, decimal(known(inputs.get("maxAllocatedStorage"), allocated)))
    gb = Spread(allocated, allocated, most)
    why = asked.because(f"{size} GB, grows to {most} GB at most", "storage", "initialGiB")
    stated = asked.stated("databases", "storage_gb")
    if stated is not None:
        # What was allocated is billed, however little is in it; it grows, and never shrinks.
        gb, why = stated[0].mapped(lambda value: min(max(value, allocated), most)), stated[1]
    yield Charge(f"AmazonRDS/storage/{kind}/{zones}/gbMonth", f"{kind} storage", gb, (why,))
    striped = bool(size >= STRIPED_FROM_GB)
    for measure, unit in (("iops", "iopsMonth"), ("throughput", "mibpsMonth")):
        asked_for = known(inputs.get("storageThroughput" if measure == "throughput" else measure))
        if asked_for is None:
            continue
        included = GP3_BASELINE[measure][int(striped)] if kind == "gp3" else 0
        above = max(0, asked_for - included)
        if above:
            yield Charge(
                f"AmazonRDS/{measure}/{kind}/{zones}/{unit}", f"{kind} {measure}",
                Spread.flat(above), (asked.because(f"{asked_for} wanted, {included} included",
                                                   "storage", measure),),
            )  # fmt: skip


def _observation(asked: Asked, class_: str) -> Iterator[Pricing]:
    if asked.get("monitoringInterval", 0):
        gb, why = asked.plan.usage.of("databases", None, "monitoring_gb")
        yield Charge("AmazonRDS/enhancedMonitoring/gb", "enhanced monitoring", gb, (why,))
    if asked.get("databaseInsightsMode") == "advanced":
        yield from _advanced_insights(asked, class_)
    elif asked.get("performanceInsightsRetentionPeriod", 0) > FREE_INSIGHTS_DAYS:
        yield NotPriced(
            "Performance Insights kept beyond seven days",
            "closed since 2026-06-30; Database Insights stands in its place",
            (asked.because("", "insights"),),
        )


def _advanced_insights(asked: Asked, class_: str) -> Iterator[Pricing]:
    count = vcpus(class_)
    if count is None:
        yield NotPriced("Database Insights", f"the virtual CPUs of {class_} are not known")
        return
    yield Charge(
        "AmazonRDS/databaseInsights/advanced/vcpuHour", "Database Insights, advanced",
        Spread.flat(count * HOURS), (asked.because(f"{count} virtual CPUs", "insights"),),
    )  # fmt: skip


def extended_support(
    asked: Asked, engine: str, class_: str, copies: int, today: date | None = None
) -> Iterator[Pricing]:
    """What an engine past its standard support costs on top.

    Args:
        copies: instances that are billed: two where a standby runs.
    """
    if asked.get("engineLifecycleSupport") != EXTENDED:
        return
    year = surcharge_year(engine, str(asked.get("engineVersion", "")), today)
    if year is None:
        return
    count = vcpus(class_)
    if count is None:
        yield NotPriced("extended support", f"the virtual CPUs of {class_} are not known")
        return
    why = asked.because(f"{engine} {asked.get('engineVersion')} is past its support", "version")
    yield Charge(
        f"AmazonRDS/extendedSupport/{year}/vcpuHour", "RDS Extended Support",
        Spread.flat(count * copies * HOURS), (why,),
    )  # fmt: skip


def cluster(asked: Asked) -> Iterator[Pricing]:
    """Aurora's storage, its reads and writes, and backups beyond the free size."""
    optimised = asked.get("storageType") == "aurora-iopt1"
    kind = "ioOptimized" if optimised else "standard"
    gb, why = asked.used("databases", "storage_gb")
    yield Charge(f"AmazonRDS/aurora/storage/{kind}/gbMonth", "Aurora storage", gb, (why,))
    if not optimised:
        requests, reason = asked.used("databases", "requests")
        yield Charge(
            "AmazonRDS/aurora/io/standard/request", "reads and writes", requests, (reason,)
        )
    backup, reason = asked.used("databases", "backup_gb")
    yield Charge(
        "AmazonRDS/aurora/backup/gbMonth", "backups beyond the free size", backup, (reason,)
    )
    if asked.get("globalClusterIdentifier"):
        yield NotPriced("global database", "copies to another region are not in the price data")


def member(asked: Asked) -> Iterator[Pricing]:
    """Hours of an Aurora instance; capacity units where it is serverless."""
    above = asked.plan.behind(asked.resource, "clusterIdentifier", CLUSTER)
    inputs: Mapping[str, Any] = above.inputs if above is not None else {}
    kind = "ioOptimized" if known(inputs.get("storageType")) == "aurora-iopt1" else "standard"
    class_, engine = asked.get("instanceClass"), asked.get("engine") or known(inputs.get("engine"))
    if class_ is None or engine is None:
        yield NotPriced("instance hours", "its engine or class is not known before deployment")
    elif class_ == SERVERLESS:
        units, why = _capacity(asked, above)
        yield Charge(
            f"AmazonRDS/aurora/serverlessV2/{kind}/acuHour", "capacity unit hours",
            units * HOURS, (why,),
        )  # fmt: skip
    else:
        yield Charge(
            f"AmazonRDS/{class_}/{engine}/{kind}/hour", f"instance hours of {class_}",
            Spread.flat(HOURS), (asked.because(class_, "instanceClass"),),
        )  # fmt: skip
        yield from extended_support(asked, engine, class_, 1)
    yield from (_observation(asked, class_) if class_ and class_ != SERVERLESS else ())


def _capacity(asked: Asked, above: PricedResource | None) -> tuple[Spread, Reason]:
    stated = asked.stated("databases", "capacity")
    if stated is not None:
        return stated
    inputs: Mapping[str, Any] = above.inputs if above is not None else {}
    scaling: Mapping[str, Any] = known(inputs.get("serverlessv2ScalingConfiguration"), {})
    least = decimal(known(scaling.get("minCapacity"), 0))
    most = decimal(known(scaling.get("maxCapacity"), 1))
    expected = least + (most - least) / 4
    return Spread(least, expected, most), asked.because(
        f"{least} to {most} capacity units", "capacity"
    )


def proxy(asked: Asked) -> Iterator[Pricing]:
    """By the virtual CPUs of what it stands before."""
    owners = [
        member
        for type_ in (INSTANCE, MEMBER)
        for member in asked.plan.of_type(type_)
        if member.name == asked.key or member.name.startswith(f"{asked.key}-")
    ]
    classes = [known(owner.inputs.get("instanceClass")) for owner in owners]
    counts = [vcpus(class_) if class_ else None for class_ in classes]
    fixed = [count for count in counts if count is not None]
    quantity = Spread.flat(sum(fixed) * HOURS)
    if not fixed and SERVERLESS in classes:
        quantity = Spread.flat(PROXY_LEAST_ACU * HOURS)
        yield Charge("AmazonRDS/proxy/acuHour", "proxy hours", quantity)
        return
    why = Reason(f"{sum(fixed)} virtual CPUs behind it", ("databases", asked.key or "", "proxy"))
    yield Charge("AmazonRDS/proxy/vcpuHour", "proxy hours", quantity, (why,))


def managed_secret(asked: Asked) -> Iterator[Pricing]:
    """The secret that RDS makes for a master user."""
    if asked.get("manageMasterUserPassword", False):
        why = asked.because("the master user's, which RDS makes", "masterPassword")
        yield Charge("AWSSecretsManager/secret/month", "secrets", Spread.flat(1), (why,))


RULES: Mapping[str, Rule] = {
    INSTANCE: instance,
    CLUSTER: cluster,
    MEMBER: member,
    "aws:rds/proxy:Proxy": proxy,
}

FREE_RDS = Free("a setting of a database that is priced", "Amazon RDS Pricing, 2026-11")

FREE: Mapping[str, Free] = {
    "aws:rds/parameterGroup:ParameterGroup": FREE_RDS,
    "aws:rds/clusterParameterGroup:ClusterParameterGroup": FREE_RDS,
    "aws:rds/subnetGroup:SubnetGroup": FREE_RDS,
    "aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup": FREE_RDS,
    "aws:rds/proxyTarget:ProxyTarget": FREE_RDS,
}

ALSO: Mapping[str, tuple[Rule, ...]] = {INSTANCE: (managed_secret,), CLUSTER: (managed_secret,)}

ASSUMED: Mapping[tuple[str, str], Row] = {
    ("databases", "storage_gb"): ((1, 10, 50), (10, 100, 500), (100, 1_000, 5_000)),
    ("databases", "backup_gb"): ((0, 0, 20), (0, 0, 100), (0, 0, 1_000)),
    ("databases", "requests"): ((1e6, 1e7, 1e8), (1e7, 1e8, 1e9), (1e8, 1e9, 1e10)),
    ("databases", "monitoring_gb"): ((0.1, 0.2, 0.5), (0.1, 0.2, 0.5), (0.1, 0.2, 0.5)),
}  # fmt: skip
