"""What only the whole can tell of listeners that somebody else made, and of routes through them."""

from __future__ import annotations

from collections.abc import Iterator

from components.parts.existing import place_of
from trellis.stackfile.complaints import Complaint
from trellis.stackfile.context import Context
from trellis.stackfile.problems import KeyPath
from trellis.stackfile.settings import SystemSettings


def listeners(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """A listener that no target group of this stack can stand behind, or one under two keys."""
    network = settings.network
    seen: dict[str, str] = {}
    for key, there in settings.existing.load_balancers.items():
        path: KeyPath = ("existing", "loadBalancers", key)
        place = place_of(there.listener)
        if place.region != settings.region or settings.account not in (None, place.account):
            yield (
                (*path, "listener"),
                f"a listener of account {place.account} in {place.region}",
                "one of this stack's account and region",
                "",
            )
        if network is not None and network.existing is None and network.from_ is None:
            yield (
                path,
                "a load balancer that exists, and a network that is made here",
                "`network.existing` or `network.from`: the network that it stands in",
                "a load balancer reaches tasks of its own network only",
            )
        first = seen.setdefault(there.listener, key)
        if first != key:
            yield (
                (*path, "listener"),
                f"the listener of {first} a second time",
                "one key for one listener",
                "priorities are compared by key",
            )


def routes(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """Routes through a listener of somebody else that say too little, or what is not theirs."""
    for service, serving in settings.services.items():
        for position, route in enumerate(serving.routes):
            if route.load_balancer not in settings.existing.load_balancers:
                continue
            path: KeyPath = ("services", service, "routes", position)
            named = f"{route.load_balancer}, one of `existing.loadBalancers`"
            if route.priority is None:
                yield (
                    path,
                    f"no `priority` in a route through {named}",
                    "one that no other rule of the listener has",
                    "`aws elbv2 describe-rules --listener-arn ARN` lists those that are taken",
                )
            if route.sign_in is not None:
                yield (
                    (*path, "signIn"),
                    f"a sign-in at {named}",
                    "a route without it, or a load balancer that is made here",
                    "its owner decides what its listener and security group may ask",
                )
            if serving.api_routes:
                yield (
                    ("services", service, "apiRoutes"),
                    f"routes of an API to a service behind {named}",
                    "a service behind a load balancer that is made here",
                    "",
                )


CHECKS = (listeners, routes)
