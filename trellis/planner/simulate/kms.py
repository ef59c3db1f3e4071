"""AWS KMS: what AWS answers ("AWS Key Management Service API Reference", 2026-11)."""

from __future__ import annotations

from trellis.planner.simulate.shape import AutoName, Scope, Shape

_UUID = "{hex:8}-{hex:4}-4{hex:3}-a{hex:3}-{hex:12}"
_ARN = "arn:{partition}:kms:{region}:{account}:"


def _key_id(scope: Scope) -> str:
    """A UUID, or `mrk-` and 32 hex digits for a multi-Region key."""
    return scope.text("mrk-{hex:32}" if scope.given("multiRegion") else _UUID)


def _default_policy(scope: Scope) -> str:
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


SHAPES = {
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
            "policy": _default_policy,
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
    "aws:kms/keyPolicy:KeyPolicy": Shape(
        id="{keyId}", defaults={"bypassPolicyLockoutSafetyCheck": False}, tagged=False
    ),
    "aws:kms/replicaKey:ReplicaKey": Shape(
        id="mrk-{hex:32}",
        defaults={"enabled": True},
        computed={
            "arn": _ARN + "key/{id}",
            "keyId": "{id}",
            "keyRotationEnabled": False,
            "keySpec": "SYMMETRIC_DEFAULT",
            "keyUsage": "ENCRYPT_DECRYPT",
            "policy": _default_policy,
        },
    ),
    "aws:kms/grant:Grant": Shape(
        id="{keyId}:{hex:64}",
        defaults={"retireOnDelete": False},
        computed={"grantId": "{hex:64}", "grantToken": "{hex:64}"},
        named=AutoName(limit=256),
        tagged=False,
        secrets=frozenset({"grantToken"}),
    ),
}
"""By Pulumi type token."""
