"""How many tasks a service of Copilot's runs: `count`."""

from __future__ import annotations

from trellis.stackfile.nodes import Mapping, Node
from trellis.start.copilot_workload import Workload
from trellis.start.ledger import get, text
from trellis.start.units import seconds

ONE = "one task, as without `count`: two or more go on where a zone fails (`scaling`)"


def scaling(workload: Workload) -> None:
    """How many tasks `count` says, and what they follow."""
    node, ledger = workload.at("count"), workload.draft.ledger
    if node is None:
        workload.put("scaling", value={"min": 1, "max": 1})
        ledger.advise_on(workload.node, ONE)
        return
    if text(node) is not None:
        if is_number(node):
            count = ledger.take(node)
            workload.put("scaling", value={"min": count, "max": max(1, count)}, node=node)
        return
    spot = ledger.take(get(node, "spot"))
    if spot is not None:
        workload.put("scaling", value={"min": spot, "max": spot}, node=node)
        workload.put("capacity", value={"spot": 100, "onDemand": 0}, node=node)
    _range(workload, get(node, "range"))
    for name, setting in (("cpu_percentage", "cpu"), ("memory_percentage", "memory"),
                          ("requests", "requests")):  # fmt: skip
        given = get(node, name)
        value = get(given, "value") if isinstance(given, Mapping) else given
        if setting == "requests" and not workload.at("http"):
            ledger.advise(given, "requests are counted where there are `routes`")
        elif value is not None:
            workload.draft.move(workload.path("scaling", setting), value)
        ledger.advise(get(given, "cooldown"), "one `scaling.cooldown` for all measures")
    ledger.advise(get(node, "response_time"), "tasks follow cpu, memory, requests or `metric`")
    for name, setting in (("in", "in"), ("out", "out"),
                          ("scale_in_cooldown", "in"), ("scale_out_cooldown", "out")):  # fmt: skip
        given = get(node, "cooldown", name)
        length = seconds(ledger.take(given))
        if length is not None:
            workload.put("scaling", "cooldown", setting, value=int(length), node=given)
    delay = get(node, "queue_delay")
    latency = seconds(ledger.take(get(delay, "acceptable_latency")))
    work = seconds(ledger.take(get(delay, "msg_processing_time")))
    if latency and work:
        backlog = {"queue": f"{workload.key[:25]}-events", "perTask": round(latency / work, 3)}
        workload.put("scaling", "backlog", value=backlog, node=delay)


def _range(workload: Workload, node: Node | None) -> None:
    if node is None:
        return
    ledger = workload.draft.ledger
    if text(node) is not None:
        least, _, most = str(ledger.take(node)).partition("-")
        workload.put("scaling", "min", value=int(least), node=node)
        workload.put("scaling", "max", value=int(most or least), node=node)
        return
    for name in ("min", "max"):
        workload.draft.move(workload.path("scaling", name), get(node, name))
    first_spot = ledger.take(get(node, "spot_from"))
    if first_spot is not None:
        capacity = {"spot": 100, "onDemand": max(0, first_spot - 1)}
        workload.put("capacity", value=capacity, node=node)


def is_number(node: Node) -> bool:
    """Whether a count is one number."""
    return (text(node) or "").isdigit()
