"""Lifecycles: the order and the days that S3 asks for, and nothing it would refuse."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import ValidationError

from components.bucket.companions import lifecycle_rules
from components.bucket.settings import BucketSettings


def bucket(**given: Any) -> BucketSettings:
    return BucketSettings.model_validate_json(json.dumps(given))


def lifecycle(*steps: dict[str, Any]) -> BucketSettings:
    return bucket(lifecycle=list(steps))


def to(storage: str, days: int, **more: Any) -> dict[str, Any]:
    return {"afterDays": days, "to": storage, **more}


def gone(days: int, **more: Any) -> dict[str, Any]:
    return {"afterDays": days, "expire": True, **more}


@pytest.mark.parametrize(
    "steps",
    [
        [to("infrequentAccess", 30)],
        [to("infrequentAccess", 30), to("glacier", 60)],
        [to("infrequentAccess", 30), to("intelligentTiering", 60), to("glacier", 61)],
        [to("oneZone", 30), to("glacier", 60), to("deepArchive", 150)],
        [to("intelligentTiering", 0), to("oneZone", 30), to("deepArchive", 60)],
        [to("infrequentAccess", 30), to("glacierInstant", 60), gone(150)],
        [to("glacier", 0), gone(90)],
        [to("glacier", 365), gone(2555)],
        [to("glacierInstant", 0), to("glacier", 90), to("deepArchive", 180), gone(360)],
        [to("intelligentTiering", 0), gone(1)],
        [to("glacier", 1, prefix="raw/"), to("deepArchive", 0)],
        [gone(30)],
        [to("glacier", 30, versions="noncurrent"), gone(2555, versions="noncurrent")],
    ],
)
def test_a_lifecycle_that_s3_takes_is_taken(steps: list[dict[str, Any]]):
    assert len(lifecycle(*steps).lifecycle) == len(steps)


@pytest.mark.parametrize(
    ("steps", "allowed"),
    [
        ([to("infrequentAccess", 29)], "infrequentAccess after 30 days or more"),
        ([to("oneZone", 7)], "oneZone after 30 days or more"),
        ([to("infrequentAccess", 30), to("glacier", 59)], "glacier after 60 days or more"),
        ([to("glacier", 10), to("infrequentAccess", 40)], "only deepArchive"),
        ([to("deepArchive", 0), to("glacier", 200)], "nothing after deepArchive"),
        ([to("oneZone", 30), to("glacierInstant", 90)], "oneZone only glacier or deepArchive"),
        (
            [
                to("oneZone", 30, versions="noncurrent"),
                to("glacierInstant", 90, versions="noncurrent"),
            ],
            "noncurrent versions: after oneZone only glacier or deepArchive",
        ),
        ([to("oneZone", 30), to("intelligentTiering", 90)], "oneZone only glacier"),
        ([to("intelligentTiering", 0), to("infrequentAccess", 60)], "only oneZone or glacierInst"),
        ([to("glacier", 10), to("glacier", 120)], "after glacier only deepArchive"),
        ([to("glacier", 10), to("deepArchive", 99)], "deepArchive after 100 days"),
        ([to("glacier", 0), gone(7)], "expiry after 90 days or more: glacier is billed for 90"),
        ([to("deepArchive", 10), gone(100)], "expiry after 190 days"),
        ([gone(30), gone(60)], "one `expire`"),
        ([to("oneZone", 30, versions="noncurrent"), gone(31, versions="noncurrent")], "60 days"),
        ([{"afterDays": 3}], "either `to` or `expire: true`"),
        ([to("glacier", 3, expire=True)], "either `to` or `expire: true`"),
        ([gone(0)], "`afterDays: 1` or more"),
        ([to("cold", 3)], "glacier"),
    ],
)
def test_a_lifecycle_that_s3_refuses_is_refused_with_what_is_allowed(
    steps: list[dict[str, Any]], allowed: str
):
    with pytest.raises(ValidationError, match=allowed):
        lifecycle(*steps)


def test_the_rules_of_current_and_replaced_versions_stand_apart():
    settings = lifecycle(
        gone(2555),
        to("glacier", 365),
        to("glacier", 30, versions="noncurrent"),
        gone(2555, versions="noncurrent"),
    )
    assert lifecycle_rules(settings) == [
        {
            "id": "unfinished-uploads",
            "status": "Enabled",
            "filter": {"prefix": ""},
            "abort_incomplete_multipart_upload": {"days_after_initiation": 7},
        },
        {
            "id": "objects",
            "status": "Enabled",
            "filter": {"prefix": ""},
            "transitions": [{"days": 365, "storage_class": "GLACIER"}],
            "noncurrent_version_transitions": [{"noncurrent_days": 30, "storage_class": "GLACIER"}],
            "expiration": {"days": 2555},
            "noncurrent_version_expiration": {"noncurrent_days": 2555},
        },
    ]


def test_replaced_versions_go_after_ninety_days_where_nobody_says_otherwise():
    (_, objects) = lifecycle_rules(bucket())
    assert objects["noncurrent_version_expiration"] == {"noncurrent_days": 90}
    assert len(lifecycle_rules(bucket(expireNoncurrentDays="never"))) == 1


def test_a_prefix_keeps_its_rule_when_another_comes():
    raw = lifecycle_rules(lifecycle(gone(30, prefix="raw/")))
    both = lifecycle_rules(lifecycle(gone(10, prefix="big/"), gone(30, prefix="raw/")))
    (before,) = (prefix for prefix in raw if prefix["id"] == "objects-raw/")
    assert before in both
