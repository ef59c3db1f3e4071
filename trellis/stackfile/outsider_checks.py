"""What a workload outside AWS can't be given: it has permissions, and no way into the network."""

from __future__ import annotations

from collections.abc import Iterator

from components.parts.uses import UseSettings
from trellis.registry import OFFERS
from trellis.stackfile.complaints import Complaint
from trellis.stackfile.context import Context
from trellis.stackfile.problems import KeyPath
from trellis.stackfile.settings import SystemSettings

BY_PERMISSION = "what AWS's permissions alone open, as a bucket, a queue, a table or a function"


def uses(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """Lines of an identity that would allow nothing."""
    for key, identity in settings.identities.items():
        for position, use in enumerate(identity.uses):
            yield from _use(("identities", key, "uses", position), use)


def _use(path: KeyPath, use: UseSettings) -> Iterator[Complaint]:
    if use.address is not None:
        yield (
            (*path, "address"),
            f"{use.address}, and a workload outside AWS, whose network is its own",
            BY_PERMISSION,
            "",
        )
    elif use.kind in OFFERS and OFFERS[use.kind].listens:
        yield (
            (*path, use.kind),
            f"{use.kind} {use.key}, which is in the network, and a workload outside AWS",
            BY_PERMISSION,
            "let a function that stands in the network do it, and use the function",
        )
    elif use.kind in ("secret", "parameter") and use.as_ is not None:
        yield (
            (*path, "as"),
            f"the value of {use.kind} {use.key} in an environment variable",
            "no `as`: nothing starts the workload here, and a plain variable would stand in the "
            "state",
            "it reads the value itself, with its role",
        )


CHECKS = (uses,)
