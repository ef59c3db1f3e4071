"""Facts from JSON documents: a preview, a stack export, or a recording of the planner."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, cast

from ..facts import ResourceFacts
from .values import by_property, mapping, texts

# Steps of a preview after which a resource is gone.
_GONE: Final = frozenset({"delete", "delete-replaced", "discard", "discard-replaced"})

Json = Mapping[str, object]


class UnreadableDocumentError(ValueError):
    """A document that is none of the kinds this pack reads; the text says what was expected."""


def facts_of(document: object) -> list[ResourceFacts]:
    """The facts of a parsed document, whose kind is told by its shape.

    Reads ``pulumi preview --json`` (``steps``), ``pulumi stack export`` (``deployment``), and a
    recording of ``trellis plan`` (a list of resources, or a map with ``resources``).
    """
    if isinstance(document, Mapping):
        whole = cast("Json", document)
        if isinstance(whole.get("steps"), list):
            return from_preview(whole)
        if isinstance(whole.get("deployment"), Mapping):
            return from_export(whole)
        if isinstance(whole.get("resources"), list):
            return from_recording(cast("Sequence[Json]", whole["resources"]))
    if isinstance(document, Sequence) and not isinstance(document, str):
        return from_recording(cast("Sequence[Json]", document))
    raise UnreadableDocumentError(
        "the document is none that this pack reads; give the output of `pulumi preview --json`, "
        "of `pulumi stack export`, or a recording of `trellis plan`"
    )


def from_preview(document: Json) -> list[ResourceFacts]:
    """The facts of ``pulumi preview --json``: inputs as planned, and what is known of outputs."""
    states: dict[str, Json] = {}
    for step in cast("Sequence[Json]", document["steps"]):
        urn, state = step.get("urn"), step.get("newState")
        if not isinstance(urn, str) or step.get("op") in _GONE or not isinstance(state, Mapping):
            continue
        states[urn] = cast("Json", state)
    return [_from_state(state) for state in states.values()]


def from_export(document: Json) -> list[ResourceFacts]:
    """The facts of ``pulumi stack export``; a secret is unknown unless the export shows it."""
    deployment = cast("Json", document["deployment"])
    resources = cast("Sequence[Json]", deployment.get("resources") or ())
    return [_from_state(state) for state in resources if not state.get("delete")]


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
