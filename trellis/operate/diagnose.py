"""`trellis diagnose`: why the last deployment failed, from the engine's events and from ECS."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trellis.operate import deployments
from trellis.operate.access import listed
from trellis.operate.findings import Check, Finding, Status, found
from trellis.operate.planned import Planned
from trellis.operate.system import Service, System
from trellis.stackfile.tree import is_mapping

ENGINE, DEPLOYMENT, TASKS, EVENTS = "engine", "deployment", "stopped tasks", "service events"

MOST_EVENTS = 5

FAILED = ("FAILED", "STOPPED", "ROLLBACK")
"""How states of a deployment begin that went wrong (`ServiceDeploymentStatus`, Amazon ECS API
Reference, 2026-11)."""

QUIET = re.compile(
    r"has reached a steady state|has started|registered|has stopped|deployment completed"
)
"""Events of a service that is well (from memory of ECS's messages; an event that is not in it is
told, so the worst is a line too many)."""

CAUSES: Sequence[tuple[str, str]] = (
    (r"CannotPullContainer", "the image's digest is in its repository, the task reaches it (NAT, "
     "or for ECR endpoints `ecr`, `s3`), and `image.credentials` are those of its registry"),
    (r"ResourceInitializationError.*secret|unable to pull secrets", "every secret has a value "
     "(`trellis secrets status`), and the task reaches Secrets Manager"),
    (r"ResourceInitializationError", "the task reaches ECR, Secrets Manager and CloudWatch Logs "
     "(NAT or `network.endpoints`)"),
    (r"OutOfMemory", "give the task more `memory`"),
    (r"health check", "the health path and port, and `deployment.grace` where it starts slowly"),
    (r"unable to place|capacity is unavailable", "Spot has no capacity: raise `capacity.onDemand`"),
    (r"Essential container in task exited", "read its log: `trellis logs`"),
    (r"Email address is not verified|SES account is in Sandbox", "a user pool sends by SES once "
     "the domain is verified and the account out of the sandbox: `trellis doctor`, then `up` "
     "again"),
    (r"AccessDenied|not authorized|UnauthorizedOperation", "the deploying role lacks this "
     "permission"),
    (r"AlreadyExists|already exists|BucketAlreadyOwned", "something of that name is there: import "
     "it, or choose another `name`"),
    (r"LimitExceeded|quota", "`trellis doctor` shows the quota and the command that raises it"),
    (r"timeout while waiting|timed out", "`trellis deployment` and the service's events below say "
     "what it waited for"),
)  # fmt: skip
"""What to look at, by words of AWS's and the engine's messages (from memory); the first that fits
is told, and the message itself is always there."""


class UnreadableEventsError(Exception):
    """A file that holds no events of the engine; the text says why."""


@dataclass(frozen=True)
class Failure:
    """An error that the engine told of."""

    urn: str
    message: str


def failures(file: Path) -> list[Failure]:
    """The errors in a file of engine events (`pulumi up --json`), the first one first.

    Raises:
        UnreadableEventsError: it can't be read, or holds no events.
    """
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableEventsError(f"{file} can't be read: {error}") from None
    events: list[Mapping[str, Any]] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            event: Any = json.loads(line)
        except (ValueError, RecursionError):
            raise UnreadableEventsError(f"{file}:{number} is not JSON") from None
        if not is_mapping(event) or "sequence" not in event:
            raise UnreadableEventsError(f"{file}:{number} is no event of the engine")
        events.append(event)
    distinct: dict[Failure, None] = {}
    for event in events:
        diagnostic: Mapping[str, Any] = event.get("diagnosticEvent") or {}
        if diagnostic.get("severity") == "error":
            text = plain_text(str(diagnostic.get("message", "")))
            distinct[Failure(str(diagnostic.get("urn", "")), text)] = None
    # What names a resource says more than that the update failed.
    return sorted(distinct, key=lambda failure: not failure.urn)


def plain_text(message: str) -> str:
    """A message of the engine in one line, without the marks of its colours."""
    return " ".join(re.sub(r"<\{%[^%]*%\}>|\x1b\[[0-9;]*m", "", message).split())


def engine_findings(system: System, found_: Sequence[Failure]) -> Iterator[Finding]:
    """The engine's errors, each with the line of the stack file that makes the resource."""
    for failure in found_:
        resource = system.resources.get(failure.urn)
        name = failure.urn.rpartition("::")[2]
        type_ = failure.urn.rpartition("::")[0].rpartition("::")[2].rpartition("$")[2]
        label = f"{type_.rpartition(':')[2]} {name}: " if failure.urn else ""
        place = system.place(resource) if resource is not None else ""
        yield _wrong(ENGINE, f"{label}{failure.message}", place)


