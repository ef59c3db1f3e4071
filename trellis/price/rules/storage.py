"""Buckets, tables, caches, backups, file systems.

Sources: "Amazon S3 pricing", "Amazon DynamoDB pricing", "Amazon ElastiCache pricing", "AWS Backup
pricing", "Amazon EFS pricing", "Amazon S3 request metrics in CloudWatch", 2026-11.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from trellis.price.asked import Asked, known
from trellis.price.lines import Charge, Free, NotPriced, Said
from trellis.price.prices import HOURS
from trellis.price.spread import Spread, decimal

TABLE = "aws:dynamodb/table:Table"
LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"

CLASSES = {
    "STANDARD_IA": "standardIa", "ONEZONE_IA": "oneZoneIa", "GLACIER": "glacierFlexible",
    "GLACIER_IR": "glacierInstant", "DEEP_ARCHIVE": "deepArchive",
    "INTELLIGENT_TIERING": "intelligentTiering",
}  # fmt: skip
"""Storage classes as price keys have them."""

COLDEST_LAST = ("STANDARD_IA", "ONEZONE_IA", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE")

REQUEST_METRICS = 16
"""Metrics of one filter ("Amazon S3 request metrics in CloudWatch"), billed as custom ones."""

TIERED = {"STANDARD": "standard", "STANDARD_INFREQUENT_ACCESS": "standardIa"}
"""Table classes."""


def bucket(asked: Asked) -> Iterator[Said]:
    """What is stored by class, and requests."""
    classes = _classes(asked)
    gb, why = asked.used("buckets", "gb")
    tiering = "INTELLIGENT_TIERING" in classes
    first = "intelligentTiering/frequent" if tiering else "standard"
    named = "Intelligent-Tiering" if tiering else "standard"
    yield Charge(f"AmazonS3/{first}/gbMonth", f"stored, {named}", gb, (why,))
    infrequent, reason = asked.used("buckets", "infrequent_gb")
    if not infrequent.is_nothing:
        yield Charge(
            "AmazonS3/standardIa/gbMonth", "stored, infrequent access", infrequent, (reason,)
        )
    archive, reason = asked.used("buckets", "archive_gb")
    coldest = [storage_class for storage_class in COLDEST_LAST if storage_class in classes]
    if not archive.is_nothing:
        class_ = CLASSES[coldest[-1]] if coldest else "glacierFlexible"
        yield Charge(f"AmazonS3/{class_}/gbMonth", f"stored, {class_}", archive, (reason,))
    for measure, key in (("writes", "put"), ("reads", "get")):
        requests, reason = asked.used("buckets", measure)
        yield Charge(f"AmazonS3/standard/{key}/request", measure, requests, (reason,))
    moved, reason = asked.used("buckets", "transitions")
    if not moved.is_nothing:
        class_ = CLASSES[coldest[0]] if coldest else "standardIa"
        yield Charge(f"AmazonS3/lifecycleTransition/{class_}/request", "moved", moved, (reason,))


def _classes(asked: Asked) -> set[str]:
    """Storage classes that the bucket's lifecycle moves objects to."""
    found: set[str] = set()
    for lifecycle in asked.plan.of_type(LIFECYCLE):
        if lifecycle.parent != asked.resource.parent:
            continue
        if lifecycle.name != asked.resource.name and asked.resource.urn not in (
            lifecycle.property_dependencies.get("bucket", ())
        ):
            continue
        rules: Sequence[Mapping[str, Any]] = known(lifecycle.inputs.get("rules"), ())
        for rule in rules:
            for change in known(rule.get("transitions"), ()):
                found.add(str(known(change.get("storageClass"))))
    return found


def request_metrics(asked: Asked) -> Iterator[Said]:
    """Billed like an application's own metrics."""
    why = asked.because(f"{REQUEST_METRICS} request metrics", "requestMetrics")
    yield Charge(
        "AmazonCloudWatch/metric/custom/metricMonth", "request metrics",
        Spread.flat(REQUEST_METRICS), (why,),
    )  # fmt: skip


