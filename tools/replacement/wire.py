"""Values as Terraform's plugin protocol writes and reads them: MessagePack of every attribute.

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


def unpacked(data: bytes) -> Any:
    """The plain value of MessagePack, as the provider answers; what is not known yet is None.

    >>> unpacked(packed({"a": [1, None, "b"]}))
    {'a': [1, None, 'b']}
    """
    return _Reader(data).value()


class _Reader:
    """Reads one value after the other."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def value(self) -> Any:
        (kind,) = self._taken(1)
        if kind < 0x80:
            return kind
        if kind >= 0xE0:
            return kind - 0x100
        for first, last, read in (
            (0x80, 0x8F, self._mapping), (0x90, 0x9F, self._sequence), (0xA0, 0xBF, self._text),
        ):  # fmt: skip
            if first <= kind <= last:
                return read(kind - first)
        return self._sized(kind)

    def _sized(self, kind: int) -> Any:
        if kind in (0xC0, 0xC2, 0xC3):
            return {0xC0: None, 0xC2: False, 0xC3: True}[kind]
        if kind in _NUMBERS:
            return self._number(_NUMBERS[kind])
        for first, forms, read in (
            (0xC4, _SIZES[:3], self._taken), (0xD9, _SIZES[:3], self._text),
            (0xDC, _SIZES[1:3], self._sequence), (0xDE, _SIZES[1:3], self._mapping),
        ):  # fmt: skip
            if first <= kind < first + len(forms):
                return read(self._number(forms[kind - first]))
        if kind in _UNKNOWN:
            self._taken(1 + _UNKNOWN[kind])
            return None
        if kind in (0xC7, 0xC8):
            self._taken(1 + self._number(_SIZES[kind - 0xC7]))
            return None
        raise ValueError(f"no MessagePack begins with {kind:#x}")

    def _number(self, form: str) -> Any:
        return struct.unpack(form, self._taken(struct.calcsize(form)))[0]

    def _text(self, length: int) -> str:
        return self._taken(length).decode()

    def _sequence(self, length: int) -> list[Any]:
        return [self.value() for _ in range(length)]

    def _mapping(self, length: int) -> dict[Any, Any]:
        return {self.value(): self.value() for _ in range(length)}

    def _taken(self, length: int) -> bytes:
        found = self._data[self._at : self._at + length]
        if len(found) < length:
            raise ValueError("MessagePack ends in the middle of a value")
        self._at += length
        return found


_SIZES = (">B", ">H", ">I", ">Q")
"""Forms of a number of 1, 2, 4 and 8 bytes."""

_NUMBERS = {0xCA: ">f", 0xCB: ">d", **dict(zip(range(0xCC, 0xD0), _SIZES, strict=True))} | {
    0xD0 + at: form.lower() for at, form in enumerate(_SIZES)
}
"""Forms of numbers by what they begin with."""

_UNKNOWN = {0xD4 + at: 2**at for at in range(5)}
"""Bytes of what stands for a value that is not known yet, by what it begins with."""
