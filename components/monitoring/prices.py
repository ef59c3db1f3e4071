"""What this package's resources cost.

Sources: "Amazon CloudWatch Pricing", "Amazon Route 53 pricing", 2026-11.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from components.parts.asked import Asked, PricedPlan, Rule, known
from components.parts.charges import Charge, Free, KeyPath, NotPriced, Pricing, Reason
from components.parts.prices import runs_a_month
from components.parts.spread import Spread


def health_check(asked: Asked) -> Iterator[Pricing]:
    """A check of an address outside AWS, as Route 53 bills any name, and what it does beyond."""
    why = asked.because("a health check", "healthChecks")
    yield Charge(
        "AmazonRoute53/healthCheck/nonAws/month", "health checks", Spread.flat(1), (why,),
        everywhere=True,
    )  # fmt: skip
    kind = str(asked.get("type", "HTTP"))
    options = [
        kind.startswith("HTTPS"),
        kind.endswith("STR_MATCH"),
        asked.get("requestInterval", 30) < 30,
        bool(asked.get("measureLatency", False)),
    ]
    if any(options):
        yield Charge(
            "AmazonRoute53/healthCheck/optionalFeature/nonAws/month", "HTTPS, fast or text checks",
            Spread.flat(sum(options)), (why,), everywhere=True,
        )  # fmt: skip


def composite_alarm(asked: Asked) -> Iterator[Pricing]:
    """A month."""
    why = asked.because("an alarm over alarms")
    key = "AmazonCloudWatch/alarm/composite/alarmMonth"
    yield Charge(key, "alarms over alarms", Spread.flat(1), (why,))


def dashboard(asked: Asked) -> Iterator[Pricing]:
    """A month."""
    why = asked.because("a dashboard", "dashboards")
    yield Charge("AmazonCloudWatch/dashboard/month", "dashboards", Spread.flat(1), (why,))


def log_metric(asked: Asked) -> Iterator[Pricing]:
    """A metric of its own, made from lines of a log."""
    why = asked.because("a metric made from logs", "logs")
    key = "AmazonCloudWatch/metric/custom/metricMonth"
    yield Charge(key, "metrics of one's own", Spread.flat(1), (why,))


def canary(asked: Asked) -> Iterator[Pricing]:
    """Runs in a month; the function behind it is billed with them."""
    schedule: Mapping[str, Any] = asked.get("schedule") or {}
    runs = runs_a_month(str(known(schedule.get("expression"), "")))
    if runs is None:
        yield NotPriced("runs", "its schedule is no rate")
        return
    why = asked.because(f"{known(schedule.get('expression'))}", "canaries")
    yield Charge("AmazonCloudWatch/canary/run", "runs of canaries", Spread.flat(runs), (why,))


def custom_metrics(plan: PricedPlan) -> Iterator[tuple[KeyPath, Pricing]]:
    """What the application puts itself: the stack file alone says it, no resource is made."""
    if plan.settings is None:
        return
    for key, namespace in plan.settings.monitoring.metrics.items():
        if namespace.namespace.startswith("AWS/"):
            continue
        count = len(namespace.metrics)
        why = Reason(f"{count} metrics of {namespace.namespace}", ("monitoring", "metrics", key))
        key_ = "AmazonCloudWatch/metric/custom/metricMonth"
        charge = Charge(key_, "metrics of one's own", Spread.flat(count), (why,))
        yield ("monitoring",), charge


def query_definition(asked: Asked) -> Iterator[Pricing]:
    """Saved queries are free; what a query scans is not, and nobody says how much."""
    yield NotPriced("queries of logs", "how much they scan is not stated anywhere",
                    (asked.because("", "logs"),))  # fmt: skip


RULES: Mapping[str, Rule] = {
    "aws:route53/healthCheck:HealthCheck": health_check,
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": composite_alarm,
    "aws:cloudwatch/dashboard:Dashboard": dashboard,
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": log_metric,
    "aws:cloudwatch/queryDefinition:QueryDefinition": query_definition,
    "aws:synthetics/canary:Canary": canary,
}

_CHAT = Free(
    "chat is free, its topic is priced", "Amazon Q Developer in chat applications, 2026-11"
)

FREE: Mapping[str, Free] = {
    "aws:cloudwatch/alarmMuteRule:AlarmMuteRule": Free(
        "it keeps alarms quiet, and costs nothing", "Amazon CloudWatch Pricing, 2026-11"
    ),
    "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration": _CHAT,
    "aws:chatbot/teamsChannelConfiguration:TeamsChannelConfiguration": _CHAT,
}

NOT_PRICED: Mapping[str, str] = {
    "aws:cloudwatch/logDataProtectionPolicy:LogDataProtectionPolicy": (
        "masking bills each GB that it scans of its log group, of which no figure"
        " of its own is stated"
    ),
}

WITHOUT_RESOURCE = (custom_metrics,)
