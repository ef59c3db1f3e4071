"""What this package's resources cost.

Sources: "Amazon EFS pricing", "AWS Backup pricing", 2026-11.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from components.parts.asked import Asked, Rule, known
from components.parts.charges import Charge, Free, Pricing, Row
from components.parts.spread import Spread


def file_system(asked: Asked) -> Iterator[Pricing]:
    """What is stored by class, and what is read and written where that is paid."""
    one_zone = bool(asked.get("availabilityZoneName"))
    mode = asked.get("throughputMode", "bursting")
    elastic = mode == "elastic"
    first, infrequent = ("oneZone", "oneZoneIa") if one_zone else ("standard", "standardIa")
    if not elastic and not one_zone:
        infrequent = "standardIa/nonElastic"
    gb, why = asked.used("file_systems", "gb")
    yield Charge(f"AmazonEFS/{first}/gbMonth", "stored", gb, (why,))
    for measure, key, what in (
        ("infrequent_gb", f"{infrequent}/gbMonth", "stored, infrequent access"),
        ("archive_gb", "archive/gbMonth", "stored, archive"),
        ("infrequent_read_gb", "iaAccess/read/gb", "read of infrequent access"),
        ("archive_read_gb", "archiveAccess/read/gb", "read of archive"),
    ):
        amount, why = asked.used("file_systems", measure)
        if not amount.is_nothing:
            yield Charge(f"AmazonEFS/{key}", what, amount, (why,))
    if mode == "provisioned":
        wanted = asked.get("provisionedThroughputInMibps", 0)
        yield Charge(
            "AmazonEFS/throughput/provisioned/mibpsMonth", "throughput", Spread.flat(wanted)
        )
    elif elastic:
        for measure, key, what in (
            ("read_gb", "elasticRead", "read"),
            ("written_gb", "elasticWrite", "written"),
        ):
            amount, why = asked.used("file_systems", measure)
            yield Charge(f"AmazonEFS/throughput/{key}/gb", what, amount, (why,))


def file_system_copies(asked: Asked) -> Iterator[Pricing]:
    """What AWS Backup keeps of a file system by itself."""
    policy: Mapping[str, Any] = known(asked.get("backupPolicy"), {})
    if known(policy.get("status")) == "ENABLED":
        gb, why = asked.used("file_systems", "backup_gb")
        yield Charge("AWSBackup/efs/warm/gbMonth", "copies of files", gb, (why,))


RULES: Mapping[str, Rule] = {
    "aws:efs/fileSystem:FileSystem": file_system,
    "aws:efs/backupPolicy:BackupPolicy": file_system_copies,
}

_EFS = Free("a part of a file system that is priced", "Amazon EFS pricing, 2026-11")

FREE: Mapping[str, Free] = {
    "aws:efs/mountTarget:MountTarget": _EFS,
    "aws:efs/accessPoint:AccessPoint": _EFS,
    "aws:efs/fileSystemPolicy:FileSystemPolicy": _EFS,
}

ASSUMED: Mapping[tuple[str, str], Row] = {
    ("file_systems", "gb"): ((1, 10, 50), (10, 100, 500), (100, 1_000, 5_000)),
    ("file_systems", "infrequent_gb"): ((0, 0, 0), (0, 0, 0), (0, 0, 0)),
    ("file_systems", "archive_gb"): ((0, 0, 0), (0, 0, 0), (0, 0, 0)),
    ("file_systems", "read_gb"): ((1, 20, 100), (20, 200, 1_000), (200, 2_000, 10_000)),
    ("file_systems", "written_gb"): ((1, 10, 50), (10, 100, 500), (100, 1_000, 5_000)),
    ("file_systems", "infrequent_read_gb"): ((0, 0, 0), (0, 0, 0), (0, 0, 0)),
    ("file_systems", "archive_read_gb"): ((0, 0, 0), (0, 0, 0), (0, 0, 0)),
    ("file_systems", "backup_gb"): ((1, 10, 50), (10, 100, 500), (100, 1_000, 5_000)),
}  # fmt: skip
