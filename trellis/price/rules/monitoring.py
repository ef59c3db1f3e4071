"""Logs, alarms, dashboards, metrics, canaries, budgets.

Sources: "Amazon CloudWatch Pricing", "AWS Budgets Pricing", "AWS Cost Anomaly Detection", 2026-11.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from trellis.planner.recording import Recorded
from trellis.price.asked import Asked, Plan, known
from trellis.price.lines import Charge, Free, NotPriced, Reason, Said
from trellis.price.prices import HOURS
from trellis.price.spread import Spread

LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"

HIGH_RESOLUTION_SECONDS = 60
"""Alarms that look more often than this cost more."""

ANOMALY_METRICS = 3
"""An alarm on a band is billed as three: the metric, and both ends of the band."""

STANDARD = "STANDARD"
"""The class of a log group that says none."""

LOGS = ("monitoring", "logs")


def log_group(asked: Asked) -> Iterator[Said]:
    """All logs of the stack, at the first group; flow logs are counted with the network."""
    groups = _groups(asked.plan)
    if asked.resource.urn != next(iter(groups), None):
        return
    gb, why = asked.plan.usage.of("logs", None, "gb")
    kept = asked.plan.usage.stated("logs", None, "kept_gb") or (gb, why)
    classes = {known(group.inputs.get("logGroupClass"), STANDARD) for group in groups.values()}
    # What of it goes where nobody says: only where all groups are of the cheaper class it counts.
    kind = "infrequentAccess" if classes == {"INFREQUENT_ACCESS"} else "standard"
    said = Reason(f"{why.text}, over {len(groups)} log groups", why.path)
    prefix = "AmazonCloudWatch/logs"
    yield Charge(f"{prefix}/{kind}/ingest/gb", "logs written", gb, (said,), owner=LOGS)
    yield Charge(f"{prefix}/storage/gbMonth", "logs kept", kept[0], (kept[1],), owner=LOGS)


def _groups(plan: Plan) -> dict[str, Recorded]:
    """Log groups that anything but flow logs writes to."""
    flows = {
        urn
        for log in plan.of_type("aws:ec2/flowLog:FlowLog")
        for urn in log.property_dependencies.get("logDestination", ())
    }
    return {group.urn: group for group in plan.of_type(LOG_GROUP) if group.urn not in flows}


def metric_alarm(asked: Asked) -> Iterator[Said]:
    """By the metrics that it looks at."""
    queries: Sequence[Mapping[str, Any]] = asked.get("metricQueries") or ()
    expressions = [str(known(query.get("expression"), "")) for query in queries]
    # An expression over no metric is one itself (Performance Insights).
    metrics = sum(1 for query in queries if known(query.get("metric"))) or 1
    periods = [
        known(known(query.get("metric"), {}).get("period"), HIGH_RESOLUTION_SECONDS)
        for query in queries
    ]
    periods = periods or [asked.get("period", HIGH_RESOLUTION_SECONDS)]
    why = asked.because(f"{metrics} metrics" if metrics != 1 else "one metric")
    prefix = "AmazonCloudWatch/alarm"
    if any(text.lstrip().upper().startswith("SELECT") for text in expressions):
        key = f"{prefix}/metricsInsights/metricMonth"
        yield Charge(key, "alarms on queries", Spread.flat(1), (why,))
        return
    fast = min(periods) < HIGH_RESOLUTION_SECONDS
    if any("ANOMALY_DETECTION_BAND" in text for text in expressions):
        metrics = ANOMALY_METRICS
    kind = "highResolution" if fast else "standard"
    key = f"{prefix}/{kind}/alarmMetricMonth"
    yield Charge(key, "alarms, by metric", Spread.flat(metrics), (why,))


def composite_alarm(asked: Asked) -> Iterator[Said]:
    """A month."""
    why = asked.because("an alarm over alarms")
    key = "AmazonCloudWatch/alarm/composite/alarmMonth"
    yield Charge(key, "alarms over alarms", Spread.flat(1), (why,))


def dashboard(asked: Asked) -> Iterator[Said]:
    """A month."""
    why = asked.because("a dashboard", "dashboards")
    yield Charge("AmazonCloudWatch/dashboard/month", "dashboards", Spread.flat(1), (why,))


def log_metric(asked: Asked) -> Iterator[Said]:
    """A metric of its own, made from lines of a log."""
    why = asked.because("a metric made from logs", "logs")
    key = "AmazonCloudWatch/metric/custom/metricMonth"
    yield Charge(key, "metrics of one's own", Spread.flat(1), (why,))


def canary(asked: Asked) -> Iterator[Said]:
    """Runs in a month; the function behind it is billed with them."""
    schedule: Mapping[str, Any] = asked.get("schedule") or {}
    runs = runs_a_month(str(known(schedule.get("expression"), "")))
    if runs is None:
        yield NotPriced("runs", "its schedule is no rate")
        return
    why = asked.because(f"{known(schedule.get('expression'))}", "canaries")
    yield Charge("AmazonCloudWatch/canary/run", "runs of canaries", Spread.flat(runs), (why,))


def runs_a_month(expression: str) -> Decimal | None:
    """How often a rate such as `rate(5 minutes)` comes in 730 hours; None for anything else."""
    found = re.fullmatch(r"rate\((\d+) (minute|hour|day)s?\)", expression)
    if found is None or int(found[1]) == 0:
        return None
    minutes = {"minute": 1, "hour": 60, "day": 1_440}[found[2]] * int(found[1])
    return Decimal(HOURS * 60) / minutes


def custom_metrics(plan: Plan) -> Iterator[Charge]:
    """What the application puts itself: the stack file alone says it, no resource is made."""
    if plan.settings is None:
        return
    for key, namespace in plan.settings.monitoring.metrics.items():
        if namespace.namespace.startswith("AWS/"):
            continue
        count = len(namespace.metrics)
        why = Reason(f"{count} metrics of {namespace.namespace}", ("monitoring", "metrics", key))
        yield Charge(
            "AmazonCloudWatch/metric/custom/metricMonth", "metrics of one's own",
            Spread.flat(count), (why,), owner=("monitoring",),
        )  # fmt: skip


def query_definition(asked: Asked) -> Iterator[Said]:
    """Saved queries are free; what a query scans is not, and nobody says how much."""
    yield NotPriced("queries of logs", "how much they scan is not stated anywhere",
                    (asked.because("", "logs"),))  # fmt: skip


def budget(asked: Asked) -> Iterator[Said]:
    """Budgets that only tell are free."""
    why = asked.because("it tells, and does nothing")
    key = "AWSBudgets/notification/day"
    yield Charge(key, "budgets", Spread.flat(30), (why,), everywhere=True)


RULES = {
    LOG_GROUP: log_group,
    ALARM: metric_alarm,
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": composite_alarm,
    "aws:cloudwatch/dashboard:Dashboard": dashboard,
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": log_metric,
    "aws:cloudwatch/queryDefinition:QueryDefinition": query_definition,
    "aws:synthetics/canary:Canary": canary,
    "aws:budgets/budget:Budget": budget,
}

_LOGS = Free("a setting of logs that are priced", "Amazon CloudWatch Pricing, 2026-11")
_COST = Free("anomaly detection is free", "AWS Cost Anomaly Detection, 2026-11")
_CHAT = Free(
    "chat is free, its topic is priced", "Amazon Q Developer in chat applications, 2026-11"
)

FREE = {
    "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": _LOGS,
    "aws:cloudwatch/logStream:LogStream": _LOGS,
    "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter": _LOGS,
    "aws:cloudwatch/logDeliverySource:LogDeliverySource": _LOGS,
    "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination": _LOGS,
    "aws:cloudwatch/logDelivery:LogDelivery": Free(
        "CloudFront's access logs to a bucket cost only what the bucket does",
        "Amazon CloudWatch Pricing, vended logs, 2026-11",
    ),
    "aws:cloudwatch/alarmMuteRule:AlarmMuteRule": Free(
        "it keeps alarms quiet, and costs nothing", "Amazon CloudWatch Pricing, 2026-11"
    ),
    "aws:costexplorer/anomalyMonitor:AnomalyMonitor": _COST,
    "aws:costexplorer/anomalySubscription:AnomalySubscription": _COST,
    "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration": _CHAT,
    "aws:chatbot/teamsChannelConfiguration:TeamsChannelConfiguration": _CHAT,
}

NOT_PRICED = {
    "aws:cloudwatch/logDataProtectionPolicy:LogDataProtectionPolicy": "masking bills each GB that "
    "it scans of its log group, of which no figure of its own is stated",
}
