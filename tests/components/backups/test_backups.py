"""Backup plans as AWS would get them: an exact selection, and lifecycles that AWS accepts."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import ValidationError

from components.backups.plan import Backups
from components.backups.settings import BackupsSettings, CopySettings
from testing.data_settings import GIVEN, KEY_ARN, NAMING, WHERE, record_settings, validate
from trellis.planner.record import Recording, record_program

VAULT = "aws:backup/vault:Vault"
PLAN = "aws:backup/plan:Plan"
SELECTION = "aws:backup/selection:Selection"
LOCK = "aws:backup/vaultLockConfiguration:VaultLockConfiguration"


def recorded(**given: Any) -> Recording:
    return record_settings(validate("backups", given))


def refusal(**given: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        validate("backups", given)
    return str(caught.value)


def test_the_vault_is_on_the_customer_key_and_is_kept():
    vault = recorded().one(VAULT, "backups")
    assert vault.inputs["name"] == "shop-dev-backups"
    assert vault.inputs["kmsKeyArn"] == KEY_ARN
    assert vault.protect
    assert vault.retain_on_delete


def test_one_rule_a_day_keeps_backups_for_the_retention():
    (rule,) = recorded(retentionDays=200, coldAfterDays=30).one(PLAN, "backups").inputs["rules"]
    assert rule["schedule"] == "cron(0 6 * * ? *)"
    assert rule["lifecycle"] == {"deleteAfter": 200, "coldStorageAfter": 30}


def test_the_selection_names_every_arn_and_no_pattern():
    covered = {
        "table-b": "arn:aws:dynamodb:us-east-1:123456789012:table/shop-dev-b",
        "database-a": "arn:aws:rds:us-east-1:123456789012:db:shop-dev-a",
    }

    def program() -> None:
        Backups(
            "backups",
            BackupsSettings(),
            naming=NAMING,
            where=WHERE,
            covered=covered,
            key_arn=KEY_ARN,
        )

    selection = record_program(program, GIVEN, "deployed").one(SELECTION, "backups")
    assert selection.inputs["resources"] == [covered["database-a"], covered["table-b"]]
    assert not {"selectionTags", "conditions", "notResources"} & selection.inputs.keys()


def test_only_aws_backup_on_behalf_of_this_account_assumes_the_role():
    recording = recorded()
    trust = json.loads(recording.one("aws:iam/role:Role", "backups").inputs["assumeRolePolicy"])
    assert trust["Statement"] == [
        {
            "Effect": "Allow",
            "Principal": {"Service": "backup.amazonaws.com"},
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"aws:SourceAccount": "123456789012"}},
        }
    ]
    assert recording.of_type("aws:iam/rolePolicyAttachment:RolePolicyAttachment") == ()


def test_the_role_backs_up_what_is_covered_and_nothing_else():
    database = "arn:aws:rds:us-east-1:123456789012:db:shop-dev-a"
    table = "arn:aws:dynamodb:us-east-1:123456789012:table/shop-dev-b"

    def program() -> None:
        Backups(
            "backups",
            BackupsSettings(),
            naming=NAMING,
            where=WHERE,
            covered={"database-a": database, "table-b": table},
            key_arn=KEY_ARN,
        )

    recording = record_program(program, GIVEN, "deployed")
    policy = json.loads(recording.one("aws:iam/rolePolicy:RolePolicy", "backups").inputs["policy"])
    resources = {statement["Sid"]: statement["Resource"] for statement in policy["Statement"]}
    snapshots = [
        "arn:aws:rds:us-east-1:123456789012:snapshot:awsbackup:*",
        "arn:aws:rds:us-east-1:123456789012:cluster-snapshot:awsbackup:*",
    ]
    assert resources == {
        "SnapshotDatabases": [database, *snapshots],
        "ExpireDatabaseSnapshots": snapshots,
        "BackUpTables": table,
        "ExpireTableBackups": f"{table}/backup/*",
        "ReadTables": KEY_ARN,
        "WriteVaults": "arn:aws:backup:us-east-1:123456789012:backup-vault:shop-dev-backups",
        "TagRecoveryPoints": "arn:aws:backup:us-east-1:123456789012:recovery-point:*",
        "SeeKeys": KEY_ARN,
        "LetServicesUseKeys": KEY_ARN,
        "FindResources": "*",
    }


def test_the_role_copies_snapshots_to_the_other_region_too():
    def program() -> None:
        Backups(
            "backups",
            BackupsSettings(copy_to=CopySettings(region="eu-west-1")),
            naming=NAMING,
            where=WHERE,
            covered={"database-a": "arn:aws:rds:us-east-1:123456789012:db:shop-dev-a"},
            key_arn=KEY_ARN,
        )

    recording = record_program(program, GIVEN, "deployed")
    policy = json.loads(recording.one("aws:iam/rolePolicy:RolePolicy", "backups").inputs["policy"])
    resources = {statement["Sid"]: statement["Resource"] for statement in policy["Statement"]}
    there = "arn:aws:rds:eu-west-1:123456789012:snapshot:awsbackup:*"
    assert there in resources["SnapshotDatabases"]
    assert there in resources["ExpireDatabaseSnapshots"]
    assert len(resources["WriteVaults"]) == 2


def test_a_copy_goes_to_a_vault_in_the_other_region():
    recording = recorded(copyTo={"region": "eu-west-1", "retentionDays": 90})
    vault = recording.one(VAULT, "backups-eu-west-1")
    assert vault.inputs["region"] == "eu-west-1"
    (rule,) = recording.one(PLAN, "backups").inputs["rules"]
    (copy,) = rule["copyActions"]
    assert copy["destinationVaultArn"] == vault.outputs["arn"]
    assert ":eu-west-1:" in copy["destinationVaultArn"]
    assert copy["lifecycle"] == {"deleteAfter": 90}


def test_a_lock_holds_on_every_vault():
    recording = recorded(
        copyTo={"region": "eu-west-1"}, lock={"minDays": 7, "maxDays": 100, "coolingDays": 3}
    )
    locks = recording.of_type(LOCK)
    assert {resource.inputs.get("region") for resource in locks} == {None, "eu-west-1"}
    for resource in locks:
        assert resource.inputs["minRetentionDays"] == 7
        assert resource.inputs["changeableForDays"] == 3


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"schedule": "every day"}, "cron(0 5 * * ? *)"),
        ({"coldAfterDays": 30, "retentionDays": 119}, "at least 90 above `coldAfterDays`: 120"),
        ({"startMinutes": 120, "completionMinutes": 150}, "at least 60 above"),
        ({"lock": {"minDays": 40}, "retentionDays": 35}, "within the lock's 40 to 365 days"),
        ({"lock": {"minDays": 9, "maxDays": 8}}, "`minDays` of at most `maxDays`"),
        ({"lock": {"coolingDays": 2}}, "greater than or equal to 3"),
    ],
)
def test_a_contradiction_is_refused_with_what_is_allowed(given: dict[str, Any], message: str):
    assert message in refusal(**given)


def test_a_failed_backup_raises_an_alarm():
    found: list[Any] = []
    record_settings(BackupsSettings(), use=lambda made: found.extend(made.alarms()))
    (alarm,) = found
    names = {metric.name for metric in alarm.metrics if metric.name}
    assert names == {"NumberOfBackupJobsFailed", "NumberOfBackupJobsExpired"}
    assert alarm.metrics[1].dimensions == {"BackupVaultName": "shop-dev-backups"}
