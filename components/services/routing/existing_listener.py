"""Listeners that exist already: services get a rule there, and nothing else of them is touched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, TypeAlias

from pydantic import StringConstraints

from components.parts.existing import ExistingSettings, GroupId, Named
from components.services.routing.load_balancer import Entrance, LoadBalancer

ListenerArn = Annotated[
    str,
    StringConstraints(
        pattern=r"^arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:\d{12}:"
        r"listener/app/[A-Za-z0-9-]{1,32}/[0-9a-f]{16}/[0-9a-f]{16}$"
    ),
]


class ExistingListener(ExistingSettings):
    """An Application Load Balancer that somebody else made in this stack's network: one listener.

    Names, certificates and firewall are its owner's. Another listener moves the services' rules
    there; one of another load balancer moves them with target groups of their own.
    """

    listener: ListenerArn
    """ARN of the listener that gets the rules of routes."""
    security_group: GroupId
    """The load balancer's: it is let out to the tasks, and they let it in."""


@dataclass(frozen=True)
class NamedListener:
    """One that exists already, as routes need it."""

    key: str
    settings: ExistingListener
    balancer: str
    """Key of the first listener of the same load balancer, by which the rules of its security group
    are named: AWS takes a rule once."""

    @property
    def scheme(self) -> str:
        """As of a load balancer whose scheme makes nothing anew."""
        return "public"

    @property
    def given_name(self) -> str:
        """What makes target groups anew: another load balancer."""
        return self.arn_suffix

    @property
    def arn_suffix(self) -> str:
        """What CloudWatch calls the load balancer, as in `app/shared/0123456789abcdef`."""
        return self.settings.listener.partition(":listener/")[2].rpartition("/")[0]

    @property
    def security_group_id(self) -> str:
        """The load balancer's security group."""
        return self.settings.security_group

    @property
    def test_port(self) -> None:
        """There is no listener for the next version."""
        return

    def listener_arn(self, entrance: Entrance = "production") -> str:
        """The listener that rules are made on.

        Raises:
            KeyError: the test listener is asked for.
        """
        if entrance != "production":
            raise KeyError(entrance)
        return self.settings.listener


def named_listeners(listeners: Mapping[str, ExistingListener]) -> dict[str, NamedListener]:
    """Listeners that exist, by key."""
    firsts: dict[str, str] = {}
    return {
        key: NamedListener(key, listener, firsts.setdefault(listener.security_group, key))
        for key, listener in listeners.items()
    }


Balancer: TypeAlias = LoadBalancer | NamedListener
"""What a route can name."""

EXISTING_LISTENERS = Named("load_balancers", ExistingListener)
