"""Turns the scenes of the fixture tables into facts, as they look at preview and once deployed.

A scene maps ``"<kind> <name>"`` to inputs. ``<kind>`` is a name of the pack's ``aws.py`` in lower
case. ``"?"`` stands for a value not known until deployed; ``"@bucket logs"`` refers to the id
of another resource of the scene and ``"@bucket logs.arn"`` to one of its outputs: unknown at
preview, with the dependency recorded, and a plain text once deployed. Policies and the like may be
written as YAML; they become the JSON text that AWS takes.
"""

import functools
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from policies.guardrails import aws
from policies.guardrails.control import Outcome
from policies.guardrails.facts import ResourceFacts
from policies.guardrails.unknown import UNKNOWN, is_unknown

FIXTURES = Path(__file__).parent / "fixtures"
ACCOUNT = "123456789012"
JSON_INPUTS = {
    "policy",
    "assumeRolePolicy",
    "containerDefinitions",
    "redrivePolicy",
    "redriveAllowPolicy",
}
OUTPUT_SHAPES = {
    "dnsName": "{name}-1.us-east-1.elb.amazonaws.com",
    "domainName": "{name}.cloudfront.net",
    "bucketRegionalDomainName": "{name}.s3.us-east-1.amazonaws.com",
}
ARN_SERVICES = {"bucket": "s3", "function": "lambda", "queue": "sqs", "topic": "sns"}
ARN_RESOURCES = {
    "db_instance": ("rds", "db:"),
    "db_cluster": ("rds", "cluster:"),
    "table": ("dynamodb", "table/"),
}
_KINDS = {
    name.lower(): value
    for name, value in vars(aws).items()
    if isinstance(value, str) and ":" in value
}


class Case(NamedTuple):
    """One row of the tables."""

    control: str
    expected: Outcome
    scene: Mapping[str, Mapping[str, Any]]
    source: str


def table(path: Path) -> dict[str, Any]:
    """A table of the tests, read by libyaml, which takes a tenth of the Python reader's time."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


@functools.cache
def cases() -> tuple[Case, ...]:
    """All rows of all tables."""
    return tuple(
        Case(control, Outcome(outcome), scene, path.name)
        for path in sorted(FIXTURES.glob("*.yaml"))
        for control, rows in table(path).items()
        for outcome, scenes in rows.items()
        for scene in scenes
    )


def _identity(kind: str, name: str, inputs: Mapping[str, Any]) -> dict[str, str]:
    service = ARN_SERVICES.get(kind, kind.replace("_", ""))
    physical = next(
        (inputs[key] for key in ("bucket", "name", "identifier") if _plain(inputs.get(key))),
        f"{name}-{kind}",
    )
    arn = f"arn:aws:{service}:us-east-1:{ACCOUNT}:{physical}"
    if kind == "bucket":
        arn = f"arn:aws:s3:::{physical}"
    if kind in ARN_RESOURCES:
        service, resource = ARN_RESOURCES[kind]
        arn = f"arn:aws:{service}:us-east-1:{ACCOUNT}:{resource}{physical}"
    if kind == "service_linked_role":
        arn = f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/{inputs['awsServiceName']}/{name}"
    if kind == "role":
        arn = f"arn:aws:iam::{ACCOUNT}:role/{physical}"
    return {"id": physical, "arn": arn, "name": physical}


def _plain(value: object) -> bool:
    return isinstance(value, str) and value != "?" and not value.startswith("@")


def facts(scene: Mapping[str, Mapping[str, Any]], *, deployed: bool) -> list[ResourceFacts]:
    """The facts of a scene: with ids and ARNs when ``deployed``, else as a preview sees them."""
    outputs = {
        label: _identity(*label.split(" ", 1), inputs or {}) for label, inputs in scene.items()
    }
    for inputs in scene.values():
        for reference in _references(inputs):
            label, _, attribute = reference[1:].partition(".")
            if attribute and attribute not in outputs[label]:
                shape = OUTPUT_SHAPES.get(attribute, "{name}-" + attribute)
                outputs[label][attribute] = shape.format(name=label.split(" ", 1)[1])
    return [
        _resource(label, inputs or {}, outputs, deployed=deployed)
        for label, inputs in scene.items()
    ]


def _resource(
    label: str, inputs: Mapping[str, Any], outputs: Mapping[str, dict[str, str]], *, deployed: bool
) -> ResourceFacts:
    kind, name = label.split(" ", 1)
    values: dict[str, object] = {}
    dependencies: dict[str, tuple[str, ...]] = {}
    for key, raw in inputs.items():
        if key == "parent":
            continue
        found = tuple(_urn(one[1:].partition(".")[0]) for one in _references(raw))
        if found:
            dependencies[key] = found
        value = _resolved(raw, outputs, deployed=deployed)
        if key in JSON_INPUTS and isinstance(value, (dict, list)):
            value = UNKNOWN if _holds_unknown(value) else json.dumps(value)
        values[key] = value
    parent = inputs.get("parent")
    return ResourceFacts(
        urn=_urn(label),
        type=_KINDS.get(kind, kind),
        name=name,
        inputs=values,
        outputs=outputs[label] if deployed else None,
        parent=_urn(parent) if parent else None,
        property_dependencies=dependencies,
    )


def _urn(label: str) -> str:
    kind, name = label.split(" ", 1)
    return f"urn:pulumi:dev::fixtures::{_KINDS.get(kind, kind)}::{name}"


def _references(value: object) -> Iterator[str]:
    if isinstance(value, str) and value.startswith("@"):
        yield value
    elif isinstance(value, Mapping):
        for element in value.values():
            yield from _references(element)
    elif isinstance(value, list):
        for element in value:
            yield from _references(element)


def _resolved(value: Any, outputs: Mapping[str, dict[str, str]], *, deployed: bool) -> Any:
    if value == "?":
        return UNKNOWN
    if isinstance(value, str) and value.startswith("@"):
        label, _, attribute = value[1:].partition(".")
        return outputs[label][attribute or "id"] if deployed else UNKNOWN
    if isinstance(value, Mapping):
        return {k: _resolved(v, outputs, deployed=deployed) for k, v in value.items()}
    if isinstance(value, list):
        return [_resolved(element, outputs, deployed=deployed) for element in value]
    return value


def _holds_unknown(value: object) -> bool:
    if isinstance(value, Mapping):
        return any(_holds_unknown(element) for element in value.values())
    if isinstance(value, list):
        return any(_holds_unknown(element) for element in value)
    return is_unknown(value)
