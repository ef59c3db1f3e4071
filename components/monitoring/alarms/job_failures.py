"""Failed runs of scheduled jobs: a rule for each job that hears of them and tells a topic.

A job that a deployment waits for fails that deployment; nobody waits for a scheduled one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components.contracts import Arn, MetricQuery, WidgetSpec
from components.naming import Kind, Naming
from components.parts.json_text import json_text
from components.tags import name_tag


@dataclass(frozen=True)
class ScheduledJob:
    """A job that nobody waits for."""

    family_arn: Arn
    """What the ARNs of its task definitions begin with, up to the revision's colon."""
    container: str
    """Whose exit code says how it ended."""


def failed_jobs(
    jobs: Mapping[str, ScheduledJob], topic: Arn, *, naming: Naming, opts: pulumi.ResourceOptions
) -> None:
    """Make a rule for each job.

    Args:
        jobs: by key.
        topic: who is told; its policy must let rules publish.
    """
    for key, job in jobs.items():
        name = _rule_name(key, naming)
        rule = aws.cloudwatch.EventRule(
            f"{key}-failed",
            name=name,
            description=f"A scheduled run of {key} failed",
            event_pattern=json_text(_pattern(job)),
            tags=name_tag(name),
            opts=opts,
        )
        aws.cloudwatch.EventTarget(
            f"{key}-failed", rule=rule.name, target_id="alerts", arn=topic, opts=opts
        )


def failed_jobs_widget(jobs: Mapping[str, ScheduledJob], naming: Naming) -> WidgetSpec:
    """How many runs failed, by job."""
    return WidgetSpec(
        "Failed scheduled jobs",
        "Services",
        tuple(
            MetricQuery(
                id=f"m{number}",
                namespace="AWS/Events",
                name="MatchedEvents",
                dimensions={"RuleName": _rule_name(key, naming)},
                statistic="Sum",
                period=300,
                label=key,
            )
            for number, key in enumerate(jobs, 1)
        ),
    )


def _pattern(job: ScheduledJob) -> dict[str, Any]:
    """A task that ended with another code than 0, or never began ("Amazon ECS task state change
    events", 2026-11)."""
    return {
        "source": ["aws.ecs"],
        "detail-type": ["ECS Task State Change"],
        "detail": {
            "lastStatus": ["STOPPED"],
            "taskDefinitionArn": [{"prefix": job.family_arn}],
            "$or": [
                {"containers": {"name": [job.container], "exitCode": [{"anything-but": [0]}]}},
                {"stopCode": ["TaskFailedToStart"]},
            ],
        },
    }


def _rule_name(key: str, naming: Naming) -> str:
    return naming.of(Kind.EVENT_RULE, key, "failed")
