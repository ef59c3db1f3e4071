"""Property values as Pulumi writes them into JSON, turned into plain ones."""

import json
from collections.abc import Mapping, Sequence
from typing import Final, cast

from ..kept import KeptText
from ..unknown import UNKNOWN

# Marks in Pulumi's JSON: "Property values" of the provider protocol, SDK 3.272.
SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
_SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"
_OUTPUT: Final = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
_UNKNOWNS: Final = frozenset(
    {
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "030794c1-ac77-496b-92df-f27374a8bd58",
        "e48ece36-62e2-4504-bad9-02848725956a",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    }
)
# What `pulumi preview --json` prints in place of a secret; there is no way to know what it was.
_HIDDEN: Final = "[secret]"
# The planner's marks in a recording: what AWS decides, and what must not be shown.
_RECORDED: Final = ("$unknown", "$secret")


def plain(value: object) -> object:
    """A value without marks: secrets unwrapped where readable, ``UNKNOWN`` where not known."""
    if isinstance(value, str):
        return UNKNOWN if value in _UNKNOWNS or value == _HIDDEN else value
    if isinstance(value, Mapping):
        return _mapping(cast("Mapping[str, object]", value))
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return [plain(element) for element in cast("Sequence[object]", value)]
    return value


def _mapping(value: Mapping[str, object]) -> object:
    if any(value.get(mark) is True for mark in _RECORDED):
        return UNKNOWN
    signature = value.get(SIGNATURE)
    if signature == _SECRET:
        if "value" in value:
            return _kept(plain(value["value"]))
        return _kept(_revealed(value.get("plaintext")))
    if signature == _OUTPUT:
        return plain(value["value"]) if "value" in value else UNKNOWN
    if signature is not None:
        # An asset, an archive or a reference: its content is no configuration.
        return {}
    return {key: plain(element) for key, element in value.items()}


def _kept(value: object) -> object:
    """A secret's value, every text of which is known as kept."""
    if isinstance(value, str):
        return KeptText(value)
    if isinstance(value, dict):
        return {key: _kept(element) for key, element in cast("dict[str, object]", value).items()}
    if isinstance(value, list):
        return [_kept(element) for element in cast("list[object]", value)]
    return value


def _revealed(text: object) -> object:
    """A secret's value from its JSON; ``UNKNOWN`` where it is encrypted, or no JSON."""
    if not isinstance(text, str):
        return UNKNOWN
    try:
        return plain(json.loads(text))
    except ValueError:
        return UNKNOWN


def mapping(value: object) -> dict[str, object]:
    """A map of plain values; empty for anything that is no map."""
    found = plain(value)
    return cast("dict[str, object]", found) if isinstance(found, dict) else {}


def texts(value: object) -> tuple[str, ...]:
    """The texts of a list."""
    if not isinstance(value, Sequence) or isinstance(value, str):
        return ()
    return tuple(element for element in cast("Sequence[object]", value) if isinstance(element, str))


def by_property(value: object) -> dict[str, tuple[str, ...]]:
    """URNs by input name."""
    if not isinstance(value, Mapping):
        return {}
    return {key: texts(urns) for key, urns in cast("Mapping[str, object]", value).items()}
