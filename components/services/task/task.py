"""A task definition with all it stands on: log group, security group, two roles, ways out.

Two services may call each other, so a task is made in two steps: its doorway (security group, log
group), which others link to, and then, from its own links, the rest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components.contracts import AccountRegion, Arn, Grant, Link, Mount, Placement, SecretRef
from components.naming import Kind, Naming
from components.parts.file_system import file_system_link
from components.parts.json_text import json_text
from components.parts.links import GivenTwiceError, Joined, join
from components.parts.log_group import log_group
from components.parts.security_group import security_group
from components.parts.ways_out import ways_out
from components.services.names import SERVICE_NAME
from components.services.task.containers import container_definitions, main_scratch, volume_names
from components.services.task.fargate import EPHEMERAL_GIB
from components.services.task.roles import GrantedRole, execution_role, granted_role
from components.services.task.settings import TaskSettings
from components.services.task.tracing import tracing_environment, tracing_grants
from components.tags import name_tag


@dataclass(frozen=True)
class Image:
    """One container's image, pinned by digest."""

    reference: pulumi.Input[str]
    """Registry, name and digest."""
    repository_arn: Arn | None = None
    """Of an ECR repository that the task must be let into."""


@dataclass(frozen=True)
class TaskLocation:
    """Where tasks live and what they are called there."""

    naming: Naming
    where: AccountRegion
    placement: Placement
    log_key_arn: Arn | None = None


class TaskPrerequisites:
    """What others need of a task before its own links are known: group and log."""

    def __init__(
        self, key: str, settings: TaskSettings, location: TaskLocation, opts: pulumi.ResourceOptions
    ) -> None:
        """Make the security group and the log group.

        Args:
            key: of the service or job; the prefix of every resource's Pulumi name.
        """
        naming = location.naming
        self.family = family_of(key, settings, naming)
        self.log_group_name = log_group_of(key, settings, naming)
        self.group = security_group(
            key,
            physical_name=naming.of(Kind.SECURITY_GROUP, key),
            description=f"Tasks of {key}",
            vpc_id=location.placement.vpc_id,
            opts=opts,
        )
        self.log = log_group(
            key,
            physical_name=self.log_group_name,
            retention_days=settings.log_retention_days,
            key_arn=location.log_key_arn,
            opts=opts,
        )


@dataclass(frozen=True)
class Task:
    """What runs, as soon as there is an image."""

    definition: aws.ecs.TaskDefinition | None
    """None while there is no image or a secret has no value yet."""
    joined: Joined
    execution: GrantedRole
    role: GrantedRole
    before: tuple[pulumi.Resource, ...]
    """What must be there before a task starts: rules, policies, what links wait for."""


def task(
    key: str,
    settings: TaskSettings,
    location: TaskLocation,
    prerequisites: TaskPrerequisites,
    *,
    links: Sequence[Link],
    images: Mapping[str, Image] | None,
    repository_arns: Sequence[Arn],
    grants: Sequence[Grant] = (),
    ports: Sequence[Mapping[str, Any]] = (),
    listening: str | None = None,
    opts: pulumi.ResourceOptions,
) -> Task:
    """Make the roles, the rules and, where there are images, the task definition.

    Args:
        images: by container name; None while one of them is waited for.
        repository_arns: repositories of its images, also of those waited for.
        grants: of the task role, beside those of the links.
        ports: the port mappings of the container that listens.
        listening: its name; the main one when left out.

    Raises:
        links.GivenTwiceError: two links give one environment variable or folder.
    """
    joined = join(settings.environment, [*links, *_file_systems(settings, location.where)])
    _check_folders(key, settings, joined.mounts)
    rules = ways_out(
        key,
        prerequisites.group.id,
        location.placement,
        joined.endpoints,
        internet=settings.internet,
        outside=joined.outside,
        opts=opts,
    )
    execution = execution_role(
        f"{key}-execution",
        physical_name=location.naming.of(Kind.ROLE, key, "execution"),
        where=location.where,
        repository_arns=repository_arns,
        log_group=prerequisites.log_group_name,
        secrets=[*joined.secrets, *(sign_in.secret for sign_in in joined.registry_sign_ins)],
        files=joined.environment_files,
        opts=opts,
    )
    role = granted_role(
        f"{key}-task",
        physical_name=location.naming.of(Kind.ROLE, key, "task"),
        description=f"What the code of {key} may do",
        where=location.where,
        grants=[*joined.grants, *tracing_grants(settings.tracing), *grants],
        opts=opts,
    )
    definition = (
        _definition(
            key,
            settings,
            location,
            prerequisites,
            joined,
            images,
            execution,
            role,
            ports,
            listening,
            opts,
        )
        if images is not None
        else None
    )
    before = (
        prerequisites.log,
        *rules,
        *execution.policies,
        *role.policies,
        *joined.depends_on,
        *location.placement.paths,
    )
    return Task(definition, joined, execution, role, before)


