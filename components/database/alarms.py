"""Alarms of a database: processor, memory, connections, free storage, replicas that fall behind."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi

from components.contracts import AlarmSpec, MetricQuery, Severity
from components.database.classes import GIB

NAMESPACE = "AWS/RDS"
MINUTE = 60
"""Seconds."""

CPU_PERCENT = 80
CONNECTIONS_SHARE = 0.8
"""Of what the class allows."""
FREE_STORAGE_SHARE = 0.1
"""Of what is allocated."""
FREE_MEMORY_SHARE = 0.05
"""Of the class's memory."""
LAG_SECONDS = 300
AURORA_LAG_MILLISECONDS = 2_000
CAPACITY_PERCENT = 90
"""Of the capacity that a Serverless v2 instance may reach."""

Dimensions = Mapping[str, pulumi.Input[str]]


def metric(
    name: str, dimensions: Dimensions, *, statistic: str = "Average", period: int = MINUTE
) -> MetricQuery:
    """One metric of the namespace, as the only query of an alarm."""
    return MetricQuery(
        id="m1",
        namespace=NAMESPACE,
        name=name,
        dimensions=dimensions,
        statistic=statistic,
        period=period,
    )


def cpu(producer: str, label: str, dimensions: Dimensions) -> AlarmSpec:
    """The processor is busy for a quarter of an hour."""
    return AlarmSpec(
        name=f"{label}-cpu",
        title=f"{label}: processor above {CPU_PERCENT} %",
        meaning="The server has been busy for 15 minutes; queries are waiting or about to.",
        action="Look at the top statements in Database Insights; a larger class is the last step.",
        severity=Severity.NOTIFY,
        metrics=(metric("CPUUtilization", dimensions),),
        threshold=CPU_PERCENT,
        comparison="GreaterThanThreshold",
        evaluation_periods=15,
        datapoints_to_alarm=15,
        missing_data="breaching",
        parent=producer,
    )


def connections(producer: str, label: str, dimensions: Dimensions, allowed: int) -> AlarmSpec:
    """Four fifths of the connections are taken for five minutes."""
    limit = int(allowed * CONNECTIONS_SHARE)
    return AlarmSpec(
        name=f"{label}-connections",
        title=f"{label}: more than {limit} connections",
        meaning=f"Of about {allowed} connections that the server allows, four fifths are taken.",
        action="Find the client whose pool grew; lower its pool or put a proxy before the server.",
        severity=Severity.NOTIFY,
        metrics=(metric("DatabaseConnections", dimensions, statistic="Maximum"),),
        threshold=limit,
        comparison="GreaterThanThreshold",
        evaluation_periods=5,
        datapoints_to_alarm=5,
        missing_data="notBreaching",
        parent=producer,
    )


def free_storage(producer: str, label: str, dimensions: Dimensions, size_gib: int) -> AlarmSpec:
    """Less than a tenth of the volume is free for ten minutes; of one that keeps its size.

    The metric counts bytes, so the threshold needs the size.
    """
    return AlarmSpec(
        name=f"{label}-storage",
        title=f"{label}: less than 10 % of storage free",
        meaning=f"Less than a tenth of {size_gib} GiB is free; a full volume stops the database.",
        action="See what grew; raise `storage.maxGiB`, or remove data and old replication slots.",
        severity=Severity.NOTIFY,
        metrics=(metric("FreeStorageSpace", dimensions, statistic="Minimum"),),
        threshold=size_gib * GIB * FREE_STORAGE_SHARE,
        comparison="LessThanThreshold",
        evaluation_periods=10,
        datapoints_to_alarm=10,
        missing_data="breaching",
        parent=producer,
    )


