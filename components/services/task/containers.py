"""The container definitions of a task, as ECS takes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pulumi

from components.contracts import EnvironmentFile, Mount, RegistrySignIn, SecretRef
from components.services.task.log_router import ROUTER, routed, router_configuration
from components.services.task.settings import (
    ContainerHealthSettings,
    MountSettings,
    SidecarSettings,
    TaskSettings,
)
from components.services.task.start_order import Condition

SESSION_FOLDERS = ("/var/lib/amazon", "/var/log/amazon")
"""What the agent of a recorded shell writes; with a read-only root they must be mounted
("Using Amazon ECS Exec", 2026-11)."""

LOG_BUFFER = "25m"
"""What a container may hold back when CloudWatch is slow, before lines are dropped: an
application must not stop because its log does ("awslogs log driver", ECS guide, 2026-11)."""

Definition = dict[str, Any]


def container_definitions(
    settings: TaskSettings,
    *,
    images: Mapping[str, pulumi.Input[str]],
    environment: Mapping[str, pulumi.Input[str]],
    secrets: Sequence[SecretRef],
    file_systems: Sequence[Mount] = (),
    log_group: str,
    region: str,
    ports: Sequence[Mapping[str, Any]] = (),
    listening: str | None = None,
    environment_files: Sequence[EnvironmentFile] = (),
    sign_ins: Sequence[RegistrySignIn] = (),
) -> list[Definition]:
    """The main container first, then the sidecars by name.

    Args:
        images: image reference by container name.
        ports: the port mappings of the container that listens.
        listening: its name; the main one when left out.
        environment_files: for the main container.
        sign_ins: of containers whose registry asks for a password.
    """
    listening = listening or settings.container
    log = log_configuration(log_group, region)
    logs = _logs(settings, log, secrets)
    main: Definition = {
        **_common(settings.container, images[settings.container], logs[settings.container]),
        "essential": True,
        "stopTimeout": settings.stop_timeout,
        "readonlyRootFilesystem": settings.read_only_root,
        "environment": _pairs(environment),
        "secrets": _references(secrets),
        "portMappings": [dict(port) for port in ports] if listening == settings.container else [],
        "mountPoints": [
            *_mounts(settings.container, main_scratch(settings)),
            *_shared(settings.mounts),
            *_files(file_systems),
        ],
        **_optional(settings.command, settings.entry_point, settings.user),
    }
    if environment_files:
        main["environmentFiles"] = [{"value": file.arn, "type": "s3"} for file in environment_files]
    if settings.health_command:
        main["healthCheck"] = _health(settings.health_command)
    if settings.ulimits:
        main["ulimits"] = [
            {"name": name, "softLimit": limit.soft, "hardLimit": limit.hard}
            for name, limit in sorted(settings.ulimits.items())
        ]
    waits: dict[str, Condition] = {
        name: sidecar.start_first
        for name, sidecar in settings.beside.items()
        if sidecar.start_first is not None
    }
    if waits:
        main["dependsOn"] = _waits(waits)
    sidecars = [
        _sidecar(
            name,
            sidecar,
            images[name],
            logs[name],
            session=settings.exec,
            stop_timeout=settings.stop_timeout,
            environment={
                name: environment[name] for name in sidecar.variables if name in environment
            },
            secrets=[secret for secret in secrets if secret.environment in sidecar.variables],
            ports=ports if name == listening else (),
            files=_beside(sidecar, file_systems),
        )
        for name, sidecar in sorted(settings.beside.items())
    ]
    if settings.log_router is not None:
        configuration = router_configuration(settings.log_router)
        for definition in sidecars:
            if definition["name"] == ROUTER:
                definition["firelensConfiguration"] = configuration
    parameters = {sign_in.container: sign_in.parameter for sign_in in sign_ins}
    return [_signed_in(definition, parameters) for definition in (main, *sidecars)]


def _logs(
    settings: TaskSettings, log: Definition, secrets: Sequence[SecretRef]
) -> Mapping[str, Definition]:
    """Where each container's log goes: to the router if it takes it, else to the log group."""
    found = dict.fromkeys((settings.container, *settings.beside), log)
    if settings.log_datetime_format is not None:
        begins = {"awslogs-datetime-format": settings.log_datetime_format}
        found[settings.container] = {**log, "options": {**log["options"], **begins}}
    router = settings.log_router
    if router is not None:
        references = {secret.environment: secret_reference(secret) for secret in secrets}
        sent = routed(router, references)
        found |= dict.fromkeys((settings.container, *router.containers), sent)
    return found


def _signed_in(definition: Definition, parameters: Mapping[str, pulumi.Input[str]]) -> Definition:
    parameter = parameters.get(definition["name"])
    if parameter is None:
        return definition
    return {**definition, "repositoryCredentials": {"credentialsParameter": parameter}}


_CONDITIONS = {
    "started": "START",
    "complete": "COMPLETE",
    "success": "SUCCESS",
    "healthy": "HEALTHY",
}


def _waits(conditions: Mapping[str, Condition]) -> list[Definition]:
    return [
        {"containerName": name, "condition": _CONDITIONS[condition]}
        for name, condition in sorted(conditions.items())
    ]


