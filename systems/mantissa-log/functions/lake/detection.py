"""Runs the detection rules: each is a query whose rows are findings.

Called by a schedule. A rule stands as JSON in the configuration bucket, under `rules/`, where every
deployment puts those of the repository: `{"id", "title", "severity", "sql"}`. In its SQL `{since}`
and `{until}` are partitions: today and the day before, so that a query reads two days and not a
year. A finding is kept once: its id follows from the rule and the row, so a rule that runs every
five minutes tells of one thing once. A rule that fails does not keep the others from running.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
from athena import Lake, QueryError
from botocore.exceptions import ClientError

PREFIX = "rules/"
KEPT_DAYS = 400
"""Days until an alert goes by itself."""

MOST_ROWS = 100
"""Findings of one rule in one run; more is a rule that is too wide."""

SEVERITIES = ("low", "medium", "high", "critical")

log = logging.getLogger(__name__)
log.setLevel(logging.INFO)


class RuleError(Exception):
    """A rule that can't run; says which and why."""


@dataclass(frozen=True)
class Rule:
    """One question to the lake."""

    id: str
    title: str
    severity: str
    sql: str


def handle(_event: Mapping[str, Any], _context: object) -> dict[str, int]:
    """Lambda's entry; how many rules ran and how many new alerts there are.

    Raises:
        RuleError: one or more rules failed; the others ran.
    """
    lake = Lake(
        boto3.client("athena"),
        os.environ["ATHENA_MAIN_WORKGROUP"],
        os.environ["ATHENA_MAIN_DATABASE"],
    )
    return run(lake, datetime.now(UTC))


def run(lake: Lake, now: datetime) -> dict[str, int]:
    """One run of all rules."""
    failed: list[str] = []
    ran = alerts = 0
    for rule in rules(boto3.client("s3"), os.environ["S3_CONFIGURATION_BUCKET"], failed):
        try:
            found = lake.ask(between(rule.sql, now), MOST_ROWS)
        except QueryError as error:
            failed.append(f"{rule.id}: {error}")
            continue
        ran += 1
        alerts += sum(_raise_alert(rule, row, now) for row in found)
    log.info("%d rules ran, %d new alerts", ran, alerts)
    if failed:
        raise RuleError("; ".join(failed))
    return {"rules": ran, "alerts": alerts}


def rules(s3: Any, bucket: str, failed: list[str]) -> Iterator[Rule]:
    """The rules of the bucket; what is none is named in `failed`."""
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=PREFIX):
        for found in page.get("Contents", []):
            if not found["Key"].endswith(".json"):
                continue
            try:
                yield rule_of(s3.get_object(Bucket=bucket, Key=found["Key"])["Body"].read())
            except ValueError as error:
                failed.append(f"{found['Key']}: {error}")


def rule_of(text: bytes) -> Rule:
    """One rule.

    Raises:
        ValueError: it is none; says what is missing.
    """
    given = json.loads(text)
    fields = {"id", "title", "severity", "sql"}
    if not isinstance(given, dict) or given.keys() != fields:
        raise ValueError(f"exactly the fields {', '.join(sorted(fields))}")
    if not all(isinstance(value, str) and value for value in given.values()):
        raise ValueError("text in every field")
    if given["severity"] not in SEVERITIES:
        raise ValueError(f"a severity of {', '.join(SEVERITIES)}")
    return Rule(**given)


def between(sql: str, now: datetime) -> str:
    """The SQL with its partitions: yesterday and today."""
    since, until = now - timedelta(days=1), now
    return sql.replace("{since}", f"{since:%Y/%m/%d}").replace("{until}", f"{until:%Y/%m/%d}")


def _raise_alert(rule: Rule, row: Mapping[str, str | None], now: datetime) -> bool:
    """Keep a finding and hand it on; False where that was done before.

    Kept first and marked when it was handed on: a run that breaks off in between tells twice at
    the most, never not at all.
    """
    finding = json.dumps(row, sort_keys=True)
    alert = {
        "alertId": hashlib.sha256(f"{rule.id} {finding}".encode()).hexdigest()[:32],
        "rule": rule.id,
        "title": rule.title,
        "severity": rule.severity,
        "raisedAt": now.isoformat(timespec="seconds"),
        "finding": finding,
    }
    table = boto3.resource("dynamodb").Table(os.environ["ALERTS_TABLE"])
    gone = int(now.timestamp()) + KEPT_DAYS * 86_400
    try:
        table.put_item(
            Item={**alert, "status": "open", "told": False, "expiresAt": gone},
            ConditionExpression="attribute_not_exists(alertId) OR told = :no",
            ExpressionAttributeValues={":no": False},
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise
        return False
    boto3.client("sqs").send_message(
        QueueUrl=os.environ["SQS_DETECTIONS_QUEUE_URL"], MessageBody=json.dumps(alert)
    )
    table.update_item(
        Key={"alertId": alert["alertId"]},
        UpdateExpression="SET told = :yes",
        ExpressionAttributeValues={":yes": True},
    )
    return True
