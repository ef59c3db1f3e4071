"""Volumes, bind mounts and folders in memory of a compose file's container."""

from __future__ import annotations

from trellis.stackfile.nodes import Node
from trellis.start.draft import Draft
from trellis.start.ledger import get, items, text
from trellis.start.units import key_of


def folders(draft: Draft, path: tuple[str, ...], node: Node) -> None:
    """Say what becomes of a container's: memory is `scratch`, all else needs a hand.

    Args:
        path: of the entry that the container becomes.
    """
    for given in items(get(node, "tmpfs")):
        folder = str(draft.ledger.take(given)).partition(":")[0]
        draft.add((*path, "scratch"), folder, given)
    for volume in items(get(node, "volumes")):
        draft.ledger.advise(volume, _advice(volume))


def _advice(volume: Node) -> str:
    parts = (text(volume) or "").split(":")
    source = text(get(volume, "source")) or parts[0]
    target = text(get(volume, "target")) or (parts[1] if len(parts) > 1 else "")
    if source.startswith((".", "/", "~", "$")):
        return "a file or folder of one machine: put it into the image"
    if not target or target == source:
        return "empty when a task starts: one of `scratch`"
    key = key_of(source)
    return (
        f"a volume of one machine: what tasks share is `fileSystems: {{{key}: {{}}}}` and `uses: "
        f"[{{files: {key}, at: {target}}}]`; uploads belong into a bucket, a server's data into "
        "one that AWS runs"
    )
