"""Reads what the engine writes: `pulumi stack export`, and `pulumi preview --json`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from components.replacement import REPLACEMENT, Order
from trellis.compare import replacing
from trellis.compare.step import Operation, Step
from trellis.compare.values import HIDDEN
from trellis.planner.monitor import STACK_TYPE
from trellis.planner.recording import Recorded, Recording
from trellis.planner.wire import SECRET, SIGNATURE, Secret
from trellis.stackfile.tree import is_list, is_mapping

DEFAULTS = "__defaults"
"""Where the provider notes which inputs it filled in itself (pulumi-terraform-bridge 3)."""

OPERATIONS: Mapping[str, Operation] = {
    "same": "same",
    "create": "create",
    "import": "import",
    "update": "update",
    "delete": "delete",
    "replace": "replace",
    "create-replacement": "replace",
    "delete-replaced": "replace",
    "import-replacement": "replace",
}
"""Operations of the engine ("StepOp", pulumi 3.272); reads and refreshes are left out."""


class UnreadableError(Exception):
    """A file that is not what it should be; the text says what was found and what is allowed."""


def read_json(file: Path) -> Any:
    """The JSON of a file.

    Raises:
        UnreadableError: it can't be read, or is no JSON.
    """
    try:
        return json.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise UnreadableError(f"{file} can't be read: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"{file} is not JSON: {error}") from None


def exported(file: Path) -> Recording:
    """The deployed stack that `pulumi stack export` wrote.

    Raises:
        UnreadableError: the file is something else.
    """
    document = read_json(file)
    deployment = document.get("deployment") if is_mapping(document) else None
    resources = deployment.get("resources") if is_mapping(deployment) else None
    if not is_list(resources) or not resources:
        raise UnreadableError(
            f"{file}: no `deployment.resources`; allowed: what `pulumi stack export` writes, of a "
            "stack that stands"
        )
    found = tuple(
        recorded_state(resource)
        for resource in cast("list[dict[str, Any]]", resources)
        if resource["type"] != STACK_TYPE and not resource.get("delete")
    )
    urn = cast("list[dict[str, Any]]", resources)[0]["urn"]
    stack, project = urn.split("::")[0].removeprefix("urn:pulumi:"), urn.split("::")[1]
    region = next(
        (
            resource.inputs["region"]
            for resource in found
            if resource.type == "pulumi:providers:aws"
        ),
        "",
    )
    return Recording(project, stack, "deployed", region, None, found, {})


def recorded_state(state: Mapping[str, Any]) -> Recorded:
    """A resource as the engine writes its state."""
    parent = str(state.get("parent", ""))
    dependencies: dict[str, list[str]] = state.get("propertyDependencies") or {}
    return Recorded(
        urn=state["urn"],
        type=state["type"],
        name=state["urn"].split("::", 3)[3],
        custom=bool(state.get("custom")),
        parent="" if f"::{STACK_TYPE}::" in parent else parent,
        inputs=_given(state.get("inputs") or {}),
        outputs=_opened(state.get("outputs") or {}),
        id=str(state.get("id", "")),
        dependencies=tuple(cast("list[str]", state.get("dependencies") or ())),
        property_dependencies={key: tuple(urns) for key, urns in dependencies.items()},
        protect=bool(state.get("protect")),
        retain_on_delete=bool(state.get("retainOnDelete")),
        delete_before_replace=None,
        ignore_changes=(),
        replace_on_changes=(),
        additional_secret_outputs=(),
        aliases=(),
        provider=str(state.get("provider", "")),
        remote=False,
        import_id=str(state.get("importID", "")),
        read=bool(state.get("external")),
    )


def _given(inputs: Any) -> Any:
    """Inputs as the program gave them: without what the provider filled in."""
    if isinstance(inputs, dict):
        values = cast("dict[str, Any]", inputs)
        if SIGNATURE in values:
            return _opened(values)
        filled: set[str] = set(cast("Sequence[str]", values.get(DEFAULTS) or ()))
        return {
            key: _given(value)
            for key, value in values.items()
            if key != DEFAULTS and key not in filled
        }
    if isinstance(inputs, list):
        return [_given(value) for value in cast("list[Any]", inputs)]
    return inputs


def _opened(value: Any) -> Any:
    """A value of a state: an encrypted one can't be told from another."""
    if isinstance(value, dict):
        values = cast("dict[str, Any]", value)
        signature = values.get(SIGNATURE)
        if signature == SECRET:
            if "plaintext" in values:
                return Secret(_opened(json.loads(values["plaintext"])))
            return Secret(HIDDEN)
        if signature is not None:
            return HIDDEN  # an archive or a file: its digest is not ours
        return {key: _opened(inner) for key, inner in values.items()}
    if isinstance(value, list):
        return [_opened(inner) for inner in cast("list[Any]", value)]
    return value


