"""The API of alerts: `GET /alerts`, `GET /alerts/{alertId}`, `PATCH /alerts/{alertId}`."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import boto3
from botocore.exceptions import ClientError
from web import readable, reply

STATUSES = ("open", "acknowledged", "closed")
PAGE = 50


def handle(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """Lambda's entry, as API Gateway's proxy integration calls it."""
    return readable(event, _answer(event))


def _answer(event: Mapping[str, Any]) -> dict[str, Any]:
    table = boto3.resource("dynamodb").Table(os.environ["ALERTS_TABLE"])
    alert = (event.get("pathParameters") or {}).get("alertId")
    if alert is None:
        return _list(table, event.get("queryStringParameters") or {})
    if event["httpMethod"] == "PATCH":
        return _change(table, alert, event.get("body"))
    item = table.get_item(Key={"alertId": alert}).get("Item")
    return _reply(200, item) if item else _reply(404, {"error": "no such alert"})


def _list(table: Any, query: Mapping[str, str]) -> dict[str, Any]:
    begin: dict[str, Any] = {}
    if "after" in query:
        try:
            key = base64.b64decode(query["after"], altchars=b"-_", validate=True).decode()
        except ValueError:
            return _reply(400, {"error": "`after` as the page before gave it"})
        begin = {"ExclusiveStartKey": {"alertId": key}}
    page = table.scan(Limit=PAGE, **begin)
    last = page.get("LastEvaluatedKey")
    after = base64.urlsafe_b64encode(last["alertId"].encode()).decode() if last else None
    return _reply(200, {"alerts": page["Items"], "after": after})


def _change(table: Any, alert: str, body: object) -> dict[str, Any]:
    try:
        given = json.loads(body) if isinstance(body, str) else None
    except ValueError:
        given = None
    status = given.get("status") if isinstance(given, dict) else None
    if status not in STATUSES:
        return _reply(400, {"error": f"a body with a `status` of {', '.join(STATUSES)}"})
    try:
        item = table.update_item(
            Key={"alertId": alert},
            UpdateExpression="SET #status = :status",
            ConditionExpression="attribute_exists(alertId)",
            ExpressionAttributeNames={"#status": "status"},
            ExpressionAttributeValues={":status": status},
            ReturnValues="ALL_NEW",
        )["Attributes"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise
        return _reply(404, {"error": "no such alert"})
    return _reply(200, item)


def _reply(status: int, body: Mapping[str, Any]) -> dict[str, Any]:
    return reply(status, body, _plain)


def _plain(value: object) -> int | float:
    """DynamoDB's numbers as JSON has them."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(type(value).__name__)
