"""The Lambda function itself, from its code, role and environment; its alias and its retries."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components.contracts import Mount
from components.functions.settings import ENVIRONMENT_BYTES, FunctionSettings
from components.tags import name_tag

ALIAS = "live"
"""What everything calls where a version is published."""

MOUNTED = re.compile(r"/mnt/[a-zA-Z0-9_.-]+")
"""Folders that a function's file system is mounted at ("FileSystemConfig", AWS Lambda API
Reference, 2026-11)."""


@dataclass(frozen=True)
class Code:
    """Where the function's code is: exactly one of a zip, a zip in a bucket, and an image."""

    archive: pulumi.Archive | None = None
    bucket: pulumi.Input[str] | None = None
    object_key: pulumi.Input[str] | None = None
    image: pulumi.Input[str] | None = None
    """Registry, name and digest."""
    after: tuple[pulumi.Resource, ...] = ()
    """What must be there before it is read, as a repository's policy."""


@dataclass(frozen=True)
class Network:
    """Where a function has network interfaces."""

    subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    security_group_id: pulumi.Input[str]


def lambda_function(
    key: str,
    name: str,
    settings: FunctionSettings,
    code: Code,
    role: aws.iam.Role,
    variables: Mapping[str, pulumi.Input[str]],
    *,
    description: str,
    environment_key_arn: pulumi.Input[str] | None,
    dead_letters: aws.sqs.Queue,
    log: aws.cloudwatch.LogGroup,
    network: Network | None,
    mounts: Sequence[Mount],
    after: Sequence[pulumi.Resource],
    parent: pulumi.Resource,
) -> aws.lambda_.Function:
    """Make the function.

    Args:
        name: its name in AWS.
        variables: of its environment.
        after: what must be there before it runs.

    Raises:
        ValueError: a file system can't be mounted where a link says.
    """
    own, concurrency = settings.code, settings.concurrency
    vpc: Any = None
    if network is not None:
        vpc = {
            "subnet_ids": network.subnet_ids,
            "security_group_ids": [network.security_group_id],
        }
    return aws.lambda_.Function(
        key,
        name=name,
        description=description,
        role=role.arn,
        package_type="Image" if code.image is not None else "Zip",
        image_uri=code.image,
        code=code.archive,
        s3_bucket=code.bucket,
        s3_key=code.object_key,
        runtime=settings.runtime_name if own is not None else None,
        handler=own.handler if own is not None else None,
        architectures=[settings.architecture],
        memory_size=settings.memory,
        timeout=settings.timeout,
        ephemeral_storage={"size": settings.ephemeral_mib},
        layers=list(settings.layers) or None,
        environment={"variables": dict(variables)} if variables else None,
        kms_key_arn=environment_key_arn if variables else None,
        dead_letter_config={"target_arn": dead_letters.arn},
        logging_config={"log_format": "JSON", "log_group": log.name},
        tracing_config={"mode": "Active" if settings.tracing == "active" else "PassThrough"},
        reserved_concurrent_executions=concurrency.reserved
        if concurrency is not None and concurrency.reserved is not None
        else None,
        publish=settings.has_alias or None,
        vpc_config=vpc,
        file_system_config=_file_system(key, mounts, network),
        tags=name_tag(name),
        opts=pulumi.ResourceOptions(
            parent=parent,
            depends_on=list(after),
            # Its name is fixed, so that its ARN is known early: from a zip to an image, the
            # old one goes first.
            delete_before_replace=True,
        ),
    )


def live_alias(
    key: str,
    function: aws.lambda_.Function,
    settings: FunctionSettings,
    opts: pulumi.ResourceOptions,
) -> aws.lambda_.Alias:
    """What callers call, and how many runs of it are kept warm."""
    alias = aws.lambda_.Alias(
        f"{key}-{ALIAS}",
        name=ALIAS,
        description=f"What callers of {key} call",
        function_name=function.name,
        function_version=function.version,
        opts=opts,
    )
    concurrency = settings.concurrency
    if concurrency is not None and concurrency.provisioned is not None:
        aws.lambda_.ProvisionedConcurrencyConfig(
            key,
            function_name=function.name,
            qualifier=alias.name,
            provisioned_concurrent_executions=concurrency.provisioned,
            opts=opts,
        )
    return alias


def retries(
    key: str,
    function: aws.lambda_.Function,
    qualifier: pulumi.Input[str] | None,
    settings: FunctionSettings,
    opts: pulumi.ResourceOptions,
) -> aws.lambda_.FunctionEventInvokeConfig:
    """How often and how long an event is tried again."""
    return aws.lambda_.FunctionEventInvokeConfig(
        key,
        function_name=function.name,
        qualifier=qualifier,
        maximum_retry_attempts=settings.retries.attempts,
        maximum_event_age_in_seconds=settings.retries.hours * 3600,
        opts=opts,
    )


def check_environment(key: str, variables: Mapping[str, pulumi.Input[str]]) -> None:
    """Refuse more than Lambda keeps; what AWS makes up counts with its name alone.

    Raises:
        ValueError: says how much there is.
    """
    size = sum(
        len(name) + (len(value.encode()) if isinstance(value, str) else 0)
        for name, value in variables.items()
    )
    if size > ENVIRONMENT_BYTES:
        raise ValueError(
            f"the environment of function {key} has {size} bytes; Lambda takes "
            f"{ENVIRONMENT_BYTES}: keep long values in a bucket or a table"
        )


def _file_system(key: str, mounts: Sequence[Mount], network: Network | None) -> Any:
    """One at most, reached from inside a network ("Configuring file system access for Lambda
    functions", AWS Lambda Developer Guide, 2026-11)."""
    if not mounts:
        return None
    if len(mounts) > 1:
        names = ", ".join(mount.name for mount in mounts)
        raise ValueError(f"function {key} mounts {names}; Lambda takes one file system")
    (mount,) = mounts
    if network is None:
        raise ValueError(f"function {key} mounts {mount.name} and stands in no network: `subnets`")
    if not MOUNTED.fullmatch(mount.path):
        raise ValueError(
            f"function {key} mounts {mount.name} at {mount.path}; Lambda takes /mnt/ and one name"
        )
    return {"arn": mount.access_point_arn, "local_mount_path": mount.path}
