"""The network of another stack, where a plan goes on as deployed: its ids are known there alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

TIERS = ("public", "private", "isolated")
"""All that there may be: which of them the other stack has is known at deployment."""

SUBNETS: Mapping[str, Sequence[str]] = {
    tier: [f"subnet-0e1{place}{number:013x}" for number in (1, 2, 3)]
    for place, tier in enumerate(TIERS)
}
"""Ids by tier, in three zones."""

OUTPUTS: Mapping[str, Any] = {
    "network": {
        "vpcId": "vpc-0e1a0000000000000",
        "cidr": "10.0.0.0/16",
        "subnets": {tier: list(subnets) for tier, subnets in SUBNETS.items()},
    }
}
"""What the other stack exports, as `components.network.vpc` does."""
