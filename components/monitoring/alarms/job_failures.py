"""Failed runs of scheduled jobs: a rule for each job that hears of them and tells a topic.

A job that a deployment waits for fails that deployment; nobody waits for a scheduled one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi

from components.contracts import Arn, WidgetSpec
from components.monitoring.alarms.failures import failure_rule, failures_widget
from components.naming import Kind, Naming


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
        name, description = _rule_name(key, naming), f"A scheduled run of {key} failed"
        failure_rule(f"{key}-failed", name, description, _pattern(job), topic, opts)


def failed_jobs_widget(jobs: Mapping[str, ScheduledJob], naming: Naming) -> WidgetSpec:
    """How many runs failed, by job."""
    rules = {_rule_name(key, naming): key for key in jobs}
    return failures_widget("Failed scheduled jobs", "Services", rules)


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
