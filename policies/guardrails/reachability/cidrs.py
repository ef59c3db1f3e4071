"""Sets of IP addresses as sorted intervals: union, intersection, difference, coverage, width."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

Interval = tuple[int, int]
Intervals = tuple[Interval, ...]

_LAST: Final = {4: 2**32 - 1, 6: 2**128 - 1}


def _normal(intervals: Iterable[Interval]) -> Intervals:
    """Sorted, disjoint, with neighbours joined."""
    joined: list[Interval] = []
    for low, high in sorted(intervals):
        if joined and low <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(joined[-1][1], high))
        else:
            joined.append((low, high))
    return tuple(joined)


def _common(one: Intervals, other: Intervals) -> Intervals:
    found: list[Interval] = []
    left = right = 0
    while left < len(one) and right < len(other):
        low = max(one[left][0], other[right][0])
        high = min(one[left][1], other[right][1])
        if low <= high:
            found.append((low, high))
        if one[left][1] < other[right][1]:
            left += 1
        else:
            right += 1
    return tuple(found)


def _complement(intervals: Intervals, last: int) -> Intervals:
    found: list[Interval] = []
    free = 0
    for low, high in intervals:
        if low > free:
            found.append((free, low - 1))
        free = high + 1
    if free <= last:
        found.append((free, last))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Addresses:
    """A set of IPv4 and IPv6 addresses. `|`, `&` and `-` are the set operations."""

    v4: Intervals = ()
    v6: Intervals = ()

    def __or__(self, other: Addresses) -> Addresses:
        if self is EVERYTHING or other is EVERYTHING:
            return EVERYTHING
        if not other:
            return self
        if not self:
            return other
        return Addresses(_normal(self.v4 + other.v4), _normal(self.v6 + other.v6))

    def __and__(self, other: Addresses) -> Addresses:
        if self is EVERYTHING:
            return other
        if other is EVERYTHING:
            return self
        return Addresses(_common(self.v4, other.v4), _common(self.v6, other.v6))

    def __sub__(self, other: Addresses) -> Addresses:
        return self & Addresses(_complement(other.v4, _LAST[4]), _complement(other.v6, _LAST[6]))

    def __bool__(self) -> bool:
        return bool(self.v4 or self.v6)

    def covers(self, other: Addresses) -> bool:
        """Whether every address of `other` is in this set."""
        return not other - self

    @property
    def sizes(self) -> tuple[int, int]:
        """How many IPv4 and how many IPv6 addresses there are."""
        return _size(self.v4), _size(self.v6)

    def of_family(self, version: int) -> Addresses:
        """Only the IPv4 (4) or IPv6 (6) addresses."""
        return Addresses(self.v4, ()) if version == 4 else Addresses((), self.v6)


def _size(intervals: Intervals) -> int:
    return sum(high - low + 1 for low, high in intervals)


NOTHING: Final = Addresses()
EVERYTHING: Final = Addresses(((0, _LAST[4]),), ((0, _LAST[6]),))


@lru_cache(maxsize=16384)
def block(cidr: str) -> Addresses:
    """The addresses of a block or of a single address. Raises ValueError if it is neither."""
    network = ipaddress.ip_network(cidr, strict=False)
    interval = (int(network.network_address), int(network.broadcast_address))
    return Addresses((interval,), ()) if network.version == 4 else Addresses((), (interval,))


def prefix_length(cidr: str) -> int:
    """The prefix length of a block, 32 or 128 for a single address."""
    return ipaddress.ip_network(cidr, strict=False).prefixlen


def union(cidrs: Iterable[str]) -> Addresses:
    """All addresses of some blocks."""
    result = NOTHING
    for cidr in cidrs:
        result = result | block(cidr)
    return result


# Blocks no packet from the internet comes from: IANA IPv4 Special-Purpose Address Registry
# (2026-11). For IPv6 the global unicast block is all there is.
_SPECIAL_V4: Final = (
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
)
WORLD_V4: Final = block("0.0.0.0/0") - union(_SPECIAL_V4)
WORLD_V6: Final = block("2000::/3")
# Documentation blocks stand for public ones in examples and tests, so they count as public too.
INTERNET: Final = WORLD_V4 | WORLD_V6 | union(("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24"))

# A source range with more addresses than these is no longer "particular callers": the limits of
# "The meaning of public", Amazon S3 User Guide (2026-11).
WIDE_V4: Final = 2 ** (32 - 8)
WIDE_V6: Final = 2 ** (128 - 32)


def covers_world(addresses: Addresses) -> bool:
    """Whether the set holds all of the public IPv4 or all of the public IPv6 addresses.

    However they are written: 0.0.0.0/1 with 128.0.0.0/1 is the world.
    """
    return addresses.covers(WORLD_V4) or addresses.covers(WORLD_V6)


def is_wide(addresses: Addresses) -> bool:
    """Whether the set holds more public addresses than an IPv4 /8 or an IPv6 /32."""
    v4, v6 = (addresses & INTERNET).sizes
    return v4 > WIDE_V4 or v6 > WIDE_V6
