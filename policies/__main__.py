"""The engine's entry to the pack: ``pulumi preview --policy-pack policies``."""

import datetime as dt

from guardrails.engine import policies
from pulumi_policy import PolicyPack

# PolicyPack serves until the engine ends it, so nothing may follow.
PolicyPack(
    name="trellis-guardrails",
    description="Encryption, exposure, least privilege and recovery of AWS systems.",
    policies=list(policies(dt.datetime.now(dt.UTC).date())),
)
