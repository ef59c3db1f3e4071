"""The application's log groups: kept as long as asked, credentials masked, metrics and queries."""

from __future__ import annotations

import json

import pulumi
import pulumi_aws as aws

from components.contracts import AccountRegion, Arn
from components.monitoring.alarms.custom import Metric
from components.monitoring.settings import LogGroupSettings
from components.naming import Kind, Naming
from components.tags import name_tag

CREDENTIALS = (
    "AwsSecretKey",
    "OpenSshPrivateKey",
    "PgpPrivateKey",
    "PkcsPrivateKey",
    "PuttyPrivateKey",
)
"""Managed identifiers ("CloudWatch Logs managed data identifiers: Credentials", 2026-11)."""


def group_name(settings: LogGroupSettings, naming: Naming) -> str:
    """The physical name, known from the settings alone.

    Raises:
        IllegalNameError: what stands for the system's words makes a name AWS refuses.
    """
    text = settings.name.replace("{name}", naming.system)
    return naming.exact(Kind.LOG_GROUP, text.replace("{environment}", naming.environment))


def log_metrics(key: str, settings: LogGroupSettings, naming: Naming) -> dict[str, Metric]:
    """The metrics made from a group's lines, as alarms and charts name them."""
    return {
        f"{key}-{name}": Metric(_namespace(naming), f"{key}-{name}", {})
        for name in settings.metrics
    }


def create_logs(
    key: str,
    settings: LogGroupSettings,
    *,
    naming: Naming,
    where: AccountRegion,
    key_arn: Arn | None,
    opts: pulumi.ResourceOptions,
) -> aws.cloudwatch.LogGroup:
    """Make the group and all that belongs to it.

    Args:
        key_arn: the logs key.
    """
    physical_name = group_name(settings, naming)
    group = aws.cloudwatch.LogGroup(
        key,
        name=physical_name,
        retention_in_days=settings.retention_days,
        kms_key_id=key_arn,
        skip_destroy=settings.keep or None,
        tags=name_tag(physical_name),
        opts=pulumi.ResourceOptions(
            parent=opts.parent, protect=settings.keep, retain_on_delete=settings.keep
        ),
    )
    if settings.mask_credentials:
        aws.cloudwatch.LogDataProtectionPolicy(
            key,
            log_group_name=group.name,
            policy_document=json.dumps(_masking(where), separators=(",", ":")),
            opts=opts,
        )
    for name, metric in settings.metrics.items():
        label = f"{key}-{name}"
        aws.cloudwatch.LogMetricFilter(
            label,
            name=naming.of(Kind.LOG_GROUP, label),
            log_group_name=group.name,
            pattern=metric.pattern,
            metric_transformation={
                "namespace": _namespace(naming),
                "name": label,
                "value": metric.value,
                "unit": metric.unit,
                "default_value": "0" if metric.zero else None,
            },
            opts=opts,
        )
    for name, query in settings.queries.items():
        aws.cloudwatch.QueryDefinition(
            f"{key}-{name}",
            name=f"{naming.system}/{naming.environment}/{key}/{name}",
            log_group_names=[group.name],
            query_string=query,
            opts=opts,
        )
    return group


def _namespace(naming: Naming) -> str:
    return f"{naming.system}/{naming.environment}/logs"


def _masking(where: AccountRegion) -> dict[str, object]:
    """A policy that finds and masks ("Data protection policy", CloudWatch Logs guide, 2026-11)."""
    identifiers = [
        f"arn:{where.partition}:dataprotection::aws:data-identifier/{credential}"
        for credential in CREDENTIALS
    ]
    return {
        "Name": "mask-credentials",
        "Version": "2021-06-01",
        "Statement": [
            {
                "Sid": "Find",
                "DataIdentifier": identifiers,
                "Operation": {"Audit": {"FindingsDestination": {}}},
            },
            {
                "Sid": "Mask",
                "DataIdentifier": identifiers,
                "Operation": {"Deidentify": {"MaskConfig": {}}},
            },
        ],
    }
