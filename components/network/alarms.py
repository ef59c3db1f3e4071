"""Alarms and widgets of NAT gateways, as data: connections they could not open."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi

from components.contracts import AlarmSpec, MetricQuery, Severity, WidgetSpec

NAMESPACE = "AWS/NATGateway"
PERIOD_SECONDS = 300


def nat_alarms(gateways: Mapping[str, pulumi.Input[str]]) -> tuple[AlarmSpec, ...]:
    """One alarm a gateway.

    Args:
        gateways: ids by a label that is stable, as the zone's letter.
    """
    return tuple(
        AlarmSpec(
            name=f"nat-{label}-ports",
            title=f"NAT gateway {label}: no ports left",
            meaning="Connections from private subnets to one address outside could not be opened "
            "for 15 minutes.",
            action="Find who opens so many connections to one address and let it reuse them; or "
            "reach that service by an endpoint of the network.",
            severity=Severity.NOTIFY,
            metrics=(_metric("errors", "ErrorPortAllocation", "Sum", gateway),),
            threshold=0,
            comparison="GreaterThanThreshold",
            evaluation_periods=3,
            datapoints_to_alarm=3,
            missing_data="notBreaching",
            parent=f"nat-{label}",
        )
        for label, gateway in gateways.items()
    )


def nat_widgets(gateways: Mapping[str, pulumi.Input[str]]) -> tuple[WidgetSpec, ...]:
    """What goes out by each gateway, which is paid for by the gigabyte."""
    if not gateways:
        return ()
    lines = tuple(
        _metric(f"m{number}", "BytesOutToDestination", "Sum", gateway, label)
        for number, (label, gateway) in enumerate(gateways.items(), 1)
    )
    return (WidgetSpec("NAT gateways: sent", "Network", lines, unit="bytes"),)


def _metric(
    id_: str, name: str, statistic: str, gateway: pulumi.Input[str], label: str | None = None
) -> MetricQuery:
    return MetricQuery(
        id=id_,
        namespace=NAMESPACE,
        name=name,
        dimensions={"NatGatewayId": gateway},
        statistic=statistic,
        period=PERIOD_SECONDS,
        label=label,
    )
