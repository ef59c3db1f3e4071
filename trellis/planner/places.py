"""Where in the stack file a finding of the policy pack comes from: file, line and setting.

The pack knows resources and remedies, not stack files. A resource stands under the component of
a tier, whose type and name are a part and a key of the stack file (`databases.main`); the remedy
names the setting (`databases.<key>.deletionProtection`). What is written there is the place, and
where nothing is, the part's own line.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import pulumi

from policies.guardrails.outcomes import Finding, Place, Report
from trellis.planner.monitor import DuplicateNameError
from trellis.planner.recording import Recorded, Recording
from trellis.registry import PARTS
from trellis.stackfile.findings import locate
from trellis.stackfile.identity import FORMERLY
from trellis.stackfile.layers import Layers
from trellis.stackfile.problems import KeyPath, Problem, StackFileError, dotted
from trellis.stackfile.tree import is_list, is_mapping

IMPLIED: Final[Mapping[str, str]] = {"audit-": "baseline", "site-": "sites"}
"""Parts that make things of another's kind, by how the names of these begin."""

SAME: Final[Mapping[str, str]] = {"jobs": "services"}
"""A part whose settings the remedies name under another one, where both have them."""

HELD: Final[Mapping[str, str]] = {
    "aws:cloudwatch/dashboard:Dashboard": "dashboards",
    "aws:cloudwatch/logDataProtectionPolicy:LogDataProtectionPolicy": "logs",
    "aws:cloudwatch/logGroup:LogGroup": "logs",
    "aws:cloudwatch/metricAlarm:MetricAlarm": "alarms",
    "aws:route53/healthCheck:HealthCheck": "healthChecks",
    "aws:synthetics/canary:Canary": "canaries",
}
"""What `monitoring` makes for entries of its own, by type: where they stand in it."""

_PATH = re.compile(r"(?<![\w.<])[a-z][A-Za-z]*(?:\.(?:<\w+>|[A-Za-z]+))+")
"""A setting in a remedy: `databases.<key>.backups.retentionDays`."""

_WORD = re.compile(r"(?<![\w.<>])[a-z][A-Za-z]*(?=:)")
"""One named without its part: `..., or iamAuthentication: true`."""


def placed(report: Report, recording: Recording, layers: Layers) -> Report:
    """The report with the place of every finding that has one.

    Args:
        recording: what the findings are about.
        layers: the stack file and what it shares, with positions.
    """
    resources = {resource.urn: resource for resource in recording}
    found = tuple(
        dataclasses.replace(one, place=place_of(one, resources, layers)) for one in report.findings
    )
    return dataclasses.replace(report, findings=found)


def place_of(finding: Finding, resources: Mapping[str, Recorded], layers: Layers) -> Place | None:
    """Where a finding's resource, or the setting that its remedy names, is written."""
    resource = resources.get(finding.urn)
    owner = owner_of(resource, resources, layers)
    name = resource.name if resource is not None else ""
    held = (*owner, HELD.get(resource.type, ""), name) if resource is not None else ()
    if owner == ("monitoring",) and _is_there(held, layers):
        owner = held
    path = next(_written(finding.control.fix.stack, owner, name, layers), owner)
    while path and not _is_there(path, layers):
        path = path[:-1]
    source = locate(layers, path, key=True)
    if source is None or source.file is None:
        return None
    return Place(source.file, source.line or 1, dotted(path or owner))


def with_both_keys(
    error: DuplicateNameError, recorded: Iterable[Recorded], layers: Layers | None
) -> pulumi.RunError:
    """What to tell of two resources of one name: the keys of the stack file that make them.

    Args:
        layers: the stack file; None where there is none, and the error stays as it is.
    """
    if layers is None:
        return error
    resources = {recorded_one.urn: recorded_one for recorded_one in recorded}
    first, second = (owner_of(resources.get(urn), resources, layers) for urn in error.parents)
    type_, _, name = error.urn.rpartition("::")
    label = type_.rpartition(":")[2]
    if not second:
        return error
    same = first == second
    return StackFileError(
        [
            Problem(
                second,
                f"a {label} named {name}" + ("" if same else f", as {dotted(first)} makes one"),
                "each thing once" if same else "keys that together make no name twice",
                "" if same else f"rename {first[-1]} or {second[-1]}",
                locate(layers, second, key=True),
            )
        ]
    )


