"""What resources of types cost that several packages make.

Sources: "AWS Lambda Pricing", "Amazon CloudWatch Pricing", "Amazon Data Firehose pricing",
"Amazon EventBridge pricing", 2026-11.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from components.parts.asked import Asked, PricedPlan, PricedResource, Rule, known
from components.parts.charges import HOURS, Charge, Free, NotPriced, Pricing, Reason, Row
from components.parts.spread import Spread, decimal


def delivery_stream(asked: Asked) -> Iterator[Pricing]:
    """What is delivered, converted and partitioned."""
    lake = is_of_a_catalog(asked)
    gb, why = asked.used(*(("catalogs", "delivered_gb") if lake else ("deliveries", "gb")))
    if lake and not first_of_its_catalog(asked):
        return
    prefix = "AmazonKinesisFirehose"
    yield Charge(f"{prefix}/directPut/gb", "delivered", gb, (why,))
    target: Mapping[str, Any] = asked.get("extendedS3Configuration") or {}
    conversion: Mapping[str, Any] = known(target.get("dataFormatConversionConfiguration"), {})
    if conversion and known(conversion.get("enabled"), True):
        yield Charge(f"{prefix}/formatConversion/gb", "converted", gb, (why,))
    partitioning: Mapping[str, Any] = known(target.get("dynamicPartitioningConfiguration"), {})
    if known(partitioning.get("enabled"), False):
        yield Charge(f"{prefix}/dynamicPartitioning/gb", "partitioned", gb, (why,))
        yield NotPriced("objects that partitioning makes", "how many is not stated anywhere")


def is_of_a_catalog(asked: Asked) -> bool:
    """Whether a catalog made it."""
    return bool(asked.owner) and asked.owner[0] == "catalogs"


def first_of_its_catalog(asked: Asked) -> bool:
    """Whether it is the one that counts: what is stated is of all its kind in the catalog."""
    peers = [
        resource
        for resource in asked.plan.of_type(asked.resource.type)
        if resource.parent == asked.resource.parent
    ]
    return peers[0] is asked.resource


def event_rule(asked: Asked) -> Iterator[Pricing]:
    """Events of AWS are free; one's own are billed where they are put, by the bus."""
    why = asked.because("events of AWS services")
    yield Charge("AWSEvents/awsService/event", "events of AWS", Spread.flat(0), (why,))


def schedule(asked: Asked) -> Iterator[Pricing]:
    """Runs in a month."""
    expression = str(asked.get("scheduleExpression", ""))
    runs = runs_a_month(expression)
    if runs is not None:
        why = asked.because(expression, "schedule")
        yield Charge("AWSEvents/scheduler/invocation", "scheduled runs", Spread.flat(runs), (why,))
        return
    assumed, why = asked.plan.usage.of("schedules", None, "runs")
    yield Charge("AWSEvents/scheduler/invocation", "scheduled runs", assumed, (why,))


LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"

HIGH_RESOLUTION_SECONDS = 60
"""Alarms that look more often than this cost more."""

ANOMALY_METRICS = 3
"""An alarm on a band is billed as three: the metric, and both ends of the band."""

STANDARD = "STANDARD"
"""The class of a log group that says none."""

LOGS = ("monitoring", "logs")


def log_group(asked: Asked) -> Iterator[Pricing]:
    """All logs of the stack, at the first group; flow logs are counted with the network."""
    groups = _groups(asked.plan)
    if asked.resource.urn != next(iter(groups), None):
        return
    gb, why = asked.plan.usage.of("logs", None, "gb")
    kept = asked.plan.usage.stated("logs", None, "kept_gb") or (gb, why)
    classes = {known(group.inputs.get("logGroupClass"), STANDARD) for group in groups.values()}
    # What of it goes where nobody says: only where all groups are of the cheaper class it counts.
    kind = "infrequentAccess" if classes == {"INFREQUENT_ACCESS"} else "standard"
    reason = Reason(f"{why.text}, over {len(groups)} log groups", why.path)
    prefix = "AmazonCloudWatch/logs"
    yield Charge(f"{prefix}/{kind}/ingest/gb", "logs written", gb, (reason,), owner=LOGS)
    yield Charge(f"{prefix}/storage/gbMonth", "logs kept", kept[0], (kept[1],), owner=LOGS)


def _groups(plan: PricedPlan) -> dict[str, PricedResource]:
    """Log groups that anything but flow logs writes to."""
    flows = {
        urn
        for log in plan.of_type("aws:ec2/flowLog:FlowLog")
        for urn in log.property_dependencies.get("logDestination", ())
    }
    return {group.urn: group for group in plan.of_type(LOG_GROUP) if group.urn not in flows}


def metric_alarm(asked: Asked) -> Iterator[Pricing]:
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


