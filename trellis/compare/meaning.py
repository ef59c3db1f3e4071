"""What a step means to people: data that is lost, addresses that move, what stands still."""

from __future__ import annotations

from trellis.compare.in_place import meant
from trellis.compare.step import Step
from trellis.compare.types import change
from trellis.registry import STATEFUL


def loses(step: Step) -> str:
    """What data goes with a step; empty where none does."""
    if not step.goes or step.retained or _copy(step):
        return ""
    data = STATEFUL.get(step.type)
    return data.what if data is not None else change(step.type).loses


def _copy(step: Step) -> bool:
    """Whether it is a read replica, which holds nothing of its own."""
    return step.old is not None and bool(step.old.inputs.get("replicateSourceDb"))


def words(step: Step) -> tuple[str, ...]:
    """What a person should know of a step, one thing a line."""
    found: list[str] = []
    if step.protected:
        found.append(
            "the update stops here: it is protected (take the protection off first, in an update "
            "of its own)"
        )
    if step.taken:
        found.append(
            f"the update stops here: it asks for {step.taken} (two updates: take that away, then "
            "add this)"
        )
    if step.refused:
        found.append(f"the update stops here: {step.refused}")
    if step.unseen:
        found.append(
            "what it has that can't change in place was not looked up (`trellis lookup`): the "
            "preview tells it, and the engine replaces nothing that `adopt` names"
        )
    if step.taken_along:
        found.append(
            f"it is gone afterwards: to AWS it is the same as {step.taken_along}, whose deletion "
            "takes it along (two updates: take that away, then add this)"
        )
    lost = loses(step)
    if lost:
        data = STATEFUL.get(step.type)
        bring = f" ({data.bring})" if data is not None else ""
        found.append(f"lost: {lost}{bring}")
    if step.goes and step.retained:
        found.append("the old one stays on AWS, and nobody looks after it")
    known = change(step.type)
    if step.operation == "update" and known.moved_by in step.changed:
        found.append(f"moves: {known.moves}")
    if step.unready or step.outlived:
        found.append(f"downtime: {_led(step)}")
    found += meant(step)
    if step.operation != "replace":
        return tuple(found)
    found.append(
        "order: the old one is taken away, then the new one is made"
        if step.delete_first
        else "order: the new one is made, then the old one is taken away"
    )
    if known.moves:
        found.append(f"moves: {known.moves}")
    if known.downtime is not None and (step.delete_first or known.downtime.always):
        found.append(f"downtime: {known.downtime.what}")
    return tuple(found)


def _led(step: Step) -> str:
    if step.outlived:
        return (
            f"{step.outlived}, which is asked first, goes after its tasks have stopped: requests "
            "fail meanwhile (give the entry its former key: `formerly`)"
        )
    leads = f"it leads to {step.unready}, which begins without healthy targets"
    if step.operation != "create":
        return leads
    return (
        f"what answered its requests until now is passed over, and {leads} (two updates: first the "
        "service behind a host of its own, then this one)"
    )
