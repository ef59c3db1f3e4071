"""REST APIs as API Gateway would read them: preflights, errors, who may call, what is deployed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.components.api.gateway import Gateway
from tests.components.functions.test_lambda_functions import APP, ARN
from tests.components.small_systems import document, small_system
from trellis.planner.record import Recorded, Recording
from trellis.stackfile.problems import StackFileError

METHOD = "aws:apigateway/method:Method"
PAGE, OTHER = "https://a.example.com", "https://b.example.com"
OPEN = {"none": {"reason": "who signs in has no token", "owner": "team", "until": "2027-12-31"}}
API: dict[str, Any] = {"authorizer": {"function": "check"}, "cors": {"origins": [PAGE]}}
ROUTES: list[dict[str, Any]] = [
    {"api": "main", "path": "/items", "methods": ["GET", "POST"], "query": ["page"]},
    {"api": "main", "path": "/items/{id}", "methods": ["GET"], "throttle": {"rate": 5, "burst": 9}},
    {
        "api": "main",
        "path": "/login",
        "methods": ["POST"],
        "authorizer": OPEN,
        "body": {"type": "object", "required": ["name"]},
    },
]


def system(api: dict[str, Any] | None = None, routes: Any = None, **more: Any) -> Recording:
    app = {**APP, "routes": ROUTES if routes is None else routes}
    functions = {"app": app, "check": APP, **more.pop("functions", {})}
    return small_system(apis={"main": {**API, **(api or {})}}, functions=functions, **more)


def trigger(recording: Recording) -> str:
    return recording.one("aws:apigateway/deployment:Deployment", "main").inputs["triggers"][
        "settings"
    ]


@pytest.fixture(scope="module")
def recording() -> Recording:
    return system()


@pytest.mark.parametrize("origins", [[PAGE], [PAGE, OTHER]])
def test_pages_of_every_origin_read_preflights_and_the_gateways_errors(origins: list[str]):
    gateway = Gateway(system({"cors": {"origins": origins, "credentials": True}}), "main")
    for origin in origins:
        preflight = gateway.ask("OPTIONS", "/items/7", origin=origin, token=False)
        assert preflight.status == 204
        assert preflight.function is None
        assert preflight.headers["Access-Control-Allow-Methods"] == "GET,OPTIONS"
        assert preflight.headers["Access-Control-Allow-Headers"] == "Authorization,Content-Type"
        answers = [
            gateway.ask("GET", "/items", origin=origin, token=False),
            gateway.ask("GET", "/items", origin=origin, allowed=False),
            gateway.ask("GET", "/items", origin=origin, throttled=True),
            gateway.ask("GET", "/items", origin=origin, broken=True),
        ]
        assert [answer.status for answer in answers] == [401, 403, 429, 502]
        for element in (preflight, *answers):
            assert element.headers["Access-Control-Allow-Origin"] == origin
            assert element.headers["Access-Control-Allow-Credentials"] == "true"


def test_another_page_gets_no_preflight_of_its_own():
    gateway = Gateway(system({"cors": {"origins": [PAGE, OTHER]}}), "main")
    for origin in ("https://evil.example.com", ""):
        answer = gateway.ask("OPTIONS", "/items", origin=origin)
        assert answer.headers["Access-Control-Allow-Origin"] == PAGE


def test_a_good_request_reaches_its_function_and_an_open_one_needs_no_token(recording: Recording):
    gateway = Gateway(recording, "main")
    assert gateway.ask("GET", "/items/7").function == (
        "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/" + ARN + "/invocations"
    )
    assert gateway.ask("POST", "/login", token=False).status == 200
    assert gateway.ask("DELETE", "/items/7").status == 403


def test_each_permission_names_one_method_of_one_path_of_the_stage(recording: Recording):
    sources = {
        resource.name: resource.inputs["sourceArn"].partition(":execute-api:")[2]
        for resource in recording.of_type("aws:lambda/permission:Permission")
    }
    api = recording.one("aws:apigateway/restApi:RestApi", "main").id
    head = f"us-east-1:123456789012:{api}"
    assert sources["app-main-GET/items/{id}"] == f"{head}/live/GET/items/*"
    assert sources["app-main-POST/login"] == f"{head}/live/POST/login"
    authorizer = recording.one("aws:apigateway/authorizer:Authorizer", "main-check").id
    assert sources["check-main-check-authorizer"] == f"{head}/authorizers/{authorizer}"


def test_a_stage_logs_each_request_without_its_body_and_limits_how_often(recording: Recording):
    stage = recording.one("aws:apigateway/stage:Stage", "main").inputs
    assert stage["accessLogSettings"]["destinationArn"].endswith("/aws/apigateway/shop-dev-main")
    assert "body" not in stage["accessLogSettings"]["format"].lower()
    every = recording.one("aws:apigateway/methodSettings:MethodSettings", "main").inputs
    assert every["methodPath"] == "*/*"
    assert every["settings"]["throttlingRateLimit"] == 100
    assert every["settings"]["dataTraceEnabled"] is False
    one = recording.one("aws:apigateway/methodSettings:MethodSettings", "main-GET/items/{id}")
    assert one.inputs["methodPath"] == "items/{id}/GET"
    assert one.inputs["settings"]["throttlingBurstLimit"] == 9


def test_what_a_request_must_have_is_asked_by_the_api(recording: Recording):
    listed = recording.one(METHOD, "main-GET/items").inputs
    assert listed["requestParameters"] == {"method.request.querystring.page": True}
    login = recording.one(METHOD, "main-POST/login").inputs
    model = recording.one("aws:apigateway/model:Model", "main-POST/login").inputs
    assert login["requestModels"] == {"application/json": model["name"]}
    assert model["name"].isalnum()


def changed(**route: Any) -> list[dict[str, Any]]:
    return [{**ROUTES[0], **route}, *ROUTES[1:]]


CHANGES: dict[str, dict[str, Any]] = {
    "another path": {"routes": changed(path="/things")},
    "another method": {"routes": changed(methods=["GET"])},
    "another parameter": {"routes": changed(query=["size"])},
    "another body": {"routes": changed(body={"type": "object"})},
    "another authorizer": {"routes": changed(authorizer={"iam": True})},
    "one route less": {"routes": ROUTES[1:]},
    "another time that answers are kept": {
        "api": {"authorizer": {"function": "check", "cacheSeconds": 10}}
    },
    "another origin": {"api": {"cors": {"origins": [OTHER]}}},
    "no pages of others": {"api": {"cors": None}},
    "warm runs behind it": {
        "functions": {"app": {**APP, "routes": ROUTES, "concurrency": {"provisioned": 1}}}
    },
}


@pytest.mark.parametrize("change", CHANGES, ids=list(CHANGES))
def test_each_change_of_the_api_is_deployed(recording: Recording, change: str):
    assert trigger(system(**CHANGES[change])) != trigger(recording)


@pytest.mark.parametrize(
    "change",
    [
        {"functions": {"app": {**APP, "routes": ROUTES, "description": "another", "memory": 512}}},
        {"functions": {"app": {**APP, "routes": [*reversed(ROUTES)]}}},
        {"api": {"throttle": {"rate": 1, "burst": 1}}},
        {"api": {"description": "another", "accessLogDays": 30}},
        {"tables": {"orders": {"partitionKey": {"name": "id"}}}},
    ],
)
def test_a_change_elsewhere_is_not(recording: Recording, change: dict[str, Any]):
    assert trigger(system(**change)) == trigger(recording)


def test_the_stage_outlives_its_deployments(recording: Recording):
    deployment = recording.one("aws:apigateway/deployment:Deployment", "main")
    assert not deployment.delete_before_replace
    assert "stageName" not in deployment.inputs
    waited = {urn.rpartition("::")[2] for urn in deployment.dependencies}
    assert {"main-GET/items", "main-OPTIONS/items", "main-check", "main-DEFAULT_5XX"} <= waited
    stage = recording.one("aws:apigateway/stage:Stage", "main")
    assert stage.inputs["deployment"] == deployment.id


def test_tokens_of_the_applications_own_are_checked_by_a_function_that_reads_that_secret():
    api = {"authorizer": {"sharedSecret": {"secret": "jwt", "issuer": "shop"}}}
    recording = small_system(
        apis={"main": api},
        functions={"app": {**APP, "routes": ROUTES[:1]}},
        secrets={"jwt": {"kind": "generated"}},
    )
    function = recording.one("aws:lambda/function:Function", "jwt-tokens").inputs
    assert function["environment"]["variables"]["ISSUER"] == "shop"
    assert function["kmsKeyArn"].startswith("arn:aws:kms:")
    role = next(
        resource
        for resource in recording.of_type("aws:iam/rolePolicy:RolePolicy")
        if resource.name == "jwt-tokens"
    )
    actions = {a for s in document(role) for a in _actions(s)}
    assert actions == {
        "kms:Decrypt", "logs:CreateLogStream", "logs:PutLogEvents",
        "secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue",
    }  # fmt: skip


def _actions(statement: dict[str, Any]) -> list[str]:
    actions = statement["Action"]
    return [actions] if isinstance(actions, str) else actions


def test_a_firewall_stands_before_rest_apis():
    recording = system(firewalls={"main": {}})
    guarded: Recorded = recording.one("aws:wafv2/webAclAssociation:WebAclAssociation", "api-main")
    assert guarded.inputs["resourceArn"].endswith("/stages/live")


def test_an_http_api_checks_tokens_itself_and_deploys_itself():
    jwt = {"jwt": {"issuer": "https://login.example.com/", "audiences": ["shop"]}}
    plain = [{**ROUTES[1]}, {**ROUTES[2], "body": None}]
    recording = small_system(
        apis={"main": {"kind": "http", "authorizer": jwt, "cors": {"origins": [PAGE, OTHER]}}},
        functions={"app": {**APP, "routes": plain}},
    )
    authorizer = recording.one("aws:apigatewayv2/authorizer:Authorizer", "main-issuer")
    assert authorizer.inputs["jwtConfiguration"] == {
        "issuer": "https://login.example.com/",
        "audiences": ["shop"],
    }
    api = recording.one("aws:apigatewayv2/api:Api", "main").inputs
    assert api["corsConfiguration"]["allowOrigins"] == [PAGE, OTHER]
    stage = recording.one("aws:apigatewayv2/stage:Stage", "main").inputs
    assert stage["autoDeploy"] is True
    assert stage["defaultRouteSettings"]["throttlingRateLimit"] == 100
    assert [setting["routeKey"] for setting in stage["routeSettings"]] == ["GET /items/{id}"]
    routes = {
        resource.inputs["routeKey"]: resource.inputs["authorizationType"]
        for resource in recording.of_type("aws:apigatewayv2/route:Route")
    }
    assert routes == {"GET /items/{id}": "JWT", "POST /login": "NONE"}


HTTP = {"kind": "http", "authorizer": {"iam": True}, "cors": None}
CASES: dict[str, tuple[dict[str, Any], list[str]]] = {
    "an API that is none": (
        {"routes": [{**ROUTES[0], "api": "mian"}]},
        ["functions.app.routes[0].api", "did you mean `main`?"],
    ),
    "one method of a path twice": (
        {"functions": {"two": {**APP, "routes": ROUTES[1:2]}}},
        ["functions.two.routes[0].path", "which app answers already"],
    ),
    "two names of one parameter": (
        {"functions": {"two": {**APP, "routes": [{**ROUTES[1], "path": "/items/{key}/all"}]}}},
        ["{key} where app has {id}"],
    ),
    "an authorizer that is none": (
        {"api": {"authorizer": {"function": "chek"}}},
        ["apis.main.authorizer.function", "did you mean `check`?"],
    ),
    "a secret that is none": (
        {"api": {"authorizer": {"sharedSecret": {"secret": "jwt"}}}},
        ["apis.main.authorizer.sharedSecret.secret", "the stack file has no secret"],
    ),
    "a firewall before an HTTP API": (
        {"api": HTTP, "routes": [], "firewalls": {"main": {"apis": ["main"]}}},
        ["firewalls.main.apis[0]", "set apis.main.kind: rest"],
    ),
    "a body that nobody checks": (
        {"api": HTTP, "routes": [{**ROUTES[2]}]},
        ["functions.app.routes[0].body", "`kind: rest`"],
    ),
    "an issuer's keys for a REST API": (
        {"api": {"authorizer": {"jwt": {"issuer": "https://a.b", "audiences": ["x"]}}}},
        ["apis.main", "`kind: http` only"],
    ),
    "two who are asked": (
        {"api": {"authorizer": {"iam": True, "function": "check"}}},
        ["apis.main.authorizer", "exactly one of function"],
    ),
    "the API's preflights": (
        {"routes": [{**ROUTES[0], "methods": ["OPTIONS"]}]},
        ["functions.app.routes[0].methods"],
    ),
    "a users' pool that is none": (
        {"api": {"authorizer": {"userPool": "users"}}},
        ["apis.main.authorizer.userPool", "the stack file has no user pool"],
    ),
}


@pytest.mark.parametrize("case", CASES, ids=list(CASES))
def test_it_is_refused_in_words_to_act_on(case: str):
    given, words = CASES[case]
    with pytest.raises(StackFileError) as caught:
        system(**given)
    for word in words:
        assert word in str(caught.value)
