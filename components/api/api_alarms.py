"""Alarms and widgets of an API, as data.

Names of metrics: "Amazon API Gateway dimensions and metrics" (API Gateway Developer Guide,
2026-11).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from components.contracts import AlarmSpec, MetricQuery, WidgetSpec
from components.parts.alarm import AlarmText, Limit, alarm, measured

NAMESPACE = "AWS/ApiGateway"
FIVE_MINUTES = 300
"""Seconds."""

FEW_REQUESTS = 20
"""In five minutes: among fewer, one caller's mistake is more than 5 %."""

MOST_4XX, MOST_5XX = 5.0, 0.1
"""Percent of requests."""

SLOW_MS = 500.0
"""That 99 in 100 requests keep below."""

SECTION = "APIs"


@dataclass(frozen=True)
class ApiMetrics:
    """What alarms and widgets of one API name."""

    key: str
    dimensions: Mapping[str, pulumi.Input[str]]
    client_errors: str
    """Name of the metric of answers 4xx."""
    server_errors: str
    log_name: str


def alarms_of(api: ApiMetrics) -> tuple[AlarmSpec, ...]:
    """Answers 4xx and 5xx by their share, and latency."""
    parent = f"api-{api.key}"
    return (
        alarm(
            f"{parent}-4xx",
            AlarmText(
                f"API {api.key}: callers' requests fail",
                f"More than {MOST_4XX:g} % of requests were refused within five minutes.",
                f"See in {api.log_name} which paths and statuses: a client of another version, "
                "tokens that ended, or somebody who tries doors.",
            ),
            _share(api, api.client_errors, least=FEW_REQUESTS),
            Limit(MOST_4XX),
            parent=parent,
        ),
        alarm(
            f"{parent}-5xx",
            AlarmText(
                f"API {api.key}: requests fail",
                f"More than {MOST_5XX:g} % of requests failed within five minutes.",
                f"See in {api.log_name} which paths, then read their functions' logs.",
            ),
            _share(api, api.server_errors, least=1),
            Limit(MOST_5XX),
            parent=parent,
        ),
        alarm(
            f"{parent}-latency",
            AlarmText(
                f"API {api.key}: requests take long",
                f"One request in a hundred took {SLOW_MS:g} ms or more, in two of the last three "
                "five-minute periods.",
                f"Compare latencyMs and functionMs in {api.log_name}: the function, or the way to "
                "it.",
            ),
            _metric(api, "Latency", "p99"),
            Limit(
                SLOW_MS,
                periods=3,
                datapoints=2,
                comparison="GreaterThanOrEqualToThreshold",
            ),
            parent=parent,
        ),
    )


def widgets_of(api: ApiMetrics) -> tuple[WidgetSpec, ...]:
    """Requests, errors, latency."""
    errors = (
        _metric(api, api.client_errors, "Sum", id_="refused"),
        _metric(api, api.server_errors, "Sum", id_="failed"),
    )
    took = tuple(
        _metric(api, "Latency", percentile, id_=percentile) for percentile in ("p50", "p95", "p99")
    )
    return (
        WidgetSpec(
            f"{api.key}: requests",
            SECTION,
            (_metric(api, "Count", "Sum"),),
            log_groups=(api.log_name,),
        ),
        WidgetSpec(f"{api.key}: errors", SECTION, errors),
        WidgetSpec(f"{api.key}: latency", SECTION, took, "ms", SLOW_MS),
    )


def _share(api: ApiMetrics, name: str, *, least: int) -> tuple[MetricQuery, ...]:
    """Percent of requests; 0 where there are some and fewer than `least`."""
    share = "100 * errors / requests"
    return (
        _metric(api, name, "Sum", id_="errors", shown=False),
        _metric(api, "Count", "Sum", id_="requests", shown=False),
        MetricQuery(
            id="share",
            expression=share if least == 1 else f"IF(requests >= {least}, {share}, 0)",
            label="failed (%)",
        ),
    )


def _metric(
    api: ApiMetrics, name: str, statistic: str, *, id_: str = "m1", shown: bool = True
) -> MetricQuery:
    return measured(
        NAMESPACE, name, dict(api.dimensions), statistic, FIVE_MINUTES, id_=id_, shown=shown
    )
