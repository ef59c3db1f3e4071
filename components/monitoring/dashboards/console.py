"""Addresses in CloudWatch's console, for links on dashboards."""

from __future__ import annotations

from urllib.parse import quote

from components.contracts import AccountRegion

HOSTS = {
    "aws": "console.aws.amazon.com",
    "aws-us-gov": "console.amazonaws-us-gov.com",
    "aws-cn": "console.amazonaws.cn",
}
"""By partition ("AWS Management Console endpoints", AWS General Reference, 2026-11)."""


def log_group_url(name: str, where: AccountRegion) -> str:
    """Of a log group. The console takes its name percent-encoded twice, with `$` for `%`."""
    twice = quote(quote(name, safe=""), safe="").replace("%", "$")
    return f"{_console(where)}#logsV2:log-groups/log-group/{twice}"


def dashboard_url(name: str, where: AccountRegion) -> str:
    """Of a dashboard."""
    return f"{_console(where)}#dashboards/dashboard/{name}"


def _console(where: AccountRegion) -> str:
    return f"https://{HOSTS[where.partition]}/cloudwatch/home?region={where.region}"
