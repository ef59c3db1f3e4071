"""What an edit asks for while another resource still has it, and what a deletion takes along."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from components.replacement import REPLACEMENT, Order
from testing.everything import record_everything, site_folder
from testing.small_systems import CACHE, DATABASE, NETWORK, small_system
from tests.planner.edits import edited
from trellis.compare import replacing
from trellis.compare.identifiers import new_texts
from trellis.compare.meaning import words
from trellis.compare.step import Side
from trellis.compare.types import KNOWN

TABLE = {"partitionKey": {"name": "id"}}
IMAGE = {"uri": f"123456789012.dkr.ecr.us-east-1.amazonaws.com/web@sha256:{'0' * 64}"}
FUNCTION = {"image": IMAGE, "subnets": "none"}


def _tables(**names: str) -> dict[str, Any]:
    tables = {key: {**TABLE, "name": name} for key, name in names.items()}
    return {"profile": "development", "tables": tables}


def test_two_names_that_change_places_are_each_taken():
    steps = edited(_tables(a="x", b="y"), _tables(a="y", b="x"))
    assert "which b still has" in steps["Table a"].taken
    assert "which a still has" in steps["Table b"].taken


def test_a_new_name_that_nobody_has_is_free():
    steps = edited(_tables(a="x", b="y"), _tables(a="z", b="y"))
    assert not steps["Table a"].taken


def _queued(**triggers: str) -> dict[str, Any]:
    hearing = {key: {"queue": queue} for key, queue in triggers.items()}
    return {"queues": {"one": {}, "two": {}}, "functions": {"f": {**FUNCTION, "triggers": hearing}}}


def test_a_queue_feeds_a_function_once():
    step = edited(_queued(first="one"), _queued(second="one"))["EventSourceMapping f-second"]
    assert "f-first still has" in step.taken
    steps = edited(_queued(first="one", second="two"), _queued(first="two", second="one"))
    assert "f-second still has" in steps["EventSourceMapping f-first"].taken
    assert not edited(_queued(first="one"), _queued(first="two"))[
        "EventSourceMapping f-first"
    ].taken


def _subscribed(key: str) -> dict[str, Any]:
    subscription = {key: {"protocol": "queue", "to": "work"}}
    return {"queues": {"work": {}}, "topics": {"news": {"subscriptions": subscription}}}


def test_a_subscription_under_another_key_is_gone_afterwards():
    step = edited(_subscribed("a"), _subscribed("b"))["TopicSubscription news-b"]
    assert step.taken_along == "news-a"
    assert "it is gone afterwards" in words(step)[0]


def _routed(path: str) -> dict[str, Any]:
    route = {"api": "main", "path": path, "methods": ["GET"]}
    return {
        "apis": {"main": {"authorizer": {"iam": True}}},
        "functions": {"f": {**FUNCTION, "routes": [route]}},
    }


def test_a_rest_api_has_one_variable_at_a_place():
    step = edited(_routed("/items/{id}"), _routed("/items/{key}"))["Resource main/items/{key}"]
    assert "main/items/{id} still has" in step.taken
    assert not edited(_routed("/items/a"), _routed("/items/b"))["Resource main/items/b"].taken


def _networked(**settings: Any) -> dict[str, Any]:
    return {"network": {**NETWORK, **settings}}


def test_a_subnet_asks_for_no_address_that_another_one_has():
    narrow = {"public": {"prefix": 24}, "private": {}}
    steps = edited(_networked(), _networked(subnets=narrow))
    assert "overlaps what network-public-a still has" in steps["Subnet network-public-a"].taken


@pytest.mark.parametrize("edit", [{"cidr": "10.1.0.0/16"}, {"zones": ["us-east-1c", "us-east-1d"]}])
def test_what_holds_data_moves_to_no_subnets_that_are_made_anew(edit: dict[str, Any]):
    for data in ({"databases": {"main": DATABASE}}, {"caches": {"main": CACHE}}):
        before, after = ({**data, **_networked(**more)} for more in ({}, edit))
        assert "no subnet out" in edited(before, after)["SubnetGroup main"].refused


def test_another_network_moves_in_an_order_that_works():
    steps = edited(_networked(), _networked(cidr="10.1.0.0/16"))
    assert not [step for step in steps.values() if step.taken or step.taken_along or step.refused]
    gateway = steps["InternetGateway network"]
    assert (gateway.operation, gateway.delete_first) == ("replace", False)


def test_what_is_the_same_thing_to_aws_is_never_made_before_it_is_taken_away():
    same = {type_: known.change.same for type_, known in KNOWN.items() if known.change.same}
    assert same
    for type_, identity in same.items():
        if REPLACEMENT[type_].order is Order.OLD_FIRST:
            continue
        own = {path for path in replacing.rules(type_).entries if "." not in path} - {*identity}
        assert not own, f"{type_}: {own} replaces it, and the deletion undoes the new"


LOCKED = {"tables": {"orders": TABLE}, "backups": {"lock": {"coolingDays": 3}}}


def test_another_lock_of_a_vault_is_set_after_the_first_is_off():
    step = edited(LOCKED, {**LOCKED, "backups": {"lock": {"coolingDays": 30}}})[
        "VaultLockConfiguration backups"
    ]
    assert (step.operation, step.delete_first, step.taken_along) == ("replace", True, "")


SITE = {
    "zones": {"main": {"domain": "example.com"}},
    "sites": {"www": {"domain": "www.example.com", "content": {"external": {"repository": "x/y"}}}},
}


def _redirected(*names: str) -> dict[str, Any]:
    return {**SITE, "sites": {"www": {**SITE["sites"]["www"], "redirectFrom": list(names)}}}


def test_a_certificate_that_loses_its_last_other_name_is_made_anew():
    steps = edited(_redirected("example.com"), _redirected())
    assert steps["Certificate site-www"].because == ("subjectAlternativeNames",)
    assert steps["CertificateValidation site-www"].operation == "replace"


def test_two_sites_that_change_domains_are_told():
    def swapped(one: str, other: str) -> dict[str, Any]:
        site = SITE["sites"]["www"]
        return {**SITE, "sites": {"a": {**site, "domain": one}, "b": {**site, "domain": other}}}

    first, second = "a.example.com", "b.example.com"
    steps = edited(swapped(first, second), swapped(second, first))
    assert "which b still has" in steps["Distribution a"].taken
    assert not [key for key, step in steps.items() if key.startswith("Record") and step.taken]


BALANCED: dict[str, Any] = {
    "network": NETWORK,
    "profile": "development",
    "zones": {"main": {"domain": "example.com"}},
    "services": {"api": {"image": IMAGE, "port": 80, "routes": [{"host": "api.example.com"}]}},
}


@pytest.mark.parametrize("changed", [{"name": "other"}, {"scheme": "internal"}])
def test_a_group_moves_to_no_other_load_balancer(changed: dict[str, Any]):
    before = {**BALANCED, "loadBalancers": {"web": {}}}
    steps = edited(before, {**BALANCED, "loadBalancers": {"web": changed}})
    assert steps["LoadBalancer web"].operation == "replace"
    assert steps["TargetGroup api-web"].operation == "replace"
    assert not steps["ListenerRule api-web-f8ae5b"].taken


def test_entries_can_change_keys_with_each_other():
    before = {"tables": {"a": TABLE, "b": {"partitionKey": {"name": "other"}}}}
    after = {
        "tables": {
            "b": {**TABLE, "formerly": "a"},
            "a": {"partitionKey": {"name": "other"}, "formerly": "b"},
        }
    }
    assert edited(before, after) == {}
    assert small_system(**after).one("aws:dynamodb/table:Table", "a").inputs["hashKey"] == "id"


def test_a_rule_that_ecs_moves_keeps_its_groups():
    before = {**BALANCED, "loadBalancers": {"web": {}}}
    swapping = {**BALANCED["services"]["api"], "deployment": {"strategy": "blueGreen"}}
    old, new = ({**before, "services": {"api": {**swapping, "protocol": protocol}}}
                for protocol in ("http", "http2"))  # fmt: skip
    assert "api-web, which ECS moves" in edited(old, new)["TargetGroup api-web"].refused


def test_access_logs_of_a_site_go_to_another_bucket_in_place():
    def logged(bucket: str) -> dict[str, Any]:
        logs = {name: {"purpose": "logs", "receives": ["deliveries"]} for name in ("one", "two")}
        site = {**SITE["sites"]["www"], "accessLogs": bucket}
        return {**SITE, "buckets": logs, "sites": {"www": site}}

    steps = edited(logged("one"), logged("two"))
    assert steps["LogDeliveryDestination www"].operation == "update"


def _listening(key: str) -> dict[str, Any]:
    services: dict[str, dict[str, Any]] = {name: {"image": IMAGE} for name in ("old", "new")}
    services[key] |= {"port": 1883, "protocol": "tcp", "listeners": [{"port": 1883}]}
    return {
        "network": NETWORK,
        "networkLoadBalancers": {"mqtt": {"accessLogs": "none"}},
        "services": services,
    }


def test_a_port_that_goes_to_another_service_has_nobody_behind_it_for_a_while():
    step = edited(_listening("old"), _listening("new"))["Listener mqtt-nlb-1883"]
    assert words(step) == (
        "downtime: it leads to new-mqtt-nlb-1883, which begins without healthy targets",
    )


CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"
TWO = {
    key: {"accessLogs": "none", "certificates": [{"arn": CERTIFICATE}]} for key in ("web", "other")
}
INNER = {key: {**balancer, "scheme": "internal"} for key, balancer in TWO.items()}


def _behind(balancer: str, **given: Any) -> dict[str, Any]:
    api: dict[str, Any] = {"image": IMAGE, "port": 80, **given}
    api["routes"] = [{"host": "www.example.com", "loadBalancer": balancer}]
    return {**BALANCED, "loadBalancers": TWO, "services": {"api": api}}


def _called(balancer: str) -> dict[str, Any]:
    routes = [{"api": "main", "path": "/", "methods": ["GET"]}]
    apis = {"main": {"kind": "http", "authorizer": {"iam": True}}}
    return {**_behind(balancer, apiRoutes=routes), "loadBalancers": INNER, "apis": apis}


def _cached(balancer: str) -> dict[str, Any]:
    site = {"domain": "www.example.com", "content": {"loadBalancer": balancer}}
    return {**_behind(balancer), "loadBalancers": INNER, "sites": {"www": site}}


@pytest.mark.parametrize(
    ("system", "way"),
    [
        (_behind, "Record www.example.com-A"),
        (_called, "Integration main-service-api"),
        (_cached, "Distribution www"),
    ],
)
def test_whatever_leads_to_another_load_balancer_finds_nobody_there_at_first(system: Any, way: str):
    steps = edited(system("web"), system("other"))
    assert (steps[way].operation, steps[way].unready) == ("update", "api-other")
    assert "begins without healthy targets" in " ".join(words(steps[way]))


def test_another_protocol_leads_to_a_group_that_nobody_is_in_yet():
    steps = edited(_behind("web"), _behind("web", protocol="http2"))
    assert steps["TargetGroup api-web"].operation == "replace"
    (rule,) = (step for key, step in steps.items() if key.startswith("ListenerRule"))
    assert rule.unready == "api-web"
    assert not [key for key, step in steps.items() if key.startswith("Record") and step.unready]


def test_a_new_service_that_takes_requests_over_is_told_to_have_no_tasks_yet():
    old: dict[str, Any] = {"image": IMAGE, "port": 80, "routes": [{"host": "www.example.com"}]}
    part = {"host": "www.example.com", "path": "/v2/*"}
    before = {**BALANCED, "loadBalancers": {"web": {}}, "services": {"old": old}}

    def unready_parts(**services: Any) -> list[str]:
        steps = edited(before, {**before, "services": services})
        return [step.unready for step in steps.values() if step.unready]

    assert unready_parts(old=old, new={**old, "routes": [part]}) == ["new-web"]
    assert unready_parts(old=old, new={**old, "routes": [{"host": "new.example.com"}]}) == []
    assert unready_parts(old={**old, "routes": [*old["routes"], part]}) == []


def test_a_service_under_another_key_is_told_to_leave_requests_unanswered():
    """Whichever of the two rules is asked first: one has no tasks yet, the other has none left."""
    web = {"image": IMAGE, "port": 80, "routes": [{"host": "www.example.com"}]}
    kinds: set[str] = set()
    for key in ("b", "c", "d", "e"):
        systems = (
            {**BALANCED, "loadBalancers": {"web": {}}, "services": {name: web}}
            for name in ("a", key)
        )
        steps = edited(*systems)
        (rule,) = (
            step
            for step in steps.values()
            if step.operation == "create" and step.type.endswith(":ListenerRule")
        )
        assert bool(rule.unready) != bool(rule.outlived)
        assert words(rule)[0].startswith("downtime: ")
        kinds.add(rule.unready or rule.outlived[:5])
    assert len(kinds) > 1, "both are told of"


RECORD = {"name": "www", "type": "CNAME", "values": ["old.example.net"]}


def _named(**zone: Any) -> dict[str, Any]:
    return {"zones": {"main": {"domain": "example.com", **zone}}}


def test_a_site_takes_a_name_from_a_cname_and_gives_it_back_in_two_updates():
    served = {**SITE, **_named()}
    pointed = {**_named(records={"www": RECORD})}
    assert not [step.taken for step in edited(pointed, served).values() if step.taken]
    back = edited(served, pointed)["Record main-www.example.com-A"]
    assert "which www.example.com-" in back.taken


def test_a_network_has_one_private_zone_of_a_name():
    def zoned(key: str, domain: str) -> dict[str, Any]:
        zones = {key: {"domain": domain, "private": True}}
        return {"network": NETWORK, "profile": "development", "zones": zones}

    inner = zoned("inner", "corp.internal")
    assert "inner still has" in edited(inner, zoned("other", "corp.internal"))["Zone other"].taken
    assert not edited(inner, zoned("other", "other.internal"))["Zone other"].taken


def test_other_tags_are_told_though_no_resource_names_them():
    steps = edited({"tables": {"a": TABLE}}, {"tables": {"a": TABLE}, "tags": {"Team": "shop"}})
    (step,) = steps.values()
    assert words(step) == ("every resource that takes tags gets the other ones in place",)


def test_a_share_of_the_traffic_that_stays_is_no_gap():
    def routed(strategy: str) -> dict[str, Any]:
        web = {
            "image": IMAGE,
            "port": 80,
            "routes": [{"host": "www.example.com"}],
            "deployment": {"strategy": strategy},
        }
        return {
            "network": NETWORK,
            "zones": {"main": {"domain": "example.com"}},
            "loadBalancers": {"alb": {"accessLogs": "none"}},
            "services": {"web": web},
        }

    steps = edited(routed("rolling"), routed("blueGreen"))
    assert "TargetGroup" in " ".join(steps)
    assert not [step.unready for step in steps.values() if step.unready]


def test_whatever_aws_names_has_another_name_when_it_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Else nothing follows that refers to it, as a service to its task definition."""
    monkeypatch.chdir(site_folder(tmp_path))
    everything = record_everything()
    side = Side(everything, tmp_path)
    by_aws = {
        type_ for type_, row in REPLACEMENT.items() if row.why == "AWS gives it an id of its own"
    }
    found = [resource for resource in everything if resource.type in by_aws]
    assert len({resource.type for resource in found}) > 10
    assert [resource.urn for resource in found if not new_texts(resource, side)] == []
