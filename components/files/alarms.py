"""Alarms and charts of a file system ("CloudWatch metrics for Amazon EFS", 2026-11)."""

from __future__ import annotations

import pulumi

from components.contracts import AlarmSpec, WidgetSpec
from components.files.settings import FileSystemSettings
from components.parts.alarm import AlarmText, Limit, alarm, measured
from components.parts.chart import Line, chart

NAMESPACE = "AWS/EFS"
SECTION = "Files"

NEAR_LIMIT_PERCENT = 80
"""Of what the General Purpose mode can do."""

LEAST_CREDITS = 1024**4
"""Bytes: a new file system begins with 2.1 TiB of credits, so that half of them are gone ("Amazon
EFS performance specifications", 2026-11)."""


def file_system_alarms(
    key: str, file_system_id: pulumi.Input[str], settings: FileSystemSettings
) -> tuple[AlarmSpec, ...]:
    """One on its limit, and where throughput is by credits, one on those."""
    producer, own = f"files-{key}", {"FileSystemId": file_system_id}
    found = [
        alarm(
            f"{producer}-limit",
            AlarmText(
                f"{producer}: requests come near its limit",
                "Clients send nearly as many operations as one file system takes, for a quarter "
                "of an hour; more of them wait.",
                "See which client opens or lists so many files, and give it a file system of its "
                "own.",
            ),
            measured(NAMESPACE, "PercentIOLimit", own, "Maximum"),
            Limit(NEAR_LIMIT_PERCENT, periods=15),
            parent=producer,
        )
    ]
    if settings.throughput == "bursting":
        found.append(
            alarm(
                f"{producer}-credits",
                AlarmText(
                    f"{producer}: burst credits run out",
                    "More is read and written than its size brings throughput for; with no "
                    "credits left it gets slow.",
                    "Set `throughput: elastic`, or read and write less.",
                ),
                measured(NAMESPACE, "BurstCreditBalance", own, "Minimum", 300),
                Limit(LEAST_CREDITS, periods=3, comparison="LessThanThreshold"),
                parent=producer,
            )
        )
    return tuple(found)


def file_system_widgets(key: str, file_system_id: pulumi.Input[str]) -> tuple[WidgetSpec, ...]:
    """Size by class, traffic, clients and the share of its limit."""
    own: dict[str, pulumi.Input[str]] = {"FileSystemId": file_system_id}

    def lines(title: str, *metrics: str, statistic: str, unit: str = "") -> WidgetSpec:
        drawn = [Line(metric, metric, own) for metric in metrics]
        return chart(
            f"files-{key}: {title}", SECTION, NAMESPACE, drawn, statistic=statistic, unit=unit
        )

    sizes = [
        Line(name, "StorageBytes", {**own, "StorageClass": name})
        for name in ("Total", "Standard", "IA")
    ]
    return (
        chart(
            f"files-{key}: size",
            SECTION,
            NAMESPACE,
            sizes,
            statistic="Average",
            unit="bytes",
        ),
        lines("traffic", "DataReadIOBytes", "DataWriteIOBytes", statistic="Sum", unit="bytes/min"),
        lines("clients", "ClientConnections", statistic="Sum"),
        lines("share of its limit", "PercentIOLimit", statistic="Maximum", unit="%"),
    )
