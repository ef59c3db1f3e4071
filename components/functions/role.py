"""A function's role: what its links say, its own log, its dead letters, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components.contracts import AccountRegion, Arn, Grant
from components.naming import Kind, Naming
from components.parts.policy_document import (
    INLINE_ROLE_LIMIT,
    assume_document,
    identity_document,
)
from components.tags import name_tag

PREFIX_LENGTH = 37
"""Characters of a role's name before those that AWS adds: 38 with the hyphen (`name_prefix` of
`aws_iam_role`, provider v6)."""

TRACES = Grant("SendTraces", ("xray:PutTelemetryRecords", "xray:PutTraceSegments"), ("*",))
"""Neither action knows a resource ("Actions, resources, and condition keys for AWS X-Ray",
2026-11)."""


def function_role(
    key: str,
    grants: Sequence[Grant],
    *,
    naming: Naming,
    opts: pulumi.ResourceOptions,
) -> tuple[aws.iam.Role, tuple[pulumi.Resource, ...]]:
    """Make the role, and say what must be there before the function runs.

    AWS makes up the end of its name. A role that was deleted and made again under its name is
    another one to KMS, and the function could not read its environment any more; another ARN makes
    Lambda grant anew.

    Raises:
        ValueError: the policy is longer than AWS takes.
    """
    name = naming.of(Kind.ROLE, key, "function")
    document = identity_document(grants)
    if isinstance(document, str) and len(document) > INLINE_ROLE_LIMIT:
        raise ValueError(
            f"the policy of function {key} has {len(document)} characters; AWS takes "
            f"{INLINE_ROLE_LIMIT}: use fewer things, or make two functions of it"
        )
    role = aws.iam.Role(
        key,
        name_prefix=f"{name[:PREFIX_LENGTH].rstrip('-')}-",
        description=f"What the code of {key} may do",
        # Lambda sends no source when it assumes a role ("Lambda execution role", 2026-11).
        assume_role_policy=assume_document("lambda.amazonaws.com"),
        tags=name_tag(name),
        opts=pulumi.ResourceOptions(parent=opts.parent, delete_before_replace=True),
    )
    policy = aws.iam.RolePolicy(
        key,
        name="grants",
        role=role.name,
        policy=document,
        opts=pulumi.ResourceOptions(parent=role),
    )
    return role, (role, policy)


def write_log(log_name: str, where: AccountRegion) -> Grant:
    """The function's own log; the group is there, so nothing makes one."""
    stream: Arn = where.arn("logs", f"log-group:{log_name}:*")
    return Grant("WriteLog", ("logs:CreateLogStream", "logs:PutLogEvents"), (stream,))
