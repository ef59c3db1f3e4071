"""The API operations that make the types of this package."""

from __future__ import annotations

from collections.abc import Mapping

from components.parts.operation import Call, call

CALLS: Mapping[str, Call] = {
    "aws:secretsmanager/secret:Secret": call(
        "secretsmanager",
        "CreateSecret",
        policy="PutResourcePolicy:ResourcePolicy",
        recoveryWindowInDays="DeleteSecret:RecoveryWindowInDays",
        replicas="AddReplicaRegions",
    ),
    "aws:secretsmanager/secretRotation:SecretRotation": call(
        "secretsmanager", "RotateSecret", rotationLambdaArn="RotationLambdaARN"
    ),
}
"""By Pulumi type token."""
