"""Which servers the DNS names for a domain: one question (RFC 1035) to this machine's resolvers."""

from __future__ import annotations

import secrets
import socket
import struct
from collections.abc import Sequence
from pathlib import Path

RESOLVERS = Path("/etc/resolv.conf")
PORT, SECONDS, LONGEST = 53, 3, 4096
NS, OPT, INTERNET = 2, 41, 1
NO_SUCH_NAME = 3
"""Code of an answer that says so (RFC 1035, 4.1.1)."""

Resolver = tuple[str, int]
"""Address and port."""


def name_servers(domain: str, resolvers: Sequence[Resolver] | None = None) -> frozenset[str] | None:
    """Names of a domain's servers, in small letters without the dot at the end.

    Returns:
        None where no resolver answers; an empty set where nothing leads to the domain.
    """
    for address in _configured() if resolvers is None else resolvers:
        try:
            answer = _asked(domain, address)
        except (OSError, ValueError, struct.error, IndexError):
            continue
        if answer is not None:
            return answer
    return None


def _configured() -> list[Resolver]:
    try:
        lines = RESOLVERS.read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
    words = [line.split() for line in lines]
    return [(word[1], PORT) for word in words if len(word) > 1 and word[0] == "nameserver"]


def _asked(domain: str, address: Resolver) -> frozenset[str] | None:
    number = secrets.randbelow(1 << 16)
    question = struct.pack(">6H", number, 0x0100, 1, 0, 0, 1) + _labels(domain)
    question += struct.pack(">2H", NS, INTERNET)
    # A larger answer than 512 bytes is welcome (RFC 6891).
    question += b"\0" + struct.pack(">2HIH", OPT, LONGEST, 0, 0)
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as channel:
        channel.settimeout(SECONDS)
        channel.connect(address)
        channel.send(question)
        answer = channel.recv(LONGEST)
    given, flags, _, count = struct.unpack(">4H", answer[:8])
    code = flags & 0xF
    if given != number or code not in (0, NO_SUCH_NAME):
        return None
    return frozenset(_servers(answer, count))


def _servers(answer: bytes, count: int) -> list[str]:
    _, place = _name(answer, 12)
    place += 4
    found: list[str] = []
    for _ in range(count):
        _, place = _name(answer, place)
        type_, _, _, length = struct.unpack(">2HIH", answer[place : place + 10])
        place += 10
        if type_ == NS:
            found.append(_name(answer, place)[0])
        place += length
    return found


def _labels(domain: str) -> bytes:
    encoded = [label.encode("idna") for label in domain.strip(".").split(".")]
    return b"".join(bytes([len(label)]) + label for label in encoded) + b"\0"


def _name(message: bytes, place: int) -> tuple[str, int]:
    """A name, and where it ends; what was said before may be referred to (RFC 1035, 4.1.4)."""
    labels: list[str] = []
    end = None
    for _ in range(128):
        length = message[place]
        if length & 0xC0 == 0xC0:
            end = end or place + 2
            place = struct.unpack(">H", message[place : place + 2])[0] & 0x3FFF
        elif length == 0:
            return ".".join(labels).lower(), end or place + 1
        else:
            labels.append(message[place + 1 : place + 1 + length].decode("ascii"))
            place += 1 + length
    raise ValueError("a name without an end")
