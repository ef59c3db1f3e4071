"""The API operations that make the types of this package."""

from __future__ import annotations

from collections.abc import Mapping

from components.parts.operation import Call, call

CALLS: Mapping[str, Call] = {
    "aws:efs/accessPoint:AccessPoint": call("efs", "CreateAccessPoint"),
    "aws:efs/backupPolicy:BackupPolicy": call("efs", "PutBackupPolicy"),
    "aws:efs/fileSystem:FileSystem": call(
        "efs",
        "CreateFileSystem",
        "name",  # the provider reads it off the tag
        lifecyclePolicies="PutLifecycleConfiguration:LifecyclePolicies",
    ),
    "aws:efs/fileSystemPolicy:FileSystemPolicy": call("efs", "PutFileSystemPolicy"),
    "aws:efs/mountTarget:MountTarget": call("efs", "CreateMountTarget"),
}
"""By Pulumi type token."""
