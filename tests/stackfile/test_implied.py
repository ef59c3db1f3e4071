"""What a stack file implies is in its settings once, and takes nobody's place."""

from __future__ import annotations

import json
from typing import Any

import pytest

from trellis.stackfile.checks import CHECKS
from trellis.stackfile.context import Context
from trellis.stackfile.implied import implied
from trellis.stackfile.settings import SystemSettings

SITE = {"domain": "app.example.org", "content": {"external": {"repository": "shop/app"}}}
ZONES = {"main": {"domain": "example.org"}}


def settings(**tiers: Any) -> SystemSettings:
    given = {"name": "shop", "environment": "dev", "region": "us-east-1", **tiers}
    return SystemSettings.model_validate_json(json.dumps(given))


def problems(**tiers: Any) -> list[tuple[str, str, str]]:
    return [
        (".".join(map(str, path)), found, hint)
        for check in CHECKS
        for path, found, _, hint in check(settings(**tiers), Context())
    ]


def test_alarms_records_and_sites_bring_topics_and_buckets():
    whole = implied(settings(baseline={}, zones=ZONES, sites={"app": SITE}, buckets={"data": {}}))
    assert list(whole.topics) == ["alerts", "pages"]
    assert list(whole.buckets) == [
        "data",
        "audit-trail",
        "audit-configuration",
        "site-app",
        "access-logs",
    ]


def test_a_second_time_changes_nothing():
    given = settings(
        baseline={},
        zones=ZONES,
        sites={"app": SITE},
        topics={"alerts": {"subscriptions": {"me": {"protocol": "email", "to": "me@shop.dev"}}}},
        monitoring={"subscribers": {"you": {"email": "you@shop.dev", "hears": ["notify"]}}},
        budgets={"all": {"monthly": 10}},
    )
    once = implied(given)
    assert implied(once) == once
    assert once != given


@pytest.mark.parametrize(
    ("key", "part", "tiers"),
    [
        ("audit-trail", "baseline", {"baseline": {}}),
        ("site-app", "sites", {"zones": ZONES, "sites": {"app": SITE}}),
    ],
)
def test_a_bucket_under_the_key_of_one_that_another_part_makes_is_refused(
    key: str, part: str, tiers: dict[str, Any]
):
    expected = (f"buckets.{key}", f"a bucket {key}", f"`{part}` makes it")
    assert expected in problems(buckets={key: {}}, **tiers)


def test_the_name_of_a_bucket_that_another_part_makes_is_taken():
    found = problems(baseline={}, buckets={"mine": {"bucketName": "shop-dev-audit-trail"}})
    assert ("buckets.audit-trail", "the bucket shop-dev-audit-trail", "") in found


@pytest.mark.parametrize(
    ("tiers", "path", "name"),
    [
        (
            {"queues": {"jobs": {}, "jobs-dead-letters": {}}},
            "queues.jobs-dead-letters",
            "the queue shop-dev-jobs-dead-letters",
        ),
        (
            {
                "buckets": {
                    "a": {"replication": {"region": "eu-west-1"}},
                    "b": {"bucketName": "shop-dev-a-eu-west-1"},
                }
            },
            "buckets.b.bucketName",
            "the bucket shop-dev-a-eu-west-1",
        ),
    ],
)
def test_what_a_thing_makes_beside_itself_takes_a_name_too(
    tiers: dict[str, Any], path: str, name: str
):
    assert (path, name, "") in problems(**tiers)