def _beside(settings: SidecarSettings, mounts: Sequence[Mount]) -> list[Mount]:
    """The task's file systems in a sidecar, each in its own folder."""
    own = settings.file_systems
    return [
        replace(
            mount,
            path=own[mount.path].path,
            read_only=mount.read_only or own[mount.path].read_only,
        )
        for mount in mounts
        if mount.path in own
    ]


def log_configuration(log_group: str, region: str, prefix: str = "ecs") -> Definition:
    """To the task's own log group, which is there before the task."""
    return {
        "logDriver": "awslogs",
        "options": {
            "awslogs-group": log_group,
            "awslogs-region": region,
            "awslogs-stream-prefix": prefix,
            "mode": "non-blocking",
            "max-buffer-size": LOG_BUFFER,
        },
    }


def secret_reference(secret: SecretRef) -> pulumi.Input[str]:
    """ARN, or ARN and JSON key: `arn:json-key:version-stage:version-id`, the last two empty."""
    if secret.json_key is None:
        return secret.arn
    if isinstance(secret.arn, str):
        return f"{secret.arn}:{secret.json_key}::"
    return pulumi.Output.concat(secret.arn, f":{secret.json_key}::")


def main_scratch(settings: TaskSettings) -> tuple[str, ...]:
    """Folders of the main container that can be written."""
    return settings.scratch + _session_folders(settings.read_only_root, session=settings.exec)


def volume_names(settings: TaskSettings) -> list[str]:
    """Names of the empty volumes behind `scratch`, in a stable order."""
    names = [volume_name(settings.container, path) for path in main_scratch(settings)]
    for name, sidecar in sorted(settings.beside.items()):
        folders = sidecar.scratch + _session_folders(sidecar.read_only_root, session=settings.exec)
        names += [volume_name(name, path) for path in folders]
    return names


def volume_name(container: str, path: str) -> str:
    """As in `web-tmp`; letters, digits, hyphens and underscores only."""
    folder = "".join(char if char.isalnum() else "-" for char in path.strip("/")) or "root"
    return f"{container}-{folder}"


def _sidecar(
    name: str,
    settings: SidecarSettings,
    image: pulumi.Input[str],
    log: Definition,
    *,
    session: bool,
    stop_timeout: int,
    environment: Mapping[str, pulumi.Input[str]],
    secrets: Sequence[SecretRef],
    ports: Sequence[Mapping[str, Any]],
    files: Sequence[Mount],
) -> Definition:
    folders = settings.scratch + _session_folders(settings.read_only_root, session=session)
    definition: Definition = {
        **_common(name, image, log),
        "essential": settings.essential,
        # As long as the main container's: what it finishes may need them.
        "stopTimeout": stop_timeout,
        "readonlyRootFilesystem": settings.read_only_root,
        "environment": _pairs({**environment, **settings.environment}),
        "mountPoints": [*_mounts(name, folders), *_shared(settings.mounts), *_files(files)],
        **_optional(settings.command, settings.entry_point, settings.user),
    }
    if secrets:
        definition["secrets"] = _references(secrets)
    if ports:
        definition["portMappings"] = [dict(port) for port in ports]
    if settings.cpu:
        definition["cpu"] = settings.cpu
    if settings.memory:
        definition["memory"] = settings.memory
    if settings.after:
        definition["dependsOn"] = _waits(settings.after)
    if settings.health:
        definition["healthCheck"] = _health(settings.health)
    return definition


def _common(name: str, image: pulumi.Input[str], log: Definition) -> Definition:
    return {
        "name": name,
        "image": image,
        # An init process passes signals on and collects ended children.
        "linuxParameters": {"initProcessEnabled": True},
        "privileged": False,
        "logConfiguration": log,
    }


def _optional(command: Sequence[str], entry_point: Sequence[str], user: str | None) -> Definition:
    found: Definition = {}
    if command:
        found["command"] = list(command)
    if entry_point:
        found["entryPoint"] = list(entry_point)
    if user:
        found["user"] = user
    return found


def _pairs(environment: Mapping[str, pulumi.Input[str]]) -> list[Definition]:
    return [{"name": name, "value": environment[name]} for name in sorted(environment)]


def _health(settings: ContainerHealthSettings) -> Definition:
    return {
        "command": ["CMD-SHELL", settings.command],
        "interval": settings.interval,
        "timeout": settings.timeout,
        "retries": settings.retries,
        "startPeriod": settings.start_period,
    }


def _session_folders(read_only: bool, *, session: bool) -> tuple[str, ...]:
    return SESSION_FOLDERS if read_only and session else ()


def _mounts(container: str, folders: Sequence[str]) -> list[Definition]:
    return [
        {
            "sourceVolume": volume_name(container, path),
            "containerPath": path,
            "readOnly": False,
        }
        for path in folders
    ]


def _references(secrets: Sequence[SecretRef]) -> list[Definition]:
    return [
        {"name": secret.environment, "valueFrom": secret_reference(secret)} for secret in secrets
    ]


def _shared(mounts: Mapping[str, MountSettings]) -> list[Definition]:
    return [
        {"sourceVolume": f"shared-{key}", "containerPath": mount.path, "readOnly": mount.read_only}
        for key, mount in sorted(mounts.items())
    ]


def _files(mounts: Sequence[Mount]) -> list[Definition]:
    return [
        {"sourceVolume": mount.name, "containerPath": mount.path, "readOnly": mount.read_only}
        for mount in mounts
    ]
