"""An address outside the system that something may call: a DNS name, a block, a prefix list, or
another security group."""

from __future__ import annotations

import ipaddress
import re
from typing import Annotated

from pydantic import AfterValidator

from components.contracts import Outside
from components.parts.domain import PATTERN

EVERYWHERE = "0.0.0.0/0"

_IDS = re.compile(r"(pl|sg)-[0-9a-f]{8,17}")


def _address(value: str) -> str:
    if _IDS.fullmatch(value) or re.fullmatch(PATTERN, value):
        return value
    try:
        block = ipaddress.ip_network(value)
    except ValueError:
        raise ValueError(
            "a DNS name (db.example.net), a block (203.0.113.0/24 or 203.0.113.7), a prefix list "
            "(pl-...) or a security group (sg-...)"
        ) from None
    if block.prefixlen == 0:
        raise ValueError("a DNS name or a block: every address there is would be let through")
    return str(block)


OutsideAddress = Annotated[str, AfterValidator(_address)]
"""A DNS name, a block (CIDR), a prefix list (`pl-...`) or a security group (`sg-...`)."""


def outside(address: str, port: int, protocol: str) -> Outside:
    """What a rule of a security group says of an address.

    Security groups know no names: to a DNS name the port is open everywhere.
    """
    name = re.sub(r"[^a-z0-9]+", "-", address.lower()).strip("-")
    label = f"{name}-{port}" if protocol == "tcp" else f"{name}-{port}-{protocol}"
    described = f"{address} port {port}" + ("" if protocol == "tcp" else f" ({protocol})")
    if address.startswith("pl-") and _IDS.fullmatch(address):
        return Outside(label, described, port, protocol, prefix_list=address)
    if address.startswith("sg-") and _IDS.fullmatch(address):
        return Outside(label, described, port, protocol, group=address)
    try:
        block = ipaddress.ip_network(address)
    except ValueError:
        return Outside(label, described, port, protocol, block=EVERYWHERE)
    if block.version == 4:
        return Outside(label, described, port, protocol, block=str(block))
    return Outside(label, described, port, protocol, block6=str(block))


def needs_the_internet(address: str) -> bool:
    """Whether an address is reached by way of the internet, as far as it can be told from it."""
    if _IDS.fullmatch(address):
        return False
    try:
        return ipaddress.ip_network(address).is_global
    except ValueError:
        return True


def leads_to_a_block(address: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    """The block that an address is; None of a name, a prefix list or a security group."""
    try:
        return ipaddress.ip_network(address)
    except ValueError:
        return None
