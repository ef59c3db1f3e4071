"""Alarms of a cache: evictions, memory, processor, replicas that fall behind.

ElastiCache measures nodes, so each alarm looks at the worst node, or the sum, of one shard: an
alarm takes ten metrics, a shard has at most six nodes.
"""

from __future__ import annotations

from collections.abc import Sequence

from components.contracts import AlarmSpec, MetricQuery, Severity

NAMESPACE = "AWS/ElastiCache"
MINUTE = 60
"""Seconds."""

MEMORY_PERCENT = 80
CPU_PERCENT = 70
LAG_SECONDS = 60


def _over_nodes(
    function: str, name: str, nodes: Sequence[str], statistic: str
) -> tuple[MetricQuery, ...]:
    measured = [
        MetricQuery(
            id=f"m{number}",
            namespace=NAMESPACE,
            name=name,
            dimensions={"CacheClusterId": node},
            statistic=statistic,
            period=MINUTE,
            returns=len(nodes) == 1,
        )
        for number, node in enumerate(nodes, 1)
    ]
    if len(measured) == 1:
        return tuple(measured)
    terms = ", ".join(query.id for query in measured)
    return (
        MetricQuery(id="shard", expression=f"{function}([{terms}])", label=name, returns=True),
        *measured,
    )


def evictions(producer: str, label: str, nodes: Sequence[str]) -> AlarmSpec:
    """Keys were thrown out for lack of memory, five minutes on end."""
    return AlarmSpec(
        name=f"{label}-evictions",
        title=f"{label}: keys are evicted",
        meaning="The cache is full and drops keys that are still valid; hit rates fall.",
        action="See which keys grew or lack a time to live; then choose a larger node type.",
        severity=Severity.NOTIFY,
        metrics=_over_nodes("SUM", "Evictions", nodes, "Sum"),
        threshold=0,
        comparison="GreaterThanThreshold",
        evaluation_periods=5,
        datapoints_to_alarm=5,
        missing_data="notBreaching",
        parent=producer,
    )


def memory(producer: str, label: str, nodes: Sequence[str]) -> AlarmSpec:
    """Four fifths of a node's memory are used for ten minutes."""
    return AlarmSpec(
        name=f"{label}-memory",
        title=f"{label}: memory above {MEMORY_PERCENT} %",
        meaning="The cache is about to be full; then it evicts keys or refuses writes.",
        action="See which keys grew or lack a time to live; then choose a larger node type.",
        severity=Severity.NOTIFY,
        metrics=_over_nodes("MAX", "DatabaseMemoryUsagePercentage", nodes, "Maximum"),
        threshold=MEMORY_PERCENT,
        comparison="GreaterThanThreshold",
        evaluation_periods=10,
        datapoints_to_alarm=10,
        missing_data="notBreaching",
        parent=producer,
    )


def cpu(producer: str, label: str, nodes: Sequence[str]) -> AlarmSpec:
    """The one thread that runs commands is busy for a quarter of an hour."""
    return AlarmSpec(
        name=f"{label}-cpu",
        title=f"{label}: engine processor above {CPU_PERCENT} %",
        meaning="Commands run on one thread; near its limit every client waits.",
        action="Read the slow log for large keys and KEYS-like commands; then add shards.",
        severity=Severity.NOTIFY,
        metrics=_over_nodes("MAX", "EngineCPUUtilization", nodes, "Average"),
        threshold=CPU_PERCENT,
        comparison="GreaterThanThreshold",
        evaluation_periods=15,
        datapoints_to_alarm=15,
        missing_data="breaching",
        parent=producer,
    )


def replica_lag(producer: str, label: str, nodes: Sequence[str]) -> AlarmSpec:
    """A replica is a minute behind for five minutes."""
    return AlarmSpec(
        name=f"{label}-lag",
        title=f"{label}: replica more than {LAG_SECONDS} s behind",
        meaning="A failover now would lose that much; readers of the replica see old values.",
        action="Look for large writes and for a replica that lacks memory or network.",
        severity=Severity.NOTIFY,
        metrics=_over_nodes("MAX", "ReplicationLag", nodes, "Maximum"),
        threshold=LAG_SECONDS,
        comparison="GreaterThanThreshold",
        evaluation_periods=5,
        datapoints_to_alarm=5,
        missing_data="notBreaching",
        parent=producer,
    )
