"""The shortest stack file of a whole application passes the pack, every setting its default."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any

import pytest

from policies.guardrails.run import analyse
from tests.components.small_systems import small_system
from trellis.planner.evidence import evidence
from trellis.planner.record import Recording

TODAY = dt.date(2026, 11, 21)
PARTS: dict[str, Any] = {
    "network": {"zones": 2},
    "zones": {"main": {"domain": "example.com"}},
    "buckets": {"files": {}},
    "loadBalancers": {"public": {}},
    "sites": {"www": {"domain": "www.example.com", "content": {"bucket": "files"}}},
    "services": {
        "web": {
            "image": {"repository": "web", "digest": f"sha256:{'a' * 64}"},
            "port": 8080,
            "routes": [{"host": "api.example.com"}],
        }
    },
}


@cache
def system(profile: str) -> Recording:
    return small_system(profile=profile, **PARTS)


@pytest.mark.parametrize("profile", ["development", "production"])
def test_a_file_of_defaults_passes(profile: str):
    report = analyse(evidence(system(profile)), today=TODAY)
    failed = {(one.control.id, one.resource) for one in report.findings if one.blocks}
    assert failed == set()


def test_all_access_logs_go_into_the_bucket_that_is_made_for_them():
    made = system("development")
    name = made.one("aws:s3/bucket:Bucket", "access-logs").inputs["bucket"]
    (logged,) = made.of_type("aws:s3/bucketLogging:BucketLogging")
    assert (logged.name, logged.inputs["targetBucket"]) == ("files", name)
    (balancer,) = made.of_type("aws:lb/loadBalancer:LoadBalancer")
    assert balancer.inputs["accessLogs"]["bucket"] == name
    (target,) = made.of_type("aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination")
    assert name in target.inputs["deliveryDestinationConfiguration"]["destinationResourceArn"]


def test_a_bucket_for_logs_of_ones_own_is_the_only_one():
    own = {**PARTS["buckets"], "logs": {"purpose": "logs", "receives": ["loadBalancers"]}}
    parts = {**PARTS, "buckets": own}
    del parts["sites"]
    buckets = small_system(**parts).of_type("aws:s3/bucket:Bucket")
    assert {bucket.name for bucket in buckets} == {"files", "logs"}


def test_whoever_wants_no_log_has_no_bucket_for_it():
    made = small_system(buckets={"files": {"accessLogs": "none"}})
    assert {resource.name for resource in made.of_type("aws:s3/bucket:Bucket")} == {"files"}
