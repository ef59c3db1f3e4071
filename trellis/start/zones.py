"""The zones that names of a system stand in."""

from __future__ import annotations

from components.parts.domain import under
from trellis.stackfile import tree
from trellis.start.draft import Draft
from trellis.start.units import key_of

LABELS = 2
"""Of a domain as one registers it; under some suffixes (co.uk) it takes three."""


def zones(draft: Draft) -> None:
    """A zone for every host of a route and every domain of a site: one that exists already."""
    found = draft.settings.get("zones", {})
    for name in _names(draft):
        if any(under(name, zone["domain"]) for zone in found.values()):
            continue
        domain = ".".join(name.split(".")[-LABELS:])
        key = "main" if "main" not in found else key_of(domain)
        found[key] = {"domain": domain, "existing": True}
        draft.settings["zones"] = found


def _names(draft: Draft) -> list[str]:
    names: list[str] = []
    for service in draft.settings.get("services", {}).values():
        for route in service.get("routes", ()):
            host = route.get("host", ())
            names += host if tree.is_list(host) else [host]
    names += [site["domain"] for site in draft.settings.get("sites", {}).values()]
    return sorted(set(names))
