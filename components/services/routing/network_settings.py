"""What a person says of network load balancers, and of their ports that lead to services."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from components.parts.adoption import Adoptable
from components.parts.cidr import Cidr
from components.parts.domain import DomainName
from components.parts.model import Development, Key, Settings
from components.parts.reference import Reference
from components.services.platform_settings import TLS_POLICIES, CertificateSettings
from components.services.routing.settings import PathPattern

Port = Annotated[int, Field(ge=1, le=65_535)]

IDLE_SECONDS = (60, 6000)
"""Least and most ("Listeners for your Network Load Balancers", idle timeout, 2026-11)."""

Transport = Literal["tcp", "udp", "tls"]
"""What clients speak to a network load balancer; with `tls` it has the certificate, and tasks get
plain TCP."""


class NetworkLoadBalancerSettings(Adoptable):
    """A Network Load Balancer: TCP, UDP and TLS in, to the services whose listeners name it."""

    name: str | None = None
    """Whole name, 32 characters at most; made from the key when left out."""
    scheme: Literal["public", "internal"] = "public"
    """Whether the internet reaches it, or only the network. Another scheme makes another load
    balancer beside the old one, as with `loadBalancers`."""
    sources: Annotated[tuple[Cidr, ...], Field(alias="from")] = ()
    """Blocks (CIDR) that may call it; anywhere, or the network where it is internal."""
    names: tuple[DomainName, ...] = ()
    """Names in zones of this stack that lead to it; of listeners with `tls`, the certificate is
    made for them and validated in their zone."""
    certificates: tuple[CertificateSettings, ...] = ()
    """Of listeners with `tls`: the first serves clients that name no host, the others by name."""
    tls_policy: Annotated[str, Field(json_schema_extra={"enum": list(TLS_POLICIES)})] = (
        TLS_POLICIES[0]
    )
    """The security policy of listeners with `tls`: TLS versions and ciphers."""
    cross_zone: bool = True
    """Whether it spreads connections over the tasks of all zones; without, an address leads to the
    tasks of its own zone, which saves the price of traffic between zones."""
    access_logs: Annotated[Key, Reference("buckets")] | Literal["none"] | None = None
    """Key of the bucket that receives a line for every TLS connection: the one with `receives:
    [deliveries]` when left out; AWS writes none of TCP and UDP."""
    deletion_protection: Annotated[bool, Development(False)] = True
    """Whether AWS refuses to delete the load balancer."""

    @model_validator(mode="after")
    def _parts_that_fit(self) -> NetworkLoadBalancerSettings:
        if self.tls_policy not in TLS_POLICIES:
            raise ValueError(f"`tlsPolicy` one of {', '.join(TLS_POLICIES)}")
        if len(set(self.names)) < len(self.names):
            raise ValueError("each name once in `names`")
        return self


class ListenerHealthSettings(Settings):
    """How a network load balancer finds out whether a task can serve."""

    path: PathPattern | None = None
    """Asked for by HTTP, and healthy with 200 to 399; when left out, a TCP connection is enough."""
    port: Port | None = None
    """Port that is asked by TCP; the one that the listener leads to when left out."""
    interval: int = Field(default=30, ge=5, le=300)
    """Seconds between two."""
    timeout: int = Field(default=10, ge=2, le=120)
    """Seconds."""
    up: int = Field(default=2, ge=2, le=10)
    """Successes in a row that make a target healthy."""
    down: int = Field(default=3, ge=2, le=10)
    """Failures in a row that make a target unhealthy."""

    @model_validator(mode="after")
    def _in_time(self) -> ListenerHealthSettings:
        if self.timeout >= self.interval:
            raise ValueError("a `timeout` below `interval`")
        return self


class ListenerSettings(Settings):
    """A port of a network load balancer that leads to the service."""

    network_load_balancer: Annotated[Key, Reference("networkLoadBalancers")] | None = None
    """Key of one of `networkLoadBalancers`; may be left out where there is one only."""
    port: Port
    """Port that clients call."""
    protocol: Transport = "tcp"
    """`tcp` passes everything on as it is, TLS included; `tls` ends it at the load balancer. From
    or to `udp` the target group is replaced: connections fail until the new tasks are healthy."""
    to_port: Port | None = None
    """Port that the tasks listen on; the service's `port` when left out. Another one replaces the
    target group."""
    preserve_client_ip: bool | None = None
    """Whether tasks see the client's own address; else the load balancer's. Always with `udp`; with
    the others only where it is `true`, and then a task can't reach itself through it."""
    proxy_protocol: bool = False
    """Whether a connection begins with a line that says the client's address (version 2), which the
    service must understand. Not with `udp`."""
    idle_seconds: Annotated[int, Field(ge=IDLE_SECONDS[0], le=IDLE_SECONDS[1])] | None = None
    """Seconds without data after which a connection is forgotten, with `tcp`; AWS's 350 when left
    out. With `tls` and `udp` AWS has its own, which can't be set."""
    alpn: Literal["HTTP1Only", "HTTP2Only", "HTTP2Optional", "HTTP2Preferred"] | None = None
    """Which HTTP a TLS client and the load balancer agree on; no agreement when left out."""
    health: ListenerHealthSettings = Field(default_factory=ListenerHealthSettings)

    @model_validator(mode="after")
    def _parts_that_fit(self) -> ListenerSettings:
        if self.protocol == "udp":
            if self.preserve_client_ip is False:
                raise ValueError("no `preserveClientIp: false` with `udp`: AWS always keeps it")
            if self.proxy_protocol:
                raise ValueError("no `proxyProtocol` with `udp`: tasks see the client's address")
            if self.health.port is None:
                raise ValueError(
                    "`health: {port: ...}` with `udp`, where the tasks answer by TCP: "
                    "health can't be asked by UDP"
                )
        if self.idle_seconds is not None and self.protocol != "tcp":
            raise ValueError("`idleSeconds` with `protocol: tcp`")
        if self.alpn is not None and self.protocol != "tls":
            raise ValueError("`alpn` with `protocol: tls`")
        return self

    @property
    def carried(self) -> Literal["tcp", "udp"]:
        """What reaches the tasks."""
        return "udp" if self.protocol == "udp" else "tcp"
