"""Failed runs of crawlers: a rule that hears of them, tells the alerts topic, and is counted."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi

from components.contracts import Arn, WidgetSpec
from components.monitoring.alarms.failures import failure_rule, failures_widget
from components.naming import Kind, Naming

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
    description = "A run of a crawler failed: its tables are not what stands in the folder"
    failure_rule(RULE, name, description, pattern, topic, opts)


def failed_crawlers_widget(naming: Naming) -> WidgetSpec:
    """How many runs failed."""
    return failures_widget("Failed crawlers", "Streams", {naming.of(Kind.EVENT_RULE, RULE): None})
