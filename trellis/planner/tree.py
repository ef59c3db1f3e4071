"""A recording as a tree of components, each with its resources by type."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from trellis.planner.recording import Recorded, Recording, children

PROVIDER_PREFIX = "pulumi:providers:"


@dataclass(frozen=True)
class TypeGroup:
    """The resources of one type inside one component, in the program's order."""

    type: str
    resources: tuple[Recorded, ...]

    @property
    def label(self) -> str:
        """The type's own name, as `Subnet` of `aws:ec2/subnet:Subnet`."""
        return self.type.rsplit(":", 1)[-1]


@dataclass(frozen=True)
class Branch:
    """One component: what it made itself, and the components inside it."""

    component: Recorded
    groups: tuple[TypeGroup, ...]
    branches: tuple[Branch, ...]

    @property
    def label(self) -> str:
        """`Network` of `trellis:network:Network`."""
        return self.component.type.rsplit(":", 1)[-1]

    @property
    def count(self) -> int:
        """Resources on AWS in this component and those inside it; components don't count."""
        own = sum(len(group.resources) for group in self.groups)
        return own + sum(branch.count for branch in self.branches)


@dataclass(frozen=True)
class Tree:
    """A whole plan."""

    branches: tuple[Branch, ...]
    loose: tuple[TypeGroup, ...]
    """Resources outside every component."""

    @property
    def count(self) -> int:
        """Resources on AWS."""
        return sum(b.count for b in self.branches) + sum(len(g.resources) for g in self.loose)


def tree(recording: Recording) -> Tree:
    """Arrange a recording by component; providers are left out."""
    by_parent = children(
        [resource for resource in recording if not resource.type.startswith(PROVIDER_PREFIX)]
    )
    top = by_parent.get("", [])
    return Tree(
        branches=tuple(_branch(recorded, by_parent) for recorded in top if not recorded.custom),
        loose=_groups(_with_children([recorded for recorded in top if recorded.custom], by_parent)),
    )


def _branch(component: Recorded, by_parent: Mapping[str, Sequence[Recorded]]) -> Branch:
    own = by_parent.get(component.urn, ())
    return Branch(
        component=component,
        groups=_groups(
            _with_children([resource for resource in own if resource.custom], by_parent)
        ),
        branches=tuple(_branch(resource, by_parent) for resource in own if not resource.custom),
    )


def _with_children(
    resources: Sequence[Recorded], by_parent: Mapping[str, Sequence[Recorded]]
) -> list[Recorded]:
    """The resources, and those whose parent is a resource (a role's policies)."""
    found: list[Recorded] = []
    for resource in resources:
        found.append(resource)
        found += _with_children(by_parent.get(resource.urn, ()), by_parent)
    return found


def _groups(resources: Sequence[Recorded]) -> tuple[TypeGroup, ...]:
    by_type: dict[str, list[Recorded]] = {}
    for resource in resources:
        by_type.setdefault(resource.type, []).append(resource)
    return tuple(TypeGroup(type_, tuple(found)) for type_, found in by_type.items())
