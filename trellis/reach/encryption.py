"""Whether what goes over a connection is encrypted, as far as a plan says."""

from __future__ import annotations

from components.parts.in_transit import NOT_KNOWN, TLS
from components.parts.shown import Opened
from trellis.reach.resources import KINDS, ResourcesOf
from trellis.reach.things import Thing, Things

HTTPS = 443


def encryption(things: Things, source: Thing, target: Thing, port: str) -> str:
    """Whether what goes over a connection is encrypted, as the target's tier declares it."""
    shown = KINDS.get(target.kind)
    if shown is not None and shown.encryption is not None:
        return shown.encryption(ResourcesOf(target, things), Opened(source.kind, port))
    return TLS if port == str(HTTPS) else NOT_KNOWN
