"""Small systems with services, as a stack file would say them."""

from __future__ import annotations

from typing import Any

from testing.small_systems import NETWORK

DIGEST = "sha256:" + "ab" * 32
CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"
BALANCER = {"certificates": [{"arn": CERTIFICATE}], "accessLogs": "none"}


def service(**changes: Any) -> dict[str, Any]:
    """A worker of the least that a service needs."""
    return {"image": {"repository": "app", "digest": DIGEST}, **changes}


def web(host: str = "a.shop.example", **changes: Any) -> dict[str, Any]:
    """A service behind the load balancer."""
    return service(**{"port": 8080, "routes": [{"host": host}], **changes})


def parts(services: dict[str, Any], **others: Any) -> dict[str, Any]:
    """The parts of a stack file around some services."""
    given: dict[str, Any] = {"network": NETWORK, "services": services, **others}
    if any(declared.get("routes") for declared in services.values()):
        given.setdefault("loadBalancers", {"alb": BALANCER})
    return given
