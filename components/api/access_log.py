"""The line that an API writes of every request: who, what, how it ended; no body and no token.

Variables: "Variables for access logging for API Gateway" (API Gateway Developer Guide, 2026-11).
"""

from __future__ import annotations

import json

COMMON = {
    "requestId": "$context.requestId",
    "time": "$context.requestTime",
    "ip": "$context.identity.sourceIp",
    "method": "$context.httpMethod",
    "path": "$context.path",
    "status": "$context.status",
    "latencyMs": "$context.responseLatency",
    "functionMs": "$context.integrationLatency",
    "functionStatus": "$context.integrationStatus",
    "error": "$context.error.message",
    "authorizerError": "$context.authorizer.error",
    "bytes": "$context.responseLength",
}

LOG_FORMAT = json.dumps(COMMON, separators=(",", ":"))

HTTP_LOG_FORMAT = json.dumps(
    {**COMMON, "error": "$context.integrationErrorMessage"}, separators=(",", ":")
)
"""Of HTTP APIs, which tell their functions' errors apart from their own."""
