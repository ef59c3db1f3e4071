"""What a picture shows: the things of a stack in columns, their boxes, and links with a label."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from components.parts.shown import Column
from trellis.reach.matrix import Matrix
from trellis.reach.network import UNBOUND
from trellis.reach.resources import KINDS, ResourcesOf
from trellis.reach.things import INTERNET, Subnet, Thing, Things, plain

OUTSIDE, EDGE, ENTRY, COMPUTE, DATA, APART, REGIONAL = Column

COLUMN_OF_KIND: Mapping[str, int] = {
    INTERNET: OUTSIDE,
    **{kind: shown.column for kind, shown in KINDS.items() if shown.column != REGIONAL},
}
"""Others are services of the region; what runs in no subnet stands apart, before them."""

HIDDEN = frozenset(kind for kind, shown in KINDS.items() if shown.hidden)
"""What is told in words beside the picture, or belongs to everything."""

GROUPED: Mapping[str, str] = {kind: shown.grouped for kind, shown in KINDS.items() if shown.grouped}
"""Kinds of which there are many, that stand as one."""

SHORT: Mapping[str, str] = {kind: shown.title for kind, shown in KINDS.items() if shown.title}
"""What a group is titled, where its kind is too long."""

RUNS = frozenset(kind for kind, shown in KINDS.items() if shown.runs)
"""What runs by itself, in a network or in none."""

ACCESS_KINDS = RUNS | {kind for kind, shown in KINDS.items() if shown.acts}
"""Whose access to things is an arrow."""

WORDS = {"read": "r", "write": "w", "read and write": "r/w"}
"""Labels of access; the legend says what they mean."""


WAYS: Mapping[str, str] = {"NAT gateway": "NAT"}
"""Ways to the internet that are called shorter."""


@dataclass(frozen=True)
class Node:
    """One thing in the picture."""

    id: str
    kind: str
    title: str
    detail: str
    column: int
    tier: str = ""
    """`public`, `private` or `isolated`, where it runs in the network."""
    members: tuple[str, ...] = ()
    """Ids of the things that it stands for."""
    notes: tuple[str, ...] = ()
    """What a reader should know: that it is public, that it reaches the internet."""


@dataclass(frozen=True)
class Link:
    """An arrow."""

    source: str
    target: str
    label: str
    kind: str
    """`network` for connections, `access` for what a role may do, `event` for what is sent on."""


@dataclass(frozen=True)
class Tier:
    """Subnets of one tier, as a box."""

    name: str
    subnets: tuple[Subnet, ...]


@dataclass(frozen=True)
class Graph:
    """Everything in a picture."""

    title: str
    region: str
    vpc: str
    """CIDR of the network; empty where there is none."""
    tiers: tuple[Tier, ...]
    nodes: tuple[Node, ...]
    links: tuple[Link, ...]
    notes: tuple[str, ...] = field(default=())
    """Lines beside the picture."""


def graph(matrix: Matrix) -> Graph:
    """The graph of a stack."""
    things = Things(matrix.recording)
    recording = matrix.recording
    nodes = _nodes(things)
    home = {member: node.id for node in nodes for member in node.members}
    links = _links(matrix, home)
    # Nobody outside is shown where nothing is public.
    public = any(link.source == INTERNET for link in links)
    shown = tuple(node for node in nodes if node.kind != "internet" or public)
    vpcs = recording.of_type("aws:ec2/vpc:Vpc")
    return Graph(
        title=f"{recording.project} · {recording.stack}",
        region=recording.region,
        vpc=str(plain(vpcs[0].inputs.get("cidrBlock"), "")) if vpcs else "",
        tiers=_tiers(things),
        nodes=_noted(shown, matrix, home),
        links=tuple(link for link in links if link.source != link.target),
        notes=tuple(_words(things)),
    )


def _nodes(things: Things) -> tuple[Node, ...]:
    single: list[Node] = []
    grouped: dict[str, list[Thing]] = {}
    for thing in things.things.values():
        if thing.kind in HIDDEN or thing.id in HIDDEN:
            continue
        if thing.kind in GROUPED:
            grouped.setdefault(thing.kind, []).append(thing)
            continue
        single.append(_node(thing, things))
    for kind, members in grouped.items():
        detail = ", ".join(member.name for member in members)
        inside = [member for member in members if things.subnets_of(member)]
        column = COMPUTE if inside else APART if kind in RUNS else REGIONAL
        tier = _tier_of(things, inside[0]) if inside else ""
        ids = tuple(member.id for member in members)
        counted = f" ({len(members)})" if len(members) > 1 else ""
        title = f"{SHORT.get(kind, GROUPED[kind])}{counted}"
        single.append(
            Node(GROUPED[kind].replace(" ", "-"), kind, title, detail, column,
                 tier, ids)
        )  # fmt: skip
    return tuple(single)


def _node(thing: Thing, things: Things) -> Node:
    tier = _tier_of(things, thing)
    if thing.kind == "job" and not tier and things.subnets:
        # A job's tasks are started by something else, which alone is told the subnets.
        tier = next((t for t in ("private", "isolated", "public") if _has(things, t)), "")
    column = COLUMN_OF_KIND.get(thing.kind, REGIONAL)
    if thing.kind in RUNS and not tier:
        column = APART
    return Node(thing.id, thing.kind, thing.name, _detail(thing, things), column, tier, (thing.id,))


def _has(things: Things, tier: str) -> bool:
    return any(subnet.tier == tier for subnet in things.subnets.values())


def _tier_of(things: Things, thing: Thing) -> str:
    subnets = things.subnets_of(thing)
    return subnets[0].tier if subnets else ""


def _detail(thing: Thing, things: Things) -> str:
    """One line under the name."""
    if thing.kind == INTERNET:
        return "everybody outside"
    shown = KINDS.get(thing.kind)
    return shown.detail(ResourcesOf(thing, things)) if shown is not None and shown.detail else ""


def _links(matrix: Matrix, home: Mapping[str, str]) -> tuple[Link, ...]:
    found: dict[Link, None] = {}
    joined: dict[tuple[str, str], dict[str, None]] = {}
    for connection in matrix.connections:
        source, target = home.get(connection.source), home.get(connection.target)
        if source is None or target is None or connection.target == INTERNET:
            continue
        secure = "TLS" if connection.encryption.startswith("TLS") else "plain"
        joined.setdefault((source, target), {})[f"{connection.port} {secure}"] = None
    for (source, target), labels in joined.items():
        # Port 80 that only redirects says nothing beside 443.
        kept = [label for label in labels if label != "80 plain" or len(labels) == 1]
        found[Link(source, target, ", ".join(kept), "network")] = None
    levels: dict[tuple[str, str], set[str]] = {}
    for access in matrix.accesses:
        source, target = home.get(access.who), home.get(access.target)
        thing = matrix.things.get(access.who)
        if source is None or target is None or thing is None or thing.kind not in ACCESS_KINDS:
            continue
        if (source, target) not in joined:
            levels.setdefault((source, target), set()).add(access.level)
    for (source, target), accesses in levels.items():
        level = next(iter(accesses)) if len(accesses) == 1 else "read and write"
        found[Link(source, target, WORDS[level], "access")] = None
    return tuple(found)


def _noted(nodes: Sequence[Node], matrix: Matrix, home: Mapping[str, str]) -> tuple[Node, ...]:
    """Nodes with what is public of them, and by which way they reach the internet."""
    import dataclasses

    notes: dict[str, dict[str, None]] = {}
    for connection in matrix.connections:
        if connection.way == UNBOUND:
            continue  # a function that stands outside of the network says so itself
        if connection.target == INTERNET and connection.source in home:
            note = f"to internet by {WAYS.get(connection.way, connection.way)}"
            notes.setdefault(home[connection.source], {})[note] = None
        if connection.source == INTERNET and connection.target in home:
            notes.setdefault(home[connection.target], {})["public"] = None
    return tuple(dataclasses.replace(node, notes=tuple(notes.get(node.id, ()))) for node in nodes)


def _tiers(things: Things) -> tuple[Tier, ...]:
    found: dict[str, list[Subnet]] = {}
    for subnet in things.subnets.values():
        found.setdefault(subnet.tier, []).append(subnet)
    order = ("public", "private", "isolated")
    return tuple(
        Tier(name, tuple(sorted(found[name], key=lambda subnet: subnet.zone)))
        for name in order
        if name in found
    )


def _words(things: Things) -> Iterator[str]:
    """What belongs to everything and has no arrow."""
    recording = things.recording
    endpoints = [
        str(plain(resource.inputs.get("serviceName"), "")).split(".", 3)[-1]
        for resource in recording.of_type("aws:ec2/vpcEndpoint:VpcEndpoint")
    ]
    if endpoints:
        yield f"private ways to AWS: {', '.join(sorted(endpoints))}"
    for title, type_ in (
        ("keys", "aws:kms/key:Key"),
        ("alarms", "aws:cloudwatch/metricAlarm:MetricAlarm"),
        ("NAT gateways", "aws:ec2/natGateway:NatGateway"),
        ("dashboards", "aws:cloudwatch/dashboard:Dashboard"),
        ("firewalls", "aws:wafv2/webAcl:WebAcl"),
        ("image repositories", "aws:ecr/repository:Repository"),
        ("backup plans", "aws:backup/plan:Plan"),
        ("trails", "aws:cloudtrail/trail:Trail"),
    ):
        count = len(recording.of_type(type_))
        if count:
            yield f"{title}: {count}"


def by_column(nodes: Iterable[Node]) -> dict[int, list[Node]]:
    """Nodes by their columns, in the order given."""
    found: dict[int, list[Node]] = {}
    for node in nodes:
        found.setdefault(node.column, []).append(node)
    return dict(sorted(found.items()))
