"""Alarms of a signed zone, as data: without its signature the whole domain goes dark."""

from __future__ import annotations

import pulumi

from components.contracts import AlarmSpec, Severity
from components.parts.alarm import AlarmText, Limit, alarm, measured
from components.parts.edge_region import US_EAST_1

NAMESPACE = "AWS/Route53"

FOUR_HOURS = 14_400
"""Seconds between two values ("Monitoring hosted zones using Amazon CloudWatch", Route 53
Developer Guide, 2026-11)."""


def signature_alarms(
    name: str, domain: str, zone_id: pulumi.Input[str]
) -> tuple[AlarmSpec, AlarmSpec]:
    """The two that AWS strongly recommends ("Configuring DNSSEC signing in Amazon Route 53")."""
    parent = f"zone-{name}"
    own = {"HostedZoneId": zone_id}
    # Between two values there is nothing to change the state.
    some = Limit(0, missing="ignore")
    return (
        alarm(
            f"{parent}-signature",
            AlarmText(
                f"The zone {domain} can't be signed",
                "Route 53 could not sign something in it; resolvers that validate will soon find "
                "no name under it.",
                "See which record or key Route 53 names under DNSSEC signing; if it can't be "
                "mended at once, take the DS record out at the registrar first.",
            ),
            measured(NAMESPACE, "DNSSECInternalFailure", own, "Sum", FOUR_HOURS),
            some,
            parent=parent,
            severity=Severity.PAGE,
            region=US_EAST_1,
        ),
        alarm(
            f"{parent}-signing-key",
            AlarmText(
                f"The key that signs the zone {domain} can't be used",
                "Route 53 can't reach its key in KMS; when the present signatures end, no name "
                "under the domain is found any more.",
                "See in KMS (us-east-1) whether the key is disabled or about to be deleted, or its "
                "policy changed, and undo that.",
            ),
            measured(NAMESPACE, "DNSSECKeySigningKeysNeedingAction", own, "Sum", FOUR_HOURS),
            some,
            parent=parent,
            severity=Severity.PAGE,
            region=US_EAST_1,
        ),
    )
