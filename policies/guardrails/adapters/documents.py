"""Facts from JSON documents: a preview, a stack export, or a recording of the planner."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, cast

from ..facts import ResourceFacts
from .values import by_property, mapping, texts

# Steps of a preview after which a resource is gone.
_LEFT_OUT: Final = "left out of the document, so nothing can be said of the whole stack; "
_GONE: Final = frozenset({"delete", "delete-replaced", "discard", "discard-replaced"})

# Steps after which AWS's own resource is the one that was there before.
_STAYING: Final = frozenset({"same", "update", "refresh"})

Json = Mapping[str, object]


class UnreadableDocumentError(ValueError):
    """A document that is none of the kinds this pack reads; the text says what was expected."""


def facts_of(document: object) -> list[ResourceFacts]:
    """The facts of a parsed document, whose kind is told by its shape.

    Reads ``pulumi preview --json`` (``steps``), ``pulumi stack export`` (``deployment``), and a
    recording of ``trellis plan`` (a list of resources, or a map with ``resources``).

    Raises:
        UnreadableDocumentError: it is none of them, is damaged, or does not hold the whole stack:
            judging a part, or nothing, would look like a pass.
    """
    found = _facts_of(document)
    if not found:
        raise UnreadableDocumentError("there are no resources in it, so there is nothing to judge")
    return found


def _facts_of(document: object) -> list[ResourceFacts]:
    if isinstance(document, Mapping):
        whole = cast("Json", document)
        if isinstance(whole.get("steps"), list):
            return from_preview(whole)
        if isinstance(whole.get("deployment"), Mapping):
            return from_export(whole)
        if isinstance(whole.get("resources"), list):
            return from_recording(_states(whole["resources"]))
    if isinstance(document, Sequence) and not isinstance(document, str):
        return from_recording(_states(cast("object", document)))
    raise UnreadableDocumentError(
        "the document is none that this pack reads; give the output of `pulumi preview --json`, "
        "of `pulumi stack export`, or a recording of `trellis plan`"
    )


def from_preview(document: Json) -> list[ResourceFacts]:
    """The facts of ``pulumi preview --json``: inputs as planned, and what is known of outputs.

    What stays is known by the id and outputs that it has.

    Raises:
        UnreadableDocumentError: the preview failed, or says nothing of resources that stay.
    """
    for diagnostic in _maps(document.get("diagnostics") or (), "diagnostics"):
        if diagnostic.get("severity") == "error":
            message = (
                str(diagnostic.get("message", "")).strip().removeprefix("error: ").split("\n")[0]
            )
            raise UnreadableDocumentError(
                f"the preview failed, and what came after is {_LEFT_OUT}first make "
                f"`pulumi preview` succeed. It says: {message}"
            )
    states: dict[str, Json] = {}
    same = 0
    for step in _maps(document["steps"], "steps"):
        urn, state = step.get("urn"), step.get("newState")
        same += step.get("op") == "same"
        if not isinstance(urn, str) or step.get("op") in _GONE or not isinstance(state, Mapping):
            continue
        states[urn] = _standing(_checked(cast("Json", state)), step)
    summary = document.get("changeSummary")
    unchanged = cast("Json", summary).get("same", 0) if isinstance(summary, Mapping) else 0
    if isinstance(unchanged, int) and unchanged > same:
        raise UnreadableDocumentError(
            f"{unchanged - same} resources that do not change are {_LEFT_OUT}"
            "run `pulumi preview --json --show-sames`"
        )
    return [_from_state(state) for state in states.values()]


def _standing(state: Json, step: Json) -> Json:
    """A step's state with what AWS answered before, where the resource stays the same one.

    The CLI tells the id and outputs of such a resource in the old state only, while the inputs of
    others name the id.
    """
    old = step.get("oldState")
    if step.get("op") not in _STAYING or not isinstance(old, Mapping):
        return state
    before = cast("Json", old)
    kept = {name: before[name] for name in ("id", "outputs") if before.get(name)}
    return {**kept, **{name: value for name, value in state.items() if value or name not in kept}}


def from_export(document: Json) -> list[ResourceFacts]:
    """The facts of ``pulumi stack export``; a secret is unknown unless the export shows it."""
    deployment = cast("Json", document["deployment"])
    states = _states(deployment.get("resources") or ())
    return [_from_state(state) for state in states if not state.get("delete")]


def _states(value: object) -> list[Json]:
    return [_checked(state) for state in _maps(value, "resources")]


def _maps(value: object, name: str) -> list[Json]:
    entries = cast("Sequence[object]", value) if isinstance(value, Sequence) else ()
    if isinstance(value, str) or not all(isinstance(one, Mapping) for one in entries):
        raise UnreadableDocumentError(f"`{name}` of the document is no list of maps")
    return [cast("Json", one) for one in entries]


def _checked(state: Json) -> Json:
    for name in ("urn", "type"):
        if not isinstance(state.get(name), str) or not state[name]:
            raise UnreadableDocumentError(
                f"a resource of the document has no {name}; give the tool's output as it is"
            )
    return state


def _from_state(state: Json) -> ResourceFacts:
    urn = str(state.get("urn", ""))
    outputs = mapping(state.get("outputs"))
    identifier = state.get("id")
    if isinstance(identifier, str) and identifier:
        outputs["id"] = identifier
    parent, provider = state.get("parent"), state.get("provider")
    return ResourceFacts(
        urn=urn,
        type=str(state.get("type", "")),
        name=urn.rsplit("::", 1)[-1],
        inputs=mapping(state.get("inputs")),
        outputs=outputs or None,
        parent=parent if isinstance(parent, str) and parent else None,
        provider=_provider(provider),
        dependencies=texts(state.get("dependencies")),
        property_dependencies=by_property(state.get("propertyDependencies")),
    )


def _provider(reference: object) -> str | None:
    """A provider's URN, without the id that a reference ends with."""
    if not isinstance(reference, str) or not reference:
        return None
    return reference.rsplit("::", 1)[0] if reference.count("::") > 3 else reference


def from_recording(resources: Iterable[Json]) -> list[ResourceFacts]:
    """The facts of a planner's recording: ``urn, type, name, inputs, parent, dependencies``,
    ``propertyDependencies``, and ``outputs`` and ``id`` where it simulated a deployment.

    A value not known until deployed is written ``{"$unknown": true}``.
    """
    facts: list[ResourceFacts] = []
    for resource in resources:
        found = _from_state(resource)
        name = resource.get("name")
        facts.append(
            ResourceFacts(
                urn=found.urn,
                type=found.type,
                name=name if isinstance(name, str) else found.name,
                inputs=found.inputs,
                outputs=found.outputs,
                parent=found.parent,
                provider=found.provider,
                dependencies=found.dependencies,
                property_dependencies=found.property_dependencies,
            )
        )
    return facts
