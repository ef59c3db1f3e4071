"""The page about network load balancers: its block is part of a stack file that plans."""

from __future__ import annotations

import re
from pathlib import Path

from testing.stacks import ROOT
from trellis.planner.record import record

NEEDED = """config:
  aws:region: eu-west-1
  trellis:account: "123456789012"
  trellis:name: shop
  trellis:environment: prod
  trellis:network: {zones: 2}
  trellis:zones: {main: {domain: example.com}}
  trellis:repositories: {broker: {}}
"""


def test_the_guides_block_plans_with_what_it_says(tmp_path: Path):
    page = (ROOT / "docs" / "network-balancers.md").read_text("utf-8")
    (block,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    text = NEEDED + "".join(f"  {line}\n" for line in block.splitlines())
    (tmp_path / "Pulumi.yaml").write_text(f"name: shop\nruntime: python\nmain: {ROOT}\n")
    (tmp_path / "Pulumi.prod.yaml").write_text(text)
    made = record(tmp_path, "prod", "deployed")
    (balancer,) = made.of_type("aws:lb/loadBalancer:LoadBalancer")
    assert balancer.inputs["loadBalancerType"] == "network"
    listeners = made.of_type("aws:lb/listener:Listener")
    assert {(resource.inputs["port"], resource.inputs["protocol"]) for resource in listeners} == {
        (8883, "TLS"),
        (5683, "UDP"),
    }
    rules = made.of_type("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    into = [
        resource.inputs for resource in rules if resource.inputs.get("cidrIpv4") == "192.0.2.0/24"
    ]
    assert {(rule["ipProtocol"], rule["fromPort"]) for rule in into} == {
        ("tcp", 8883),
        ("udp", 5683),
    }
