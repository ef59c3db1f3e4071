"""POST /tokens: who Salesforce knows gets a token of the chat's own, for an hour."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from typing import Any

from web import answer, body_of, secret, signed

SECONDS = 3600


def handle(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """Ask Salesforce whose token it is, and sign one of ours."""
    known = json.loads(secret("SALESFORCE_CREDENTIALS_SECRET_ARN"))
    request = urllib.request.Request(
        f"{known['instanceUrl']}/services/oauth2/userinfo",
        headers={"Authorization": f"Bearer {body_of(event)['salesforceToken']}"},
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            user = json.load(response)["user_id"]
    except urllib.error.HTTPError:
        return answer(403, {"message": "Salesforce does not know this token"}, event)
    now = int(time.time())
    claims = {"sub": user, "iss": "chat-backend", "aud": "chat", "iat": now, "exp": now + SECONDS}
    token = signed(claims, secret("JWT_SECRET_SECRET_ARN"))
    return answer(201, {"token": token, "expiresIn": SECONDS}, event)
