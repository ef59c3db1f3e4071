"""Work that the host outside AWS hands over: counts prompts, and writes who asked to the audit log.

Secrets are read by their ARN and kept five minutes; an older version can be named to go back.
"""

from __future__ import annotations

import json
import os
import time
import uuid
from typing import Any

import boto3

KEPT_SECONDS = 300

_kept: dict[tuple[str, str], tuple[float, str]] = {}


def secret(variable: str, stage: str = "AWSCURRENT") -> str:
    """The value of a secret whose ARN a variable has."""
    arn = os.environ[variable]
    until, value = _kept.get((arn, stage), (0.0, ""))
    if time.monotonic() >= until:
        client = boto3.client("secretsmanager")
        value = client.get_secret_value(SecretId=arn, VersionStage=stage)["SecretString"]
        _kept[arn, stage] = (time.monotonic() + KEPT_SECONDS, value)
    return value


def handle(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """Count a prompt and keep who asked for it."""
    provider = str(event["provider"])
    if not secret(f"{provider.upper()}_API_KEY_SECRET_ARN"):
        raise ValueError(f"the key of {provider} is empty")
    boto3.client("cloudwatch").put_metric_data(
        Namespace=os.environ["METRICS_APPLICATION_NAMESPACE"],
        MetricData=[
            {"MetricName": "Prompts.Executed", "Value": 1, "Unit": "Count"},
            {"MetricName": "AI.TokensUsed", "Value": int(event["tokens"]), "Unit": "Count"},
        ],
    )
    _audit({"user": event["user"], "provider": provider, "tokens": int(event["tokens"])})
    return {"counted": 1}


def _audit(line: dict[str, Any]) -> None:
    group, client = os.environ["AUDIT_LOG_GROUP"], boto3.client("logs")
    stream = f"backend-{uuid.uuid4()}"
    client.create_log_stream(logGroupName=group, logStreamName=stream)
    moment = {"timestamp": int(time.time() * 1000), "message": json.dumps(line)}
    client.put_log_events(logGroupName=group, logStreamName=stream, logEvents=[moment])
