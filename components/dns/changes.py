"""What an edit does to zones and certificates."""

from __future__ import annotations

from components.parts.changes import Inputs


def private_for_good(before: Inputs, after: Inputs) -> str:
    """ "AssociateVPCWithHostedZone", `PublicZoneVPCAssociation`, 2026-11."""
    if bool(before.get("vpcs")) == bool(after.get("vpcs")):
        return ""
    return "a zone is public or private for good (make another one under another key)"


def other_names(before: Inputs, after: Inputs) -> bool:
    """The names of a certificate: its common name is always among them."""
    old, new = (
        {inputs.get("domainName"), *(inputs.get("subjectAlternativeNames") or ())}
        for inputs in (before, after)
    )
    return old != new
