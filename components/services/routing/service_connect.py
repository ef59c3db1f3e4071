"""How services call one another by name: Service Connect, as one ECS service takes it."""

from __future__ import annotations

from typing import Any

import pulumi

from components.services.settings import ServiceSettings
from components.services.task.containers import log_configuration


def service_connect(
    key: str,
    settings: ServiceSettings,
    *,
    calls: bool,
    namespace: pulumi.Input[str],
    log_group: str,
    region: str,
) -> Any:
    """What the service offers and that it calls others; None where it does neither.

    Args:
        calls: whether it calls other services.
        namespace: ARN.
        log_group: name; the proxies write there too.
    """
    if not settings.discoverable and not calls:
        return None
    offered: list[Any] = []
    if settings.discoverable:
        offered.append(
            {
                "port_name": key,
                "discovery_name": key,
                "client_alias": [{"dns_name": key, "port": settings.port}],
                **_timeout(settings),
            }
        )
    log = log_configuration(log_group, region, "proxy")
    return {
        "enabled": True,
        "namespace": namespace,
        "services": offered or None,
        "log_configuration": {"log_driver": log["logDriver"], "options": log["options"]},
    }


def _timeout(settings: ServiceSettings) -> dict[str, Any]:
    given = {
        "idle_timeout_seconds": settings.calls.idle_seconds,
        "per_request_timeout_seconds": settings.calls.request_seconds,
    }
    limits = {name: seconds for name, seconds in given.items() if seconds is not None}
    return {"timeout": limits} if limits else {}


def calls_trigger(callees: tuple[str, ...]) -> dict[str, str] | None:
    """Deploys a caller again when a service that it calls comes into being.

    A task knows the endpoints that there were when its deployment began, and no later ones
    ("Amazon ECS Service Connect components", Amazon ECS Developer Guide, 2026-11).

    Args:
        callees: keys of the called services that run.
    """
    return {"calls": ",".join(sorted(callees))} if callees else None
