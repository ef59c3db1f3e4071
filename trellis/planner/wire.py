"""Property values as they travel between program and engine, in and out of plain Python."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from google.protobuf import struct_pb2
from pulumi.runtime import rpc

from components.parts.simulation import UNKNOWN, Secret

SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
ASSET: Final = "c44067f5952c0a294b673a41bacd8c17"
ARCHIVE: Final = "0def7320c3a5731c473e5ecbe6d01bc7"
SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"
RESOURCE: Final = "5cf8f73096256a8f31e491e813e4eb8e"
OUTPUT: Final = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
"""Type marks inside a struct ("Property values", Pulumi provider protocol, SDK 3.272)."""


UNSEEN: Final = "only-the-account-knows-this"
"""Stands in the answer of a function call for what a plan can't know: the SDK takes no unknown
value there. What is made of it is `UNKNOWN`."""


@dataclass(frozen=True)
class FileContent:
    """An asset or archive: a file, a text, an address, or several of them by name."""

    kind: str
    """`file`, `text`, `remote` or `assets`; archives are `archive-...`."""
    value: Any


def decode(struct: struct_pb2.Struct) -> dict[str, Any]:
    """Plain values of a struct; unknown and secret ones stay marked."""
    return {key: _decode(value) for key, value in struct.fields.items()}


def _decode(value: struct_pb2.Value) -> Any:
    kind = value.WhichOneof("kind")
    if kind == "string_value":
        text = value.string_value
        return UNKNOWN if text == rpc.UNKNOWN or UNSEEN in text else text
    if kind == "number_value":
        number = value.number_value
        return int(number) if number.is_integer() else number
    if kind == "bool_value":
        return value.bool_value
    if kind == "list_value":
        return [_decode(member) for member in value.list_value.values]
    if kind == "struct_value":
        fields = value.struct_value.fields
        if SIGNATURE in fields:
            return _special(fields[SIGNATURE].string_value, fields)
        return {key: _decode(field) for key, field in fields.items()}
    return None


def _special(signature: str, fields: Mapping[str, struct_pb2.Value]) -> Any:
    if signature == SECRET:
        return Secret(_decode(fields["value"]))
    if signature == RESOURCE:
        if "id" in fields:
            return fields["id"].string_value or UNKNOWN
        return fields["urn"].string_value
    if signature == OUTPUT:
        value = _decode(fields["value"]) if "value" in fields else UNKNOWN
        secret = "secret" in fields and fields["secret"].bool_value
        return Secret(value) if secret else value
    prefix = "archive-" if signature == ARCHIVE else ""
    for kind, key in (("file", "path"), ("text", "text"), ("remote", "uri"), ("assets", "assets")):
        if key in fields:
            return FileContent(prefix + kind, _decode(fields[key]))
    return FileContent(prefix + "empty", None)


def encode(values: Mapping[str, Any]) -> struct_pb2.Struct:
    """The struct of plain values; the inverse of `decode` but for assets, which are left out."""
    struct = struct_pb2.Struct()
    for key, value in values.items():
        if not isinstance(value, FileContent):
            _encode(struct.fields[key], value)
    return struct


def _encode(target: struct_pb2.Value, value: Any) -> None:
    if value is None:
        target.null_value = struct_pb2.NULL_VALUE
    elif value is UNKNOWN:
        target.string_value = rpc.UNKNOWN
    elif isinstance(value, bool):
        target.bool_value = value
    elif isinstance(value, (int, float)):
        target.number_value = value
    elif isinstance(value, str):
        target.string_value = value
    elif isinstance(value, Secret):
        fields = target.struct_value.fields
        fields[SIGNATURE].string_value = SECRET
        _encode(fields["value"], value.value)
    elif isinstance(value, Mapping):
        fields = target.struct_value.fields
        for key, member in cast("Mapping[str, Any]", value).items():
            _encode(fields[key], member)
        target.struct_value.SetInParent()
    elif isinstance(value, Sequence):
        target.list_value.SetInParent()
        for member in cast("Sequence[Any]", value):
            _encode(target.list_value.values.add(), member)
    else:
        raise TypeError(f"{type(value).__name__} can't travel between program and engine")


def to_json(value: Any) -> Any:
    """The value for a JSON file: secrets masked, unknown values marked."""
    if value is UNKNOWN:
        return {"$unknown": True}
    if isinstance(value, Secret):
        return {"$secret": True}
    if isinstance(value, FileContent):
        return {"$file": value.kind, "value": to_json(value.value)}
    if isinstance(value, Mapping):
        return {str(k): to_json(v) for k, v in cast("Mapping[Any, Any]", value).items()}
    if isinstance(value, (list, tuple)):
        return [to_json(member) for member in cast("Sequence[Any]", value)]
    return value
