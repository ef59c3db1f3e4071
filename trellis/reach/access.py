"""Who may do what: statements of roles and of resources, by thing, with the `uses` line behind."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from trellis.reach.things import Thing, Things, plain
from trellis.registry import OFFERS, camel, part_of
from trellis.stackfile.findings import locate
from trellis.stackfile.layers import Layers
from trellis.stackfile.problems import KeyPath, dotted
from trellis.stackfile.settings import SystemSettings

POLICY = "aws:iam/rolePolicy:RolePolicy"

RESOURCE_POLICIES = (
    "aws:s3/bucketPolicy:BucketPolicy", "aws:sns/topicPolicy:TopicPolicy",
    "aws:sqs/queuePolicy:QueuePolicy", "aws:kms/key:Key",
    "aws:ecr/repositoryPolicy:RepositoryPolicy",
)  # fmt: skip
"""What says of itself who may use it."""

MODELS = "models."

READS = ("Get", "List", "Describe", "Head", "Query", "Scan", "BatchGet", "Receive", "Decrypt",
         "ConditionCheck", "Select", "BatchCheck")  # fmt: skip
"""How the names of actions begin that change nothing."""


@dataclass(frozen=True)
class Access:
    """What one role or principal may do with one resource."""

    who: str
    """Id of the thing whose role it is; a principal where a resource lets it in itself."""
    role: str
    """Name of the role; empty for a resource's own policy."""
    actions: tuple[str, ...]
    target: str
    """Id of the thing that the resource belongs to; the ARN itself where it is none of the plan."""
    resources: tuple[str, ...]
    """ARNs as the statement names them."""
    conditions: tuple[str, ...]
    """As in `StringEquals kms:ViaService dynamodb.us-east-1.amazonaws.com`."""
    uses: str
    """The line of the stack file that gave it, as `Pulumi.yaml:131 services.backend.uses[2]`."""
    statement: str
    """`Sid`."""

    @property
    def level(self) -> str:
        """`read`, `write` or `read and write`."""
        names = [action.partition(":")[2] for action in self.actions]
        reads = [name for name in names if name.startswith(READS)]
        if len(reads) == len(names):
            return "read"
        return "read and write" if reads else "write"


def accesses(
    things: Things, layers: Layers | None = None, settings: SystemSettings | None = None
) -> list[Access]:
    """Everything that roles and resources allow, in a stable order."""
    uses = uses_of(layers, settings)
    found = dict.fromkeys((*_of_roles(things, uses), *_of_resources(things)))
    return sorted(found, key=lambda a: (a.who, a.target, a.role, a.statement, a.actions))


def _of_roles(things: Things, uses: Mapping[tuple[str, str], str]) -> Iterator[Access]:
    for policy in things.recording.of_type(POLICY):
        thing = things.of(policy)
        role = str(plain(policy.inputs.get("role"), policy.name))
        who = thing.id if thing is not None else role
        for statement in _statements(plain(policy.inputs.get("policy"))):
            if statement.get("Effect") == "Allow":
                yield from _allowed(things, who, role, statement, uses)


def _of_resources(things: Things) -> Iterator[Access]:
    account = things.recording.account
    for type_ in RESOURCE_POLICIES:
        for resource in things.recording.of_type(type_):
            thing = things.of(resource)
            for statement in _statements(plain(resource.inputs.get("policy"))):
                if statement.get("Effect") != "Allow":
                    continue
                for principal in _principals(statement.get("Principal")):
                    if account is not None and principal.endswith(f":{account}:root"):
                        continue
                    yield Access(
                        principal, "", tuple(sorted(_list(statement.get("Action")))),
                        thing.id if thing is not None else resource.name,
                        tuple(sorted(_list(statement.get("Resource")))),
                        _conditions(statement), "", str(statement.get("Sid", "")),
                    )  # fmt: skip


def _allowed(
    things: Things,
    who: str,
    role: str,
    statement: Mapping[str, Any],
    uses: Mapping[tuple[str, str], str],
) -> Iterator[Access]:
    by_target: dict[str, list[str]] = {}
    for arn in _list(statement.get("Resource")):
        target = _target(things, arn)
        by_target.setdefault(target, []).append(arn)
    for target, arns in by_target.items():
        yield Access(
            who, role, tuple(sorted(_list(statement.get("Action")))), target,
            tuple(sorted(arns)), _conditions(statement),
            uses.get((who, target)) or _model_line(who, target, uses),
            str(statement.get("Sid", "")),
        )  # fmt: skip


def _model_line(who: str, target: str, uses: Mapping[tuple[str, str], str]) -> str:
    """The line behind access to a language model, of which no resource is made."""
    if ":bedrock:" not in target:
        return ""
    lines = [line for (user, used), line in uses.items() if user == who and used.startswith(MODELS)]
    return "; ".join(lines)


def _target(things: Things, arn: str) -> str:
    resource = things.at(arn)
    thing: Thing | None = things.of(resource) if resource is not None else None
    if thing is not None:
        return thing.id
    return resource.name if resource is not None else arn


def uses_of(
    layers: Layers | None, settings: SystemSettings | None
) -> Mapping[tuple[str, str], str]:
    """By consumer and producer, the line that says the one uses the other."""
    found: dict[tuple[str, str], str] = {}
    if settings is None:
        return found
    data: Mapping[str, Any] = settings.model_dump(mode="python", by_alias=True)
    for part, consumers in data.items():
        if not isinstance(consumers, Mapping):
            continue
        for key, consumer in cast("Mapping[str, Any]", consumers).items():
            lines: object = (
                cast("Mapping[str, Any]", consumer).get("uses")
                if isinstance(consumer, Mapping)
                else None
            )
            for number, line in enumerate(cast("Sequence[Mapping[str, Any]]", lines or ())):
                path: KeyPath = (part, key, "uses", number)
                for kind in OFFERS:
                    name = line.get(kind)
                    if name is not None:
                        target = f"{_part(kind)}.{name}"
                        found.setdefault((f"{part}.{key}", target), _line_of(path, layers))
    return found


def _part(kind: str) -> str:
    """Where the producers of a kind stand in the stack file."""
    return ".".join(map(camel, part_of(kind).split(".")))


def _line_of(path: KeyPath, layers: Layers | None) -> str:
    source = locate(layers, path) if layers is not None else None
    place = f"{source} " if source is not None and source.file is not None else ""
    return f"{place}{dotted(path)}"


def _statements(policy: object) -> list[Mapping[str, Any]]:
    if not isinstance(policy, str):
        return []
    try:
        document: Any = json.loads(policy)
    except ValueError:
        return []
    statements = document.get("Statement", []) if isinstance(document, dict) else []  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
    listed: object = statements  # pyright: ignore[reportUnknownVariableType]
    if isinstance(listed, dict):
        return [cast("Mapping[str, Any]", listed)]
    return cast("list[Mapping[str, Any]]", listed)


def _list(value: object) -> list[str]:
    if value is None:
        return []
    return (
        [value]
        if isinstance(value, str)
        else [str(element) for element in cast("list[Any]", value)]
    )


def _principals(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for names in cast("Mapping[str, Any]", value).values():
            yield from _list(names)


def _conditions(statement: Mapping[str, Any]) -> tuple[str, ...]:
    conditions: Mapping[str, Mapping[str, Any]] = statement.get("Condition") or {}
    return tuple(
        f"{operator} {key} {', '.join(_list(value))}"
        for operator, keys in conditions.items()
        for key, value in keys.items()
    )
