"""The first `up` with a new zone, whose certificate waits for a delegation."""

from __future__ import annotations

import grpc
import pytest

from tests.engine.engine import Engine, EngineError
from tests.engine.provider import SimulatedAws

pytestmark = pytest.mark.engine

STACK = """\
config:
  aws:region: us-east-1
  trellis:environment: dev
  trellis:profile: development
  trellis:account: "123456789012"
  trellis:zones: {main: {domain: example.com}}
  trellis:sites: {www: {domain: www.example.com, content: {bucket: pages}}}
  trellis:buckets: {pages: {}}
"""
CERTIFICATE = "aws:acm/certificateValidation:CertificateValidation"


def test_the_name_servers_are_told_before_the_certificate_waits_and_stay_in_the_state(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, own_project
) -> None:
    create = SimulatedAws.Create
    delegated: list[bool] = []

    def undelegated(self, request, context):
        if CERTIFICATE in request.urn and not delegated:
            context.abort(grpc.StatusCode.UNKNOWN, "waiting for ACM Certificate: timeout")
        return create(self, request, context)

    monkeypatch.setattr(SimulatedAws, "Create", undelegated)
    stack = engine.stack(own_project, "dev", text=STACK)
    with pytest.raises(EngineError, match="waiting for ACM Certificate") as refused:
        stack.up()
    state = stack.state()
    zone = next(resource for urn, resource in state.items() if "route53/zone:Zone" in urn)
    servers = zone["outputs"]["nameServers"]
    naming = [line for line in str(refused.value).splitlines() if servers[0] in line]
    assert naming
    assert all(server in naming[0] for server in servers)
    assert "registrar" in str(refused.value)
    # What docs/operations.md reads from `pulumi stack export`.
    components = [
        resource for resource in state.values() if resource["type"] == "trellis:dns:HostedZone"
    ]
    assert [component["outputs"]["nameServers"] for component in components] == [servers]

    delegated.append(True)
    assert "answers from" not in stack.up().output, "told once, when the zone was made"
