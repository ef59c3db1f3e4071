"""Whether connections to databases and their proxies are encrypted, as far as a plan says."""

from __future__ import annotations

from components.parts.in_transit import ASKED_TLS, FORCED_TLS
from components.parts.shown import Opened, ShownResources

FORCING = ("rds.force_ssl", "require_secure_transport")
"""Parameters by which a server takes no other connection, PostgreSQL's and MySQL's."""

GROUPS = (
    "aws:rds/parameterGroup:ParameterGroup",
    "aws:rds/clusterParameterGroup:ClusterParameterGroup",
)


def of_database(resources: ShownResources, _: Opened) -> str:
    """By the parameters of the server."""
    for type_ in GROUPS:
        for (parameters,) in resources.every(type_, "parameters"):
            for parameter in parameters:
                name, value = parameter.get("name"), str(parameter.get("value"))
                if name in FORCING and value in ("1", "ON"):
                    return FORCED_TLS
    return ASKED_TLS


def of_proxy(resources: ShownResources, _: Opened) -> str:
    """By what the proxy requires."""
    required = resources.get("aws:rds/proxy:Proxy", "requireTls", default=False)
    return FORCED_TLS if required else ASKED_TLS