def replication(asked: Asked) -> Iterator[Said]:
    """Copies are billed as requests, storage and traffic of another bucket."""
    yield NotPriced(
        "copies to another bucket", "how much is copied, and where to, is not stated anywhere",
        (asked.because("", "replication"),),
    )  # fmt: skip


def table(asked: Asked) -> Iterator[Said]:
    """Requests or capacity, storage, recovery to a point in time, copies."""
    kept = TIERED[asked.get("tableClass", "STANDARD")]
    gb, size = asked.used("tables", "gb")
    copies = len(asked.get("replicas") or ())
    if asked.get("billingMode", "PROVISIONED") == "PAY_PER_REQUEST":
        for measure, unit in (("writes", "wru"), ("reads", "rru")):
            requests, why = asked.used("tables", measure)
            yield Charge(f"AmazonDynamoDB/onDemand/{kept}/{unit}", measure, requests, (why,))
            if copies and unit == "wru":
                yield Charge(
                    f"AmazonDynamoDB/onDemand/{kept}/replicatedWru", "writes copied",
                    requests * copies, (asked.because(f"{copies} copies", "replicas"),),
                )  # fmt: skip
    else:
        yield from _capacity(asked, kept)
    indexes = len(asked.get("globalSecondaryIndexes") or ())
    said = (size, asked.because(f"{indexes} global indexes hold no more than assumed", "indexes"))
    yield Charge(
        f"AmazonDynamoDB/storage/{kept}/gbMonth", "stored", gb * (1 + copies),
        said if indexes else (size,),
    )  # fmt: skip
    recovery: Mapping[str, Any] = known(asked.resource.inputs.get("pointInTimeRecovery"), {})
    if known(recovery.get("enabled")):
        why = asked.because("recovery to any second of the last weeks", "pointInTimeRecovery")
        yield Charge("AmazonDynamoDB/pitr/gbMonth", "recovery to a point in time", gb, (size, why))


def _capacity(asked: Asked, kept: str) -> Iterator[Said]:
    name = asked.get("name")
    for kind, unit, dimension in (
        ("read", "rcuHour", "dynamodb:table:ReadCapacityUnits"),
        ("write", "wcuHour", "dynamodb:table:WriteCapacityUnits"),
    ):
        fixed = asked.get(f"{kind}Capacity", 1)
        least = most = decimal(fixed)
        for target in asked.plan.of_type("aws:appautoscaling/target:Target"):
            of_this = known(target.inputs.get("resourceId")) == f"table/{name}"
            if of_this and known(target.inputs.get("scalableDimension")) == dimension:
                least, most = (
                    decimal(known(target.inputs.get(f"{end}Capacity"), 1)) for end in ("min", "max")
                )
        units = Spread(least, least, most) * HOURS
        why = asked.because(f"{least} to {most} {kind} units", "capacity")
        yield Charge(f"AmazonDynamoDB/provisioned/{kept}/{unit}", f"{kind} capacity", units, (why,))


def cache(asked: Asked) -> Iterator[Said]:
    """Hours of each node, and snapshots."""
    class_, engine = asked.get("nodeType"), asked.get("engine", "redis")
    if class_ is None:
        yield NotPriced("node hours", "its node type is not known before deployment")
        return
    shards = asked.get("numNodeGroups")
    if shards is not None:
        nodes = shards * (1 + asked.get("replicasPerNodeGroup", 0))
    else:
        nodes = asked.get("numCacheClusters", 1)
    why = (asked.because(class_, "nodeType"), asked.because(f"{nodes} nodes", "nodes"))
    yield Charge(
        f"AmazonElastiCache/{class_}/{engine}/hour", f"node hours of {class_}",
        Spread.flat(nodes * HOURS), why,
    )  # fmt: skip
    if asked.get("snapshotRetentionLimit", 0):
        gb, reason = asked.used("caches", "backup_gb")
        yield Charge("AmazonElastiCache/backup/gbMonth", "snapshots", gb, (reason,))


