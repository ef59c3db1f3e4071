"""`formerly`: a renamed entry keeps all that its first key made."""

from __future__ import annotations

import re
from typing import Any

import pytest

from components.parts.model import Entry, Key
from testing.small_systems import CACHE, DATABASE, NETWORK, small_system
from tests.planner.edits import edited
from trellis.planner.recording import Recording
from trellis.registry import DeclarationError
from trellis.stackfile.identity import named_places
from trellis.stackfile.layers import SYSTEM
from trellis.stackfile.problems import StackFileError
from trellis.stackfile.references import nested, references
from trellis.stackfile.settings import SystemSettings
from trellis.stackfile.shape import Choice, ListOf, MapOf, Object, Scalar, Shape, fields

IMAGE = {"repository": "web", "tag": "1", "digest": f"sha256:{'0' * 64}"}

BEFORE: dict[str, Any] = {
    "network": NETWORK,
    "databases": {"main": DATABASE},
    "caches": {"main": CACHE},
    "tables": {"orders": {"partitionKey": {"name": "id"}}},
    "buckets": {
        "logs": {"purpose": "logs", "receives": ["loadBalancers"]},
        "files": {"accessLogs": "none"},
    },
    "queues": {"work": {}},
    "topics": {"news": {"subscriptions": {"work": {"protocol": "queue", "to": "work"}}}},
    "secrets": {"login": {"kind": "credentials", "database": "main", "user": "web"}},
    "repositories": {"web": {}},
    "loadBalancers": {"alb": {"accessLogs": "logs"}},
    "services": {
        "web": {
            "image": IMAGE,
            "port": 8080,
            "routes": [{"host": "api.example.com", "loadBalancer": "alb"}],
            "scaling": {"min": 1, "max": 2, "backlog": {"queue": "work", "perTask": 10}},
            "uses": [
                {"database": "main"},
                {"cache": "main"},
                {"table": "orders", "access": "read"},
                {"bucket": "files", "access": "read"},
                {"queue": "work", "access": "consume"},
                {"secret": "login", "as": "LOGIN"},
            ],
        },
    },
    "jobs": {"migrate": {"image": IMAGE, "before": ["web"]}},
    "zones": {"main": {"domain": "example.com"}},
    "firewalls": {"guard": {"loadBalancers": ["alb"], "sites": "none"}},
}
"""A system whose entries name each other in most of the ways there are."""


def _everything_renamed() -> dict[str, Any]:
    """The system with every key changed, everywhere it is named."""

    def renamed(value: Any, path: tuple[str, ...]) -> Any:
        if isinstance(value, dict):
            return {
                (f"{key}-now" if len(path) == 1 and path[0] != "network" else key): renamed(
                    inner, (*path, key)
                )
                for key, inner in value.items()
            }
        if isinstance(value, list):
            return [renamed(inner, (*path, "*")) for inner in value]
        return f"{value}-now" if _names(path) and value != "none" else value

    after = renamed(BEFORE, ())
    for part, entries in BEFORE.items():
        for key in entries if part != "network" else ():
            after[part][f"{key}-now"]["formerly"] = key
    return after


NAMING = ("database", "cache", "table", "queue", "bucket", "secret", "loadBalancer", "repository")


def _names(path: tuple[str, ...]) -> bool:
    return (
        path[-1] in (*NAMING, "accessLogs")
        or path[-2:] in (("before", "*"), ("loadBalancers", "*"))
        or (path[0] == "topics" and path[-1] == "to")
    )


def _as_made(recording: Recording) -> list[tuple[str, str]]:
    return sorted((resource.urn, str(resource.inputs)) for resource in recording)


def test_renamed_entries_keep_every_resource_as_it_was():
    assert _as_made(small_system(**_everything_renamed())) == _as_made(small_system(**BEFORE))


def test_of_several_former_keys_the_first_one_names_what_was_made():
    tables = {"sales": {"formerly": ["orders", "deals"], "partitionKey": {"name": "id"}}}
    assert small_system(tables=tables).one("aws:dynamodb/table:Table", "orders")


@pytest.mark.parametrize(
    ("tables", "message"),
    [
        ({"a": {"formerly": "a"}}, "its own key"),
        ({"a": {"formerly": "b"}, "b": {}}, "tables.b, which is still in use"),
        ({"a": {"formerly": ["c", "b", "c"]}}, "c twice"),
        ({"a": {"formerly": ["c"]}, "b": {"formerly": "c"}}, "c, which tables.a claims too"),
    ],
)
def test_a_former_key_is_checked_like_a_reference(tables: dict[str, Any], message: str):
    whole = {key: {"partitionKey": {"name": "id"}, **entry} for key, entry in tables.items()}
    with pytest.raises(StackFileError, match=message):
        small_system(tables=whole)


