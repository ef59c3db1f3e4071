"""What AWS Backup's role may do: back up exactly the covered databases and tables, nothing else.

AWS's managed policy reads and opens resources of every service it knows in the whole account. These
grants are its statements on RDS, DynamoDB, vaults and keys, bound to what this plan covers
("AWSBackupServiceRolePolicyForBackup", AWS Managed Policy Reference, 2026-11). Restores are not in
them: whoever restores chooses a role for that day (docs/operations.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi

from components.contracts import AccountRegion, Arn, Grant
from components.parts.key_grant import WRITE, key_grant

DATABASE = "database-"
TABLE = "table-"
"""How the keys of what is covered begin."""

_RDS = (
    "rds:AddTagsToResource",
    "rds:CopyDBClusterSnapshot",
    "rds:CopyDBSnapshot",
    "rds:CreateDBClusterSnapshot",
    "rds:CreateDBSnapshot",
    "rds:DescribeDBClusterSnapshots",
    "rds:DescribeDBClusters",
    "rds:DescribeDBInstances",
    "rds:DescribeDBSnapshots",
    "rds:ListTagsForResource",
)
_RDS_SNAPSHOTS = (
    "rds:DeleteDBClusterSnapshot",
    "rds:DeleteDBSnapshot",
    "rds:ModifyDBClusterSnapshotAttribute",
    "rds:ModifyDBSnapshotAttribute",
)
_DYNAMODB = (
    "dynamodb:CreateBackup",
    "dynamodb:DescribeTable",
    "dynamodb:ListTagsOfResource",
    "dynamodb:StartAwsBackupJob",
)


def backup_grants(
    covered: Mapping[str, Arn],
    *,
    vaults: Sequence[Arn],
    key_arn: Arn,
    copy_key_arn: Arn | None,
    where: AccountRegion,
    copy_where: AccountRegion | None = None,
) -> tuple[Grant, ...]:
    """The role's statements.

    Args:
        covered: ARNs by producer key, as in `database-main`.
        vaults: ARNs of the vaults that backups go to.
        copy_where: the region of the second vault, where copies are snapshots too.
    """
    databases = [covered[key] for key in sorted(covered) if key.startswith(DATABASE)]
    tables = [covered[key] for key in sorted(covered) if key.startswith(TABLE)]
    keys = (key_arn,) if copy_key_arn is None else (key_arn, copy_key_arn)
    places = (where,) if copy_where is None else (where, copy_where)
    grants: list[Grant] = []
    if databases:
        snapshots = [
            place.arn("rds", f"{kind}:awsbackup:*")
            for place in places
            for kind in ("snapshot", "cluster-snapshot")
        ]
        grants += [
            Grant("SnapshotDatabases", _RDS, (*databases, *snapshots)),
            Grant("ExpireDatabaseSnapshots", _RDS_SNAPSHOTS, tuple(snapshots)),
        ]
    if tables:
        grants += [
            Grant("BackUpTables", _DYNAMODB, tuple(tables)),
            Grant(
                "ExpireTableBackups",
                ("dynamodb:DeleteBackup", "dynamodb:DescribeBackup"),
                tuple(pulumi.Output.concat(table, "/backup/*") for table in tables),
            ),
            key_grant("ReadTables", key_arn, WRITE, "dynamodb", where),
        ]
    return (
        *grants,
        Grant(
            "WriteVaults",
            ("backup:CopyFromBackupVault", "backup:CopyIntoBackupVault",
             "backup:DescribeBackupVault"),
            tuple(vaults),
        ),
        Grant(
            "TagRecoveryPoints",
            ("backup:TagResource",),
            tuple(place.arn("backup", "recovery-point:*") for place in places),
        ),
        Grant("SeeKeys", ("kms:DescribeKey",), keys),
        Grant(
            "LetServicesUseKeys",
            ("kms:CreateGrant",),
            keys,
            {"Bool": {"kms:GrantIsForAWSResource": "true"}},
        ),
        # The action knows no resources.
        Grant("FindResources", ("tag:GetResources",), ("*",)),
    )  # fmt: skip
