"""Failed runs of crawlers: a rule that hears of them, tells the alerts topic, and is counted."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components.contracts import Arn, MetricQuery, WidgetSpec
from components.naming import Kind, Naming
from components.tags import name_tag

RULE = "crawlers-failed"


def failed_crawlers(
    names: Sequence[str], topic: Arn, *, naming: Naming, opts: pulumi.ResourceOptions
) -> None:
    """Make the rule ("Automating AWS Glue with EventBridge", AWS Glue Developer Guide, 2026-11).

    Args:
        names: Glue's names of the crawlers.
        topic: who is told; its policy must let rules publish.
    """
    name = naming.of(Kind.EVENT_RULE, RULE)
    pattern = {
        "source": ["aws.glue"],
        "detail-type": ["Glue Crawler State Change"],
        "detail": {"crawlerName": [*names], "state": ["Failed"]},
    }
    rule = aws.cloudwatch.EventRule(
        RULE,
        name=name,
        description="A run of a crawler failed: its tables are not what stands in the folder",
        event_pattern=json.dumps(pattern),
        tags=name_tag(name),
        opts=opts,
    )
    aws.cloudwatch.EventTarget(RULE, rule=rule.name, target_id="alerts", arn=topic, opts=opts)


def failed_crawlers_widget(naming: Naming) -> WidgetSpec:
    """How many runs failed."""
    return WidgetSpec(
        "Failed crawlers",
        "Streams",
        (
            MetricQuery(
                id="failed",
                namespace="AWS/Events",
                name="MatchedEvents",
                dimensions={"RuleName": naming.of(Kind.EVENT_RULE, RULE)},
                statistic="Sum",
                period=300,
            ),
        ),
    )
