"""What AWS returns for this package's types (each service's API reference, 2026-11)."""

from __future__ import annotations

from collections.abc import Mapping

from components.parts.simulation import UUID, AutoName, Shape

_ARN = "arn:{partition}:backup:{region}:{account}:"


_VAULT = _ARN + "backup-vault:{backupVaultName}"


SHAPES: Mapping[str, Shape] = {
    "aws:backup/vault:Vault": Shape(
        id="{name}",
        defaults={"forceDestroy": False},
        computed={
            "arn": _ARN + "backup-vault:{name}",
            "kmsKeyArn": "arn:{partition}:kms:{region}:{account}:key/" + UUID,
            "recoveryPoints": 0,
        },
        named=AutoName(limit=50),
    ),
    "aws:backup/plan:Plan": Shape(
        id=UUID,
        computed={"arn": _ARN + "backup-plan:{id}", "version": "{lower:48}"},
        named=AutoName(limit=50),
    ),
    "aws:backup/selection:Selection": Shape(
        id=UUID, computed={"notResources": []}, named=AutoName(limit=50), tagged=False
    ),
    "aws:backup/vaultLockConfiguration:VaultLockConfiguration": Shape(
        id="{backupVaultName}", computed={"backupVaultArn": _VAULT}, tagged=False
    ),
}
"""By Pulumi type token."""
