"""DNS names as a person writes them."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field

PATTERN = r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+([a-z]{2,63}|xn--[a-z0-9-]{1,58}[a-z0-9])"

LONGEST_NAME = 253
"""Characters of a DNS name (RFC 1035, section 2.3.4, without the root's dot)."""


def _whole(name: str) -> str:
    if re.fullmatch(PATTERN, name) and len(name) <= LONGEST_NAME:
        return name
    raise ValueError(_advice(name))


def _whole_or_wildcard(name: str) -> str:
    if re.fullmatch(rf"(\*\.)?{PATTERN}", name) and len(name) <= LONGEST_NAME:
        return name
    raise ValueError(_advice(name) if "*" not in name else "a DNS name, or `*.` before one")


def _advice(name: str) -> str:
    """What is allowed, in terms of what was written where it is nearly right."""
    if len(name) > LONGEST_NAME:
        return f"a DNS name of at most {LONGEST_NAME} characters"
    meant = name.lower().removesuffix(".")
    if not meant.isascii():
        try:
            meant = meant.encode("idna").decode()
        except UnicodeError:
            meant = ""
    if meant != name and re.fullmatch(PATTERN, meant):
        return f"a DNS name in lower case, as DNS writes it and without a dot at its end: {meant}"
    if "*" in name:
        return "one whole DNS name: each name has a site of its own"
    if "://" in name or "/" in name:
        return "a DNS name alone, without scheme and path, such as www.example.org"
    return "a DNS name such as www.example.org"


_AS_DNS_WRITES = Field(json_schema_extra={"pattern": f"^{PATTERN}$"})

DomainName = Annotated[str, AfterValidator(_whole), _AS_DNS_WRITES]
"""A DNS name in lower case, without a trailing dot; other alphabets as `xn--`."""

CertificateName = Annotated[
    str,
    AfterValidator(_whole_or_wildcard),
    Field(json_schema_extra={"pattern": rf"^(\*\.)?{PATTERN}$"}),
]
"""A DNS name, or `*.` before one."""


def under(name: str, domain: str) -> bool:
    """Whether a name is the domain or stands under it.

    >>> under("api.desh.co", "desh.co"), under("desh.co", "desh.co"), under("ndesh.co", "desh.co")
    (True, True, False)
    """
    return name == domain or name.endswith(f".{domain}")


def bare(name: str) -> str:
    """The name without a leading wildcard: what a certificate authority wants to see proof of."""
    return name.removeprefix("*.")


def covers(pattern: str, name: str) -> bool:
    """Whether a certificate's name stands for a host: itself, or one label for a leading `*`."""
    if pattern == name:
        return True
    return pattern.startswith("*.") and name.partition(".")[2] == pattern.removeprefix("*.")
