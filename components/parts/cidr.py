"""An IPv4 block as a person types it."""

from __future__ import annotations

import ipaddress
from typing import Annotated

from pydantic import AfterValidator


def _ipv4_block(value: str) -> str:
    try:
        block = ipaddress.IPv4Network(value)
    except ValueError:
        try:
            inside = ipaddress.IPv4Network(value, strict=False)
        except ValueError:
            raise ValueError("an IPv4 block such as 10.0.0.0/16") from None
        raise ValueError(f"an IPv4 block without host bits; did you mean {inside}?") from None
    if "/" not in value:
        raise ValueError(
            f"an IPv4 block with its prefix length, such as {block.network_address}/16"
        )
    return value


Cidr = Annotated[str, AfterValidator(_ipv4_block)]
"""An IPv4 block in CIDR notation, without host bits."""
