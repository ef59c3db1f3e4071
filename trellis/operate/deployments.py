"""A service's deployment: what it does now, and the answer of a person where it waits for one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from components.services.deployment.ecs_service import STAGES
from trellis.halfway import halfway
from trellis.operate.access import Access
from trellis.operate.system import Service

Answer = Literal["continue", "rollback"]

RUNNING = ("PENDING", "IN_PROGRESS")
"""States of a deployment that is not over (`ServiceDeploymentStatus`, Amazon ECS API Reference,
2026-11)."""

WAITING = "AWAITING_ACTION"
"""State of a pause that a person answers."""


class NothingToDoError(Exception):
    """No deployment runs, or none waits; the text says which."""


@dataclass(frozen=True)
class Deployment:
    """The newest deployment of a service, as ECS describes it."""

    service: Service
    described: Mapping[str, Any]

    @property
    def status(self) -> str:
        """ECS's word, as in `IN_PROGRESS`."""
        return str(self.described.get("status", ""))

    @property
    def runs(self) -> bool:
        """Whether it is not over."""
        return self.status in RUNNING

    @property
    def pauses(self) -> tuple[Mapping[str, Any], ...]:
        """The gates that wait for a person."""
        hooks = self.described.get("lifecycleHookDetails") or ()
        return tuple(
            hook
            for hook in hooks
            if hook.get("targetType") == "PAUSE" and hook.get("status") == WAITING
        )


def newest(service: Service, access: Access) -> Deployment | None:
    """The deployment that runs, or the last one; None where there was none in 90 days."""
    client = access.client("ecs")
    found = client.list_service_deployments(service=service.name, cluster=service.cluster)
    briefs = sorted(
        found.get("serviceDeployments", ()), key=lambda brief: brief["createdAt"], reverse=True
    )
    if not briefs:
        return None
    arn = briefs[0]["serviceDeploymentArn"]
    described = client.describe_service_deployments(serviceDeploymentArns=[arn])
    return Deployment(service, described["serviceDeployments"][0])


def answer(deployment: Deployment | None, decision: Answer, access: Access) -> str:
    """Let a waiting deployment go on, or take one back.

    Returns:
        What was done, in words.

    Raises:
        NothingToDoError: none runs; or none waits, and it shall go on.
    """
    if deployment is None or not deployment.runs:
        raise NothingToDoError("no deployment runs")
    arn = deployment.described["serviceDeploymentArn"]
    client = access.client("ecs")
    key = deployment.service.key
    if decision == "continue" and not deployment.pauses:
        raise NothingToDoError(f"the deployment of {key} runs and waits for nobody")
    unsure = f"the answer may have been taken: `trellis deployment STACK {key}` says where it is"
    with halfway(unsure):
        for pause in deployment.pauses:
            client.continue_service_deployment(
                serviceDeploymentArn=arn, hookId=pause["hookId"], action=decision.upper()
            )
        if not deployment.pauses:
            client.stop_service_deployment(serviceDeploymentArn=arn, stopType="ROLLBACK")
    return f"{key} goes on" if decision == "continue" else f"{key} goes back to the former version"


def lines(deployment: Deployment | None) -> Iterator[str]:
    """What a person reads of a deployment."""
    if deployment is None:
        yield "no deployment in the last 90 days"
        return
    description = deployment.described
    status = deployment.status.lower().replace("_", " ")
    yield f"{deployment.service.key}: {status}{_since(description)}"
    if description.get("statusReason"):
        yield f"  {description['statusReason']}"
    if deployment.runs and description.get("lifecycleStage"):
        yield f"  stage: {_stage(str(description['lifecycleStage']))}{_weight(description)}"
    for pause in deployment.pauses:
        yield f"  waits for a person{_until(pause)}: answer with --continue or --rollback"


def _stage(name: str) -> str:
    ours = {aws: stage for stage, aws in STAGES.items()}
    return ours.get(name, name.lower().replace("_", " "))


def _since(description: Mapping[str, Any]) -> str:
    end = description.get("finishedAt") or description.get("stoppedAt")
    if isinstance(end, dt.datetime):
        return f" {end:%Y-%m-%d %H:%M} UTC"
    start = description.get("startedAt")
    return f" since {start:%Y-%m-%d %H:%M} UTC" if isinstance(start, dt.datetime) else ""


def _weight(description: Mapping[str, Any]) -> str:
    revision: Mapping[str, Any] = description.get("targetServiceRevision") or {}
    percent = revision.get("requestedProductionTrafficWeight")
    return "" if percent is None else f", {percent:g} % of the traffic"


def _until(pause: Mapping[str, Any]) -> str:
    expires = pause.get("expiresAt")
    if not isinstance(expires, dt.datetime):
        return ""
    then = str(pause.get("timeoutAction", "ROLLBACK")).lower()
    return f" until {expires:%Y-%m-%d %H:%M} UTC (then: {then})"
