"""Image references of other tools as the stack file has them: pinned, or to be pushed once more."""

from __future__ import annotations

import re
from typing import Any

from components.parts.image_uri import whole
from trellis.stackfile.nodes import Node
from trellis.start.ledger import Ledger
from trellis.start.units import key_of

_DIGEST = re.compile(r"(?P<name>[^@]+)@(?P<digest>sha256:[0-9a-f]{64})")
_TAG = re.compile(r"(?P<name>.+?)(?::(?P<tag>[\w][\w.-]{0,127}))?")


def image_of(reference: str, node: Node, ledger: Ledger) -> dict[str, Any]:
    """The settings of an image that a reference names; what has to be done is told.

    A digest stays as it is. A tag could change under a running task, so the image is expected in a
    repository of the system's own.
    """
    pinned = _DIGEST.fullmatch(reference)
    if pinned is not None:
        name = whole(pinned["name"])
        name = name if ":" not in name.rsplit("/", 1)[-1] else name.rsplit(":", 1)[0]
        return {"uri": f"{name}@{pinned['digest']}"}
    match = _TAG.fullmatch(reference)
    named = match["name"] if match else reference
    tag = (match["tag"] if match else None) or "latest"
    key = key_of(named.rsplit("/", 1)[-1])
    ledger.advise(
        node,
        f"push {reference} to the repository `{key}` under the tag {tag}, or name it where it is "
        "(`image: {uri: REGISTRY/NAME:TAG}`, whose digest `trellis lookup` writes down, or "
        "`@sha256:...`): a tag elsewhere could change under a task",
    )
    return {"repository": key, "tag": tag}
