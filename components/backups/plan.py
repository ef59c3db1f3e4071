"""The backups component: a vault, a plan, and the exact list of what it covers.

Builds a vault on the customer key, its lock, a second vault in another region, the role that AWS
Backup acts as, a plan with one rule, and a selection that names each database and table by its
ARN.

Promises:
- What is covered follows from the stack file: a new database is in the plan with its first
  deployment, and nothing that somebody else tagged ever is.
- Backups outlive the system where the profile is production: the vaults are kept.

Numbers: "AWS Backup Developer Guide", 2026-11.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pulumi
import pulumi_aws as aws

from components.backups.grants import backup_grants
from components.backups.names import BACKUP_NAME
from components.backups.settings import BackupsSettings, CopySettings
from components.contracts import (
    AccountRegion,
    AlarmSpec,
    Arn,
    MetricQuery,
    Severity,
)
from components.naming import Kind, Naming
from components.parts.role import service_role
from components.tags import name_tag

SERVICE = "backup.amazonaws.com"

HOUR = 3_600
"""Seconds."""

FAILURES = ("NumberOfBackupJobsFailed", "NumberOfBackupJobsExpired")


class Backups(pulumi.ComponentResource):
    """Vault and plan. See the module's text for what it builds and promises."""

    def __init__(
        self,
        name: str,
        settings: BackupsSettings,
        *,
        naming: Naming,
        where: AccountRegion,
        covered: Mapping[str, Arn],
        key_arn: Arn,
        copy_key_arn: Arn | None = None,
        protect: bool = True,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make them.

        Args:
            covered: ARNs of what holds state, by producer key as in `database-main`.
            key_arn: customer key of the vault.
            copy_key_arn: customer key in the region of `copyTo`; AWS's own when left out.
            protect: whether the vaults survive a mistaken deletion.
        """
        super().__init__("trellis:backups:Backups", name, None, opts)
        self._key = name
        self._settings = settings
        self._where = where
        self._child = pulumi.ResourceOptions(parent=self)
        self._kept = protect
        self._physical_name = naming.of(BACKUP_NAME, "backups")
        vault = self._create_vault(name, key_arn, None)
        copy = self._create_copy_vault(settings.copy_to, copy_key_arn)
        role = service_role(
            name,
            physical_name=naming.of(Kind.ROLE, "backups"),
            description="AWS Backup backs up this system's databases and tables as this role",
            service=SERVICE,
            conditions={"StringEquals": {"aws:SourceAccount": where.account}},
            grants=backup_grants(
                covered,
                vaults=self._vault_arns(settings.copy_to),
                key_arn=key_arn,
                copy_key_arn=copy_key_arn,
                where=where,
                copy_where=(
                    replace(where, region=settings.copy_to.region) if settings.copy_to else None
                ),
            ),
            opts=self._child,
        )
        self._plan = self._create_plan(vault, copy)
        # No name of ours: a selection is replaced by every change, the new one before the old goes.
        aws.backup.Selection(
            name,
            plan_id=self._plan.id,
            iam_role_arn=role.arn,
            resources=[covered[key] for key in sorted(covered)],
            opts=self._child,
        )
        self.register_outputs({"vault": vault.name})

    @property
    def plan(self) -> aws.backup.Plan:
        """The plan."""
        return self._plan

    def alarms(self) -> tuple[AlarmSpec, ...]:
        """A backup failed or did not start in time."""
        return (
            AlarmSpec(
                name=f"{self._key}-failed",
                title="A backup failed",
                meaning="A database or table has no backup of today in the vault.",
                action="Read the job's message in AWS Backup, then start the backup by hand.",
                severity=Severity.NOTIFY,
                metrics=(
                    MetricQuery(
                        id="failures", expression="FILL(m1, 0) + FILL(m2, 0)", label="failures"
                    ),
                    *(
                        MetricQuery(
                            id=f"m{number}",
                            namespace="AWS/Backup",
                            name=metric,
                            dimensions={"BackupVaultName": self._physical_name},
                            statistic="Sum",
                            period=HOUR,
                            returns=False,
                        )
                        for number, metric in enumerate(FAILURES, 1)
                    ),
                ),
                threshold=0,
                comparison="GreaterThanThreshold",
                evaluation_periods=1,
                datapoints_to_alarm=1,
                missing_data="notBreaching",
                parent=self._key,
            ),
        )

    def _create_vault(self, name: str, key_arn: Arn | None, region: str | None) -> aws.backup.Vault:
        vault = aws.backup.Vault(
            name,
            name=self._physical_name,
            kms_key_arn=key_arn,
            region=region,
            tags=name_tag(self._physical_name),
            opts=pulumi.ResourceOptions(
                parent=self, protect=self._kept, retain_on_delete=self._kept
            ),
        )
        lock = self._settings.lock
        if lock is not None:
            aws.backup.VaultLockConfiguration(
                name,
                backup_vault_name=vault.name,
                min_retention_days=lock.min_days,
                max_retention_days=lock.max_days,
                changeable_for_days=lock.cooling_days,
                region=region,
                # It holds no data: children inherit protection that is not said to be off.
                # AWS knows it by its vault: taking the first away would take the second one too.
                opts=pulumi.ResourceOptions(
                    parent=vault,
                    protect=False,
                    retain_on_delete=False,
                    delete_before_replace=True,
                ),
            )
        return vault

    def _vault_arns(self, copy: CopySettings | None) -> list[Arn]:
        """The vaults' ARNs, known early because their names are."""
        regions = [self._where, *([replace(self._where, region=copy.region)] if copy else [])]
        return [place.arn("backup", f"backup-vault:{self._physical_name}") for place in regions]

    def _create_copy_vault(
        self, copy: CopySettings | None, key_arn: Arn | None
    ) -> aws.backup.Vault | None:
        if copy is None:
            return None
        return self._create_vault(f"{self._key}-{copy.region}", key_arn, copy.region)

    def _create_plan(
        self, vault: aws.backup.Vault, copy: aws.backup.Vault | None
    ) -> aws.backup.Plan:
        settings = self._settings
        copies: list[aws.backup.PlanRuleCopyActionArgs] = []
        if copy is not None and settings.copy_to is not None:
            copies.append(
                aws.backup.PlanRuleCopyActionArgs(
                    destination_vault_arn=copy.arn,
                    lifecycle=aws.backup.PlanRuleCopyActionLifecycleArgs(
                        delete_after=settings.copy_to.retention_days
                    ),
                )
            )
        return aws.backup.Plan(
            self._key,
            name=self._physical_name,
            rules=[
                aws.backup.PlanRuleArgs(
                    rule_name="daily",
                    target_vault_name=vault.name,
                    schedule=settings.schedule,
                    start_window=settings.start_minutes,
                    completion_window=settings.completion_minutes,
                    lifecycle=aws.backup.PlanRuleLifecycleArgs(
                        delete_after=settings.retention_days,
                        cold_storage_after=settings.cold_after_days,
                    ),
                    copy_actions=copies,
                )
            ],
            tags=name_tag(self._physical_name),
            opts=self._child,
        )
