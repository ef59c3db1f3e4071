"""What follows from using a workgroup: asking, reading what is asked about, keeping answers.

Source: "Example policies for access to a workgroup" and "Fine-grained access to databases and
tables in the AWS Glue Data Catalog", Athena User Guide, 2026-11.
"""

from __future__ import annotations

import pulumi

from components.contracts import AccountRegion, Arn, Grant, Link
from components.parts.access import sid_part
from components.parts.key_grant import READ, WRITE, key_grant, of_bucket
from components.parts.offer import Offer
from components.parts.target_bucket import TargetBucket
from components.query.settings import QuerySettings

ASK = (
    "athena:BatchGetNamedQuery",
    "athena:BatchGetQueryExecution",
    "athena:GetNamedQuery",
    "athena:GetQueryExecution",
    "athena:GetQueryResults",
    "athena:GetQueryRuntimeStatistics",
    "athena:GetWorkGroup",
    "athena:ListNamedQueries",
    "athena:ListQueryExecutions",
    "athena:StartQueryExecution",
    "athena:StopQueryExecution",
)
READ_CATALOG = (
    "glue:GetDatabase",
    "glue:GetPartition",
    "glue:GetPartitions",
    "glue:GetTable",
    "glue:GetTables",
)
"""Clients differ in which of the two partition calls they make; nothing is written."""

FIND = ("s3:GetBucketLocation", "s3:ListBucket")
KEEP_ANSWERS = (
    "s3:AbortMultipartUpload",
    "s3:GetObject",
    "s3:ListMultipartUploadParts",
    "s3:PutObject",
)

OFFER = Offer[QuerySettings](
    kind="query",
    accesses=("run",),
    default="run",
    variables={
        "workgroup": "ATHENA_{KEY}_WORKGROUP",
        "database": "ATHENA_{KEY}_DATABASE",
    },
    interface="athena",
)


def query_link(
    name: str,
    settings: QuerySettings,
    access: str | None,
    *,
    workgroup: str,
    workgroup_arn: Arn,
    database: str,
    records: TargetBucket,
    prefixes: tuple[str, ...],
    results: TargetBucket,
    results_prefix: str,
    where: AccountRegion,
    after: tuple[pulumi.Resource, ...],
) -> Link:
    """The link of whoever asks.

    Args:
        records, prefixes: where the catalog's tables look.
        results, results_prefix: where answers are put, and read from.

    Raises:
        UnknownAccessError: there is no such access.
    """
    producer = f"query-{name}"
    access = OFFER.chosen(name, settings, access)
    label = sid_part(producer)
    grants = [
        Grant(f"Ask{label}", ASK, (workgroup_arn,)),
        Grant(
            f"Catalog{label}",
            READ_CATALOG,
            (
                where.arn("glue", "catalog"),
                where.arn("glue", f"database/{database}"),
                where.arn("glue", f"table/{database}/*"),
            ),
        ),
        Grant(
            f"Records{label}",
            ("s3:GetObject",),
            tuple(f"{records.arn}/{prefix}*" for prefix in prefixes),
        ),
        Grant(f"Answers{label}", KEEP_ANSWERS, (f"{results.arn}/{results_prefix}*",)),
        Grant(f"Find{label}", FIND, (records.arn, results.arn)),
        *_key_grants(label, records, results, where),
    ]
    return Link(
        producer=producer,
        access=access,
        grants=tuple(grants),
        environment=OFFER.environment(
            name, settings, {"workgroup": workgroup, "database": database}
        ),
        depends_on=after,
    )


def _key_grants(
    label: str, records: TargetBucket, results: TargetBucket, where: AccountRegion
) -> list[Grant]:
    """Use of the keys through S3, for objects of these buckets."""
    found: list[Grant] = []
    for what, bucket, use in (("Records", records, READ), ("Answers", results, WRITE)):
        if bucket.key_arn is not None:
            sid, context = f"KeyOf{what}{label}", of_bucket(bucket.arn)
            found.append(key_grant(sid, bucket.key_arn, use, "s3", where, context))
    return found
