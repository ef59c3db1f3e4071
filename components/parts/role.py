"""An IAM role for an AWS service: who may assume it, and exactly what it may do."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components.contracts import Conditions, Grant
from components.parts.policy_document import assume_document, identity_document
from components.parts.role_policies import role_policies
from components.tags import name_tag


def service_role(
    name: str,
    *,
    physical_name: str,
    description: str,
    service: str,
    grants: Sequence[Grant],
    conditions: Conditions | None = None,
    opts: pulumi.ResourceOptions,
) -> aws.iam.Role:
    """Make a role that `service` (as in `lambda.amazonaws.com`) assumes, with one inline policy.

    Args:
        name: Pulumi name; the policy has it too.
        conditions: of the trust policy, as `aws:SourceAccount` where the service sends it.
    """
    return granted_role(
        name,
        physical_name=physical_name,
        description=description,
        service=service,
        grants=grants,
        conditions=conditions,
        opts=opts,
    )[0]


def granted_role(
    name: str,
    *,
    physical_name: str,
    description: str,
    service: str,
    grants: Sequence[Grant],
    conditions: Conditions | None = None,
    opts: pulumi.ResourceOptions,
) -> tuple[aws.iam.Role, tuple[pulumi.Resource, ...]]:
    """As `service_role`, and what must exist before the role may do anything.

    Raises:
        RoleTooLongError: the grants fit into no policies that a role takes.
    """
    policies = role_policies(physical_name, grants)
    role = aws.iam.Role(
        name,
        name=physical_name,
        description=description,
        assume_role_policy=assume_document(service, conditions),
        tags=name_tag(physical_name),
        opts=opts,
    )
    if not grants:
        return role, (role,)
    # Attached before the inline policy gives up what they take over.
    attached = [
        _attached(f"{name}-{number}", f"{physical_name}-{number}", role, part)
        for number, part in enumerate(policies.managed, start=2)
    ]
    inline = aws.iam.RolePolicy(
        name,
        name="grants",
        role=role.name,
        policy=identity_document(policies.inline),
        opts=pulumi.ResourceOptions(parent=role, depends_on=attached),
    )
    return role, (role, inline, *attached)


def _attached(
    name: str, physical_name: str, role: aws.iam.Role, grants: Sequence[Grant]
) -> pulumi.Resource:
    """Further grants of a role, as a managed policy of its own."""
    opts = pulumi.ResourceOptions(parent=role)
    policy = aws.iam.Policy(
        name,
        name=physical_name,
        description="What does not fit into the role itself",
        policy=identity_document(grants),
        tags=name_tag(physical_name),
        opts=opts,
    )
    return aws.iam.RolePolicyAttachment(name, role=role.name, policy_arn=policy.arn, opts=opts)
