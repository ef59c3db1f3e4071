"""How file systems are declared."""

from __future__ import annotations

import json
from collections.abc import Mapping

from components.contracts import Domain, NetworkNeeds
from components.files.changes import left_behind
from components.files.file_system import FileSystem
from components.files.links import OFFER
from components.files.settings import FileSystemSettings
from components.parts.changes import Change, Downtime
from components.parts.declaration import (
    ACCESS,
    CONFIGURATION,
    ROUTING,
    ComponentContext,
    Data,
    NetworkShape,
    Resource,
    Tier,
    Watched,
)
from components.parts.in_transit import ASKED_TLS, FORCED_TLS
from components.parts.shown import Category, Column, Opened, Shown, ShownResources


def _needs(file_systems: Mapping[str, FileSystemSettings], network: NetworkShape) -> NetworkNeeds:
    """An address a zone for each mount target."""
    taken = len(file_systems) * network.zones
    return NetworkNeeds(addresses={network.data: taken} if taken else {})


def _make(key: str, settings: FileSystemSettings, stack: ComponentContext) -> FileSystem:
    return FileSystem(
        key,
        settings,
        naming=stack.naming,
        where=stack.where,
        placement=stack.data_placement(),
        key_arn=stack.key(Domain.DATA),
        protect=stack.protect,
        opts=stack.child,
    )


def _encryption(resources: ShownResources, _: Opened) -> str:
    """By the policy of the file system."""
    for (policy,) in resources.every("aws:efs/fileSystemPolicy:FileSystemPolicy", "policy"):
        for statement in json.loads(policy)["Statement"] if isinstance(policy, str) else ():
            secure = statement.get("Condition", {}).get("Bool", {}).get("aws:SecureTransport")
            if statement["Effect"] == "Deny" and str(secure).lower() == "false":
                return FORCED_TLS
    return ASKED_TLS


TIERS = (
    Tier(
        field="file_systems",
        settings=FileSystemSettings,
        components={
            "trellis:files:FileSystem": Shown(
                "file system",
                glyph="M2 5h5l2 2h7v8H2z",
                category=Category.STORAGE,
                column=Column.DATA,
                encryption=_encryption,
            ),
        },
        resources={
            "aws:efs/accessPoint:AccessPoint": Resource(
                ACCESS, facts=("rootDirectory",), change=Change(leaves=left_behind)
            ),
            "aws:efs/backupPolicy:BackupPolicy": Resource(CONFIGURATION),
            "aws:efs/fileSystem:FileSystem": Resource(
                Watched(("PercentIOLimit",), ("id",)),
                facts=("throughputMode",),
                data=Data("files", None, "restore a recovery point, or copy with AWS DataSync"),
            ),
            "aws:efs/fileSystemPolicy:FileSystemPolicy": Resource(ACCESS),
            "aws:efs/mountTarget:MountTarget": Resource(
                ROUTING,
                facts=("subnetId",),
                change=Change(
                    downtime=Downtime("tasks of its zone can't reach the files meanwhile")
                ),
            ),
        },
        keys=frozenset({Domain.DATA}),
        offer=OFFER,
        needs=_needs,
        make=_make,
    ),
)
"""What this package adds to a stack file."""
