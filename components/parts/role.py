"""An IAM role for an AWS service: who may assume it, and exactly what it may do."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components.contracts import Conditions, Grant
from components.parts.policy_document import assume_document, identity_document
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
    """As `service_role`, and what must exist before the role may do anything."""
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
    policy = aws.iam.RolePolicy(
        name,
        name="grants",
        role=role.name,
        policy=identity_document(grants),
        opts=pulumi.ResourceOptions(parent=role),
    )
    return role, (role, policy)