def _deployments(planned: Planned) -> Iterator[Finding]:
    for service in planned.system.services():
        newest = deployments.newest(service, planned.access)
        if newest is None:
            continue
        description = " ".join(deployments.lines(newest))
        if newest.status.startswith(FAILED):
            yield _wrong(DEPLOYMENT, description, service.place)
        elif newest.pauses:
            yield Finding(
                DEPLOYMENT,
                Status.WARNING,
                description,
                f"`trellis deployment STACK {service.key} --continue` or `--rollback`",
                service.place,
            )
        else:
            yield Finding(DEPLOYMENT, Status.OK, description, "", service.place)


def _tasks(planned: Planned) -> Iterator[Finding]:
    """Tasks that ended in the last hour: ECS keeps them no longer."""
    client = planned.access.client("ecs")
    for service in planned.system.services():
        arns = listed(
            client.list_tasks,
            "taskArns",
            cluster=service.cluster,
            serviceName=service.name,
            desiredStatus="STOPPED",
        )
        if not arns:
            continue
        described = client.describe_tasks(cluster=service.cluster, tasks=arns[:100])["tasks"]
        reasons = {_reason(task): None for task in described if _went_wrong(task)}
        for reason in reasons:
            yield _wrong(TASKS, f"{service.key}: {reason}", service.place)


def _went_wrong(task: dict[str, Any]) -> bool:
    """Scaling in and deployments stop tasks that were well."""
    return task.get("stopCode") not in ("ServiceSchedulerInitiated", "UserInitiated") or any(
        container.get("exitCode") or container.get("reason")
        for container in task.get("containers", ())
    )


def _reason(task: dict[str, Any]) -> str:
    containers = [
        f"{container['name']}"
        + (f" exited with {container['exitCode']}" if container.get("exitCode") else "")
        + (f" ({container['reason']})" if container.get("reason") else "")
        for container in task.get("containers", ())
        if container.get("exitCode") or container.get("reason")
    ]
    return "; ".join([str(task.get("stoppedReason", "")), *containers])


def _events(planned: Planned) -> Iterator[Finding]:
    client = planned.access.client("ecs")
    for service in planned.system.services():
        services = listed(
            client.describe_services, "services", cluster=service.cluster, services=[service.name]
        )
        for described in services:
            yield from _events_of(service, described.get("events", ()))


def _events_of(service: Service, events: Sequence[dict[str, Any]]) -> Iterator[Finding]:
    """Since the service was last steady, the newest ones first."""
    printed = 0
    for event in events:
        message = str(event.get("message", ""))
        if "has reached a steady state" in message or printed == MOST_EVENTS:
            return
        if not QUIET.search(message):
            printed += 1
            yield _wrong(EVENTS, message, service.place)


def _wrong(check: str, message: str, place: str) -> Finding:
    remedy = next((do for words, do in CAUSES if re.search(words, message, re.IGNORECASE)), "")
    return Finding(check, Status.WRONG, message, remedy, place)


CHECKS: Sequence[Check[Planned]] = (
    Check(DEPLOYMENT, _deployments),
    Check(TASKS, _tasks),
    Check(EVENTS, _events),
)


def examine(planned: Planned) -> list[Finding]:
    """What ECS knows of it."""
    return found(CHECKS, planned)
