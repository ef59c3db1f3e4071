"""What AWS allows in the names that this package gives (each service's API reference, 2026-11)."""

from __future__ import annotations

import re

from components.naming import Kind

API_NAME = Kind("api", 128, r"[\w .+-]+", "CreateApi: Name")

_NOT_IN_GROUP_NAMES = re.compile(r"[^A-Za-z0-9._/#-]+")
"""API names may have spaces ("CreateApi: Name"), names of log groups not ("CreateLogGroup:
logGroupName", Amazon CloudWatch Logs API Reference, 2026-11)."""


def log_group_name(api_name: str) -> str:
    """The log group of an API's requests, by the API's name."""
    return f"/aws/apigateway/{_NOT_IN_GROUP_NAMES.sub('-', api_name)}"
