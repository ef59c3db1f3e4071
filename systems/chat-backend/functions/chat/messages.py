"""POST /sessions/{sessionId}/messages: a model's answer, kept with the question."""

from __future__ import annotations

import hashlib
import json
import os
import time
import urllib.request
from typing import Any

from web import answer, body_of, secret, table, user_of

CACHED_SECONDS = 3600


def handle(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """Answer a message, from the cache where the same was asked lately."""
    session, user = event["pathParameters"]["sessionId"], user_of(event)
    found = table("SESSION_TABLE").get_item(Key={"sessionId": session}).get("Item")
    if found is None or found["userId"] != user:
        return answer(404, {"message": "no such session"}, event)
    question = body_of(event)["message"]
    said = _cached(question) or _asked(question)
    now = int(time.time() * 1000)
    table("CHAT_HISTORY_TABLE").put_item(
        Item={
            "sessionId": session,
            "timestamp": now,
            "userId": user,
            "question": question,
            "answer": said,
        }
    )
    return answer(201, {"answer": said, "timestamp": now}, event)


def _key(question: str) -> str:
    return hashlib.sha256(question.encode()).hexdigest()


def _cached(question: str) -> str | None:
    item = table("CACHE_TABLE").get_item(Key={"key": _key(question)}).get("Item")
    return str(item["answer"]) if item and item["ttl"] > time.time() else None


def _asked(question: str) -> str:
    request = urllib.request.Request(
        f"{os.environ['MODEL_URL']}/chat/completions",
        data=json.dumps(
            {"model": os.environ["MODEL"], "messages": [{"role": "user", "content": question}]}
        ).encode(),
        headers={
            "Authorization": f"Bearer {secret('OPENAI_CREDENTIALS_SECRET_ARN')}",
            "Content-Type": "application/json",
        },
    )
    with urllib.request.urlopen(request, timeout=25) as response:
        said = str(json.load(response)["choices"][0]["message"]["content"])
    item = {"key": _key(question), "answer": said, "ttl": int(time.time()) + CACHED_SECONDS}
    table("CACHE_TABLE").put_item(Item=item)
    return said