def owner_of(
    resource: Recorded | None, resources: Mapping[str, Recorded], layers: Layers
) -> KeyPath:
    """The path of the part whose component holds a resource; empty where none does."""
    while resource is not None:
        part = PARTS.get(resource.type)
        if part is not None:
            for name in (part, *(IMPLIED[one] for one in IMPLIED if resource.name.startswith(one))):
                keys = {_first(name, key, layers): key for key in _keys((name,), layers)}
                first = _fitting(resource.name, keys)
                if first is not None:
                    return (name, keys[first])
                part = name if _is_there((name,), layers) else part
            return (part,)
        resource = resources.get(resource.parent)
    return ()


def _first(part: str, key: str, layers: Layers) -> str:
    """The key that an entry began with: what it made has the names of that one."""
    for layer in layers.ordered:
        formerly = layer.value((part, key, FORMERLY))
        if formerly:
            return str(formerly[0] if is_list(formerly) else formerly)
    return key


def _fitting(name: str, keys: Iterable[str]) -> str | None:
    """The key that a name is made of: itself, or with a word before or after it."""
    fitting = [
        key for key in keys if name == key or name.startswith(f"{key}-") or name.endswith(f"-{key}")
    ]
    return max(fitting, key=len, default=None)


def _keys(path: KeyPath, layers: Layers) -> list[str]:
    keys: dict[str, None] = {}
    for layer in layers.ordered:
        value = layer.value(path)
        if is_mapping(value):
            keys.update(dict.fromkeys(value))
    return list(keys)


def _written(remedy: str, owner: KeyPath, name: str, layers: Layers) -> Iterator[KeyPath]:
    """The settings of a remedy that are written, the likeliest first.

    A path of the owner or of the whole system; a setting of the same name deeper in the owner; one
    that the remedy names without its part.
    """
    named = [tuple(path_text.split(".")) for path_text in _PATH.findall(remedy)]
    for path in named:
        yield from _filled((), path, owner, name, layers)
    for path in named:
        if path[-1].isalpha() and owner:
            yield from _inside(owner, path[-1], layers)
    for word in _WORD.findall(remedy):
        if _is_there((*owner, word), layers):
            yield (*owner, word)


def _filled(
    path: KeyPath, rest: tuple[str, ...], owner: KeyPath, name: str, layers: Layers
) -> Iterator[KeyPath]:
    """The written paths that a pattern such as `databases.<key>.logs` stands for."""
    if not rest:
        if len(path) > len(owner[:2]) or path[:2] != owner:
            yield path
        return
    part, after = rest[0], rest[1:]
    if not path and owner and SAME.get(str(owner[0])) == part:
        part = str(owner[0])
    keys = [part]
    if part.startswith("<"):
        keys = _keys(path, layers)
        if len(path) == 1:
            keys = _own_keys(path[0], owner, name, keys)
    for key in keys:
        if _is_there((*path, key), layers):
            yield from _filled((*path, key), after, owner, name, layers)


def _own_keys(part: str | int, owner: KeyPath, name: str, keys: list[str]) -> list[str]:
    """The keys of a part that a resource may be of; of a key that all of them share, each."""
    if len(owner) > 1:
        return [str(owner[1])] if owner[0] == part else []
    own = _fitting(name, keys)
    if own is not None:
        return [own]
    return keys if owner == ("keys",) and part != "keys" else []


def _inside(path: KeyPath, name: str, layers: Layers) -> Iterator[KeyPath]:
    """The settings of one name anywhere below: `services.backend.sidecars.log.readOnlyRoot`."""
    for key in _keys(path, layers):
        if key == name:
            yield (*path, key)
        yield from _inside((*path, key), name, layers)


def _is_there(path: KeyPath, layers: Layers) -> bool:
    return any(layer.has(path) for layer in layers.ordered)
