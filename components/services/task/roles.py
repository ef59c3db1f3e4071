"""The two roles of a task: the one that starts it, and the one its code has.

The execution role pulls the task's images, writes its log group and reads exactly the secrets in
its definition. The task role is exactly the links.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.contracts import AccountRegion, Arn, Conditions, EnvironmentFile, Grant, SecretRef
from components.parts import role as parts_role
from components.parts.key_grant import READ, key_grant
from components.services.repository import PULL

TASKS = "ecs-tasks.amazonaws.com"


@dataclass(frozen=True)
class GrantedRole:
    """A role, and the policy that must be there before it is used."""

    role: aws.iam.Role
    policies: tuple[pulumi.Resource, ...]
    arn: Arn
    """Known from the start."""


VALUES: Mapping[str, tuple[str, str]] = {
    "secretsmanager": ("Secrets", "secretsmanager:GetSecretValue"),
    "ssm": ("Parameters", "ssm:GetParameters"),
}
"""What statements call values that a task gets as it starts, and the action that reads them, by
service ("Amazon ECS task execution IAM role", Amazon ECS Developer Guide, 2026-11)."""


def execution_role(
    name: str,
    *,
    physical_name: str,
    where: AccountRegion,
    repository_arns: Sequence[Arn],
    log_group: str,
    secrets: Sequence[SecretRef],
    files: Sequence[EnvironmentFile] = (),
    opts: pulumi.ResourceOptions,
) -> GrantedRole:
    """Make the role that ECS starts a task with.

    Args:
        log_group: its name.
        repository_arns: repositories of the task's own images; public images need no grant.
    """
    return granted_role(
        name,
        physical_name=physical_name,
        description="Starts tasks: pulls their images, writes their log, reads their secrets",
        where=where,
        grants=[
            *execution_grants(where, repository_arns, log_group, secrets),
            *_file_grants(files, where),
        ],
        opts=opts,
    )


def granted_role(
    name: str,
    *,
    physical_name: str,
    description: str,
    where: AccountRegion,
    grants: Sequence[Grant],
    service: str = TASKS,
    conditions: Conditions | None = None,
    opts: pulumi.ResourceOptions,
) -> GrantedRole:
    """Make a role with its policies, and hand both out.

    Args:
        service: who assumes it; ECS tasks of this account and region when left out.
        conditions: of the trust; those of ECS tasks when left out.

    Raises:
        RoleTooLongError: the policies are longer than AWS takes.
    """
    role, policies = parts_role.granted_role(
        name,
        physical_name=physical_name,
        description=description,
        service=service,
        grants=grants,
        conditions=conditions or from_this_account(where),
        opts=opts,
    )
    arn = where.arn("iam", f"role/{physical_name}", regional=False)
    return GrantedRole(role, policies, arn)


def from_this_account(where: AccountRegion) -> Conditions:
    """Only for tasks of this account and region ("Confused deputy", Amazon ECS guide, 2026-11)."""
    return {
        "StringEquals": {"aws:SourceAccount": where.account},
        "ArnLike": {"aws:SourceArn": where.arn("ecs", "*")},
    }


def execution_grants(
    where: AccountRegion,
    repository_arns: Sequence[Arn],
    log_group: str,
    secrets: Sequence[SecretRef],
) -> tuple[Grant, ...]:
    """What starting a task takes. Only the registry's token knows no resource."""
    stream = where.arn("logs", f"log-group:{log_group}:*")
    grants = [Grant("WriteLog", ("logs:CreateLogStream", "logs:PutLogEvents"), (stream,))]
    if repository_arns:
        grants += [
            Grant("SignInToRegistry", ("ecr:GetAuthorizationToken",), ("*",)),
            Grant("PullImages", PULL, tuple(repository_arns)),
        ]
    for service, (what, action) in VALUES.items():
        kept = [secret for secret in secrets if secret.service == service]
        arns = _distinct([secret.granted or secret.arn for secret in kept])
        if arns:
            grants.append(Grant(f"Read{what}", (action,), tuple(arns)))
        keys = _distinct([secret.key_arn for secret in kept if secret.key_arn is not None])
        for number, key in enumerate(keys, start=1):
            sid = f"Decrypt{what}" if number == 1 else f"Decrypt{what}{number}"
            grants.append(key_grant(sid, key, READ, service, where))
    return tuple(grants)


def _file_grants(files: Sequence[EnvironmentFile], where: AccountRegion) -> list[Grant]:
    """What reading files of variables takes ("Pass environment variables to an Amazon ECS
    container", Amazon ECS Developer Guide, 2026-11)."""
    if not files:
        return []
    return [
        Grant("ReadFiles", ("s3:GetObject",), tuple(_distinct([file.arn for file in files]))),
        Grant(
            "FindFiles",
            ("s3:GetBucketLocation",),
            tuple(_distinct([file.bucket_arn for file in files])),
        ),
        *(
            key_grant("DecryptFiles" if number == 1 else f"DecryptFiles{number}", key, READ, "s3",
                      where)
            for number, key in enumerate(
                _distinct([file.key_arn for file in files if file.key_arn is not None]), start=1
            )
        ),
    ]  # fmt: skip


def _distinct(arns: Sequence[Arn]) -> list[Arn]:
    """Each once: plain text by value, outputs by identity."""
    found: dict[object, Arn] = {}
    for arn in arns:
        found.setdefault(arn if isinstance(arn, str) else id(arn), arn)
    return list(found.values())
