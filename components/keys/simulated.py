"""What AWS returns for this package's types (each service's API reference, 2026-11)."""

from __future__ import annotations

from collections.abc import Mapping

from components.parts.simulation import UUID, AutoName, Scope, Shape

_ARN = "arn:{partition}:kms:{region}:{account}:"


def _key_id(scope: Scope) -> str:
    """A UUID, or `mrk-` and 32 hex digits for a multi-Region key."""
    return scope.text("mrk-{hex:32}" if scope.given("multiRegion") else UUID)


def default_policy(scope: Scope) -> str:
    """What KMS gives a key made without one ("Default key policy", KMS Developer Guide)."""
    root = scope.text("arn:{partition}:iam::{account}:root")
    return (
        '{"Version":"2012-10-17","Id":"key-default-1","Statement":[{"Sid":"Enable IAM User '
        'Permissions","Effect":"Allow","Principal":{"AWS":"'
        + root
        + '"},"Action":"kms:*","Resource":"*"}]}'
    )


def _target_arn(scope: Scope) -> str:
    target = str(scope["targetKeyId"])
    return target if target.startswith("arn:") else scope.text(_ARN + "key/{targetKeyId}")


SHAPES: Mapping[str, Shape] = {
    "aws:kms/key:Key": Shape(
        id=_key_id,
        defaults={
            "bypassPolicyLockoutSafetyCheck": False,
            "customerMasterKeySpec": "SYMMETRIC_DEFAULT",
            "enableKeyRotation": False,
            "isEnabled": True,
            "keyUsage": "ENCRYPT_DECRYPT",
        },
        computed={
            "arn": _ARN + "key/{id}",
            "description": "",
            "keyId": "{id}",
            "multiRegion": False,
            "policy": default_policy,
            "rotationPeriodInDays": lambda s: 365 if s.given("enableKeyRotation") else 0,
        },
    ),
    "aws:kms/alias:Alias": Shape(
        id="{name}",
        computed={
            "arn": _ARN + "{name}",
            "namePrefix": "",
            "targetKeyArn": _target_arn,
        },
        named=AutoName(before="alias/", limit=256),
        tagged=False,
    ),
}
"""By Pulumi type token."""
