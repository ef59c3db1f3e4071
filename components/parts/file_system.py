"""What mounting an EFS file system takes, as one link: the way to it, the statement, the mount."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi

from components.contracts import AccountRegion, Endpoint, Grant, Link, Mount
from components.parts.access import sid_part

NFS = 2049
"""TCP port of a mount target ("Using VPC security groups", Amazon EFS User Guide, 2026-11)."""


def file_system_link(
    producer: str,
    *,
    where: AccountRegion,
    file_system_id: pulumi.Input[str],
    access_point_id: pulumi.Input[str],
    security_group_id: pulumi.Input[str],
    path: str,
    read_only: bool = False,
    depends_on: Sequence[pulumi.Resource] = (),
) -> Link:
    """Mount a file system through one access point, and write unless it is read only.

    Args:
        producer: of the link, and the volume's name, as in `files-media`.
        security_group_id: of the mount targets.
        path: the folder it is mounted at.
        depends_on: what must exist before it can be mounted, as its mount targets.
    """
    point = _arn(where, "access-point", access_point_id)
    writes = () if read_only else ("elasticfilesystem:ClientWrite",)
    return Link(
        producer,
        "read" if read_only else "readWrite",
        endpoints=(Endpoint(producer, security_group_id, NFS),),
        grants=(
            Grant(
                f"Mount{sid_part(producer)}",
                ("elasticfilesystem:ClientMount", *writes),
                (_arn(where, "file-system", file_system_id),),
                {"StringEquals": {"elasticfilesystem:AccessPointArn": point}},
            ),
        ),
        depends_on=tuple(depends_on),
        mounts=(Mount(producer, path, file_system_id, access_point_id, point, read_only),),
    )


def _arn(where: AccountRegion, kind: str, identifier: pulumi.Input[str]) -> pulumi.Input[str]:
    if isinstance(identifier, str):
        return where.arn("elasticfilesystem", f"{kind}/{identifier}")
    return where.arn("elasticfilesystem", pulumi.Output.concat(f"{kind}/", identifier))
