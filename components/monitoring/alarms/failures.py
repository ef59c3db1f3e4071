"""Failures that AWS tells as events: a rule hears of them, tells a topic, and is counted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_aws as aws

from components.contracts import Arn, MetricQuery, WidgetSpec
from components.parts.json_text import json_text
from components.tags import name_tag


def failure_rule(
    label: str,
    name: str,
    description: str,
    pattern: Mapping[str, Any],
    topic: Arn,
    opts: pulumi.ResourceOptions,
) -> None:
    """Make a rule of the default bus that tells a topic.

    Args:
        label: Pulumi name of the rule and of its target.
        name: physical name of the rule.
        pattern: of the events ("Amazon EventBridge event patterns", 2026-11).
        topic: who is told; its policy must let rules publish.
    """
    rule = aws.cloudwatch.EventRule(
        label,
        name=name,
        description=description,
        event_pattern=json_text(pattern),
        tags=name_tag(name),
        opts=opts,
    )
    aws.cloudwatch.EventTarget(label, rule=rule.name, target_id="alerts", arn=topic, opts=opts)


def failures_widget(title: str, section: str, rules: Mapping[str, str | None]) -> WidgetSpec:
    """How many events rules heard of.

    Args:
        rules: labels by name of the rule; None for one that stands alone.
    """
    return WidgetSpec(
        title,
        section,
        tuple(
            MetricQuery(
                id=f"m{number}",
                namespace="AWS/Events",
                name="MatchedEvents",
                dimensions={"RuleName": name},
                statistic="Sum",
                period=300,
                label=label,
            )
            for number, (name, label) in enumerate(rules.items(), 1)
        ),
    )
