"""Asks the real provider about one whole change: the inputs of a resource before and after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from testing.sdk import inputs_of, nested
from tools.replacement import names
from tools.replacement.provider import Answer, Provider


def judged(
    provider: Provider, type_: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Answer | None:
    """What the provider would do; None where it has no such type."""
    known = provider.schema["resource_schemas"]
    theirs = names.terraform_type(type_, list(known)) if type_.startswith("aws:") else None
    if theirs is None:
        return None
    block = known[theirs]["block"]
    inputs = inputs_of(type_)
    old, new = (_block(side, inputs, block, theirs) for side in (before, after))
    for state in (old, new):
        if "id" in state:
            state["id"] = "made-up"
    # What the provider fills in itself stands in no input, and looks as if it were being changed.
    same = {name for name in old if old[name] == new[name]}
    filled = {
        path for path in provider.plan(theirs, old, old).replaced_by if path.split(".")[0] in same
    }
    # What neither side says, and the provider has a default for (`expected_bucket_owner` of the
    # settings of a bucket), is null before and not after: no state that it wrote has a null there.
    unsaid = {name for name in same if old[name] is None}
    answer = provider.plan(theirs, old, new)
    theirs_alone = {p for p in answer.replaced_by if p in filled or p in unsaid}
    return Answer(tuple(p for p in answer.replaced_by if p not in theirs_alone), answer.errors)


def _block(
    given: Mapping[str, Any], inputs: Mapping[str, Any], block: Mapping[str, Any], type_: str
) -> dict[str, Any]:
    """A state as the provider has it, of inputs as the SDK has them."""
    attributes, blocks = block.get("attributes", {}), block.get("block_types", {})
    state: dict[str, Any] = dict.fromkeys(attributes)
    state |= {
        name: None if entry["nesting_mode"] in ("single", "group") else []
        for name, entry in blocks.items()
    }
    for name, value in given.items():
        theirs = names.matching(name, state, type_)
        if theirs is None or value is None:
            continue
        inner = nested(inputs[name]) if name in inputs else None
        if theirs in blocks:
            within = blocks[theirs]
            items = value if isinstance(value, list) else [value]
            made = [_block(element, inner or {}, within["block"], "") for element in items]
            single = within["nesting_mode"] in ("single", "group")
            state[theirs] = (made[0] if made else None) if single else made
        else:
            state[theirs] = _value(value, attributes[theirs].get("type", "string"), inner or {})
    return state


def _value(value: Any, type_: Any, inputs: Mapping[str, Any]) -> Any:
    match type_:
        case "string":
            return str(value).lower() if isinstance(value, bool) else str(value)
        case "number":
            return float(value) if "." in str(value) else int(value)
        case "bool":
            return value if isinstance(value, bool) else str(value).lower() == "true"
        case ["list" | "set", inner]:
            items = value if isinstance(value, list) else [value]
            return [_value(element, inner, inputs) for element in items]
        case ["map", inner]:
            return {key: _value(entry, inner, inputs) for key, entry in value.items()}
        case ["object", parts]:
            block = {"attributes": {k: {"type": v} for k, v in parts.items()}}
            return _block(value, inputs, block, "")
        case _:
            return value
