"""What a container calls beyond the system: addresses in its variables that nothing else opens."""

from __future__ import annotations

from trellis.stackfile.calls_out import calls_out
from trellis.stackfile.nodes import Node
from trellis.start.compose_servers import environment
from trellis.start.draft import Draft
from trellis.start.ledger import get


def beyond(draft: Draft, path: tuple[str, ...], node: Node) -> None:
    """A `uses` line for every address outside that a container's variables name with a port.

    Args:
        path: of the entry that the container becomes.
    """
    variables: dict[str, str] = draft.get(*path, "environment") or {}
    nodes = {name: given for name, _, given in environment(get(node, "environment"))}
    for call in calls_out(variables):
        if "." in call.host:
            line = {"address": call.host, "port": call.port}
            draft.add((*path, "uses"), line, nodes.get(call.variable))
