"""POST /sessions, GET and DELETE /sessions/{sessionId}: sessions that end by themselves."""

from __future__ import annotations

import time
import uuid
from typing import Any

from web import answer, table, user_of

DAY = 86_400


def handle(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """Begin, show or end a session of the user's own."""
    sessions, user = table("SESSION_TABLE"), user_of(event)
    if event["httpMethod"] == "POST":
        item = {
            "sessionId": str(uuid.uuid4()),
            "userId": user,
            "expiresAt": int(time.time()) + DAY,
        }
        sessions.put_item(Item=item)
        return answer(201, item, event)
    key = {"sessionId": event["pathParameters"]["sessionId"]}
    found = sessions.get_item(Key=key).get("Item")
    if found is None or found["userId"] != user:
        return answer(404, {"message": "no such session"}, event)
    if event["httpMethod"] == "DELETE":
        sessions.delete_item(Key=key)
        return answer(204, {}, event)
    return answer(200, found, event)
