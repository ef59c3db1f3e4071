"""Zones of one stack among themselves and with the rest: delegation, privacy, logs, look-up."""

from __future__ import annotations

from typing import Any

import pytest

from tests.components.small_systems import ACCOUNT, NETWORK, document, small_system
from trellis.planner.record import Recording

RECORD = "aws:route53/record:Record"
ZONE = "aws:route53/zone:Zone"
LOG_POLICY = "aws:cloudwatch/logResourcePolicy:LogResourcePolicy"
AUTHORITY = (
    f"arn:aws:acm-pca:us-east-1:{ACCOUNT}:certificate-authority/"
    "11111111-1111-1111-1111-111111111111"
)


def served(host: str, zones: dict[str, Any], scheme: str = "public", **more: Any) -> dict[str, Any]:
    return {
        "network": NETWORK,
        "zones": zones,
        "loadBalancers": {"web": {"scheme": scheme}},
        "services": {
            "api": {
                "image": {"repository": "api", "digest": f"sha256:{'1' * 64}"},
                "port": 8080,
                "routes": [{"host": host}],
            }
        },
        **more,
    }


@pytest.fixture(scope="module")
def delegated() -> Recording:
    zones = {"root": {"domain": "example.com"}, "app": {"domain": "app.example.com"}}
    return small_system(**served("api.app.example.com", zones))


def test_a_parent_zone_says_who_answers_for_its_child(delegated: Recording):
    record = delegated.one(RECORD, "app-delegation")
    root, child = delegated.one(ZONE, "root"), delegated.one(ZONE, "app")
    assert record.inputs["zoneId"] == root.outputs["zoneId"]
    assert (record.inputs["name"], record.inputs["type"]) == ("app.example.com", "NS")
    assert record.inputs["records"] == child.outputs["nameServers"]


def test_a_certificate_is_waited_for_when_the_child_can_be_asked(delegated: Recording):
    (wait,) = delegated.of_type("aws:acm/certificateValidation:CertificateValidation")
    assert delegated.one(RECORD, "app-delegation").urn in wait.dependencies


def test_a_delegation_that_a_person_wrote_stands():
    zones = {
        "root": {
            "domain": "example.com",
            "records": {"app": {"name": "app", "type": "NS", "values": ["ns.example.net"]}},
        },
        "app": {"domain": "app.example.com"},
    }
    names = {resource.name for resource in small_system(zones=zones).of_type(RECORD)}
    assert names == {"root-app.example.com-NS"}


def test_all_zones_and_firewalls_of_a_region_share_one_log_policy(delegated: Recording):
    zones = {f"z{number}": {"domain": f"shop{number}.example"} for number in range(11)}
    (policy,) = small_system(zones=zones).of_type(LOG_POLICY)
    (statement,) = document(policy, "policyDocument")
    assert statement["Resource"] == f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:/aws/route53/*:*"
    assert len(delegated.of_type(LOG_POLICY)) == 1


def test_a_private_zone_answers_in_the_network_and_leads_to_the_internal_load_balancer():
    zones = {
        "inner": {"domain": "corp.internal", "private": True, "certificateAuthority": AUTHORITY}
    }
    found = small_system(**served("api.corp.internal", zones, "internal"))
    zone = found.one(ZONE, "inner")
    (network,) = found.of_type("aws:ec2/vpc:Vpc")
    assert zone.inputs["vpcs"] == [{"vpcId": network.id}]
    (address,) = found.of_type(RECORD)
    assert (address.inputs["zoneId"], address.inputs["type"]) == (zone.outputs["zoneId"], "A")
    (certificate,) = found.of_type("aws:acm/certificate:Certificate")
    assert certificate.inputs["certificateAuthorityArn"] == AUTHORITY
    assert "validationMethod" not in certificate.inputs
    assert not found.of_type("aws:route53/queryLog:QueryLog")
    (listener,) = [
        resource
        for resource in found.of_type("aws:lb/listener:Listener")
        if resource.inputs["port"] == 443
    ]
    assert listener.inputs["certificateArn"] == certificate.outputs["arn"]


def test_inside_its_network_a_name_leads_elsewhere_and_is_proved_outside():
    zones = {
        "outer": {"domain": "example.com"},
        "inner": {"domain": "example.com", "private": True},
    }
    found = small_system(**served("api.example.com", zones, "internal"))
    inner, outer = found.one(ZONE, "inner"), found.one(ZONE, "outer")
    places = {
        resource.inputs["type"]: resource.inputs["zoneId"] for resource in found.of_type(RECORD)
    }
    assert places == {"A": inner.outputs["zoneId"], "CNAME": outer.outputs["zoneId"]}


def test_a_plan_does_not_know_the_id_of_a_zone_that_was_not_looked_up_and_says_so():
    zones = {"main": {"domain": "example.com", "existing": True}}
    plan = small_system("preview", **served("api.example.com", zones))
    (warning,) = plan.warnings
    assert "example.com" in warning
    assert "trellis lookup" in warning
    address = plan.one(RECORD, "api.example.com-A")
    assert repr(address.inputs["zoneId"]) == "UNKNOWN"


def test_mail_of_an_identity_that_exists_is_sent_by_a_configuration_set_of_its_own():
    zones = {"main": {"domain": "example.com"}}
    found = small_system(zones=zones, mail={"main": {"domain": "example.com", "existing": True}})
    assert not found.of_type("aws:sesv2/emailIdentity:EmailIdentity")
    assert not found.of_type(RECORD)
    (made,) = found.of_type("aws:sesv2/configurationSet:ConfigurationSet")
    assert made.inputs["configurationSetName"] == "shop-dev-main"
