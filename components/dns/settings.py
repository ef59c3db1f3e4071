"""What a person says of zones, their records, and certificates."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from components.parts.domain import DomainName
from components.parts.model import Development, Key, Settings
from components.parts.retention import Retention

NAMES_PER_CERTIFICATE = 10
"""Domain names of one ACM certificate, unless AWS raised it ("AWS Certificate Manager quotas",
2026-11)."""

TEXT_LIMIT = 255
"""Characters of one string of a TXT record ("Supported DNS record types", Route 53, 2026-11)."""

RecordType = Literal["A", "AAAA", "CAA", "CNAME", "MX", "NS", "SRV", "TXT"]

_SHAPES = {
    "A": (r"(\d{1,3}\.){3}\d{1,3}", "an IPv4 address such as 192.0.2.1"),
    "AAAA": (r"[0-9a-fA-F:.]*:[0-9a-fA-F:.]*", "an IPv6 address such as 2001:db8::1"),
    "CAA": (r'\d{1,3} [a-z0-9]+ ".*"', 'as in 0 issue "amazon.com"'),
    "CNAME": (r"[^\s]+\.[^\s]+", "a host name"),
    "MX": (r"\d{1,5} [^\s]+", "a preference and a host, as in 10 mail.example.org"),
    "NS": (r"[^\s]+\.[^\s]+", "a host name"),
    "SRV": (r"\d{1,5} \d{1,5} \d{1,5} [^\s]+", "priority, weight, port and host"),
    "TXT": (r".+", "text"),
}
"""How values of a type look, and in words ("Supported DNS record types", Route 53, 2026-11)."""


class RecordSettings(Settings):
    """A record that nothing else of the stack file makes: for mail, proofs of ownership, others."""

    name: Annotated[str, StringConstraints(pattern=r"^(@|[a-z0-9_*]([a-z0-9_.-]*[a-z0-9_])?)$")] = (
        "@"
    )
    """Labels before the zone's domain; `@` for the domain itself."""
    type: RecordType
    values: Annotated[tuple[str, ...], Field(min_length=1)]
    """TXT values without quotes; they are cut into strings of 255 characters."""
    ttl: int = Field(default=3600, ge=0, le=2_147_483_647)
    """Seconds."""

    @model_validator(mode="after")
    def _values_of_the_type(self) -> RecordSettings:
        pattern, words = _SHAPES[self.type]
        for value in self.values:
            if not re.fullmatch(pattern, value):
                raise ValueError(f"`values` of {self.type}: {words}")
        if self.type == "CNAME" and self.name == "@":
            raise ValueError("no CNAME for the domain itself: DNS allows none beside NS and SOA")
        if self.type == "CNAME" and len(self.values) > 1:
            raise ValueError("one value for a CNAME")
        return self

    def fqdn(self, domain: str) -> str:
        """The whole name in a zone."""
        return domain if self.name == "@" else f"{self.name}.{domain}"


class ZoneSettings(Settings):
    """A public Route 53 zone, made here or an existing one."""

    domain: DomainName
    existing: bool = False
    """The zone exists already and its owner keeps it: only records are made in it. `trellis lookup`
    finds its id."""
    query_logs: bool = True
    """Whether every query is logged, in a zone that is made here."""
    query_log_days: Annotated[Retention, Development(30)] = 90
    """Days the query log is kept."""
    dnssec: bool = False
    """Sign the zone. Then set the exported DS record at the registrar; before turning it off, take
    that record away and wait for its TTL, or the domain stops resolving."""
    records: dict[Key, RecordSettings] = Field(default_factory=dict[str, RecordSettings])
    """Further records by a name of your choice."""

    @model_validator(mode="after")
    def _an_owner_signs(self) -> ZoneSettings:
        if self.existing and self.dnssec:
            raise ValueError("no `dnssec` with `existing`: who owns the zone signs it")
        return self


CertificateName = Annotated[
    str,
    StringConstraints(pattern=r"^(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$"),
]
"""A DNS name, or `*.` before one."""


class CertificateSettings(Settings):
    """A certificate for several things at once; without one, each site and load balancer has its
    own."""

    names: Annotated[
        tuple[CertificateName, ...], Field(min_length=1, max_length=NAMES_PER_CERTIFICATE)
    ]
    """The first is its common name. Sites and load balancers whose names it covers use it."""
    key: Literal["RSA_2048", "EC_prime256v1"] = "RSA_2048"
    """`EC_prime256v1` is faster and not understood by very old clients."""
