"""Crawlers of a catalog: Glue looks through folders beside the records and declares what it finds.

The catalog's own tables are declared by the stack file and compute their partitions, so a crawler
has nothing to add to them; it is for folders that others fill, whose columns nobody has written
down. Its role may write tables whose names begin with its key only, so it changes none of ours.

Sources: "Crawler properties", "Incremental crawls for adding new partitions" and "Encrypting data
written by crawlers", AWS Glue Developer Guide, 2026-11. The name of an encrypted crawler's log
group is from memory and public configurations (2026-11): the guide shows it for jobs only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.catalog.names import CRAWLER_NAME
from components.catalog.settings import CatalogSettings, CrawlerSettings
from components.contracts import AccountRegion, Arn, Grant
from components.naming import Kind, Naming
from components.parts.json_text import json_text
from components.parts.key_grant import READ, key_grant, of_bucket
from components.parts.log_group import log_group
from components.parts.role import granted_role
from components.parts.target_bucket import TargetBucket
from components.tags import name_tag

UPDATES = {"log": "LOG", "update": "UPDATE_IN_DATABASE"}
"""What becomes of a table whose files have other columns now, by `changes`."""

LOOKS = {"log": "CRAWL_NEW_FOLDERS_ONLY", "update": "CRAWL_EVERYTHING"}
"""What is looked through, by `changes`: only who updates tables reads old folders again."""

WRITES_TABLES = (
    "glue:BatchCreatePartition",
    "glue:BatchUpdatePartition",
    "glue:CreatePartition",
    "glue:CreateTable",
    "glue:UpdatePartition",
    "glue:UpdateTable",
)
READS_TABLES = (
    "glue:BatchGetPartition",
    "glue:GetDatabase",
    "glue:GetPartition",
    "glue:GetPartitions",
    "glue:GetTable",
    "glue:GetTables",
)


@dataclass(frozen=True)
class CrawlerPlace:
    """Where crawlers stand: names, account, keys and the bucket."""

    naming: Naming
    where: AccountRegion
    bucket: TargetBucket
    database: str
    """Glue's name of the catalog's database."""
    data_key_arn: Arn
    log_key_arn: Arn
    log_days: int
    """Days that their log is kept."""


def crawler_name(catalog: str, key: str, naming: Naming) -> str:
    """Glue's name of a crawler, known from its keys alone."""
    return naming.of(CRAWLER_NAME, catalog, key)


def crawlers(
    name: str,
    settings: CatalogSettings,
    place: CrawlerPlace,
    database: aws.glue.CatalogDatabase,
    opts: pulumi.ResourceOptions,
) -> None:
    """Make the crawlers of a catalog, and the security configuration that they share."""
    if not settings.crawlers:
        return
    security_name = place.naming.of(CRAWLER_NAME, name, "crawlers")
    security = aws.glue.SecurityConfiguration(
        f"{name}-crawlers",
        name=security_name,
        encryption_configuration={
            "cloudwatch_encryption": {
                "cloudwatch_encryption_mode": "SSE-KMS",
                "kms_key_arn": place.log_key_arn,
            },
            "job_bookmarks_encryption": {
                "job_bookmarks_encryption_mode": "CSE-KMS",
                "kms_key_arn": place.data_key_arn,
            },
            "s3_encryption": {"s3_encryption_mode": "SSE-KMS", "kms_key_arn": place.data_key_arn},
        },
        opts=opts,
    )
    for key, crawled in settings.crawlers.items():
        _crawler(name, key, crawled, place, database, security, security_name, opts)


def _crawler(
    catalog: str,
    key: str,
    settings: CrawlerSettings,
    place: CrawlerPlace,
    database: aws.glue.CatalogDatabase,
    security: aws.glue.SecurityConfiguration,
    security_name: str,
    opts: pulumi.ResourceOptions,
) -> None:
    label = f"{catalog}-{key}-crawler"
    physical_name = crawler_name(catalog, key, place.naming)
    role_name = place.naming.of(Kind.ROLE, catalog, key, "crawler")
    # Glue would make it without an end to what is kept.
    log_name = f"/aws-glue/crawlers-role/{role_name}-{security_name}"
    log = log_group(
        label,
        physical_name=log_name,
        retention_days=place.log_days,
        key_arn=place.log_key_arn,
        opts=opts,
    )
    role, allowed = granted_role(
        label,
        physical_name=role_name,
        description="Looks through a folder and declares tables for what is there",
        service="glue.amazonaws.com",
        conditions={"StringEquals": {"aws:SourceAccount": place.where.account}},
        grants=_grants(key, settings, place, log_name),
        opts=opts,
    )
    aws.glue.Crawler(
        label,
        name=physical_name,
        description=f"Tables for what stands under {settings.prefix}",
        database_name=database.name,
        role=role.arn,
        s3_targets=[{"path": f"s3://{place.bucket.name}/{settings.prefix}"}],
        schedule=settings.schedule,
        security_configuration=security.name,
        table_prefix=table_prefix(key),
        schema_change_policy={
            "update_behavior": UPDATES[settings.changes],
            # What is gone from the bucket stays declared until a person has looked.
            "delete_behavior": "LOG",
        },
        recrawl_policy={"recrawl_behavior": LOOKS[settings.changes]},
        configuration=json_text(
            {
                "Version": 1.0,
                "CrawlerOutput": {"Partitions": {"AddOrUpdateBehavior": "InheritFromTable"}},
            }
        ),
        tags=name_tag(physical_name),
        opts=pulumi.ResourceOptions.merge(
            opts,
            pulumi.ResourceOptions(
                depends_on=[*allowed, log],
                # One that looks through new folders only can't be given another place to look.
                replace_on_changes=["s3Targets"],
            ),
        ),
    )


def table_prefix(key: str) -> str:
    """What the names of a crawler's tables begin with."""
    return f"{key}_"


def crawler_names(catalogs: Mapping[str, CatalogSettings], naming: Naming) -> list[str]:
    """Glue's names of all crawlers, for whoever is told of failed runs."""
    return [
        crawler_name(catalog, key, naming)
        for catalog, settings in catalogs.items()
        for key in settings.crawlers
    ]


def _grants(
    key: str,
    settings: CrawlerSettings,
    place: CrawlerPlace,
    log_name: str,
) -> Sequence[Grant]:
    where, bucket = place.where, place.bucket
    log = where.arn("logs", f"log-group:{log_name}")
    tables = f"table/{place.database}"
    reached = (where.arn("glue", "catalog"), where.arn("glue", f"database/{place.database}"))
    found = [
        Grant("ReadFolder", ("s3:GetObject",), (f"{bucket.arn}/{settings.prefix}*",)),
        # Its requests name their folder by ways of their own: names of objects are no content.
        Grant("FindFolder", ("s3:GetBucketLocation", "s3:ListBucket"), (bucket.arn,)),
        Grant("ReadTables", READS_TABLES, (*reached, where.arn("glue", f"{tables}/*"))),
        Grant(
            "WriteOwnTables",
            WRITES_TABLES,
            (*reached, where.arn("glue", f"{tables}/{table_prefix(key)}*")),
        ),
        Grant(
            "TellLog",
            ("logs:AssociateKmsKey", "logs:CreateLogStream", "logs:PutLogEvents"),
            (log, f"{log}:*"),
        ),
    ]
    if bucket.key_arn is not None:
        context = of_bucket(bucket.arn)
        found.append(key_grant("KeyOfBucket", bucket.key_arn, READ, "s3", where, context))
    return found
