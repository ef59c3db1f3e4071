"""Edits of one property each, for the provider to plan: changed, given and taken away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tools.replacement.provider import Provider
from tools.replacement.seeds import ARN, SEEDS, VALUES, WITH

DEPTH = 3
"""How deep in blocks properties are edited."""

HUGE = 5_000
"""Paths of a type, at any depth, from which on a plan takes seconds (a firewall's statements hold
each other): its plain arguments only are asked about, changed and no more."""

Path = tuple[str, ...]


def replacing(provider: Provider, type_: str) -> tuple[dict[str, list[str]], dict[str, str]]:
    """The properties of a type whose change replaces, and those that can't be asked about.

    Returns:
        by dotted path, which of `change`, `add` and `remove` replace; by path, what the
        provider says against it.
    """
    block = provider.schema["resource_schemas"][type_]["block"]
    base = _seeded(block, SEEDS.get(type_, {}))
    if "id" in base:
        base["id"] = "made-up"
    found: dict[str, list[str]] = {}
    unasked: dict[str, str] = {}
    for path in asked(block):
        for kind, before, after in _edits(type_, block, base, path):
            answer = provider.plan(type_, before, after)
            dotted = ".".join(path)
            if any(r == dotted or r.startswith(f"{dotted}.") for r in answer.replaced_by):
                found.setdefault(dotted, []).append(kind)
            elif answer.errors:
                unasked.setdefault(dotted, f"{kind}: {answer.errors[0]}")
    return found, unasked


def asked(block: Mapping[str, Any]) -> list[Path]:
    """The paths of a type's arguments that are asked about."""
    if _huge(block):
        return [path for path in _paths(block, (), 1) if path[0] in block["attributes"]]
    return list(_paths(block, (), DEPTH))


def _huge(block: Mapping[str, Any]) -> bool:
    return _size(block) > HUGE


def _size(block: Mapping[str, Any]) -> int:
    inner = block.get("block_types", {}).values()
    return len(block.get("attributes", {})) + sum(
        _size(block_type["block"]) for block_type in inner
    )


def _paths(block: Mapping[str, Any], above: Path, depth: int) -> Iterator[Path]:
    for name, attribute in block.get("attributes", {}).items():
        if (attribute.get("optional") or attribute.get("required")) and name != "id":
            yield (*above, name)
    for name, inner in block.get("block_types", {}).items():
        if name == "timeouts":
            continue
        yield (*above, name)
        if len(above) + 1 < depth:
            yield from _paths(inner["block"], (*above, name), depth)


def _seeded(block: Mapping[str, Any], seed: Mapping[str, Any]) -> dict[str, Any]:
    """A state with what is required and what is given, whose blocks are filled up."""
    state = _filled(block, 1)
    for name, value in seed.items():
        inner = block.get("block_types", {}).get(name)
        state[name] = value if inner is None else [_seeded(inner["block"], v) for v in value]
    return state


def _edits(
    type_: str, block: Mapping[str, Any], base: Mapping[str, Any], path: Path
) -> Iterator[tuple[str, Any, Any]]:
    """The kind of each edit with the state before and after it."""
    known = (type_, ".".join(path))
    beside = _seeded(block, {**SEEDS.get(type_, {}), **WITH.get(known, {})}) | {
        "id": base.get("id")
    }
    if known in VALUES:
        old, new = VALUES[known]
        yield "change", {**base, path[0]: old}, {**beside, path[0]: new}
        if known not in WITH and path[0] not in SEEDS.get(type_, {}):
            yield "add", {**base, path[0]: None}, {**base, path[0]: old}
            yield "remove", {**base, path[0]: old}, {**base, path[0]: None}
        return
    if known in WITH:
        yield "add", base, {**beside, path[0]: "made-up-1"}
        yield "change", {**beside, path[0]: "made-up-1"}, base
        return
    one = _set(block, base, path, 1)
    two = _set(block, base, path, 2)
    if one != two:
        yield "change", one, two
        if isinstance(_leaf(block, path), dict) and _leaf(block, path).get("type") == "bool":
            yield "change", two, one
    none = _set(block, base, path, 0)
    if none != one and not _huge(block):
        yield "add", none, one
        yield "remove", one, none


def _leaf(block: Mapping[str, Any], path: Path) -> Any:
    for part in path[:-1]:
        block = block["block_types"][part]["block"]
    return block.get("attributes", {}).get(path[-1])


def _set(block: Mapping[str, Any], base: Mapping[str, Any], path: Path, turn: int) -> Any:
    """The state with the value of a turn at a path; 0 takes it away."""
    head, rest = path[0], path[1:]
    state = dict(base)
    if head in block.get("attributes", {}):
        attribute = block["attributes"][head]
        state[head] = None if turn == 0 else _value(_type_of(attribute), turn, head)
        return state
    inner = block["block_types"][head]
    single = inner["nesting_mode"] in ("single", "group")
    if not rest:
        made = _filled(inner["block"], max(turn, 1))
        empty: Any = None if single else []
        if turn == 2 and not single and inner.get("max_items") != 1:
            state[head] = [_filled(inner["block"], 1), made]
        elif turn:
            state[head] = made if single else [made]
        else:
            state[head] = empty
        return state
    there = state[head] if single else (state[head] or [None])[0]
    within = _set(inner["block"], there or _filled(inner["block"], 1), rest, turn)
    state[head] = within if single else [within]
    return state


def _filled(block: Mapping[str, Any], turn: int) -> dict[str, Any]:
    """A state with what is required and nothing else."""
    state: dict[str, Any] = {
        name: _value(_type_of(attribute), turn, name) if attribute.get("required") else None
        for name, attribute in block.get("attributes", {}).items()
    }
    for name, inner in block.get("block_types", {}).items():
        single = inner["nesting_mode"] in ("single", "group")
        if inner.get("min_items"):
            made = _filled(inner["block"], turn)
            state[name] = made if single else [made]
        else:
            state[name] = None if single else []
    return state


def _type_of(attribute: Mapping[str, Any]) -> Any:
    return attribute.get("type", "string")


def _value(type_: Any, turn: int, name: str) -> Any:
    """A made-up value of a type, another one each turn."""
    match type_:
        case "string":
            if name.endswith(("_arn", "_arns")):
                return ARN.format(turn=turn)
            return f"made-up-{turn}"
        case "number":
            return turn
        case "bool":
            return turn == 2
        case ["list" | "set", inner]:
            return [_value(inner, turn, name)]
        case ["map", inner]:
            return {"key": _value(inner, turn, name)}
        case ["object", parts]:
            return {part: _value(inner, turn, part) for part, inner in parts.items()}
        case _:
            return None


def sets(block: Mapping[str, Any]) -> Iterator[str]:
    """The dotted paths of a type whose order says nothing."""
    for path in asked(block):
        *above, name = path
        inner = block
        for part in above:
            inner = inner["block_types"][part]["block"]
        type_ = inner.get("attributes", {}).get(name, {}).get("type")
        nesting = inner.get("block_types", {}).get(name, {}).get("nesting_mode")
        if nesting == "set" or (isinstance(type_, list) and type_[0] == "set"):
            yield ".".join(path)
