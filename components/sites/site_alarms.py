"""Alarms and widgets of a site's distribution, as data, measured in us-east-1 only."""

from __future__ import annotations

import pulumi

from components.contracts import AlarmSpec, Severity, WidgetSpec
from components.parts.alarm import AlarmText, Limit, alarm, enough, measured
from components.parts.edge_region import US_EAST_1

NAMESPACE = "AWS/CloudFront"
FIVE_MINUTES = 300
"""Seconds."""

ERROR_PERCENT, LEAST_REQUESTS, MINUTES = 5, 20, 5
"""Of requests answered with 5xx; requests a minute that a share is made of; in a row."""


def site_alarms(key: str, domain: str, distribution: pulumi.Input[str]) -> tuple[AlarmSpec, ...]:
    """The share of requests that failed at the edge or behind it.

    Args:
        distribution: its id.
    """
    own = _dimensions(distribution)
    return (
        alarm(
            f"site-{key}-errors",
            AlarmText(
                f"{domain}: more than {ERROR_PERCENT} % errors",
                f"More than {ERROR_PERCENT} % of the requests were answered with 5xx for "
                f"{MINUTES} minutes: by the function at the edge, or by what stands behind.",
                "Open the site. If its pages come, look at the load balancers behind it; if not, "
                "at the edge function's errors and the bucket's policy.",
            ),
            (
                enough("rate", "requests", LEAST_REQUESTS, "Percent answered with 5xx"),
                measured(NAMESPACE, "5xxErrorRate", own, "Average", id_="rate", shown=False),
                measured(NAMESPACE, "Requests", own, "Sum", id_="requests", shown=False),
            ),
            Limit(ERROR_PERCENT, MINUTES),
            parent=f"site-{key}",
            severity=Severity.PAGE,
            region=US_EAST_1,
        ),
    )


def site_widgets(domain: str, distribution: pulumi.Input[str]) -> tuple[WidgetSpec, ...]:
    """Requests and error shares."""
    own = _dimensions(distribution)
    requests = measured(NAMESPACE, "Requests", own, "Sum", FIVE_MINUTES, id_="requests")
    errors = (
        measured(NAMESPACE, "4xxErrorRate", own, "Average", FIVE_MINUTES, id_="client"),
        measured(NAMESPACE, "5xxErrorRate", own, "Average", FIVE_MINUTES, id_="server"),
    )
    return (
        WidgetSpec(f"{domain}: requests", "Sites", (requests,), region=US_EAST_1),
        WidgetSpec(f"{domain}: errors", "Sites", errors, "%", region=US_EAST_1),
    )


def _dimensions(distribution: pulumi.Input[str]) -> dict[str, pulumi.Input[str]]:
    return {"DistributionId": distribution, "Region": "Global"}