def runs_a_month(expression: str) -> Decimal | None:
    """How often a rate such as `rate(5 minutes)` comes in 730 hours; None for anything else."""
    found = re.fullmatch(r"rate\((\d+) (minute|hour|day)s?\)", expression)
    if found is None or int(found[1]) == 0:
        return None
    minutes = {"minute": 1, "hour": 60, "day": 1_440}[found[2]] * int(found[1])
    return Decimal(HOURS * 60) / minutes


FREE_STORAGE_MB = 512
"""Of a function's /tmp."""

OWN = "functions"
"""The part of the stack file whose functions do the system's own work."""


def function(asked: Asked) -> Iterator[Pricing]:
    """Invocations and their duration; Trellis's own functions run seldom."""
    part = OWN if asked.owner and asked.owner[0] == OWN else "own_functions"
    invocations, why = asked.plan.usage.of(part, asked.key, "invocations")
    milliseconds, how_long = asked.plan.usage.of(part, asked.key, "milliseconds")
    yield Charge("AWSLambda/request", "invocations", invocations, (why,))
    kind = architecture(asked.resource)
    memory = decimal(asked.get("memorySize", 128)) / 1024
    seconds = invocations * milliseconds / 1000
    size = asked.because(f"{asked.get('memorySize', 128)} MB", "memory")
    key = f"AWSLambda/duration/{kind}/gbSecond"
    yield Charge(key, "duration of invocations", seconds * memory, (why, how_long, size))
    storage: Mapping[str, Any] = asked.get("ephemeralStorage") or {}
    above = decimal(known(storage.get("size"), FREE_STORAGE_MB)) - FREE_STORAGE_MB
    if above > 0:
        key = "AWSLambda/ephemeralStorage/gbSecond"
        yield Charge(key, "storage of invocations", seconds * (above / 1024), (why,))


def architecture(function_: PricedResource) -> str:
    """Of a function, as price keys have it."""
    return "arm" if "arm64" in known(function_.inputs.get("architectures"), ()) else "x86"


RULES: Mapping[str, Rule] = {
    "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": delivery_stream,
    "aws:cloudwatch/eventRule:EventRule": event_rule,
    "aws:scheduler/schedule:Schedule": schedule,
    LOG_GROUP: log_group,
    "aws:cloudwatch/metricAlarm:MetricAlarm": metric_alarm,
    "aws:lambda/function:Function": function,
}

_SCALING = Free("scaling itself is free", "AWS Auto Scaling pricing, 2026-11")
FREE_LOGS = Free("a setting of logs that are priced", "Amazon CloudWatch Pricing, 2026-11")
FREE_VPC = Free("a part of the network that AWS does not charge for", "Amazon VPC pricing, 2026-11")
FREE_IAM = Free("IAM is free", "AWS Identity and Access Management, 2026-11")
FREE_LAMBDA = Free("a setting of a function that is priced", "AWS Lambda Pricing, 2026-11")

FREE: Mapping[str, Free] = {
    "aws:appautoscaling/target:Target": _SCALING,
    "aws:appautoscaling/policy:Policy": _SCALING,
    "aws:cloudwatch/eventTarget:EventTarget": Free(
        "events are priced where they are put", "Amazon EventBridge pricing, 2026-11"
    ),
    "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": FREE_LOGS,
    "aws:cloudwatch/logStream:LogStream": FREE_LOGS,
    "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter": FREE_LOGS,
    "aws:ec2/securityGroup:SecurityGroup": FREE_VPC,
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": FREE_VPC,
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": FREE_VPC,
    "aws:iam/role:Role": FREE_IAM,
    "aws:iam/rolePolicy:RolePolicy": FREE_IAM,
    "aws:iam/policy:Policy": FREE_IAM,
    "aws:lambda/invocation:Invocation": FREE_LAMBDA,
    "aws:lambda/permission:Permission": FREE_LAMBDA,
    "aws:s3/bucketObjectv2:BucketObjectv2": Free(
        "a setting of a bucket that is priced", "Amazon S3 pricing, 2026-11"
    ),
}

ASSUMED: Mapping[tuple[str, str], Row] = {
    ("logs", "gb"): ((0.5, 5, 20), (2, 20, 100), (20, 200, 1_000)),
    ("own_functions", "invocations"): ((10, 100, 1_000), (10, 100, 1_000), (10, 100, 1_000)),
    ("own_functions", "milliseconds"): ((500, 1e3, 5e3), (500, 1e3, 5e3), (500, 1e3, 5e3)),
    ("deliveries", "gb"): ((1, 10, 100), (10, 100, 1_000), (100, 1_000, 10_000)),
    ("schedules", "runs"): ((30, 730, 8_760), (30, 730, 8_760), (30, 730, 43_800)),
}  # fmt: skip
