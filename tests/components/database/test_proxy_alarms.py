"""What of a proxy is told and shown."""

from __future__ import annotations

from components.database.proxy_alarms import proxy_failures, proxy_widgets


def test_connections_that_fail_for_a_quarter_of_an_hour_are_told():
    alarm = proxy_failures("database-main", "shop-dev-main-proxy")
    (measured,) = alarm.metrics
    assert (measured.namespace, measured.name) == ("AWS/RDS", "DatabaseConnectionsSetupFailed")
    assert measured.dimensions == {"ProxyName": "shop-dev-main-proxy"}
    assert (measured.statistic, measured.period) == ("Sum", 300)
    assert (alarm.threshold, alarm.comparison) == (0, "GreaterThanThreshold")
    assert (alarm.datapoints_to_alarm, alarm.evaluation_periods) == (3, 3)
    assert alarm.missing_data == "notBreaching"
    assert (alarm.name, alarm.parent) == ("database-main-proxy-failures", "database-main")


def test_both_sides_of_the_pool_are_shown():
    shown = [
        metric.name for chart in proxy_widgets("database-main", "p") for metric in chart.metrics
    ]
    assert shown == [
        "ClientConnections",
        "DatabaseConnections",
        "DatabaseConnectionsBorrowLatency",
        "DatabaseConnectionsSetupFailed",
    ]
