"""The API operations that make the types of this package."""

from __future__ import annotations

from collections.abc import Mapping

from components.parts.operation import Call, call

CALLS: Mapping[str, Call] = {
    "aws:backup/plan:Plan": call(
        "backup",
        "CreateBackupPlan",
        name="BackupPlan.BackupPlanName",
        rules="BackupPlan.Rules",
        advancedBackupSettings="BackupPlan.AdvancedBackupSettings",
    ),
    "aws:backup/selection:Selection": call(
        "backup",
        "CreateBackupSelection",
        "selectionTags",
        planId="BackupPlanId",
        name="BackupSelection.SelectionName",
        iamRoleArn="BackupSelection.IamRoleArn",
        resources="BackupSelection.Resources",
        notResources="BackupSelection.NotResources",
        conditions="BackupSelection.Conditions",
    ),
    "aws:backup/vault:Vault": call(
        "backup", "CreateBackupVault", name="BackupVaultName", kmsKeyArn="EncryptionKeyArn"
    ),
    "aws:backup/vaultLockConfiguration:VaultLockConfiguration": call(
        "backup", "PutBackupVaultLockConfiguration"
    ),
}
"""By Pulumi type token."""