def test_the_former_key_is_no_name_for_the_entry_any_more():
    entry = {"formerly": "orders", "partitionKey": {"name": "id"}}
    uses = [{"table": "orders", "access": "read"}]
    with pytest.raises(StackFileError, match="table orders"):
        small_system(
            network=NETWORK,
            tables={"sales": entry},
            jobs={"report": {"image": IMAGE, "before": ["x"], "uses": uses}},
        )


OTHERS = {
    "services.*.portContainer", "services.*.routes.*.signIn.provider", "keys.existing.*",
    "environment", "name", "caches.*.name", "databases.*.name", "monitoring.overview.key",
    "secrets.*.cacheUser", "services.*.container", "jobs.*.container",
    "streams.*.consumers.*", "monitoring.archive.logs.*", "catalogs.*.from.logs.*",
    "functions.*.triggers.*.consumer", "functions.*.triggers.*.logs",
    "userPools.*.clients.*.providers.*",
    "services.*.logRouter.containers.*", "jobs.*.logRouter.containers.*",
    "network.routes.*.peering", "network.routes.*.transitGateway",
    "monitoring.alarms.*.allOf.*", "monitoring.alarms.*.anyOf.*",
}  # fmt: skip
"""Settings of a key's form that name no entry of a part."""


def test_every_setting_that_can_name_an_entry_is_marked_as_a_reference():
    patterns = set(_keys(SYSTEM, ()))
    deeper = ("kms", "link", "logs", "metrics", "parameter", "point")
    known = {pattern for pattern in patterns if "metric" in pattern} | OTHERS
    known |= {pattern for pattern in patterns if pattern.endswith(deeper) and ".uses.*." in pattern}
    unmarked = patterns - known - references().keys()
    assert not unmarked, "each is `Annotated[Key, Reference(PART)]`, or among OTHERS here"


def test_what_a_setting_within_an_entry_names_stands_within_the_one_beside_it():
    sign_in = {"userPool": "users", "client": "web"}
    data = {"services": {"web": {"routes": [{"signIn": sign_in}]}}}
    path = ("services", "web", "routes", 0, "signIn")
    assert list(named_places((*path, "client"), data)) == [("userPools", "users", "clients")]
    assert list(named_places((*path, "userPool"), data)) == [("userPools",)]


@pytest.mark.parametrize(("to", "places"), [("queue", [("queues",)]), ("topic", [("topics",)])])
def test_a_setting_beside_it_says_which_part_a_name_is_of(to: str, places: list[tuple[str]]):
    data = {"buckets": {"files": {"notifications": {"new": {"to": to, "name": "work"}}}}}
    path = ("buckets", "files", "notifications", "new", "name")
    assert list(named_places(path, data)) == places


def test_a_mark_that_names_no_part_is_refused(monkeypatch: pytest.MonkeyPatch):
    fields = dict(SystemSettings.model_fields)
    del fields["queues"]
    monkeypatch.setattr(SystemSettings, "__pydantic_fields__", fields)
    with pytest.raises(DeclarationError, match=r"names an entry of queues, which is no part"):
        references.__wrapped__()


def _keys(shape: Shape, path: tuple[str, ...]) -> list[str]:
    if isinstance(shape, Object):
        below = fields(shape.model).items()
        return [found for key, element in below for found in _keys(element.shape, (*path, key))]
    if isinstance(shape, (MapOf, ListOf)):
        return _keys(shape.value if isinstance(shape, MapOf) else shape.element, (*path, "*"))
    if isinstance(shape, Choice):
        return [found for _, option in shape.options for found in _keys(option, path)]
    pattern = Key.__metadata__[0].pattern
    named = isinstance(shape, Scalar) and shape.pattern == pattern and path[-1:] != ("formerly",)
    return [".".join(path)] if named and "formerly" not in path else []


def test_every_part_of_entries_takes_former_keys():
    parts = {key: field.shape for key, field in fields(SYSTEM.model).items()}
    for key, shape in parts.items():
        if isinstance(shape, MapOf) and key != "tags":
            options = (
                [option for _, option in shape.value.options]
                if isinstance(shape.value, Choice)
                else [shape.value]
            )
            for option in options:
                assert isinstance(option, Object)
                assert issubclass(option.model, Entry), key


