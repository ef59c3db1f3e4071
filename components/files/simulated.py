"""What AWS returns for this package's types (each service's API reference, 2026-11)."""

from __future__ import annotations

from collections.abc import Mapping

from components.parts.simulation import Shape

_ARN = "arn:{partition}:elasticfilesystem:{region}:{account}:"


SHAPES: Mapping[str, Shape] = {
    "aws:efs/accessPoint:AccessPoint": Shape(
        id="fsap-{hex:17}",
        computed={
            "arn": _ARN + "access-point/{id}",
            "fileSystemArn": _ARN + "file-system/{fileSystemId}",
            "ownerId": "{account}",
        },
    ),
    "aws:efs/backupPolicy:BackupPolicy": Shape(id="{fileSystemId}", tagged=False),
    "aws:efs/fileSystem:FileSystem": Shape(
        id="fs-{hex:17}",
        computed={
            "arn": _ARN + "file-system/{id}",
            "availabilityZoneId": "",
            "availabilityZoneName": "",
            "creationToken": "terraform-{digits:26}",
            "dnsName": "{id}.efs.{region}.{suffix}",
            "name": "{label}",
            "numberOfMountTargets": 0,
            "ownerId": "{account}",
            "sizeInBytes": [],
        },
    ),
    "aws:efs/fileSystemPolicy:FileSystemPolicy": Shape(id="{fileSystemId}", tagged=False),
    "aws:efs/mountTarget:MountTarget": Shape(
        id="fsmt-{hex:17}",
        tagged=False,
        computed={
            "availabilityZoneId": "{region}-az1",
            "availabilityZoneName": "{region}a",
            "dnsName": "{fileSystemId}.efs.{region}.{suffix}",
            "fileSystemArn": _ARN + "file-system/{fileSystemId}",
            "ipAddress": "10.0.0.5",
            "ipAddressType": "IPV4_ONLY",
            "ipv6Address": "",
            "mountTargetDnsName": "{fileSystemId}.efs.{region}.{suffix}",
            "networkInterfaceId": "eni-{hex:17}",
            "ownerId": "{account}",
        },
    ),
}
"""By Pulumi type token."""
