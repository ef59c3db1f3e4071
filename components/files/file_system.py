"""The file system component: an Amazon EFS file system in the network.

Builds the file system, its policy and backups, a security group, a mount target in each zone's
subnet, and the access points.

Promises:
- Encrypted with the customer key; clients come over TLS and sign in with IAM, through an access
  point that decides folder and user.
- Nobody reaches it but by a link's rules.
- In production it is protected and kept; throughput, lifecycle, backups and access points change in
  place or beside it.

Numbers: "Amazon EFS User Guide", 2026-11.
"""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components.contracts import (
    AccountRegion,
    AlarmSpec,
    Arn,
    Link,
    Placement,
    Trust,
    WidgetSpec,
)
from components.files.alarms import file_system_alarms, file_system_widgets
from components.files.links import files_link
from components.files.settings import FileSystemSettings
from components.naming import Kind, Naming
from components.parts.policy_document import resource_document
from components.parts.security_group import security_group
from components.tags import name_tag


class FileSystem(pulumi.ComponentResource):
    """One file system. See the module's text for what it builds and promises."""

    def __init__(
        self,
        name: str,
        settings: FileSystemSettings,
        *,
        naming: Naming,
        where: AccountRegion,
        placement: Placement,
        key_arn: Arn,
        protect: bool = True,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the file system.

        Args:
            name: key in the stack file: Pulumi name, and the prefix of every child's.
            placement: isolated or private subnets, with their zones.
            key_arn: customer key of the files.
            protect: whether it survives a mistaken deletion.

        Raises:
            ValueError: the placement does not say its zones.
        """
        super().__init__("trellis:files:FileSystem", name, None, opts)
        self._key = name
        self._settings = settings
        self._where = where
        self._child = pulumi.ResourceOptions(parent=self)
        self._title = naming.of(Kind.VPC_TAG, name)
        self._group = security_group(
            name,
            physical_name=naming.of(Kind.SECURITY_GROUP, name, "files"),
            description=f"Files of {name}: each rule names who reaches them",
            vpc_id=placement.vpc_id,
            opts=self._child,
        )
        self._files = self._create_file_system(key_arn, protect)
        self._policy = self._create_policy()
        self._targets = self._create_mount_targets(placement)
        self._points = self._create_access_points()
        aws.efs.BackupPolicy(
            name,
            file_system_id=self._files.id,
            backup_policy={"status": "ENABLED" if settings.backups else "DISABLED"},
            opts=self._child,
        )
        self.register_outputs({"id": self._files.id})

    @property
    def name(self) -> str:
        """Its `Name` tag: EFS knows file systems by id."""
        return self._title

    @property
    def resource(self) -> aws.efs.FileSystem:
        """The file system."""
        return self._files

    @property
    def arn(self) -> Arn:
        """ARN of the file system, known once it exists."""
        return self._files.arn

    def link(
        self, access: str | None = None, *, at: str = "/files", point: str | None = None
    ) -> Link:
        """What a consumer needs to mount it.

        Args:
            at: where the consumer finds the files.
            point: the access point; the only one when left out.

        Raises:
            UnknownAccessError: there is no such access.
            ValueError: there is no such access point, or several and none is named.
        """
        if point is None and len(self._points) == 1:
            point = next(iter(self._points))
        if point not in self._points:
            raise ValueError(f"files {self._key}: `point` one of {', '.join(self._points)}")
        made = self._points[point]
        return files_link(
            self._key,
            self._settings,
            access,
            at=at,
            point=point,
            where=self._where,
            security_group_id=self._group.id,
            file_system_id=self._files.id,
            access_point_id=made.id,
            depends_on=(self._policy, *self._targets),
        )

    def alarms(self) -> tuple[AlarmSpec, ...]:
        """Requests that come near what it can do, and credits that run out."""
        return file_system_alarms(self._key, self._files.id, self._settings)

    def widgets(self) -> tuple[WidgetSpec, ...]:
        """How much there is, how much is read and written, and by how many."""
        return file_system_widgets(self._key, self._files.id)

    def _create_file_system(self, key_arn: Arn, protect: bool) -> aws.efs.FileSystem:
        settings = self._settings
        policies: list[aws.efs.FileSystemLifecyclePolicyArgsDict] = []
        if settings.infrequent_days != "none":
            policies.append({"transition_to_ia": _after(settings.infrequent_days)})
        if settings.archive_days is not None:
            policies.append({"transition_to_archive": _after(settings.archive_days)})
        if settings.back and settings.moves:
            policies.append({"transition_to_primary_storage_class": "AFTER_1_ACCESS"})
        return aws.efs.FileSystem(
            self._key,
            encrypted=True,
            kms_key_id=key_arn,
            performance_mode="generalPurpose",
            throughput_mode=settings.throughput,
            lifecycle_policies=policies,
            tags=name_tag(self._title),
            opts=pulumi.ResourceOptions(parent=self, protect=protect, retain_on_delete=protect),
        )

    def _create_policy(self) -> aws.efs.FileSystemPolicy:
        """With a policy of its own it lets in only whom IAM lets in; without TLS, nobody."""
        return aws.efs.FileSystemPolicy(
            self._key,
            file_system_id=self._files.id,
            policy=resource_document(
                self._files.arn,
                [
                    Trust(
                        sid="OnlyOverTls",
                        principals={"AWS": ("*",)},
                        actions=("*",),
                        conditions={"Bool": {"aws:SecureTransport": "false"}},
                        effect="Deny",
                    )
                ],
            ),
            opts=self._child,
        )

    def _create_mount_targets(self, placement: Placement) -> Sequence[aws.efs.MountTarget]:
        return [
            aws.efs.MountTarget(
                f"{self._key}-{zone}",
                file_system_id=self._files.id,
                subnet_id=subnet,
                security_groups=[self._group.id],
                # A zone has one at most.
                opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
            )
            for zone, subnet in placement.first_of_zones.items()
        ]

    def _create_access_points(self) -> dict[str, aws.efs.AccessPoint]:
        return {
            name: aws.efs.AccessPoint(
                f"{self._key}-{name}",
                file_system_id=self._files.id,
                posix_user={"uid": point.uid, "gid": point.gid},
                root_directory={
                    "path": point.folder,
                    "creation_info": {
                        "owner_uid": point.uid,
                        "owner_gid": point.gid,
                        "permissions": point.permissions,
                    },
                },
                tags=name_tag(f"{self._title}-{name}"),
                opts=self._child,
            )
            for name, point in sorted(self._settings.points.items())
        }


def _after(days: int) -> str:
    return f"AFTER_{days}_DAY" if days == 1 else f"AFTER_{days}_DAYS"
