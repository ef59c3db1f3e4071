"""Services behind a REST API: a VPC link to a network load balancer, and no other way in."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from testing.service_cases import service
from tests.components.small_systems import NETWORK, small_system
from tests.planner.edits import compared
from trellis.planner.record import Recording
from trellis.reach.network import connections
from trellis.reach.things import Things
from trellis.stackfile.problems import StackFileError

LINK = "aws:apigateway/vpcLink:VpcLink"
INTEGRATION, METHOD = "aws:apigateway/integration:Integration", "aws:apigateway/method:Method"
BALANCER = "aws:lb/loadBalancer:LoadBalancer"
ROUTES = [
    {"api": "main", "path": "/orders", "methods": ["GET", "POST"]},
    {"api": "main", "path": "/orders/{id}/{rest+}", "methods": ["ANY"]},
]
ORDERS: dict[str, Any] = service(
    port=8080, listeners=[{"port": 443, "protocol": "tls"}], apiRoutes=ROUTES
)
INNER: dict[str, Any] = {"scheme": "internal", "names": ["orders.example.com"]}


def system(orders: dict[str, Any] | None = None, **more: Any) -> Recording:
    given: dict[str, Any] = {
        "network": NETWORK,
        "zones": {"main": {"domain": "example.com"}},
        "apis": {"main": {"authorizer": {"iam": True}}},
        "networkLoadBalancers": {"inner": INNER},
        "services": {"orders": {**ORDERS, **(orders or {})}},
    }
    return small_system(**{**given, **more})


@pytest.fixture(scope="module")
def recording() -> Recording:
    return system()


def test_a_request_goes_by_the_link_to_the_same_path_at_the_name_of_the_certificate(
    recording: Recording,
):
    link = recording.one(LINK, "inner-nlb")
    assert link.inputs["targetArn"] == recording.one(BALANCER, "inner-nlb").outputs["arn"]
    made = recording.one(INTEGRATION, "main-ANY/orders/{id}/{rest+}").inputs
    assert (made["type"], made["connectionType"]) == ("HTTP_PROXY", "VPC_LINK")
    assert made["connectionId"] == link.id
    assert made["uri"] == "https://orders.example.com:443/orders/{id}/{rest}"
    assert made["integrationHttpMethod"] == "ANY"
    assert made["requestParameters"] == {
        "integration.request.path.id": "method.request.path.id",
        "integration.request.path.rest": "method.request.path.rest",
    }
    method = recording.one(METHOD, "main-ANY/orders/{id}/{rest+}").inputs
    assert method["requestParameters"] == {
        "method.request.path.id": True, "method.request.path.rest": True,
    }  # fmt: skip
    assert method["authorization"] == "AWS_IAM"
    plain = recording.one(INTEGRATION, "main-POST/orders").inputs
    assert plain["uri"] == "https://orders.example.com:443/orders"
    assert not plain.get("requestParameters")


def test_only_a_load_balancer_that_an_api_calls_lets_private_links_past_its_rules(
    recording: Recording,
):
    key = "enforceSecurityGroupInboundRulesOnPrivateLinkTraffic"
    assert recording.one(BALANCER, "inner-nlb").inputs[key] == "off"
    without = system({"apiRoutes": []}, apis={})
    assert without.one(BALANCER, "inner-nlb").inputs[key] == "on"
    assert not without.of_type(LINK)


def test_two_services_of_one_load_balancer_share_the_link():
    other = service(
        port=8080,
        listeners=[{"port": 8443, "protocol": "tls"}],
        apiRoutes=[{"api": "main", "path": "/others", "methods": ["GET"]}],
    )
    made = system(services={"orders": ORDERS, "other": other})
    assert len(made.of_type(LINK)) == 1
    uri = made.one(INTEGRATION, "main-GET/others").inputs["uri"]
    assert uri == "https://orders.example.com:8443/others"


def test_a_service_can_stand_behind_apis_of_both_kinds():
    both = {
        **ORDERS,
        "routes": [{"host": "web.example.com"}],
        "apiRoutes": [*ROUTES, {"api": "fast", "path": "/orders", "methods": ["GET"]}],
    }
    made = system(
        both,
        apis={
            "main": {"authorizer": {"iam": True}},
            "fast": {"kind": "http", "authorizer": {"iam": True}},
        },
        loadBalancers={"alb": {"scheme": "internal", "accessLogs": "none"}},
    )
    assert len(made.of_type(LINK)) == 1
    assert len(made.of_type("aws:apigatewayv2/vpcLink:VpcLink")) == 1


def test_reach_shows_the_way_from_the_internet_to_the_tasks(recording: Recording):
    found = {(one.source, one.target): (one.port, one.encryption) for one in _of(recording)}
    assert found["internet", "apis.main"] == ("443", "TLS")
    assert found["apis.main", "networkLinks.inner"] == ("443", "TLS")
    assert found["networkLinks.inner", "networkLoadBalancers.inner"] == ("443", "TLS")
    assert found["networkLoadBalancers.inner", "services.orders"] == ("8080", "not encrypted")


def test_reach_shows_the_way_of_an_http_api_too():
    made = small_system(
        network=NETWORK,
        zones={"main": {"domain": "example.com"}},
        apis={"main": {"kind": "http", "authorizer": {"iam": True}}},
        loadBalancers={"alb": {"scheme": "internal", "accessLogs": "none"}},
        services={
            "web": service(
                port=8080,
                routes=[{"host": "web.example.com"}],
                apiRoutes=[{"api": "main", "path": "/", "methods": ["ANY"]}],
            )
        },
    )
    found = {(one.source, one.target) for one in _of(made)}
    way = ["internet", "apis.main", "links.alb", "loadBalancers.alb", "services.web"]
    assert set(pairwise(way)) <= found


def _of(recording: Recording) -> Any:
    return connections(Things(recording))


def test_each_change_of_a_route_is_deployed_and_no_other(recording: Recording):
    paths = [{**ROUTES[0], "path": "/sales"}, ROUTES[1]]
    steps = compared(recording, system({"apiRoutes": paths}))
    assert steps["Deployment main"].operation == "replace"
    assert "VpcLink inner-nlb" not in steps
    port = compared(recording, system({"listeners": [{"port": 444, "protocol": "tls"}]}))
    assert port["Integration main-POST/orders"].operation == "update"
    assert port["Deployment main"].operation == "replace"
    assert port["Integration main-POST/orders"].unready == "orders-inner-nlb-444"
    assert not steps["Integration main-POST/sales"].unready
    health = {
        "listeners": [{"port": 443, "protocol": "tls", "health": {"interval": 10, "timeout": 5}}]
    }
    assert "Deployment main" not in compared(recording, system(health))


def test_another_load_balancer_is_linked_before_the_old_link_goes(recording: Recording):
    after = system(networkLoadBalancers={"inner": {**INNER, "name": "orders-nlb"}})
    link = compared(recording, after)["VpcLink inner-nlb"]
    assert link.operation == "replace"
    assert not link.delete_first


@pytest.mark.parametrize(
    ("orders", "more", "message"),
    [
        ({"listeners": []}, {"networkLoadBalancers": {}}, "no listeners with `protocol: tls`"),
        ({"listeners": [{"port": 80}]}, {}, "no listeners with `protocol: tls`"),
        (
            {"listeners": [{"port": port, "protocol": "tls"} for port in (443, 444)]},
            {},
            "2 listeners with `protocol: tls`",
        ),
        (
            {},
            {
                "networkLoadBalancers": {
                    "inner": {
                        "scheme": "internal",
                        "certificates": [
                            {"arn": "arn:aws:acm:us-east-1:123456789012:certificate/"
                             "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"}
                        ],
                    }
                }
            },
            "which has no name",
        ),
        ({"protocol": "tcp"}, {}, "`protocol: http` with `apiRoutes`"),
    ],
)  # fmt: skip
def test_what_a_rest_api_can_t_reach_is_refused(
    orders: dict[str, Any], more: dict[str, Any], message: str
):
    with pytest.raises(StackFileError) as caught:
        system(orders, **more)
    assert message in str(caught.value)