def previewed(file: Path) -> tuple[str, tuple[Step, ...], dict[str, Recorded]]:
    """The engine's own steps, as `pulumi preview --json` wrote them.

    Returns:
        the stack's name; the steps, one a resource; and every resource by URN, for its parents.

    Raises:
        UnreadableError: the file is something else.
    """
    document = read_json(file)
    found = document.get("steps") if is_mapping(document) else None
    if not is_list(found):
        raise UnreadableError(f"{file}: no `steps`; allowed: what `pulumi preview --json` writes")
    by_urn: dict[str, list[Mapping[str, Any]]] = {}
    for step in cast("list[dict[str, Any]]", found):
        if step.get("op") in OPERATIONS:
            by_urn.setdefault(step["urn"], []).append(step)
    resources = {
        urn: recorded_state(state)
        for urn, group in by_urn.items()
        if (state := group[-1].get("newState") or group[-1].get("oldState"))
    }
    stack = next(iter(by_urn), "urn:pulumi:").split("::")[0].removeprefix("urn:pulumi:")
    return stack, tuple(_steps(by_urn)), resources


def _steps(by_urn: Mapping[str, list[Mapping[str, Any]]]) -> Iterator[Step]:
    for urn, group in by_urn.items():
        kinds = [str(step["op"]) for step in group]
        state: dict[str, Any] = group[-1].get("newState") or group[-1].get("oldState") or {}
        type_ = str(state.get("type") or urn.split("::")[2].rsplit("$", 1)[-1])
        if type_.startswith("pulumi:") or not state.get("custom", True):
            continue
        operation: Operation = OPERATIONS[kinds[0]]
        old = next((recorded_state(s["oldState"]) for s in group if s.get("oldState")), None)
        reasons = dict.fromkeys(r for step in group for r in step.get("replaceReasons") or ())
        changed = dict.fromkeys(
            str(key) for step in group for key in (step.get("detailedDiff") or ())
        ) or dict.fromkeys(str(key) for step in group for key in step.get("diffReasons") or ())
        goes = operation in ("replace", "delete") and old is not None
        yield Step(
            operation,
            urn,
            type_,
            urn.split("::", 3)[3],
            changed=tuple(changed),
            because=tuple(reasons),
            delete_first=operation == "replace" and _old_first(kinds, type_, state),
            protected=goes and old is not None and old.protect,
            retained=goes and old is not None and old.retain_on_delete,
            old=old,
            new=recorded_state(group[-1]["newState"]) if group[-1].get("newState") else None,
        )


def _old_first(kinds: Sequence[str], type_: str, state: Mapping[str, Any]) -> bool:
    """Whether the old one goes first.

    The engine writes the order with `--show-replacement-steps` only; else it follows from the type,
    and of what holds data from whether a name was given by hand.
    """
    if "create-replacement" in kinds and "delete-replaced" in kinds:
        return kinds.index("delete-replaced") < kinds.index("create-replacement")
    known = REPLACEMENT.get(type_)
    if known is not None and known.order is not Order.NEVER:
        return known.order is Order.OLD_FIRST
    rules = replacing.rules(type_)
    inputs: dict[str, Any] = state.get("inputs") or {}
    return rules.delete_first or bool(rules.auto_named and inputs.get(rules.auto_named))
