"""Values as Terraform's plugin protocol writes them: MessagePack of every attribute of a schema.

Source: "Terraform Plugin RPC protocol, version 5" (tfplugin5.proto, terraform 1.11) and the
MessagePack specification.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from typing import Any


def packed(value: Any) -> bytes:
    """MessagePack of plain values.

    >>> packed({"a": [1, None]}).hex()
    '81a1619201c0'
    """
    if value is None:
        return b"\xc0"
    if isinstance(value, bool):
        return b"\xc3" if value else b"\xc2"
    if isinstance(value, int):
        return bytes([value]) if 0 <= value < 128 else b"\xd3" + struct.pack(">q", value)
    if isinstance(value, float):
        return b"\xcb" + struct.pack(">d", value)
    if isinstance(value, str):
        text = value.encode()
        head = bytes([0xA0 | len(text)]) if len(text) < 32 else b"\xdb" + _length(text)
        return head + text
    if isinstance(value, Mapping):
        head = bytes([0x80 | len(value)]) if len(value) < 16 else b"\xdf" + _length(value)
        return head + b"".join(packed(k) + packed(v) for k, v in value.items())
    if isinstance(value, Sequence):
        head = bytes([0x90 | len(value)]) if len(value) < 16 else b"\xdd" + _length(value)
        return head + b"".join(map(packed, value))
    raise TypeError(type(value).__name__)


def _length(value: Any) -> bytes:
    return struct.pack(">I", len(value))
