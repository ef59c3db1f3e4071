"""One more edit of a stack that stands: what it is told of, keeps, and makes again."""

from __future__ import annotations

import functools
from typing import Any

import pytest

from tests.components.small_systems import CACHE, DATABASE, NETWORK, small_system
from trellis.planner.record import Recorded, Recording

pytestmark = pytest.mark.long

RECORD = "aws:route53/record:Record"
INVOCATION = "aws:lambda/invocation:Invocation"
GROUP = "aws:lb/targetGroup:TargetGroup"
BALANCER = "aws:lb/loadBalancer:LoadBalancer"
CLUSTER: dict[str, Any] = {
    "engine": "aurora-postgresql",
    "version": "16",
    "instanceClass": "db.serverless",
    "capacity": {"min": 0.5, "max": 2},
}
ZONES = {"main": {"domain": "example.com"}}
IMAGE = {"repository": "api", "digest": f"sha256:{'1' * 64}"}


def web(**given: Any) -> dict[str, Any]:
    return {
        "image": IMAGE, "port": 8080, "routes": [{"host": "api.example.com"}], **given,
    }  # fmt: skip


def served(*, service: dict[str, Any] | None = None, **parts: Any) -> Recording:
    given = {"network": NETWORK, "zones": ZONES, "loadBalancers": {"alb": {}}, **parts}
    return small_system(services={"api": service or web()}, **given)


@functools.cache
def plain() -> Recording:
    return served()


def changed(before: Recorded, after: Recorded) -> set[str]:
    keys = {*before.inputs, *after.inputs}
    return {key for key in keys if before.inputs.get(key) != after.inputs.get(key)}


def test_another_protocol_makes_a_group_of_another_name_beside_the_old_one():
    before, after = plain().one(GROUP, "api-alb"), served(service=web(protocol="http2"))
    now = after.one(GROUP, "api-alb")
    assert before.urn == now.urn
    assert {"name", "protocolVersion"} <= changed(before, now)
    assert now.delete_before_replace is False


def test_another_scheme_makes_all_of_a_load_balancer_anew_beside_the_old_one():
    network = {**NETWORK, "subnets": {"public": {}, "private": {}}}
    after = served(
        network=network,
        zones={"main": {"domain": "example.com", "private": True}},
        loadBalancers={"alb": {"scheme": "internal", "certificates": [{"arn": CERTIFICATE}]}},
    )
    for type_, name in ((BALANCER, "alb"), (GROUP, "api-alb")):
        before, now = plain().one(type_, name), after.one(type_, name)
        assert before.urn == now.urn
        assert before.inputs["name"] != now.inputs["name"]
        assert now.delete_before_replace is False


CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"


def test_the_one_rule_of_swapping_versions_stays_when_its_hosts_change():
    def rule(host: str) -> Recorded:
        swapping = web(routes=[{"host": host}], deployment={"strategy": "blueGreen"})
        return served(service=swapping).one("aws:lb/listenerRule:ListenerRule", "api-alb")

    before, after = rule("api.example.com"), rule("shop.example.com")
    assert before.urn == after.urn
    assert "actions" in after.ignore_changes, "the weights are ECS's"
    assert "listenerArn" not in changed(before, after)


def test_a_name_goes_from_a_record_of_ones_own_to_a_route_in_one_resource():
    records = {"old": {"name": "api", "type": "CNAME", "values": ["old.example.net"]}}
    before = small_system(zones={"main": {"domain": "example.com", "records": records}})
    own, now = (
        before.one(RECORD, "main-api.example.com-A"),
        plain().one(RECORD, "api.example.com-A"),
    )
    assert own.urn in now.aliases
    assert now.urn in own.aliases, "and back"
    # A CNAME and an address can't both be there, whichever is made first.
    assert own.delete_before_replace
    assert now.delete_before_replace


def test_a_site_takes_a_name_over_with_its_address_first():
    site = {"domain": "www.example.com", "content": {"bucket": "pages"}, "pages": "files"}
    after = small_system(zones=ZONES, buckets={"pages": {}}, sites={"www": site})
    address = after.one(RECORD, "www.example.com-A")
    for kind in ("AAAA", "HTTPS"):
        assert address.urn in after.one(RECORD, f"www.example.com-{kind}").dependencies


