"""Questions about a single route: where it leads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from ..unknown import Tri, is_unknown
from .model import Gateway, Id, Route


def is_gateway(*kinds: Gateway) -> Callable[[Route], Tri]:
    def wanted(route: Route) -> Tri:
        return Tri.UNKNOWN if is_unknown(route.gateway) else Tri.of(route.gateway in kinds)

    return wanted


IS_LOCAL: Final = is_gateway(Gateway.LOCAL)
TO_INTERNET: Final = is_gateway(Gateway.INTERNET)
TO_EGRESS_ONLY: Final = is_gateway(Gateway.EGRESS_ONLY)


def to_nat(nat: Id) -> Callable[[Route], Tri]:
    def wanted(route: Route) -> Tri:
        if is_unknown(route.gateway):
            return Tri.UNKNOWN
        if route.gateway is not Gateway.NAT:
            return Tri.NO
        return Tri.UNKNOWN if is_unknown(route.target) else Tri.of(route.target == nat)

    return wanted
