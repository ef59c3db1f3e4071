"""GET /history, and /sessions/{sessionId}/messages: what a user asked, newest first."""

from __future__ import annotations

from typing import Any

from boto3.dynamodb.conditions import Attr, Key
from web import answer, table, user_of

MOST = 50


def handle(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """The user's own messages, of one session or of all."""
    history, user = table("CHAT_HISTORY_TABLE"), user_of(event)
    session = (event.get("pathParameters") or {}).get("sessionId")
    if session is None:
        found = history.query(
            IndexName="UserSessionIndex",
            KeyConditionExpression=Key("userId").eq(user),
            ScanIndexForward=False,
            Limit=MOST,
        )
    else:
        found = history.query(
            KeyConditionExpression=Key("sessionId").eq(session),
            FilterExpression=Attr("userId").eq(user),
            ScanIndexForward=False,
            Limit=MOST,
        )
    return answer(200, {"messages": found["Items"]}, event)
