"""A Copilot environment's manifest: network, load balancer, insights."""

from __future__ import annotations

from typing import Any

from trellis.stackfile.nodes import Mapping, Node
from trellis.start.copilot_service import INTERNAL, PUBLIC
from trellis.start.draft import Draft
from trellis.start.ledger import get, items


def environment(draft: Draft, manifest: Mapping) -> None:
    """Put what an environment says into the draft of its stack."""
    ledger = draft.ledger
    ledger.take(get(manifest, "name"))
    ledger.take(get(manifest, "type"))
    _network(draft, get(manifest, "network", "vpc"))
    insights = get(manifest, "observability", "container_insights")
    if any("backlog" in entry.get("scaling", {}) for entry in draft.entries("services").values()):
        ledger.advise(insights, "scaling by a queue's backlog counts tasks by it: it stays on")
    else:
        draft.move(("cluster", "insights"), insights)
    ledger.advise(
        get(manifest, "cdn"),
        "`sites.<key>.behaviors` put CloudFront before an internal load balancer",
    )
    _balancer(draft, get(manifest, "http", "public"), PUBLIC)
    _balancer(draft, get(manifest, "http", "private"), INTERNAL)


def _network(draft: Draft, vpc: Node | None) -> None:
    ledger = draft.ledger
    ledger.advise(
        get(vpc, "id"),
        "the system has a network of its own; to live in this one set `network: {existing: {vpcId: "
        "...}}` and run `trellis lookup`",
    )
    cidr = get(vpc, "cidr")
    draft.move(("network", "cidr"), cidr)
    zones: list[str] = []
    for tier in ("public", "private"):
        blocks = items(get(vpc, "subnets", tier))
        if not blocks or cidr is None or any(get(block, "cidr") is None for block in blocks):
            for block in blocks:
                ledger.advise(block, "subnets of a network that is there: see `network.existing`")
            continue
        zones = zones or [str(ledger.take(get(block, "az"))) for block in blocks]
        for block in blocks:
            ledger.take(get(block, "az"))
        found = [ledger.take(get(block, "cidr")) for block in blocks]
        draft.put(("network", "subnets", tier), found, blocks[0])
    if zones and "None" not in zones:
        draft.put(("network", "zones"), zones, vpc)
    logs = get(vpc, "flow_logs")
    retention = get(logs, "retention")
    draft.move(("network", "flowLogs", "retentionDays"), retention)
    if retention is None and logs is not None:
        ledger.take(logs)
    ledger.advise(
        get(vpc, "security_group"),
        "rules follow from `uses`; `loadBalancers.<key>.from` says who may call",
    )


def _balancer(draft: Draft, node: Node | None, key: str) -> None:
    ledger = draft.ledger
    settings: dict[str, Any] | None = draft.settings.get("loadBalancers", {}).get(key)
    certificates, sources = get(node, "certificates"), get(node, "ingress", "source_ips")
    if settings is None:
        ledger.advise(node, f"there is no load balancer `{key}`: no route names a host")
        return
    if certificates is not None:
        settings["certificates"] = [
            {"arn": certificate} for certificate in ledger.take(certificates)
        ]
    if sources is not None:
        settings["from"] = ledger.take(sources)
    ledger.advise(get(node, "access_logs"), "a bucket with `receives: [loadBalancers]` takes them")
    ledger.advise(get(node, "ssl_policy"), "`loadBalancers.<key>.tlsPolicy`, of TLS 1.2 and later")
