"""When a change in place breaks connections, and what of it waits for somebody."""

from __future__ import annotations

from typing import Any

import pytest

from testing.small_systems import CACHE, DATABASE, NETWORK
from tests.planner.edits import edited
from trellis.compare.meaning import words

pytestmark = pytest.mark.long

WINDOW = {"maintenanceWindow": "sun:04:00-sun:05:00"}
LATER = {"maintenanceWindow": "sun:08:00-sun:09:00"}
"""Of a cache, whose snapshots are made before."""
CLUSTER = {"engine": "aurora-postgresql", "version": "16", "instanceClass": "db.r8g.large"}
OPERATOR = {
    "masterPassword": "operator",
    "masterSecretArn": "arn:aws:secretsmanager:us-east-1:123456789012:secret:shop/master-AbCdEf",
}
STATIC, DYNAMIC = "max_connections", "log_min_duration_statement"


def lines_of(
    part: str, thing: str, before: dict[str, Any], change: dict[str, Any], profile: str
) -> str:
    """What `trellis compare` says of one resource when one entry changes."""
    steps = edited(
        *({"network": NETWORK, "profile": profile, part: {"main": entry}}
          for entry in (before, {**before, **change}))
    )  # fmt: skip
    assert steps[thing].operation == "update", list(steps)
    return " ".join(words(steps[thing]))


PRODUCTION, DEVELOPMENT = "production", "development"


@pytest.mark.parametrize(
    ("part", "thing", "before", "change", "profile", "expected"),
    [
        ("databases", "Instance main", DATABASE | WINDOW, {"instanceClass": "db.m7g.large"},
         PRODUCTION, "fails over to its standby, which takes a minute or two, in its next "
                     "maintenance window (sun:04:00-sun:05:00 UTC), not in this update"),
        ("databases", "Instance main", DATABASE | WINDOW | {"version": "17.7"},
         {"version": "17.8"}, PRODUCTION, "restarts in its next maintenance window"),
        ("databases", "Instance main", DATABASE, {"instanceClass": "db.t4g.large"}, DEVELOPMENT,
         "restarts during this update"),
        ("databases", "Instance main", DATABASE | {"applyImmediately": True},
         {"instanceClass": "db.m7g.large"}, PRODUCTION, "minute or two, during this update"),
        ("databases", "Instance main", DATABASE | OPERATOR | {"blueGreen": True},
         {"instanceClass": "db.m7g.large"}, PRODUCTION, "switches over to it during this update"),
        ("databases", "Cluster main", CLUSTER | {"version": "16.6"}, {"version": "16.8"},
         PRODUCTION, "restarts in its next maintenance window"),
        ("databases", "ClusterInstance main-first", CLUSTER, {"instanceClass": "db.r8g.xlarge"},
         PRODUCTION, "this member of the cluster restarts in its next"),
        ("databases", "ParameterGroup main-postgres17", DATABASE, {"parameters": {STATIC: "300"}},
         PRODUCTION, f"waits: {STATIC} changes when the database restarts"),
        ("databases", "ParameterGroup main-postgres17",
         DATABASE | {"parameters": {STATIC: "300"}}, {"parameters": {}},
         PRODUCTION, f"waits: {STATIC} changes when the database restarts"),
        ("databases", "Instance main", DATABASE, {"port": 5433}, PRODUCTION,
         "with the former port is cut off until it has the other one"),
        ("databases", "Instance main", DATABASE | WINDOW, {"name": "orders"}, PRODUCTION,
         "under its other name in its next maintenance window (sun:04:00-sun:05:00 UTC), not in "
         "this update; who uses it is told of the other endpoint by `pulumi refresh`"),
        ("caches", "ReplicationGroup main", CACHE | LATER, {"nodeType": "cache.m7g.large"},
         PRODUCTION, "its primary moves to another node in its next maintenance window (sun:08"),
        ("caches", "ReplicationGroup main", CACHE | {"version": "7.0"}, {"version": "7.1"},
         PRODUCTION, "its primary moves to another node in its next"),
        ("caches", "ReplicationGroup main", CACHE | {"version": "7.0", "nodes": 1},
         {"version": "7.1"}, DEVELOPMENT, "its only node is away while the version is installed, "
                                          "during this update"),
    ],
)  # fmt: skip
def test_what_breaks_connections_says_when(
    part: str, thing: str, before: dict[str, Any], change: dict[str, Any], profile: str,
    expected: str,
):  # fmt: skip
    assert expected in lines_of(part, thing, before, change, profile)


