"""Answers that a REST API gives itself to pages of other hosts: preflights and its own errors."""

from __future__ import annotations

import json
from collections.abc import Sequence

from components.api.settings import CorsSettings

ORIGIN = "Access-Control-Allow-Origin"


def preflight_headers(cors: CorsSettings, methods: Sequence[str]) -> dict[str, str]:
    """Headers of the answer to a preflight, each a quoted constant."""
    every = ["DELETE", "GET", "HEAD", "PATCH", "POST", "PUT"]
    allowed = every if "ANY" in methods else sorted(set(methods))
    found = {
        ORIGIN: _quoted(cors.origins[0]),
        "Access-Control-Allow-Methods": _quoted(",".join([*allowed, "OPTIONS"])),
        "Access-Control-Allow-Headers": _quoted(",".join(cors.headers)),
        "Access-Control-Max-Age": _quoted(str(cors.max_age_seconds)),
    }
    if cors.credentials:
        found["Access-Control-Allow-Credentials"] = _quoted("true")
    if len(cors.origins) > 1:
        found["Vary"] = _quoted("Origin")
    return found


def preflight_template(cors: CorsSettings) -> str:
    """Answers each of several origins with itself; one alone is a constant.

    The template language is Apache Velocity, and `responseOverride` what API Gateway gives it
    ("Override response parameters in mapping templates", API Gateway Developer Guide, 2026-11).
    """
    if len(cors.origins) == 1:
        return ""
    same = " || ".join(f"$origin == {json.dumps(origin)}" for origin in cors.origins)
    return (
        '#set($origin = $input.params("Origin"))\n'
        f"#if({same})\n"
        f"#set($context.responseOverride.header.{ORIGIN} = $origin)\n"
        "#end"
    )


def error_headers(cors: CorsSettings) -> dict[str, str]:
    """Headers of the gateway's own errors.

    Their templates know no conditions. With one origin it is a constant; with several the page's
    own is given back: what it may read then is API Gateway's words, and nothing of a function's.
    """
    several = len(cors.origins) > 1
    found = {
        ORIGIN: "method.request.header.Origin" if several else _quoted(cors.origins[0]),
        "Access-Control-Allow-Headers": _quoted(",".join(cors.headers)),
    }
    if several:
        found["Vary"] = _quoted("Origin")
    if cors.expose:
        found["Access-Control-Expose-Headers"] = _quoted(",".join(cors.expose))
    if cors.credentials:
        found["Access-Control-Allow-Credentials"] = _quoted("true")
    return found


def _quoted(text: str) -> str:
    return f"'{text}'"