@pytest.mark.parametrize(
    ("secret", "before", "after"),
    [
        (
            {"kind": "credentials", "cache": "main"},
            {"caches": {"main": {**CACHE, "users": {"app": {}}}}},
            {"caches": {"main": {**CACHE, "users": {"web": {}}}}},
        ),
        (
            {"kind": "credentials", "cache": "main"},
            {"caches": {"main": {**CACHE, "authentication": "token"}}},
            {"caches": {"main": CACHE}},
        ),
        (
            {"kind": "credentials", "database": "main"},
            {"databases": {"main": DATABASE}},
            {"databases": {"main": {**DATABASE, "name": "orders"}}},
        ),
    ],
)
def test_a_secret_is_filled_again_for_another_user_or_server(
    secret: dict[str, Any], before: dict[str, Any], after: dict[str, Any]
):
    def call(parts: dict[str, Any]) -> Recorded:
        recording = small_system(network=NETWORK, secrets={"login": secret}, **parts)
        return recording.one(INVOCATION, "login")

    assert "triggers" in changed(call(before), call(after))
    assert changed(call(before), call(before)) == set()


def test_a_secret_is_not_filled_again_for_a_neighbour():
    def call(**more: Any) -> Recorded:
        login = {"kind": "credentials", "database": "main", "user": "web"}
        parts = {"network": NETWORK, "databases": {"main": DATABASE}}
        return small_system(secrets={"login": login, **more}, **parts).one(INVOCATION, "login")

    other = {"kind": "credentials", "database": "main", "user": "jobs"}
    assert changed(call(), call(other=other)) == set()


def test_parameter_groups_stay_until_their_server_has_moved():
    parts = {"databases": {"main": DATABASE, "wide": CLUSTER}, "caches": {"main": CACHE}}

    def kept(profile: str, **given: Any) -> dict[str, bool]:
        made = {
            tier: {key: {**settings, **given} for key, settings in things.items()}
            for tier, things in parts.items()
        }
        recording = small_system(profile=profile, network=NETWORK, **made)
        return {
            f"{resource.type} {resource.name}": resource.retain_on_delete
            for resource in recording
            if resource.type.endswith("ParameterGroup")
        }

    assert len(kept("production")) == 4
    assert all(kept("production").values())
    assert not any(kept("development").values())
    assert all(kept("development", applyImmediately=False).values())


def test_a_cache_with_users_takes_a_token_off():
    def group(**given: Any) -> Recorded:
        recording = small_system(network=NETWORK, caches={"main": {**CACHE, **given}})
        return recording.one("aws:elasticache/replicationGroup:ReplicationGroup", "main")

    users, token = group(), group(authentication="token")
    assert users.inputs["authTokenUpdateStrategy"] == "DELETE"
    assert "authTokenUpdateStrategy" in token.ignore_changes
    assert not users.ignore_changes


NIGHT = {"min": 2, "schedules": {"night": {"at": "cron(0 20 * * ? *)", "min": 0, "max": 0}}}


def test_a_schedule_that_rests_a_service_wakes_nobody():
    def alarm(**scaling: Any) -> Recorded:
        recording = served(service=web(scaling=scaling))
        return recording.one("aws:cloudwatch/metricAlarm:MetricAlarm", "api-tasks")

    resting, always = alarm(**NIGHT), alarm(min=2)
    assert always.inputs["threshold"] == 2
    assert always.inputs["treatMissingData"] == "breaching"
    assert resting.inputs["threshold"] == 0
    assert resting.inputs["treatMissingData"] == "notBreaching"
    expressions = [query.get("expression") for query in resting.inputs["metricQueries"]]
    assert "desired - running" in expressions


def test_a_restart_after_a_rotation_is_told_to_need_a_trail():
    worker = {"image": IMAGE, "uses": [{"secret": "login", "as": "LOGIN"}]}
    parts: dict[str, Any] = {
        "network": NETWORK,
        "databases": {"main": DATABASE},
        "secrets": {"login": {"kind": "credentials", "database": "main"}},
        "services": {"worker": worker},
    }

    def warns(**given: Any) -> bool:
        return "CloudTrail trail" in " ".join(small_system(**{**parts, **given}).warnings)

    assert warns()
    assert not warns(baseline={})
    assert not warns(baseline={"elsewhere": ["trail"]})
    assert not warns(services={"worker": {**worker, "deployment": {"onRotation": False}}})


def test_a_pilots_repository_goes_with_its_images():
    parts: dict[str, Any] = {"network": NETWORK, "services": {"api": web(routes=[])}}

    def repository(profile: str, **given: Any) -> Recorded:
        recording = small_system(profile=profile, repositories={"api": given}, **parts)
        return recording.one("aws:ecr/repository:Repository", "api")

    assert repository("development").inputs["forceDelete"]
    assert not repository("production").inputs["forceDelete"]
    assert not repository("development", emptyOnDelete=False).inputs["forceDelete"]
