"""AWS KMS: what AWS answers ("AWS Key Management Service API Reference", 2026-11)."""

from __future__ import annotations

from collections.abc import Mapping

from components.keys.simulated import default_policy
from components.parts.simulation import AutoName, Shape

_ARN = "arn:{partition}:kms:{region}:{account}:"


SHAPES: Mapping[str, Shape] = {
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
            "policy": default_policy,
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