def _definition(
    key: str,
    settings: TaskSettings,
    location: TaskLocation,
    prerequisites: TaskPrerequisites,
    joined: Joined,
    images: Mapping[str, Image],
    execution: GrantedRole,
    role: GrantedRole,
    ports: Sequence[Mapping[str, Any]],
    listening: str | None,
    opts: pulumi.ResourceOptions,
) -> aws.ecs.TaskDefinition:
    containers = container_definitions(
        settings,
        images={name: image.reference for name, image in images.items()},
        # The stack file's own word wins.
        environment={**tracing_environment(settings.tracing, key), **joined.environment},
        secrets=joined.secrets,
        file_systems=joined.mounts,
        log_group=prerequisites.log_group_name,
        region=location.where.region,
        ports=ports,
        listening=listening,
        environment_files=joined.environment_files,
        sign_ins=joined.registry_sign_ins,
    )
    return aws.ecs.TaskDefinition(
        key,
        family=prerequisites.family,
        requires_compatibilities=["FARGATE"],
        network_mode="awsvpc",
        cpu=str(settings.cpu),
        memory=str(settings.memory),
        runtime_platform={
            "cpu_architecture": settings.architecture.upper(),
            "operating_system_family": "LINUX",
        },
        # The 20 GiB that every task has must be left out: AWS refuses less than 21 here.
        ephemeral_storage={"size_in_gib": settings.ephemeral_gib}
        if settings.ephemeral_gib > EPHEMERAL_GIB[0]
        else None,
        execution_role_arn=execution.role.arn,
        task_role_arn=role.role.arn,
        container_definitions=_once_ready(json_text(containers), joined.secrets),
        volumes=_volumes(settings, joined.mounts),
        # Older revisions stay active: a rollback starts tasks of one.
        skip_destroy=True,
        tags=name_tag(prerequisites.family),
        opts=opts,
    )


def family_of(key: str, settings: TaskSettings, naming: Naming) -> str:
    """Name of the task definition, known from the settings alone."""
    return naming.chosen(SERVICE_NAME, settings.family, key)


def log_group_of(key: str, settings: TaskSettings, naming: Naming) -> str:
    """Name of the log group, known from the settings alone."""
    if settings.log_group is not None:
        return naming.exact(Kind.LOG_GROUP, settings.log_group)
    return f"/ecs/{naming.of(Kind.LOG_GROUP, key)}"


def _once_ready(text: pulumi.Input[str], secrets: Sequence[SecretRef]) -> pulumi.Input[str]:
    """The text, after every first value of a secret that is made at deployment."""
    ready = [secret.ready for secret in secrets if secret.ready is not None]
    if not ready:
        return text
    return pulumi.Output.all(text, *ready).apply(lambda parts: str(parts[0]))


def _volumes(settings: TaskSettings, mounts: Sequence[Mount]) -> list[Any] | None:
    volumes: list[Any] = [{"name": name} for name in volume_names(settings)]
    volumes += [{"name": f"shared-{key}"} for key in sorted(settings.volumes)]
    volumes += [
        {
            "name": mount.name,
            "efs_volume_configuration": {
                "file_system_id": mount.file_system_id,
                "transit_encryption": "ENABLED",
                "authorization_config": {
                    "access_point_id": mount.access_point_id,
                    "iam": "ENABLED",
                },
            },
        }
        for mount in mounts
    ]
    return volumes or None


def _file_systems(settings: TaskSettings, where: AccountRegion) -> list[Link]:
    """Links to the file systems that exist already."""
    return [
        file_system_link(
            f"files-{key}",
            where=where,
            file_system_id=system.file_system_id,
            access_point_id=system.access_point_id,
            security_group_id=system.security_group_id,
            path=system.path,
            read_only=system.read_only,
        )
        for key, system in sorted(settings.file_systems.items())
    ]


def _check_folders(key: str, settings: TaskSettings, mounts: Sequence[Mount]) -> None:
    """Refuse a file system in a folder where the main container has something else."""
    taken = {path.rstrip("/"): "scratch" for path in main_scratch(settings)}
    taken |= {mount.path.rstrip("/"): f"volumes.{name}" for name, mount in settings.mounts.items()}
    for mount in mounts:
        if other := taken.get(mount.path.rstrip("/")):
            raise GivenTwiceError(
                f"{mount.name} is mounted at {mount.path} of {key}, where its {other} is already"
            )
