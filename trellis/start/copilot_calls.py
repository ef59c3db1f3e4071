"""Whom workloads of Copilot's call: among them everybody may, and here whoever `uses` the other."""

from __future__ import annotations

import re
from typing import Any

from trellis.stackfile.calls_out import calls_out
from trellis.start.draft import Draft

ADDRESS = re.compile(
    r"(?P<before>[a-z]+://)?(?P<service>[a-z][a-z0-9-]*)"
    r"(?P<zone>(\.[a-z0-9-]+)*\.(internal|local))?(?P<port>:\d+)?(?P<after>/.*)?"
)
"""A service by Service Connect's name, or by that of service discovery
(`api.test.parcelhub.local`)."""


def calls(draft: Draft) -> None:
    """A `uses` line for every service and address beyond that a workload's variables name."""
    services = draft.settings.get("services", {})
    for tier in ("services", "jobs"):
        for key, entry in draft.entries(tier).items():
            environment: dict[str, str] = entry.get("environment", {})
            for variable, value in list(environment.items()):
                match = ADDRESS.fullmatch(value)
                if match is None or match["service"] == key or not _is_address(match):
                    continue
                called = services.get(match["service"])
                if called is not None and "port" in called:
                    _call(draft, (tier, key), variable, match, called)
            for call in calls_out(environment):
                if "." in call.host:
                    line = {"address": call.host, "port": call.port}
                    draft.add((tier, key, "uses"), line)


def _is_address(match: re.Match[str]) -> bool:
    """Whether it is more than a word that a service happens to be called by."""
    return bool(match["before"] or match["port"] or match["zone"])


def _call(
    draft: Draft, path: tuple[str, str], variable: str, match: re.Match[str], called: dict[str, Any]
) -> None:
    key, after = match["service"], match["after"] or ""
    uses: list[dict[str, Any]] = draft.get(*path, "uses") or []
    used = any(use.get("service") == key for use in uses)
    called["discoverable"] = True
    if not used and match["before"] in ("http://", "https://") and after in ("", "/"):
        draft.add((*path, "uses"), {"service": key, "as": variable})
        del draft.get(*path, "environment")[variable]
        return
    if not used:
        draft.add((*path, "uses"), {"service": key, "as": f"{variable}_BASE"})
    value = f"{match['before'] or ''}{key}:{called['port']}{after}"
    draft.put((*path, "environment", variable), value)
