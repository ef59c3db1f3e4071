"""Services behind an HTTP API: a link into the network, and no other way in."""

from __future__ import annotations

from typing import Any

import pytest

from tests.components.functions.test_lambda_functions import APP
from tests.components.small_systems import NETWORK, small_system
from tests.planner.edits import compared
from trellis.planner.record import Recording
from trellis.stackfile.problems import StackFileError

LINK, RULE = "aws:apigatewayv2/vpcLink:VpcLink", "aws:vpc/securityGroup{}Rule:SecurityGroup{}Rule"
INTEGRATION = "aws:apigatewayv2/integration:Integration"
IMAGE = {"uri": "123456789012.dkr.ecr.us-east-1.amazonaws.com/app@sha256:" + "0" * 64}
OPEN = {"none": {"reason": "anyone may see what there is", "owner": "team", "until": "2027-12-31"}}
WEB: dict[str, Any] = {
    "image": IMAGE,
    "port": 8080,
    "routes": [{"host": "web.example.com"}],
    "apiRoutes": [
        {"api": "main", "path": "/orders", "methods": ["GET", "POST"]},
        {"api": "main", "path": "/orders/{id}", "methods": ["GET"], "authorizer": OPEN,
         "throttle": {"rate": 5, "burst": 9}},
    ],
}  # fmt: skip


def system(web: dict[str, Any] | None = None, **more: Any) -> Recording:
    given: dict[str, Any] = {
        "network": NETWORK,
        "zones": {"main": {"domain": "example.com"}},
        "apis": {"main": {"kind": "http", "authorizer": {"iam": True}}},
        "loadBalancers": {"alb": {"scheme": "internal", "accessLogs": "none"}},
        "services": {"web": {**WEB, **(web or {})}},
        "functions": {
            "web": {**APP, "routes": [{"api": "main", "path": "/items", "methods": ["GET"]}]}
        },
    }
    return small_system(**{**given, **more})


@pytest.fixture(scope="module")
def recording() -> Recording:
    return system()


def test_a_request_goes_by_the_link_to_the_listener_in_the_services_name(recording: Recording):
    link = recording.one(LINK, "alb")
    listener = recording.one("aws:lb/listener:Listener", "alb-https")
    made = recording.one(INTEGRATION, "main-service-web").inputs
    assert made["connectionType"] == "VPC_LINK"
    assert made["connectionId"] == link.id
    assert made["integrationUri"] == listener.outputs["arn"]
    assert made["tlsConfig"] == {"serverNameToVerify": "web.example.com"}
    assert made["requestParameters"] == {
        "overwrite:path": "$request.path",
        "overwrite:header.host": "web.example.com",
    }
    target = f"integrations/{recording.one(INTEGRATION, 'main-service-web').id}"
    routes = {
        resource.inputs["routeKey"]: (
            resource.inputs["authorizationType"],
            resource.inputs["target"] == target,
        )
        for resource in recording.of_type("aws:apigatewayv2/route:Route")
    }
    assert routes == {
        "GET /orders": ("AWS_IAM", True),
        "POST /orders": ("AWS_IAM", True),
        "GET /orders/{id}": ("NONE", True),
        "GET /items": ("AWS_IAM", False),
    }
    stage = recording.one("aws:apigatewayv2/stage:Stage", "main").inputs
    assert [setting["routeKey"] for setting in stage["routeSettings"]] == ["GET /orders/{id}"]


def test_the_link_lets_out_to_the_load_balancers_port_and_to_nothing_else(recording: Recording):
    link = recording.one(LINK, "alb").inputs
    group = recording.one("aws:ec2/securityGroup:SecurityGroup", "alb-link")
    balancer = recording.one("aws:ec2/securityGroup:SecurityGroup", "alb")
    assert link["securityGroupIds"] == [group.id]
    assert (
        link["subnetIds"]
        == recording.one("aws:lb/loadBalancer:LoadBalancer", "alb").inputs["subnets"]
    )
    (out,) = [
        resource.inputs
        for resource in recording.of_type("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")
        if resource.inputs["securityGroupId"] == group.id
    ]
    assert (out["referencedSecurityGroupId"], out["fromPort"], out["toPort"]) == (
        balancer.id,
        443,
        443,
    )
    into = [
        resource.inputs
        for resource in recording.of_type(
            "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
        )
    ]
    assert not [element for element in into if element["securityGroupId"] == group.id]
    assert [element for element in into if element.get("referencedSecurityGroupId") == group.id]


def test_services_of_one_load_balancer_share_a_link():
    other = {
        **WEB,
        "routes": [{"host": "other.example.com"}],
        "apiRoutes": [{"api": "main", "path": "/others", "methods": ["ANY"]}],
    }
    recording = system(services={"web": WEB, "other": other})
    assert len(recording.of_type(LINK)) == 1
    assert {resource.name for resource in recording.of_type(INTEGRATION)} == {
        "main-service-web", "main-service-other", "main-web",
    }  # fmt: skip


def test_without_services_behind_an_api_there_is_no_link():
    assert not system({"apiRoutes": []}).of_type(LINK)


@pytest.mark.parametrize(
    ("web", "more", "words"),
    [
        (
            {},
            {"apis": {"main": {"authorizer": {"iam": True}}}},
            "exactly one in services.web.listeners",
        ),
        ({"routes": []}, {}, "one whole `host` and nothing else"),
        ({"routes": [{"host": "*.example.com"}]}, {}, "one whole `host` and nothing else"),
        ({"routes": [{"host": "web.example.com", "path": "/a*"}]}, {}, "one whole `host`"),
        (
            {"apiRoutes": [{"api": "mian", "path": "/", "methods": ["GET"]}]},
            {},
            "did you mean `main`?",
        ),
        (
            {"apiRoutes": [{"api": "main", "path": "/items", "methods": ["GET"]}]},
            {},
            "answers already",
        ),
    ],
)
def test_it_is_refused(web: dict[str, Any], more: dict[str, Any], words: str):
    with pytest.raises(StackFileError) as caught:
        system(web, **more)
    assert words in str(caught.value)


def test_a_path_that_changes_leaves_link_and_integration_where_they_are(recording: Recording):
    paths = [{**WEB["apiRoutes"][0], "path": "/sales"}, WEB["apiRoutes"][1]]
    steps = compared(recording, system({"apiRoutes": paths}))
    assert {name.partition(" ")[0] for name in steps} == {"Route"}
    steps = compared(recording, system({"routes": [{"host": "shop.example.com"}]}))
    assert steps["Integration main-service-web"].operation == "update"
    assert "VpcLink alb" not in steps
