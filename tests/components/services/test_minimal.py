"""Least privilege by proof: what is linked works, and what is not linked does not.

For every pair of a service and a resource of the real stacks, an IAM evaluator that is not ours
and a walk over the security groups both say no unless the stack file links them, and yes where it
does.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from components.services.settings import ServiceSettings
from tests.components.services.reach import Ask, asks, decided, walk
from tests.conftest import ROOT, recorded
from tests.systems import services as read
from trellis.stackfile.loading import read_stack
from trellis.stackfile.resolution import resolve
from trellis.stackfile.settings import SystemSettings

STACKS = [
    (".", "dev"),
    (".", "prod"),
    ("systems/afric-analyzer", "starter"),
    ("systems/afric-analyzer", "prod"),
]

WRITES = {"s3:PutObject"}
READS = {"s3:GetObject"}
BUCKET = {
    "read": READS,
    "write": WRITES,
    "delete": {"s3:DeleteObject"},
    "readWrite": WRITES | READS | {"s3:DeleteObject"},
}


def settings_of(project: str, stack: str) -> SystemSettings:
    given = read_stack(ROOT / Path(project), stack)
    found = resolve(given.config, given).settings
    assert found is not None
    return found


def expected(ask: Ask, settings: SystemSettings, service: ServiceSettings) -> bool:
    """Whether the stack file links the pair of a request, for that action and role."""
    if ask.kind == "repository":
        return ask.role.endswith("-execution") and service.image.repository == ask.key
    if ask.kind == "log":
        own = service.log_group or f"/ecs/{settings.name}-{settings.environment}-{ask.service}"
        return ask.key == own
    for use in service.uses:
        if use.kind != ask.kind or use.key != ask.key:
            continue
        if ask.kind == "secret":
            return ask.role.endswith("-execution") == (use.as_ is not None)
        if ask.kind == "bucket":
            return ask.action in BUCKET[use.access or ""]
        if ask.kind == "cache":
            users = settings.caches[use.key].users or {}
            return any(user.authentication == "iam" for user in users.values())
        return True
    return False


@pytest.mark.node
@pytest.mark.parametrize(("project", "stack"), STACKS)
def test_every_link_works_and_nothing_else_does(project: str, stack: str, record_property):
    settings, recording = settings_of(project, stack), recorded(project, stack)
    wanted = asks(recording, sorted(settings.services))
    verdicts = decided(recording, wanted)
    wrong = [
        (ask.role, ask.action, ask.resource, allowed)
        for ask, allowed in zip(wanted, verdicts, strict=True)
        if allowed != expected(ask, settings, settings.services[ask.service])
    ]
    assert wrong == []
    counts = Counter("allowed" if verdict else "denied" for verdict in verdicts)
    record_property("iam", dict(counts))
    print(f"\n{project} {stack}: IAM {dict(counts)} of {len(wanted)} requests")
    assert counts["allowed"] >= 8
    assert counts["denied"] > counts["allowed"]


@pytest.mark.long
@pytest.mark.parametrize(("project", "stack"), STACKS)
def test_packets_get_where_links_lead_and_nowhere_else(project: str, stack: str):
    settings, recording = settings_of(project, stack), recorded(project, stack)
    groups = {read.group_of(recording, resource.id) for resource in recording.of_type(read.GROUP)}
    yes = no = 0
    for key, service in settings.services.items():
        reached = walk(recording, f"Service {key}")
        linked = {
            *(("RelationalDatabase " + u.key, 5432) for u in service.uses if u.kind == "database"),
            *(("Cache " + u.key, 6379) for u in service.uses if u.kind == "cache"),
            *(
                (f"Service {u.key}", settings.services[u.key].port or 0)
                for u in service.uses
                if u.kind == "service"
            ),
        }
        assert reached == linked, key
        yes += len(linked)
        no += len(groups) - len(linked) - 1
    print(f"\n{project} {stack}: packets reach {yes} pairs, {no} pairs are apart")
    balancers = {f"LoadBalancer {key}" for key in settings.load_balancers}
    for balancer in balancers:
        routed = {
            (f"Service {key}", element.port or 0)
            for key, element in settings.services.items()
            if element.routes
        }
        assert walk(recording, balancer) == routed
