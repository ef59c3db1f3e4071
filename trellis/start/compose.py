"""A compose file as a stack file: containers become services, well-known servers managed ones.

Source of the words: "Compose file reference" (Docker Docs, 2026-11).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from trellis.stackfile.nodes import Node
from trellis.stackfile.problems import Problem, Source, StackFileError
from trellis.start.compose_servers import Server, server_of
from trellis.start.compose_service import Container, service
from trellis.start.draft import Converted, Draft, difference
from trellis.start.ledger import Ledger, entries, get, shapes, text
from trellis.start.units import key_of
from trellis.start.zones import zones

SUBJECT = "the compose file has"

ENDED = "service_completed_successfully"
"""What a container waits for that starts after another one has done its work."""

TOP = {
    "volumes": "a task's own folders are empty at its start: data belongs into a database, cache, "
    "bucket or EFS",
    "networks": "one network; who may call whom follows from `uses`",
    "secrets": "its values belong into `secrets` of the stack file",
    "configs": "put it into the image, or into `environment`",
    "include": "bring over the included file, too",
}
"""What to do about the parts of the file beside its services."""


def convert(file: Path, target: Path, domain: str | None = None) -> Converted:
    """What a compose file comes to.

    Args:
        target: the folder of the repository in the making, from which paths to sources start.
        domain: whose zone is made; what publishes a port has a name in it.

    Raises:
        StackFileError: it can't be read, or has no services.
    """
    ledger = Ledger()
    root = ledger.read(file, file.name)
    services = entries(get(root, "services"))
    if not services:
        place = Source("compose file", file.name, 1)
        raise StackFileError(
            [Problem((), "no services", "`services`", source=place)], subject=SUBJECT
        )
    ledger.take(get(root, "version"))
    name = key_of(str(ledger.take(get(root, "name")) or file.resolve().parent.name))
    base = _draft(ledger, services, file, target, domain)
    own = {}
    if domain is not None:
        dev = _draft(ledger, services, file, target, f"dev.{domain}")
        own = {"dev": difference(base.settings, dev.settings), "prod": {}}
    for part, advice in TOP.items():
        for node in entries(get(root, part)).values():
            ledger.advise(node, advice)
    return Converted(name, base.settings, own, base.origins, ledger)


def _draft(
    ledger: Ledger, services: dict[str, Node], file: Path, target: Path, domain: str | None
) -> Draft:
    draft = Draft(ledger)
    draft.put(("network",), {"cidr": "10.0.0.0/16"})
    if domain is not None:
        draft.put(("zones",), {"main": {"domain": domain}})
    servers = _servers(services)
    for key, server in servers.items():
        server.make(draft, key_of(key), services[key])
    others = {key: node for key, node in services.items() if key not in servers}
    awaited = _awaited(others)
    running = frozenset(others.keys() - awaited.keys())
    for key, node in others.items():
        container = Container(
            draft, key_of(key), node, file.resolve().parent, target, servers, running,
            awaited.get(key, ()),
        )  # fmt: skip
        draft.origins[container.tier, container.key] = ledger.place(node)[:2]
        with shapes(ledger, node, "compose"):
            service(container, domain)
    _callable(draft)
    zones(draft)
    return draft


def _awaited(containers: dict[str, Node]) -> dict[str, tuple[str, ...]]:
    """Containers that others start after, once they have ended well, each with who waits."""
    found: dict[str, tuple[str, ...]] = {}
    for key, node in containers.items():
        for name, waited in entries(get(node, "depends_on")).items():
            if text(get(waited, "condition")) == ENDED and name in containers:
                found[name] = (*found.get(name, ()), key_of(key))
    jobs = {key_of(name) for name in found}
    return {
        name: waiting
        for name, every in found.items()
        if (waiting := tuple(key for key in every if key not in jobs))
    }


def _callable(draft: Draft) -> None:
    """Who is called by name can be."""
    services = draft.settings.get("services", {})
    for caller in services.values():
        uses = [use for use in caller.get("uses", ()) if _listens(use, services)]
        if "uses" in caller:
            caller["uses"] = uses
    called = {
        use["service"] for caller in services.values() for use in caller.get("uses", ())
        if "service" in use
    }  # fmt: skip
    for key in called:
        if "port" in services[key]:
            services[key]["discoverable"] = True
    for use in [use for caller in services.values() for use in caller.get("uses", ())]:
        if services.get(use.get("service"), {}).get("protocol") == "tcp":
            use.pop("as", None)  # host and port come, by names of their own


def _listens(use: dict[str, str], services: dict[str, Any]) -> bool:
    """Whether what a line calls has a port, as far as it is a service."""
    return "service" not in use or "as" in use or "port" in services[use["service"]]


def _servers(services: dict[str, Node]) -> dict[str, Server]:
    found = {key: server_of(text(get(node, "image"))) for key, node in services.items()}
    return {key: server for key, server in found.items() if server is not None}
