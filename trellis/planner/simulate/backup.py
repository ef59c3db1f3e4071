"""AWS Backup: what AWS answers ("AWS Backup API Reference", 2026-11)."""

from __future__ import annotations

from trellis.planner.simulate.shape import AutoName, Shape

_ARN = "arn:{partition}:backup:{region}:{account}:"
_VAULT = _ARN + "backup-vault:{backupVaultName}"
_UUID = "{hex:8}-{hex:4}-4{hex:3}-a{hex:3}-{hex:12}"
_CREATED = "2026-11-02T08:00:00Z"

SHAPES = {
    "aws:backup/vault:Vault": Shape(
        id="{name}",
        defaults={"forceDestroy": False},
        computed={
            "arn": _ARN + "backup-vault:{name}",
            "kmsKeyArn": "arn:{partition}:kms:{region}:{account}:key/" + _UUID,
            "recoveryPoints": 0,
        },
        named=AutoName(limit=50),
    ),
    "aws:backup/plan:Plan": Shape(
        id=_UUID,
        computed={"arn": _ARN + "backup-plan:{id}", "version": "{lower:48}"},
        named=AutoName(limit=50),
    ),
    "aws:backup/selection:Selection": Shape(
        id=_UUID, computed={"notResources": []}, named=AutoName(limit=50), tagged=False
    ),
    "aws:backup/vaultLockConfiguration:VaultLockConfiguration": Shape(
        id="{backupVaultName}", computed={"backupVaultArn": _VAULT}, tagged=False
    ),
    "aws:backup/vaultNotifications:VaultNotifications": Shape(
        id="{backupVaultName}", computed={"backupVaultArn": _VAULT}, tagged=False
    ),
    "aws:backup/vaultPolicy:VaultPolicy": Shape(
        id="{backupVaultName}", computed={"backupVaultArn": _VAULT}, tagged=False
    ),
    "aws:backup/logicallyAirGappedVault:LogicallyAirGappedVault": Shape(
        id="{name}", computed={"arn": _ARN + "backup-vault:{name}"}, named=AutoName(limit=50)
    ),
    "aws:backup/restoreTestingPlan:RestoreTestingPlan": Shape(
        id="{name}",
        computed={
            "arn": _ARN + "restore-testing-plan:{name}-" + _UUID,
            "scheduleExpressionTimezone": "Etc/UTC",
            "startWindowHours": 24,
        },
        named=AutoName(limit=50),
    ),
    "aws:backup/restoreTestingSelection:RestoreTestingSelection": Shape(
        id="{restoreTestingPlanName}:{name}",
        computed={
            "protectedResourceArns": [],
            "restoreMetadataOverrides": {},
            "validationWindowHours": 0,
        },
        named=AutoName(limit=50),
        tagged=False,
    ),
    "aws:backup/regionSettings:RegionSettings": Shape(
        id="{region}", computed={"resourceTypeManagementPreference": {}}, tagged=False
    ),
    "aws:backup/globalSettings:GlobalSettings": Shape(id="{account}", regional=False, tagged=False),
    "aws:backup/framework:Framework": Shape(
        id="{name}",
        computed={
            "arn": _ARN + "framework:{name}-" + _UUID,
            "creationTime": _CREATED,
            "deploymentStatus": "COMPLETED",
            "status": "ACTIVE",
        },
        named=AutoName(limit=256),
    ),
    "aws:backup/reportPlan:ReportPlan": Shape(
        id="{name}",
        computed={
            "arn": _ARN + "report-plan:{name}-" + _UUID,
            "creationTime": _CREATED,
            "deploymentStatus": "COMPLETED",
        },
        named=AutoName(limit=256),
    ),
}
"""By Pulumi type token."""
