"""Asks ECS to deploy a service again, so that its tasks read a rotated secret."""

from __future__ import annotations

from typing import Any, TypedDict

import boto3


class Request(TypedDict):
    """Which service; the rule that heard of the rotation says so."""

    cluster: str
    service: str


def handle(request: Request, _context: Any, *, ecs: Any = None) -> dict[str, str]:
    """Start a new deployment of the same task definition; returns the service's name."""
    client = ecs or boto3.client("ecs")
    client.update_service(
        cluster=request["cluster"], service=request["service"], forceNewDeployment=True
    )
    return {"service": request["service"]}
