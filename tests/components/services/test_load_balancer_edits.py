"""What one more edit does to what hangs on a load balancer: firewalls and certificates."""

from __future__ import annotations

from typing import Any

from tests.components.small_systems import ACCOUNT, NETWORK, small_system
from trellis.planner.record import Recording

ASSOCIATION = "aws:wafv2/webAclAssociation:WebAclAssociation"
CERTIFICATE = "aws:lb/listenerCertificate:ListenerCertificate"
GIVEN = [
    f"arn:aws:acm:us-east-1:{ACCOUNT}:certificate/{digit * 8}-4e5f-6a7b-8c9d-0e1f2a3b4c5d"
    for digit in "abc"
]


def balanced(*certificates: str, **parts: Any) -> Recording:
    service = {
        "image": {"repository": "api", "digest": f"sha256:{'1' * 64}"},
        "port": 8080,
        "routes": [{"host": "api.example.com"}],
    }
    balancer = {"certificates": [{"arn": arn} for arn in certificates]}
    if not certificates:
        balancer = {}
    return small_system(
        network=NETWORK, services={"api": service}, loadBalancers={"alb": balancer}, **parts
    )


ZONES = {"main": {"domain": "example.com"}}


def test_another_firewall_is_another_value_of_the_one_association():
    before = balanced(zones=ZONES, firewalls={"main": {}}).one(ASSOCIATION, "alb")
    after = balanced(zones=ZONES, firewalls={"edge": {}}).one(ASSOCIATION, "alb")
    assert before.urn == after.urn
    assert before.inputs["webAclArn"] != after.inputs["webAclArn"]
    # Deleting takes the load balancer's ACL away whichever it is: so it comes first.
    assert after.delete_before_replace


def test_a_certificate_keeps_its_entry_whatever_stands_before_it():
    before = balanced(*GIVEN[:2])
    after = balanced(*GIVEN)
    held = {
        resource.urn: resource.inputs["certificateArn"] for resource in after.of_type(CERTIFICATE)
    }
    for resource in before.of_type(CERTIFICATE):
        assert held[resource.urn] == resource.inputs["certificateArn"]
    fewer = balanced(GIVEN[0], GIVEN[2])
    for resource in fewer.of_type(CERTIFICATE):
        assert held[resource.urn] == resource.inputs["certificateArn"]


def test_two_entries_are_never_one_certificate():
    arns = [resource.inputs["certificateArn"] for resource in balanced(*GIVEN).of_type(CERTIFICATE)]
    assert len(set(arns)) == len(arns) == 2