def serverless_cache(asked: Asked) -> Iterator[Said]:
    """At least a GB of Redis, or 0.1 of Valkey, all month; requests are not stated anywhere."""
    engine = asked.get("engine", "valkey")
    least = decimal("0.1") if engine == "valkey" else decimal(1)
    key = f"AmazonElastiCache/serverless/{engine}"
    yield Charge(f"{key}/gbHour", "stored", Spread.flat(least * HOURS))
    yield NotPriced("processing units", "how many requests it serves is not stated anywhere")


def backup_plan(asked: Asked) -> Iterator[Said]:
    """What AWS Backup keeps of databases and tables."""
    types = asked.plan.by_type
    for kind, type_, measure, what in (
        ("rds", "aws:rds/instance:Instance", "databases_gb", "copies of databases"),
        ("aurora", "aws:rds/cluster:Cluster", "databases_gb", "copies of clusters"),
        ("dynamodb", TABLE, "tables_gb", "copies of tables"),
    ):
        if type_ in types:
            gb, why = asked.plan.usage.of("backups", None, measure)
            yield Charge(f"AWSBackup/{kind}/warm/gbMonth", what, gb, (why,))
    rules: Sequence[Mapping[str, Any]] = asked.get("rules") or ()
    if any(known(rule.get("copyActions")) for rule in rules):
        yield NotPriced(
            "copies to another region or account", "no price of copies is in the data",
            (asked.because("", "copies"),),
        )  # fmt: skip


def file_system(asked: Asked) -> Iterator[Said]:
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


def file_system_copies(asked: Asked) -> Iterator[Said]:
    """What AWS Backup keeps of a file system by itself."""
    policy: Mapping[str, Any] = known(asked.get("backupPolicy"), {})
    if known(policy.get("status")) == "ENABLED":
        gb, why = asked.used("file_systems", "backup_gb")
        yield Charge("AWSBackup/efs/warm/gbMonth", "copies of files", gb, (why,))


RULES = {
    "aws:s3/bucket:Bucket": bucket,
    "aws:s3/bucketMetric:BucketMetric": request_metrics,
    "aws:s3/bucketReplicationConfig:BucketReplicationConfig": replication,
    TABLE: table,
    "aws:elasticache/replicationGroup:ReplicationGroup": cache,
    "aws:elasticache/serverlessCache:ServerlessCache": serverless_cache,
    "aws:backup/plan:Plan": backup_plan,
    "aws:efs/fileSystem:FileSystem": file_system,
    "aws:efs/backupPolicy:BackupPolicy": file_system_copies,
}

_S3 = Free("a setting of a bucket that is priced", "Amazon S3 pricing, 2026-11")
_CACHE = Free("a setting of a cache that is priced", "Amazon ElastiCache pricing, 2026-11")
_BACKUP = Free("what is kept is priced with the plan", "AWS Backup pricing, 2026-11")
_EFS = Free("a part of a file system that is priced", "Amazon EFS pricing, 2026-11")

FREE: dict[str, Free] = {
    **{
        f"aws:s3/{name[0].lower()}{name[1:]}:{name}": _S3
        for name in (
            "AccountPublicAccessBlock", "BucketCorsConfiguration",
            "BucketIntelligentTieringConfiguration", "BucketLifecycleConfiguration",
            "BucketLogging", "BucketNotification", "BucketObjectLockConfiguration",
            "BucketObjectv2", "BucketOwnershipControls", "BucketPolicy",
            "BucketPublicAccessBlock", "BucketServerSideEncryptionConfiguration",
            "BucketVersioning",
        )
    },
    "aws:elasticache/parameterGroup:ParameterGroup": _CACHE,
    "aws:elasticache/subnetGroup:SubnetGroup": _CACHE,
    "aws:elasticache/user:User": _CACHE,
    "aws:elasticache/userGroup:UserGroup": _CACHE,
    "aws:backup/selection:Selection": _BACKUP,
    "aws:backup/vault:Vault": _BACKUP,
    "aws:backup/vaultLockConfiguration:VaultLockConfiguration": _BACKUP,
    "aws:efs/mountTarget:MountTarget": _EFS,
    "aws:efs/accessPoint:AccessPoint": _EFS,
    "aws:efs/fileSystemPolicy:FileSystemPolicy": _EFS,
}  # fmt: skip
