"""What of a proxy is watched and shown, as data: its connections on either side."""

from __future__ import annotations

from components.contracts import AlarmSpec, MetricQuery, WidgetSpec
from components.database.alarms import NAMESPACE
from components.database.widgets import SECTION, chart
from components.parts.alarm import AlarmText, Limit, alarm, measured

MINUTES_5 = 300
"""Seconds."""


def proxy_failures(producer: str, proxy: str) -> AlarmSpec:
    """Connections to the database fail for a quarter of an hour.

    Args:
        producer: of the database, as in `database-main`.
        proxy: its physical name ("Monitoring RDS Proxy metrics with Amazon CloudWatch", 2026-11).
    """
    return alarm(
        f"{producer}-proxy-failures",
        AlarmText(
            f"{producer}: its proxy can't connect",
            "The proxy could not open connections to the database for 15 minutes; its clients wait "
            "or fail.",
            "Read the proxy's log: a secret whose user or password the database does not know, or "
            "a database without free connections, is the usual cause.",
        ),
        _failed(proxy),
        Limit(0, 3),
        parent=producer,
    )


def proxy_widgets(producer: str, proxy: str) -> tuple[WidgetSpec, ...]:
    """Clients' connections, the database's, waits for one, and those that failed."""
    own = {"proxy": {"ProxyName": proxy}}
    label = f"{producer} proxy"
    wait = "DatabaseConnectionsBorrowLatency"
    return (
        chart(f"{label}: client connections", own, "ClientConnections"),
        chart(f"{label}: database connections", own, "DatabaseConnections"),
        chart(f"{label}: wait for a connection", own, wait, unit="µs"),
        WidgetSpec(f"{label}: failed connections", SECTION, (_failed(proxy),)),
    )


def _failed(proxy: str) -> MetricQuery:
    own = {"ProxyName": proxy}
    return measured(NAMESPACE, "DatabaseConnectionsSetupFailed", own, "Sum", MINUTES_5)
