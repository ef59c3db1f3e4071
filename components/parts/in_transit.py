"""Whether what goes over a connection is encrypted: the words in which tiers say it."""

from __future__ import annotations

FORCED_TLS = "TLS, enforced by the server"
TLS = "TLS"
ASKED_TLS = "TLS where the client asks for it"
REDIRECTED = "not encrypted; answered with a redirect to HTTPS"
NONE = "not encrypted"
NOT_KNOWN = "not known"
