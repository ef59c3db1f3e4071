"""What a response-headers policy makes of an answer ("Understand response headers policies",
CloudFront, 2026-11)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.browser.http_message import Answer, Request

Policy = Mapping[str, Any]
"""Inputs of an `aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy`."""


@dataclass(frozen=True)
class Added:
    """One header of a policy."""

    name: str
    value: str
    override: bool
    """Whether it counts more than that of the origin."""


def with_policy(policy: Policy, request: Request, answer: Answer) -> Answer:
    """The answer as a viewer gets it: first what is taken away, then what is added."""
    for header_item in policy.get("removeHeadersConfig", {}).get("items", ()):
        answer = answer.without(header_item["header"])
    for header in (*_security(policy), *_custom(policy), *_cors(policy, request)):
        if header.override or answer.header(header.name) is None:
            answer = answer.having(header.name, header.value)
    return answer


def _security(policy: Policy) -> Iterator[Added]:
    headers_config = policy.get("securityHeadersConfig", {})
    if header := headers_config.get("strictTransportSecurity"):
        value = f"max-age={header['accessControlMaxAgeSec']}"
        value += "; includeSubDomains" if header.get("includeSubdomains") else ""
        value += "; preload" if header.get("preload") else ""
        yield Added("Strict-Transport-Security", value, header["override"])
    if header := headers_config.get("contentTypeOptions"):
        yield Added("X-Content-Type-Options", "nosniff", header["override"])
    for key, name, field in (
        ("frameOptions", "X-Frame-Options", "frameOption"),
        ("referrerPolicy", "Referrer-Policy", "referrerPolicy"),
        ("contentSecurityPolicy", "Content-Security-Policy", "contentSecurityPolicy"),
    ):
        if header := headers_config.get(key):
            yield Added(name, header[field], header["override"])


def _custom(policy: Policy) -> Iterator[Added]:
    for header_item in policy.get("customHeadersConfig", {}).get("items", ()):
        yield Added(header_item["header"], header_item["value"], header_item["override"])


def _cors(policy: Policy, request: Request) -> Iterator[Added]:
    cors, origin = policy.get("corsConfig"), request.headers.get("origin")
    if cors is None or origin is None:
        return
    origins = cors["accessControlAllowOrigins"]["items"]
    if origin in origins or "*" in origins:
        override = cors["originOverride"]
        allowed = "*" if "*" in origins else origin
        methods = ", ".join(cors["accessControlAllowMethods"]["items"])
        yield Added("Access-Control-Allow-Origin", allowed, override)
        yield Added("Access-Control-Allow-Methods", methods, override)
        yield Added("Vary", "Origin", True)