@pytest.mark.parametrize(
    ("part", "thing", "before", "change"),
    [
        ("databases", "Instance main", DATABASE, {"multiAz": False}),
        ("databases", "Instance main", DATABASE, {"minorUpgrades": False}),
        ("databases", "ParameterGroup main-postgres17", DATABASE, {"parameters": {DYNAMIC: "500"}}),
        ("caches", "ReplicationGroup main", CACHE, {"snapshots": {"retentionDays": 30}}),
    ],
)
def test_what_breaks_none_says_nothing(
    part: str, thing: str, before: dict[str, Any], change: dict[str, Any]
):
    found = lines_of(part, thing, before, change, PRODUCTION)
    assert "downtime" not in found
    assert "waits" not in found


def test_a_nat_gateway_that_goes_breaks_what_goes_through_it():
    before, after = ({"network": {**NETWORK, "nat": nat}} for nat in ("perZone", "single"))
    steps = edited(before, after)
    gone = [step for name, step in steps.items() if name.startswith("NatGateway")]
    assert gone
    assert all("connections through it break" in words(step) for step in gone)
    routes = [step for name, step in steps.items() if name.startswith("Route ")]
    assert routes
    assert all("connections that are open break" in " ".join(words(step)) for step in routes)


SERVICE = {
    "image": {"uri": f"123456789012.dkr.ecr.us-east-1.amazonaws.com/web@sha256:{'0' * 64}"},
    "port": 8080,
    "routes": [{"host": "api.shop.example"}],
}
CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"


def group_words(health: dict[str, Any]) -> str:
    """What is said of a service's target group when its health check changes to this."""
    before, after = (
        {
            "network": NETWORK,
            "loadBalancers": {
                "alb": {"accessLogs": "none", "certificates": [{"arn": CERTIFICATE}]}
            },
            "services": {"web": {**SERVICE, "health": checks}},
        }
        for checks in ({"path": "/health"}, {"path": "/health", **health})
    )
    steps = edited(before, after)
    return " ".join(
        " ".join(words(step)) for name, step in steps.items() if name.startswith("TargetGroup")
    )


@pytest.mark.parametrize(
    ("health", "expected"),
    [
        ({"path": "/ready"}, "has to answer at /ready too"),
        ({"codes": "204"}, "has to answer with 204 too"),
        ({"path": "/ready", "port": 9000}, "has to answer at /ready and on port 9000 too"),
        ({"interval": 20}, ""),
    ],
)
def test_what_still_runs_is_checked_as_its_successor_is(health: dict[str, Any], expected: str):
    found = group_words(health)
    assert expected in found
    assert bool(expected) == ("at once" in found)


def test_rights_that_go_before_what_has_them_are_named():
    tables = {key: {"partitionKey": {"name": "id"}} for key in ("old", "new", "both")}
    before, after = (
        {
            "network": NETWORK,
            "tables": tables,
            "services": {"web": {"image": SERVICE["image"], "uses": uses}},
        }
        for uses in (
            [{"table": "old"}, {"table": "both", "access": "readWrite"}],
            [{"table": "new"}, {"table": "both", "access": "read"}],
        )
    )
    found = " ".join(words(edited(before, after)["RolePolicy web-task"]))
    assert "at once: what still runs may no longer " in found
    assert "table/shop-dev-old" in found
    assert "dynamodb:PutItem" in found
    assert "shop-dev-new" not in found
    back = " ".join(words(edited(after, {**after, "services": {"web": {
        **after["services"]["web"], "uses": [*after["services"]["web"]["uses"], {"table": "old"}],
    }}})["RolePolicy web-task"]))  # fmt: skip
    assert "no longer" not in back
