"""A registry at a port of its own: a task pulls from it only where it is let out to that port."""

from __future__ import annotations

from typing import Any

import pytest

from testing.small_systems import NETWORK, small_system
from trellis.stackfile.problems import StackFileError

IMAGE = {"uri": f"registry.example.net:5000/app@sha256:{'ab' * 32}"}
OPEN = {"address": "registry.example.net", "port": 5000}
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"


def refused(**tiers: Any) -> str:
    with pytest.raises(StackFileError) as error:
        small_system(network=NETWORK, **tiers)
    return str(error.value)


@pytest.mark.parametrize(
    "uses",
    [
        [],
        [{**OPEN, "port": 5001}],
        [{**OPEN, "address": "other.example.net"}],
        [{**OPEN, "protocol": "udp"}],
    ],
)
def test_a_task_without_a_way_to_its_registry_is_refused(uses: list[dict[str, Any]]):
    message = refused(services={"app": {"image": IMAGE, "uses": uses}})
    assert "services.app.image.uri" in message
    assert "registry.example.net at port 5000, which the task has no way to" in message
    assert "`uses: [{address: registry.example.net, port: 5000}]` of services.app" in message


def test_a_sidecars_registry_and_a_jobs_count_too():
    own = {"uri": f"123456789012.dkr.ecr.us-east-1.amazonaws.com/app@sha256:{'ab' * 32}"}
    message = refused(
        services={"app": {"image": own, "sidecars": {"proxy": {"image": IMAGE}}}},
        jobs={"nightly": {"image": IMAGE, "schedule": "rate(1 day)"}},
    )
    assert "services.app.sidecars.proxy.image.uri" in message
    assert "jobs.nightly.image.uri" in message


@pytest.mark.parametrize(
    "address", ["registry.example.net", "192.0.2.0/24", "pl-0123456789abcdef0"]
)
def test_the_line_opens_exactly_that_port(address: str):
    made = small_system(
        network=NETWORK,
        services={"app": {"image": IMAGE, "uses": [{"address": address, "port": 5000}]}},
    )
    rules = {
        (rule.inputs["fromPort"], rule.inputs.get("cidrIpv4") or rule.inputs.get("prefixListId"))
        for rule in made.of_type(EGRESS)
    }
    wanted = "0.0.0.0/0" if address == "registry.example.net" else address
    assert (5000, wanted) in rules


@pytest.mark.parametrize("registry", ["registry.example.net", "registry.example.net:443"])
def test_the_port_of_https_needs_no_line(registry: str):
    uri = IMAGE["uri"].replace("registry.example.net:5000", registry)
    small_system(network=NETWORK, services={"app": {"image": {"uri": uri}}})
