"""Samples of the network."""

from __future__ import annotations

from typing import Any

from testing.small_systems import NETWORK

WATCHED: dict[str, Any] = {
    "network": {
        **NETWORK,
        "peerings": {
            "data": {"vpc": "vpc-0aaaaaaaaaaaaaaaa", "cidr": "10.20.0.0/16", "dns": True},
            "asked": {"existing": "pcx-0aaaaaaaaaaaaaaaa", "accept": True, "cidr": "10.30.0.0/16"},
        },
        "transitGateways": {"hub": {"id": "tgw-0aaaaaaaaaaaaaaaa"}},
        "virtualPrivateGateway": "vgw-0aaaaaaaaaaaaaaaa",
        "routes": {
            "offices": {"to": "172.16.0.0/12", "transitGateway": "hub"},
            "plant": {"to": "192.168.0.0/16", "virtualPrivateGateway": True},
        },
    },
}