def storage_in_use(
    producer: str, label: str, resource_id: pulumi.Input[str], most_gib: int
) -> AlarmSpec:
    """More than nine tenths of what is allocated are in use for ten minutes; of one that grows.

    CloudWatch knows no allocated size, Performance Insights does: its counter follows the growth
    ("Performance Insights operating system counters", Amazon RDS User Guide, and
    "DB_PERF_INSIGHTS", CloudWatch User Guide, 2026-11). RDS lets a volume grow at this mark, so the
    alarm stays only where growth has ended or can't keep up.
    """
    used = MetricQuery(
        id="used",
        expression="DB_PERF_INSIGHTS('RDS', '{instance}', 'os.fileSys.usedPercent.avg')",
        given={"instance": resource_id},
        label="storage in use",
        period=MINUTE,
    )
    return AlarmSpec(
        name=f"{label}-storage",
        title=f"{label}: less than 10 % of storage free",
        meaning="Less than a tenth of what is allocated is free, and it did not grow (at most to "
        f"{most_gib} GiB); a full volume stops the database.",
        action="See what grew; raise `storage.maxGiB`, or remove data and old replication slots.",
        severity=Severity.NOTIFY,
        metrics=(used,),
        threshold=100 - 100 * FREE_STORAGE_SHARE,
        comparison="GreaterThanThreshold",
        evaluation_periods=10,
        datapoints_to_alarm=10,
        missing_data="breaching",
        parent=producer,
    )


def memory(producer: str, label: str, dimensions: Dimensions, size_gib: float) -> AlarmSpec:
    """Hardly any memory is left for a quarter of an hour."""
    return AlarmSpec(
        name=f"{label}-memory",
        title=f"{label}: less than 5 % of memory free",
        meaning=f"Less than a twentieth of {size_gib:g} GiB is free; the server may start to swap.",
        action="Look for large sorts and many connections; then choose a class with more memory.",
        severity=Severity.NOTIFY,
        metrics=(metric("FreeableMemory", dimensions),),
        threshold=size_gib * GIB * FREE_MEMORY_SHARE,
        comparison="LessThanThreshold",
        evaluation_periods=15,
        datapoints_to_alarm=15,
        missing_data="notBreaching",
        parent=producer,
    )


def replica_lag(producer: str, label: str, dimensions: Dimensions) -> AlarmSpec:
    """A replica is five minutes behind for five minutes."""
    return AlarmSpec(
        name=f"{label}-lag",
        title=f"{label}: replica more than {LAG_SECONDS} s behind",
        meaning="Readers of the replica see data that is more than five minutes old.",
        action="Look for long queries on the replica and heavy writes on its source.",
        severity=Severity.NOTIFY,
        metrics=(metric("ReplicaLag", dimensions, statistic="Maximum"),),
        threshold=LAG_SECONDS,
        comparison="GreaterThanThreshold",
        evaluation_periods=5,
        datapoints_to_alarm=5,
        missing_data="breaching",
        parent=producer,
    )


def reader_lag(producer: str, label: str, dimensions: Dimensions) -> AlarmSpec:
    """An Aurora reader is two seconds behind for five minutes; usual are milliseconds."""
    return AlarmSpec(
        name=f"{label}-lag",
        title=f"{label}: reader more than {AURORA_LAG_MILLISECONDS} ms behind",
        meaning="Readers see data that is seconds old, and a failover would take longer.",
        action="Look for a reader whose class is smaller than the writer's, or that is overloaded.",
        severity=Severity.NOTIFY,
        metrics=(metric("AuroraReplicaLagMaximum", dimensions, statistic="Maximum"),),
        threshold=AURORA_LAG_MILLISECONDS,
        comparison="GreaterThanThreshold",
        evaluation_periods=5,
        datapoints_to_alarm=5,
        missing_data="notBreaching",
        parent=producer,
    )


def capacity(producer: str, label: str, dimensions: Dimensions) -> AlarmSpec:
    """A Serverless v2 instance is near its largest capacity for a quarter of an hour."""
    return AlarmSpec(
        name=f"{label}-capacity",
        title=f"{label}: above {CAPACITY_PERCENT} % of its largest capacity",
        meaning="The instance can hardly grow any further; queries will slow down.",
        action="Raise `capacity.max`, after a look at the top statements in Database Insights.",
        severity=Severity.NOTIFY,
        metrics=(metric("ACUUtilization", dimensions),),
        threshold=CAPACITY_PERCENT,
        comparison="GreaterThanThreshold",
        evaluation_periods=15,
        datapoints_to_alarm=15,
        missing_data="notBreaching",
        parent=producer,
    )
