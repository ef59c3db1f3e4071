"""What doctor asks of a larger stack: endpoint services, cache versions, mail and cost tags."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.operate.conftest import Calls
from trellis.operate import doctor_data, doctor_names
from trellis.operate.findings import Check, Finding, Status, found
from trellis.operate.planned import Planned

ZONES = ["us-east-1a", "us-east-1b"]


def looked(planned: Planned, name: str) -> list[Finding]:
    checks: list[Check[Planned]] = [*doctor_data.CHECKS, *doctor_names.CHECKS]
    return found([check for check in checks if check.name == name], planned)


def services(asked: dict[str, Any], zones: list[str]) -> Any:
    (names,) = (element["Values"] for element in asked["Filters"])
    return {"ServiceDetails": [{"ServiceName": name, "AvailabilityZones": zones} for name in names]}


def test_endpoint_services_are_in_the_networks_zones(calls: Calls, planned: Planned):
    calls.answer("DescribeVpcEndpointServices", lambda asked: services(asked, ZONES))
    (fine,) = looked(planned, doctor_data.ENDPOINTS)
    assert fine.status is Status.OK
    calls.answer("DescribeVpcEndpointServices", lambda asked: services(asked, ZONES[:1]))
    short = looked(planned, doctor_data.ENDPOINTS)
    assert {finding.status for finding in short} == {Status.WRONG}
    assert all("is not in us-east-1b" in finding.message for finding in short)


@pytest.mark.parametrize(
    ("offered", "status"),
    [(["7.1", "6.2"], Status.OK), (["7.1.0"], Status.OK), (["6.2", "7.10"], Status.WRONG)],
)
def test_cache_versions(calls: Calls, planned: Planned, offered: list[str], status: Status):
    versions = [{"EngineVersion": version} for version in offered]
    calls.answer("DescribeCacheEngineVersions", {"CacheEngineVersions": versions})
    (cache,) = looked(planned, doctor_data.CACHES)
    assert cache.status is status


def test_mail_in_the_sandbox_and_an_identity_that_is_not_verified(calls: Calls, planned: Planned):
    calls.answer("GetAccount", {"ProductionAccessEnabled": False})
    calls.answer("GetEmailIdentity", {"VerifiedForSendingStatus": False})
    sandbox, identity = looked(planned, doctor_names.MAIL)
    assert (sandbox.status, identity.status) == (Status.WARNING, Status.WARNING)
    assert identity.message == "desh.co is not verified yet"
    calls.answer("GetAccount", {"ProductionAccessEnabled": True})
    calls.refuse("GetEmailIdentity", "NotFoundException")
    account, identity = looked(planned, doctor_names.MAIL)
    assert (account.status, identity.status) == (Status.OK, Status.OK)
    assert identity.message == "desh.co is made by the first `up`"


def test_a_user_pool_waits_for_the_domain_that_it_sends_as(calls: Calls, planned: Planned):
    recording = planned.system.recording
    (identity,) = recording.of_type("aws:sesv2/emailIdentity:EmailIdentity")
    sending = {"emailSendingAccount": "DEVELOPER", "sourceArn": identity.outputs["arn"]}
    pool = replace(
        identity,
        urn=f"{identity.urn}-pool",
        type="aws:cognito/userPool:UserPool",
        inputs={"emailConfiguration": sending},
    )
    system = replace(
        planned.system,
        recording=replace(recording, resources=(*recording.resources, pool)),
    )
    with_pool = replace(planned, system=system)
    calls.answer("GetAccount", {"ProductionAccessEnabled": True})
    calls.answer("GetEmailIdentity", {"VerifiedForSendingStatus": False})
    _, unverified = looked(with_pool, doctor_names.MAIL)
    assert unverified.status is Status.WARNING
    assert unverified.message.endswith("AWS refuses user pools that send as it")
    calls.refuse("GetEmailIdentity", "NotFoundException")
    _, absent = looked(with_pool, doctor_names.MAIL)
    assert absent.status is Status.WARNING
    assert "run `up` again" in absent.remedy
    calls.answer("GetEmailIdentity", {"VerifiedForSendingStatus": True})
    _, fine = looked(with_pool, doctor_names.MAIL)
    assert fine.status is Status.OK


def test_budgets_count_by_tags_that_the_account_has_activated(calls: Calls, planned: Planned):
    active = [{"TagKey": "Environment"}]
    calls.answer("ListCostAllocationTags", {"CostAllocationTags": active})
    (tags,) = looked(planned, doctor_names.COST_TAGS)
    assert tags.status is Status.WARNING
    assert tags.message == "System is not active: budgets of this stack count nothing"
    assert calls.of("ListCostAllocationTags")[0]["TagKeys"] == ["Environment", "System"]
    calls.answer("ListCostAllocationTags", {"CostAllocationTags": [*active, {"TagKey": "System"}]})
    (tags,) = looked(planned, doctor_names.COST_TAGS)
    assert tags.status is Status.OK