TOPIC = {"protocol": "email", "to": "team@example.com"}
REPLICATED = {
    **DATABASE,
    "masterPassword": "operator",
    "masterSecretArn": "arn:aws:secretsmanager:us-east-1:123456789012:secret:shop/master-AbCdEf",
}
CLUSTER = {"engine": "aurora-postgresql", "version": "16", "instanceClass": "db.r7g.large"}
IMAGE_URI = f"123456789012.dkr.ecr.us-east-1.amazonaws.com/f@sha256:{'0' * 64}"
FUNCTION = {"image": {"uri": IMAGE_URI}, "subnets": "none"}
CANARY = {"host": "www.example.com", "artifacts": "files"}
INSIDE: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("topics.news.subscriptions", TOPIC, {"topics": {"news": {}}}),
    ("functions.f.triggers", {"queue": "work"},
     {"queues": {"work": {}}, "functions": {"f": FUNCTION}}),
    ("databases.main.readReplicas", {}, {"network": NETWORK, "databases": {"main": REPLICATED}}),
    ("databases.main.instances", {}, {"network": NETWORK, "databases": {"main": CLUSTER}}),
    ("userPools.users.clients", {}, {"userPools": {"users": {}}}),
    ("monitoring.subscribers", {"email": "team@example.com"}, {"queues": {"work": {}}}),
    ("monitoring.canaries", CANARY, {"buckets": {"files": {}}}),
]  # fmt: skip
"""Where an entry stands in another one, what it says, and the system around it."""


def _with_inside(system: dict[str, Any], place: str, entries: dict[str, Any]) -> dict[str, Any]:
    part, *rest = place.split(".")
    if not rest:
        return {**system, part: entries}
    inner = system.get(part, {})
    return {**system, part: _with_inside(inner, ".".join(rest), entries)}


@pytest.mark.parametrize(("place", "entry", "system"), INSIDE, ids=[row[0] for row in INSIDE])
def test_an_entry_within_an_entry_keeps_what_its_first_key_made(
    place: str, entry: dict[str, Any], system: dict[str, Any]
):
    before = small_system(**_with_inside(system, place, {"old": entry}))
    after = small_system(**_with_inside(system, place, {"new": {**entry, "formerly": "old"}}))
    assert _as_made(after) == _as_made(before)


def test_within_an_entry_a_former_key_is_checked_alike():
    entries = {"a": {**TOPIC, "formerly": "b"}, "b": {**TOPIC, "to": "b@example.com"}}
    with pytest.raises(StackFileError, match=r"b, which is still in use") as caught:
        small_system(topics={"news": {"subscriptions": entries}})
    assert "topics.news.subscriptions.a.formerly" in str(caught.value)


def test_the_places_within_entries_are_those_that_the_tests_try():
    assert len(nested()) == len(INSIDE)
    tried = {place for place, _, _ in INSIDE}
    untried = [
        place
        for place in nested()
        if not any(re.fullmatch(place.replace(".", r"\.").replace("*", r"[\w-]+"), there)
                   for there in tried)
    ]  # fmt: skip
    assert not untried


WORKER = {"image": IMAGE}
NIGHTLY = {**WORKER, "schedule": "rate(1 hour)"}
STAYS = ("Role", "SecurityGroup", "LogGroup", "TaskDefinition", "RolePolicy")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            {"services": {"worker": WORKER}},
            {"jobs": {"nightly": {**NIGHTLY, "formerly": "services.worker"}}},
        ),
        (
            {"jobs": {"worker": NIGHTLY}},
            {"services": {"worker": {**WORKER, "formerly": "jobs.worker"}}},
        ),
        (
            {"jobs": {"again": {**NIGHTLY, "formerly": "services.worker"}}},
            {"services": {"back": {**WORKER, "formerly": ["worker", "jobs.again"]}}},
        ),
    ],
    ids=["a service becomes a job", "a job becomes a service", "and back"],
)
def test_what_services_and_jobs_both_make_goes_on(before: dict[str, Any], after: dict[str, Any]):
    steps = edited({"network": NETWORK, **before}, {"network": NETWORK, **after})
    shared = {f"{type_} worker{end}" for type_ in STAYS for end in ("", "-task", "-execution")}
    moved = {name: step for name, step in steps.items() if name in shared}
    assert {step.operation for step in moved.values()} <= {"update"}
    assert not any(step.taken or step.taken_along or step.refused for step in steps.values())


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        ({"jobs": {"a": {**NIGHTLY, "formerly": "jobs.b"}}}, "jobs.b"),
        (
            {"jobs": {"a": {**NIGHTLY, "formerly": "services.b"}}, "services": {"b": WORKER}},
            "services.b, which is still in use",
        ),
        (
            {"jobs": {"a": {**NIGHTLY, "formerly": "services.b"}, "b": NIGHTLY}},
            "jobs.b, which is still in use",
        ),
        (
            {
                "jobs": {"a": {**NIGHTLY, "formerly": "services.b"}},
                "services": {"a": {**WORKER, "formerly": "b"}},
            },
            "b, which services.a claims too",
        ),
        (
            {
                "jobs": {
                    "a": {**NIGHTLY, "formerly": "services.b"},
                    "c": {**NIGHTLY, "formerly": "services.b"},
                }
            },
            "b, which jobs.a claims too",
        ),
    ],
)
def test_an_entry_of_another_part_goes_on_as_one_only(parts: dict[str, Any], found: str):
    with pytest.raises(StackFileError) as caught:
        small_system(network=NETWORK, **parts)
    assert f"found    {found}" in str(caught.value)
