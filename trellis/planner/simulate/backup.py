"""AWS Backup: what AWS answers ("AWS Backup API Reference", 2026-11)."""

from __future__ import annotations

from collections.abc import Mapping

from components.parts.simulation import CREATED, UUID, AutoName, Shape

_ARN = "arn:{partition}:backup:{region}:{account}:"


_VAULT = _ARN + "backup-vault:{backupVaultName}"


SHAPES: Mapping[str, Shape] = {
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
            "arn": _ARN + "restore-testing-plan:{name}-" + UUID,
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
            "arn": _ARN + "framework:{name}-" + UUID,
            "creationTime": CREATED,
            "deploymentStatus": "COMPLETED",
            "status": "ACTIVE",
        },
        named=AutoName(limit=256),
    ),
    "aws:backup/reportPlan:ReportPlan": Shape(
        id="{name}",
        computed={
            "arn": _ARN + "report-plan:{name}-" + UUID,
            "creationTime": CREATED,
            "deploymentStatus": "COMPLETED",
        },
        named=AutoName(limit=256),
    ),
}
"""By Pulumi type token."""
