"""Users sign in at the load balancer: rule, client, way to Cognito, and what is refused."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from policies.guardrails.control import Outcome
from policies.guardrails.run import analyse
from testing.service_cases import BALANCER, CERTIFICATE, parts, web
from tests.components.small_systems import NETWORK, small_system
from tests.systems import services as read
from trellis.planner.evidence import evidence
from trellis.planner.record import Recording
from trellis.planner.recording import Recorded
from trellis.stackfile.problems import StackFileError
from trellis.tiers import user_pools

CLIENT = "aws:cognito/userPoolClient:UserPoolClient"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
HOST = "a.shop.example"
CALLBACK = f"https://{HOST}/oauth2/idpresponse"
SIGN_IN = {"userPool": "staff", "client": "alb"}


THEIRS = {
    "existing": "us-east-1_Abc123def",
    "pages": "their-staff",
    "clientIds": {"alb": "1example23456789"},
}


def pool(**client: Any) -> dict[str, Any]:
    alb = {"secret": True, "callbacks": [CALLBACK], "scopes": ["openid", "email"], **client}
    return {"domain": {"prefix": "shop-staff"}, "clients": {"alb": alb}}


def stack(
    sign_in: dict[str, Any] | None = None,
    *,
    route: dict[str, Any] | None = None,
    users: dict[str, Any] | None = None,
    **more: Any,
) -> dict[str, Any]:
    """A service before which users sign in, and one beside it that is open."""
    asked = {**SIGN_IN, **(sign_in or {})}
    guarded = web(routes=[{"host": HOST, **(route or {}), "signIn": asked}], **more)
    balancers = {"alb": BALANCER, "other": BALANCER}
    guarded["routes"][0]["loadBalancer"] = "alb"
    return parts(
        {"web": guarded, "open": web(routes=[{"host": "b.shop.example", "loadBalancer": "other"}])},
        userPools={"staff": users or pool()},
        loadBalancers=balancers,
    )


@pytest.fixture(scope="module")
def system() -> Recording:
    return small_system(**stack())


def the_rule(recording: Recording, service: str) -> Recorded:
    (rule,) = [made for made in recording.of_type(read.RULE) if made.name.startswith(f"{service}-")]
    return rule


def ways_out(recording: Recording, balancer: str) -> list[dict[str, Any]]:
    group = recording.one("aws:ec2/securityGroup:SecurityGroup", balancer).id
    return [
        dict(made.inputs)
        for made in recording.of_type(EGRESS)
        if made.inputs["securityGroupId"] == group and made.inputs.get("cidrIpv4")
    ]


def test_users_sign_in_before_the_request_goes_on(system: Recording):
    first, last = the_rule(system, "web").inputs["actions"]
    assert (first["type"], first["order"]) == ("authenticate-cognito", 1)
    assert (last["type"], last["order"]) == ("forward", 2)
    made = system.one(CLIENT, "staff-alb")
    assert first["authenticateCognito"] == {
        "userPoolArn": system.one("aws:cognito/userPool:UserPool", "staff").outputs["arn"],
        "userPoolClientId": made.id,
        "userPoolDomain": "shop-staff",
        "scope": "email openid",
        "sessionTimeout": 12 * 3600,
        "sessionCookieName": "AWSELBAuthSessionCookie",
        "onUnauthenticatedRequest": "authenticate",
    }
    assert made.inputs["generateSecret"] is True


def test_users_of_somebody_elses_pool_sign_in_by_a_client_of_theirs():
    recording = small_system(**stack(users=THEIRS))
    first, _ = the_rule(recording, "web").inputs["actions"]
    action = first["authenticateCognito"]
    assert action["userPoolArn"].endswith(":userpool/us-east-1_Abc123def")
    assert (action["userPoolClientId"], action["userPoolDomain"]) == (
        "1example23456789",
        "their-staff",
    )
    assert action["scope"] == "openid"
    assert not recording.of_type(CLIENT)


OKTA = {"kind": "oidc", "clientId": "shop", "secret": "okta", "issuer": "https://okta.example.com"}
STAFF = {**pool(), "providers": {"okta": OKTA, "office": {
    "kind": "saml", "metadata": "https://idp.example.com/metadata.xml"}}}  # fmt: skip


@pytest.mark.parametrize(
    ("filled", "leads_to"), [(True, {"identity_provider": "okta"}), (False, None)]
)
def test_users_are_led_to_the_one_provider_once_it_is_registered(
    filled: bool, leads_to: dict[str, str] | None, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(user_pools, "has_value", lambda *_: filled)
    # The same stack at two times is recorded twice.
    minutes = {"sessionMinutes": 60 + filled}
    given = stack({"provider": "okta", **minutes}, users=STAFF)
    first, _ = the_rule(small_system(**given, secrets={"okta": {}}), "web").inputs["actions"]
    action = first["authenticateCognito"]
    assert action.get("authenticationRequestExtraParams") == leads_to
    assert "clientSecret" not in str(action), "Cognito has it, and the load balancer does not"


@pytest.mark.parametrize(
    ("provider", "client", "message"),
    [
        ("okto", {}, "did you mean `okta`?"),
        ("okta", {"providers": ["office"]}, "provider okta, which client alb does not offer"),
    ],
)
def test_a_provider_that_the_client_does_not_offer_is_refused(
    provider: str, client: dict[str, Any], message: str
):
    others = {"web": {"callbacks": ["https://c.shop.example/in"]}}
    users = {**STAFF, "clients": {**pool(**client)["clients"], **others}}
    with pytest.raises(StackFileError) as caught:
        small_system(**stack({"provider": provider}, users=users), secrets={"okta": {}})
    assert message in str(caught.value)
    assert "signIn.provider" in str(caught.value)


def test_a_route_without_sign_in_forwards_alone(system: Recording):
    (only,) = the_rule(system, "open").inputs["actions"]
    assert only["type"] == "forward"
    assert "order" not in only


def test_the_load_balancer_reaches_cognito_and_only_the_one_that_must(system: Recording):
    (way,) = ways_out(system, "alb")
    assert (way["cidrIpv4"], way["fromPort"], way["toPort"]) == ("0.0.0.0/0", 443, 443)
    assert ways_out(system, "other") == []


def test_sign_ins_that_fail_are_told_and_drawn():
    recording = small_system(
        **stack(), monitoring={"subscribers": {"us": {"email": "a@shop.example"}}}
    )
    alarms = {
        made.inputs["metricName"]: dict(made.inputs)
        for made in recording.of_type("aws:cloudwatch/metricAlarm:MetricAlarm")
        if made.inputs.get("metricName", "").startswith("ELBAuth")
    }
    assert set(alarms) == {"ELBAuthError"}
    assert alarms["ELBAuthError"]["namespace"] == "AWS/ApplicationELB"
    boards = "".join(
        made.inputs["dashboardBody"]
        for made in recording.of_type("aws:cloudwatch/dashboard:Dashboard")
    )
    assert "ELBAuthSuccess" in boards


@pytest.mark.parametrize(
    ("sign_in", "there"),
    [
        ({"unauthenticated": "deny"}, {"onUnauthenticatedRequest": "deny"}),
        ({"sessionMinutes": 60}, {"sessionTimeout": 3600}),
        ({"cookie": "Staff"}, {"sessionCookieName": "Staff"}),
    ],
)
def test_an_edit_changes_the_rules_action_in_place(
    system: Recording, sign_in: dict[str, Any], there: dict[str, Any]
):
    before, after = the_rule(system, "web"), the_rule(small_system(**stack(sign_in)), "web")
    assert before.urn == after.urn
    assert not after.ignore_changes
    changed = {key for key in after.inputs if before.inputs.get(key) != after.inputs[key]}
    assert changed == {"actions"}
    action = after.inputs["actions"][0]["authenticateCognito"]
    assert there.items() <= action.items()


def test_sign_in_comes_and_goes_without_another_rule(system: Recording):
    without = stack(users={"domain": {"prefix": "shop-staff"}, "clients": {}})
    del without["services"]["web"]["routes"][0]["signIn"]
    before, after = the_rule(small_system(**without), "web"), the_rule(system, "web")
    assert before.urn == after.urn
    assert {"listenerArn", "priority"} <= set(before.inputs)
    assert all(before.inputs[key] == after.inputs[key] for key in ("priority", "conditions"))


def test_a_pool_and_its_client_go_on_under_other_keys(system: Recording):
    client = {**pool()["clients"]["alb"], "formerly": "alb"}
    renamed = stack({"userPool": "people", "client": "balancer"})
    renamed["userPools"] = {
        "people": {**pool(), "formerly": "staff", "clients": {"balancer": client}}
    }
    again = small_system(**renamed)
    assert the_rule(again, "web").inputs == the_rule(system, "web").inputs


def test_each_route_of_a_service_signs_in_for_itself():
    routes = [
        {"host": HOST, "path": "/admin/*", "signIn": SIGN_IN},
        {"host": HOST},
    ]
    given = parts({"web": web(routes=routes)}, userPools={"staff": pool()})
    kinds = sorted(
        [action["type"] for action in made.inputs["actions"]]
        for made in small_system(**given).of_type(read.RULE)
    )
    assert kinds == [["authenticate-cognito", "forward"], ["forward"]]


def failed(recording: Recording) -> set[tuple[str, str]]:
    report = analyse(evidence(recording), today=dt.date(2026, 11, 30))
    return {(one.control.id, one.resource) for one in report.with_outcome(Outcome.FAIL)}


def test_the_pack_finds_nothing_in_it_that_it_did_not_find_before(system: Recording):
    without = stack()
    del without["services"]["web"]["routes"][0]["signIn"]
    without["userPools"]["staff"]["clients"]["alb"]["secret"] = False
    assert failed(system) - failed(small_system(**without)) == set()


INTERNAL = {"scheme": "internal", "certificates": [{"arn": CERTIFICATE}], "accessLogs": "none"}


def two_clients(cookie: str | None = None) -> dict[str, Any]:
    client = pool()["clients"]["alb"]
    users = {**pool(), "clients": {"alb": client, "second": client}}
    second = {"userPool": "staff", "client": "second", **({"cookie": cookie} if cookie else {})}
    routes = [
        {"host": HOST, "path": "/admin/*", "signIn": SIGN_IN},
        {"host": HOST, "path": "/shop/*", "signIn": second},
    ]
    return parts({"web": web(routes=routes)}, userPools={"staff": users})


def test_two_clients_at_one_host_have_a_cookie_each():
    small_system(**two_clients("Shop"))
    with pytest.raises(StackFileError, match=r"a `cookie` of its own"):
        small_system(**two_clients())


@pytest.mark.parametrize(
    ("given", "place", "message"),
    [
        (stack({"userPool": "stafff"}), "signIn.userPool", "user pool stafff"),
        (stack({"client": "web"}), "signIn.client", "client web"),
        (stack(users={"existing": "us-east-1_Abc123def"}), "signIn.userPool", "not known here"),
        (stack({"client": "abl"}, users=THEIRS), "signIn.client", "did you mean `alb`?"),
        (stack({"provider": "okta"}, users=THEIRS), "signIn.provider", "okta"),
        (stack(users=pool(secret=False)), "signIn.client", "has no secret"),
        (stack(users=pool(scopes=["email"])), "clients.alb.scopes", "no openid"),
        (
            stack(users=pool(callbacks=["https://b.shop.example/oauth2/idpresponse"])),
            "signIn.client",
            f"without the callback {CALLBACK}",
        ),
        (stack(route={"host": "*.shop.example"}), "routes[0].signIn", "no host that users are led"),
        (
            stack(deployment={"strategy": "blueGreen"}),
            "routes[0].signIn",
            "signIn with `strategy: blueGreen`",
        ),
        (
            {**stack(), "network": {**NETWORK, "nat": "none"},
             "loadBalancers": {"alb": INTERNAL, "other": BALANCER}},
            "routes[0].signIn",
            "no way to Cognito",
        ),
        (
            {**stack(), "services": {"web": web()}, "loadBalancers": {"alb": BALANCER}},
            "clients.alb.secret",
            "no load balancer signs users in with",
        ),
        (stack({"oidc": {}}), "signIn.oidc", "userPools.KEY.providers"),
        (stack({"sessionMinutes": 20_000}), "signIn.sessionMinutes", "10080"),
    ],
)  # fmt: skip
def test_what_could_not_sign_anybody_in_is_refused(given: dict[str, Any], place: str, message: str):
    with pytest.raises(StackFileError) as refused:
        small_system(**given)
    text = str(refused.value)
    assert place in text
    assert message in text


def test_a_secret_goes_with_callbacks():
    users = pool(callbacks=[], scopes=["openid"])
    del users["clients"]["alb"]["scopes"]
    with pytest.raises(StackFileError, match="`secret` with `callbacks` only"):
        small_system(**stack(users=users))
