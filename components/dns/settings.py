"""What a person says of zones, their records, and certificates."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from components.parts.adoption import Adoptable
from components.parts.domain import CertificateName, DomainName, under
from components.parts.model import Development, Entry, Key, Settings
from components.parts.retention import Retention

NAMES_PER_CERTIFICATE = 10
"""Domain names of one ACM certificate, unless AWS raised it ("AWS Certificate Manager quotas",
2026-11)."""

LONGEST_COMMON_NAME = 64
"""Characters of the first name of a certificate ("RequestCertificate", ACM API, 2026-11)."""

AMAZON_AUTHORITIES = ("amazon.com", "amazontrust.com", "awstrust.com", "amazonaws.com")
"""What a CAA record calls ACM ("Configure a CAA record", ACM User Guide, 2026-11)."""

TEXT_LIMIT = 255
"""Characters of one string of a TXT record ("Supported DNS record types", Route 53, 2026-11)."""

LABEL_LIMIT = 63
"""Characters between two dots of a name (RFC 1035, 2.3.4)."""

AuthorityArn = Annotated[
    str,
    StringConstraints(
        pattern=r"^arn:aws[a-z-]*:acm-pca:[a-z0-9-]+:\d{12}:certificate-authority/[0-9a-f-]{36}$"
    ),
]

NEVER_PUBLIC = ("internal", "local", "localhost", "lan", "home", "corp", "home.arpa", "onion")
"""Domains that no public server answers for ("Special-Use Domain Names", IANA, 2026-11;
"Identification of a top-level domain for private use", ICANN board, 2024-07; RFC 6762 G)."""

RecordType = Literal[
    "A", "AAAA", "CAA", "CNAME", "DS", "HTTPS", "MX", "NS", "SRV", "SVCB", "TLSA", "TXT"
]  # fmt: skip

_SHAPES = {
    "A": (r"(\d{1,3}\.){3}\d{1,3}", "an IPv4 address such as 192.0.2.1"),
    "AAAA": (r"[0-9a-fA-F:.]*:[0-9a-fA-F:.]*", "an IPv6 address such as 2001:db8::1"),
    "CAA": (r'\d{1,3} [a-z0-9]+ ".*"', 'as in 0 issue "amazon.com"'),
    "CNAME": (r"[^\s]+\.[^\s]+", "a host name"),
    "DS": (
        r"\d{1,5} \d{1,3} \d{1,3} [0-9A-Fa-f]+",
        "key tag, algorithm, digest type and digest, as the zone's exported dsRecord says them",
    ),
    "HTTPS": (r"\d{1,5} [^\s]+( .+)?", 'priority, target and parameters, as in 1 . alpn="h3,h2"'),
    "MX": (r"\d{1,5} [^\s]+", "a preference and a host, as in 10 mail.example.org"),
    "NS": (r"[^\s]+\.[^\s]+", "a host name"),
    "SRV": (r"\d{1,5} \d{1,5} \d{1,5} [^\s]+", "priority, weight, port and host"),
    "SVCB": (r"\d{1,5} [^\s]+( .+)?", 'priority, target and parameters, as in 1 . alpn="h2"'),
    "TLSA": (r"[0-3] [01] [0-2] [0-9A-Fa-f]+", "usage, selector, matching type and data"),
    "TXT": (r'[^"]+', "text without quotation marks"),
}
"""How values of a type look, and in words ("Supported DNS record types", Route 53, 2026-11)."""


class RecordSettings(Settings):
    """A record that nothing else of the stack file makes: for mail, proofs of ownership, others."""

    name: Annotated[str, StringConstraints(pattern=r"^(@|[a-z0-9_*]([a-z0-9_.-]*[a-z0-9_])?)$")] = (
        "@"
    )
    """Labels before the zone's domain; `@` for the domain itself."""
    type: RecordType
    """The record's type."""
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
            if self.type in {"A", "AAAA"} and not _is_address(value, self.type):
                raise ValueError(f"`values` of {self.type}: {words}")
        if len(set(self.values)) < len(self.values):
            raise ValueError("`values` with every value once")
        if self.type == "DS" and self.name == "@":
            raise ValueError("no DS for the domain itself: it stands in the zone above")
        if any(not 1 <= len(label) <= LABEL_LIMIT for label in self.name.split(".")):
            raise ValueError(f"`name` with labels of 1 to {LABEL_LIMIT} characters between dots")
        if self.type == "CNAME" and self.name == "@":
            raise ValueError("no CNAME for the domain itself: DNS allows none beside NS and SOA")
        if self.type == "CNAME" and len(self.values) > 1:
            raise ValueError("one value for a CNAME")
        return self

    def fqdn(self, domain: str) -> str:
        """The whole name in a zone."""
        return domain if self.name == "@" else f"{self.name}.{domain}"


def _is_address(value: str, kind: str) -> bool:
    try:
        return ip_address(value).version == (4 if kind == "A" else 6)
    except ValueError:
        return False


class ZoneSettings(Adoptable):
    """A Route 53 zone, made here or an existing one."""

    domain: DomainName
    """The domain that the zone answers for."""
    private: bool = False
    """Only the system's own network asks it: internal load balancers have names in it, and nobody
    else sees them."""
    certificate_authority: AuthorityArn | None = None
    """With `private`, the AWS Private CA that certifies its names: no public one can. Left out, a
    load balancer in it gets the certificate of a public zone that its hosts stand in too, or one by
    `certificates`."""
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

    @property
    def logs_queries(self) -> bool:
        """Whether Route 53 logs the queries; those of a network its resolver would log."""
        return self.query_logs and not self.existing and not self.private

    @model_validator(mode="after")
    def _labels_before_the_domain(self) -> ZoneSettings:
        for key, record in self.records.items():
            if record.name != "@" and under(record.name, self.domain):
                short = record.name.removesuffix(self.domain).rstrip(".") or "@"
                raise ValueError(
                    f"`records.{key}.name` as labels before {self.domain}: {short!r}, which stands "
                    f"for {record.name}"
                )
        return self

    @model_validator(mode="after")
    def _a_domain_that_somebody_asks(self) -> ZoneSettings:
        if self.private and self.dnssec:
            raise ValueError("no `dnssec` with `private`: Route 53 signs public zones only")
        if self.certificate_authority is not None and not self.private:
            raise ValueError("`certificateAuthority` with `private` only: ACM certifies the others")
        if not self.private and any(under(self.domain, block) for block in NEVER_PUBLIC):
            raise ValueError(
                f"`private: true` for {self.domain}: no public server is ever asked for it, so no "
                "certificate could be validated"
            )
        return self

    @model_validator(mode="after")
    def _an_owner_signs(self) -> ZoneSettings:
        if self.existing and self.dnssec:
            raise ValueError("no `dnssec` with `existing`: who owns the zone signs it")
        return self


class CertificateSettings(Entry):
    """A certificate for several things at once; without one, each site and load balancer has its
    own."""

    names: Annotated[
        tuple[CertificateName, ...], Field(min_length=1, max_length=NAMES_PER_CERTIFICATE)
    ]
    """The first is its common name. Sites and load balancers whose names it covers use it."""
    key: Literal["RSA_2048", "EC_prime256v1"] = "RSA_2048"
    """`EC_prime256v1` is faster and not understood by very old clients."""

    @model_validator(mode="after")
    def _each_name_once(self) -> CertificateSettings:
        if len(set(self.names)) < len(self.names):
            raise ValueError("`names` with every name once")
        return self
