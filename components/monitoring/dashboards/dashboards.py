"""The dashboards of a system: the overview of every tier, and those of the stack file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pulumi
import pulumi_aws as aws

from components.contracts import AccountRegion, AlarmSpec, Arn, WidgetSpec
from components.monitoring.alarms.custom import Metric
from components.monitoring.dashboards.body import alarm_rows, body_of, height_of, links_row
from components.monitoring.dashboards.charts import charts_of
from components.monitoring.dashboards.console import dashboard_url, log_group_url
from components.monitoring.dashboards.layout import in_reading_order, laid_out, pages_of
from components.monitoring.dashboards.thresholds import by_subject
from components.monitoring.logs.logs import group_name
from components.monitoring.names import DASHBOARD_NAME
from components.monitoring.settings import MonitoringSettings
from components.naming import Naming
from components.parts.json_text import json_text


def create_dashboards(
    settings: MonitoringSettings,
    widgets: Sequence[WidgetSpec],
    *,
    alarms: Sequence[AlarmSpec],
    shown: Sequence[Arn],
    metrics: Mapping[str, Metric],
    naming: Naming,
    where: AccountRegion,
    opts: pulumi.ResourceOptions,
) -> None:
    """Make them; each links to the others and to the application's logs.

    Args:
        widgets: what every component publishes, in the order of the stack file.
        alarms: as the stack file has them; their thresholds are drawn.
        shown: ARNs of the alarms whose state stands on the overview.
        metrics: the application's, by key.

    Raises:
        pulumi.RunError: a chart names a metric that is nowhere.
    """
    overview = settings.overview
    ordered = in_reading_order(widgets)
    content = {overview.key: [widget for widget in ordered if overview.shows(widget.section)]}
    for key, board in settings.dashboards.items():
        tiers = [widget for widget in ordered if widget.section in board.tiers]
        content[key] = [*charts_of(board, metrics), *tiers]
    pages = dict(page for key, own in content.items() for page in _pages(key, own))
    names = {key: naming.of(DASHBOARD_NAME, key) for key in pages}
    limits = by_subject(alarms)
    logs = [group_name(log, naming) for log in settings.logs.values()]
    for key, own in pages.items():
        links = _links(key, names, logs, where)
        above = links_row(links, 0) if links else []
        if key == overview.key:
            above += alarm_rows(shown, height_of(above))
        placed = laid_out(own, height_of(above))
        aws.cloudwatch.Dashboard(
            key,
            dashboard_name=names[key],
            dashboard_body=json_text(body_of(placed, where, alarms=limits, above=above)),
            opts=opts,
        )


def _pages(key: str, widgets: Sequence[WidgetSpec]) -> Iterator[tuple[str, Sequence[WidgetSpec]]]:
    """A dashboard and those that take what it has no room for, by name."""
    for number, page in enumerate(pages_of(widgets), 1):
        yield (key if number == 1 else f"{key}-page-{number}"), page


def _links(here: str, names: Mapping[str, str], logs: Sequence[str], where: AccountRegion) -> str:
    """Markdown with the other dashboards and the application's logs; empty where there are none."""
    dashboards = [
        f"[{key}]({dashboard_url(name, where)})" for key, name in names.items() if key != here
    ]
    groups = [f"[{name}]({log_group_url(name, where)})" for name in logs]
    parts = (("Dashboards", dashboards), ("Logs", groups))
    return " | ".join(f"{title}: {' · '.join(links)}" for title, links in parts if links)
