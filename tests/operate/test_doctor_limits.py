"""Limits that no single count tells: log resource policies, concurrency, vCPUs of tasks."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from tests.operate.conftest import Calls
from trellis.operate import doctor_limits
from trellis.operate.findings import Finding, Status, found
from trellis.operate.planned import Planned
from trellis.planner.recording import Recorded


def looked(planned: Planned, name: str) -> list[Finding]:
    checks = [check for check in doctor_limits.CHECKS if check.name == name]
    assert checks
    return found(checks, planned)


def changed(planned: Planned, type_: str, **inputs: Any) -> Planned:
    """The plan with other inputs in all resources of a type."""

    def other(resource: Recorded) -> Recorded:
        if resource.type != type_:
            return resource
        return dataclasses.replace(resource, inputs={**resource.inputs, **inputs})

    recording = planned.system.recording
    resources = tuple(other(element) for element in recording)
    system = dataclasses.replace(
        planned.system, recording=dataclasses.replace(recording, resources=resources)
    )
    return Planned(system, planned.access)


def there(count: int) -> dict[str, Any]:
    return {"resourcePolicies": [{"policyName": f"other-{at}"} for at in range(count)]}


@pytest.mark.parametrize(("others", "status"), [(0, Status.OK), (9, Status.OK), (10, Status.WRONG)])
def test_an_account_has_ten_log_resource_policies(
    calls: Calls, planned: Planned, others: int, status: Status
):
    names = {
        str(resource.inputs["policyName"])
        for resource in planned.system.recording.of_type(doctor_limits.LOG_POLICY)
    }
    assert len(names) == 1, "the others of ten are somebody else's"
    calls.answer("DescribeResourcePolicies", there(others))
    (finding,) = looked(planned, doctor_limits.LOG_POLICIES)
    assert finding.status is status
    assert finding.message == f"{others} of 10 in us-east-1, the plan adds 1"
    mine = {"resourcePolicies": [{"policyName": name} for name in names]}
    calls.answer("DescribeResourcePolicies", mine)
    assert looked(planned, doctor_limits.LOG_POLICIES)[0].message.endswith("the plan adds 0")


@pytest.mark.parametrize(("free", "status"), [(1000, Status.OK), (120, Status.WRONG)])
def test_lambda_keeps_a_hundred_unreserved(
    calls: Calls, planned: Planned, free: int, status: Status
):
    limits = {"ConcurrentExecutions": 1000, "UnreservedConcurrentExecutions": free}
    calls.answer("GetAccountSettings", {"AccountLimit": limits})
    reserving = changed(planned, doctor_limits.FUNCTION, reservedConcurrentExecutions=10)
    count = len(reserving.system.recording.of_type(doctor_limits.FUNCTION))
    (finding,) = looked(reserving, doctor_limits.CONCURRENCY)
    assert finding.status is status
    assert finding.message.startswith(
        f"the plan reserves {10 * count} more of {free} that are free"
    )
    if status is Status.WRONG:
        wanted = 1000 + 10 * count - free + 100
        assert f"--quota-code L-B99A9384 --desired-value {wanted}" in finding.remedy
    # What stands is not counted twice.
    calls.answer("GetFunctionConcurrency", {"ReservedConcurrentExecutions": 10})
    (finding,) = looked(reserving, doctor_limits.CONCURRENCY)
    assert (finding.status, finding.message[:27]) == (Status.OK, "the plan reserves 0 more of")


def test_vcpus_of_tasks_are_held_against_their_quota(calls: Calls, planned: Planned):
    calls.answer("GetServiceQuota", {"Quota": {"Value": 6}})
    (finding,) = looked(planned, doctor_limits.TASKS)
    assert (finding.status, finding.message) == (Status.OK, "the plan's tasks take 1 of 6")
    assert calls.of("GetServiceQuota")[0] == {"ServiceCode": "fargate", "QuotaCode": "L-3032A538"}
    calls.answer("GetServiceQuota", {"Quota": {"Value": 0}})
    finding = looked(planned, doctor_limits.TASKS)[0]
    assert finding.status is Status.WRONG
    assert "--service-code fargate --quota-code L-3032A538" in finding.remedy


@pytest.mark.parametrize("code", ["AccessDeniedException", "ThrottlingException"])
def test_what_may_not_be_asked_is_unknown(calls: Calls, planned: Planned, code: str):
    for operation in ("DescribeResourcePolicies", "GetAccountSettings", "GetServiceQuota"):
        calls.refuse(operation, code)
    reserving = changed(planned, doctor_limits.FUNCTION, reservedConcurrentExecutions=10)
    findings = found(doctor_limits.CHECKS, reserving)
    assert {finding.status for finding in findings} == {Status.UNKNOWN}
