"""What follows from using a file system: a mount, the way to it, and grants on one access point."""

from __future__ import annotations

from dataclasses import replace

import pulumi

from components.contracts import AccountRegion, Endpoint, Link
from components.files.settings import FileSystemSettings
from components.parts.file_system import NFS, file_system_link
from components.parts.offer import Offer

OFFER = Offer[FileSystemSettings](
    kind="files",
    accesses=("read", "write"),
    default="write",
    variables={"path": "{KEY}_PATH"},
    listens=True,
)


def files_link(
    key: str,
    settings: FileSystemSettings,
    access: str | None,
    *,
    where: AccountRegion,
    at: str,
    point: str,
    security_group_id: pulumi.Input[str],
    file_system_id: pulumi.Input[str],
    access_point_id: pulumi.Input[str],
    depends_on: tuple[pulumi.Resource, ...],
) -> Link:
    """The link of one access to one access point.

    Args:
        at: where the consumer finds the files.
        point: the access point's name.
        security_group_id: of the mount targets.

    Raises:
        UnknownAccessError: `access` is neither `read` nor `write`.
    """
    access = OFFER.chosen(key, settings, access)
    producer = f"{OFFER.kind}-{key}"
    mounted = file_system_link(
        f"{producer}-{point}",
        where=where,
        file_system_id=file_system_id,
        access_point_id=access_point_id,
        security_group_id=security_group_id,
        path=at,
        read_only=access == "read",
        depends_on=depends_on,
    )
    return replace(
        mounted,
        producer=producer,
        access=access,
        # One way in, however many access points it leads to.
        endpoints=(Endpoint(producer, security_group_id, NFS),),
        environment=OFFER.environment(key, settings, {"path": at}),
    )
