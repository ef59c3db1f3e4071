"""What `trellis doctor` says that a principal may not, by IAM's simulation, before anything."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.operate.conftest import Calls, Ran, simulated
from trellis.operate.access import Access
from trellis.operate.doctor_permissions import CHECK, permissions, principal_of
from trellis.operate.findings import Check, Finding, Status, found
from trellis.operate.planned import Planned
from trellis.operate.system import System

SIMULATION = "SimulatePrincipalPolicy"
ROLE = "arn:aws:iam::123456789012:role/pipelines/deploy"


@pytest.fixture
def planned(calls: Calls, access: Access, system: System) -> Planned:
    return Planned(system, access)


def looked(planned: Planned, named: str | None = None) -> list[Finding]:
    return found([Check[Planned](CHECK, lambda asked: permissions(asked, named))], planned)


def as_caller(planned: Planned, arn: str) -> Planned:
    access = planned.access
    return Planned(planned.system, Access(access.session, access.region, access.account, arn))


def test_a_principal_who_may_everything(calls: Calls, planned: Planned):
    calls.answer(SIMULATION, simulated({}))
    (finding,) = looked(planned, ROLE)
    assert finding.status is Status.OK
    assert finding.message.startswith(f"{ROLE} may make all ")
    asked = calls.of(SIMULATION)
    assert {request["PolicySourceArn"] for request in asked} == {ROLE}
    names = {name for request in asked for name in request["ActionNames"]}
    assert {"rds:CreateDBInstance", "lambda:CreateFunction", "iam:PassRole"} <= names
    assert all(len(request["ActionNames"]) <= 100 for request in asked)
    assert all(len(request["ResourceArns"]) <= 20 for request in asked)
    assert len(asked) < 100, "what is alike is asked in one call"


def test_the_simulation_is_told_tags_services_and_ids_of_the_plan(calls: Calls, planned: Planned):
    calls.answer(SIMULATION, simulated({}))
    looked(planned, ROLE)
    entries = {
        (entry["ContextKeyName"], *entry["ContextKeyValues"])
        for asked in calls.of(SIMULATION)
        for entry in asked["ContextEntries"]
    }
    assert ("aws:RequestTag/System", "shop") in entries
    assert ("aws:ResourceTag/Environment", "dev") in entries
    assert ("iam:PassedToService", "lambda.amazonaws.com") in entries
    resources = {arn for asked in calls.of(SIMULATION) for arn in asked["ResourceArns"]}
    assert "arn:aws:s3:::shop-dev-assets" in resources
    kinds = {
        entry["ContextKeyType"]
        for asked in calls.of(SIMULATION)
        for entry in asked["ContextEntries"]
        if entry["ContextKeyName"] == "kms:GrantIsForAWSResource"
    }
    assert kinds == {"boolean"}


def test_each_action_that_is_lacking_is_named_with_resource_and_line(
    calls: Calls, planned: Planned
):
    refused = {"rds:CreateDBInstance": "implicitDeny", "s3:CreateBucket": "explicitDeny"}
    calls.answer(SIMULATION, simulated(refused))
    database, bucket = looked(planned, ROLE)
    assert database.status is bucket.status is Status.WRONG
    assert database.message.startswith(f"{ROLE} may not rds:CreateDBInstance on arn:aws:rds:")
    assert database.place == "Pulumi.dev.yaml:8 (databases.main)"
    assert "arn:aws:s3:::shop-dev-assets" in bucket.message
    assert bucket.message.endswith("(a policy denies it)")


def test_of_several_resources_those_that_are_refused_are_named(calls: Calls, planned: Planned):
    def answer(asked: dict[str, Any]) -> Any:
        found = simulated({})(asked)
        for result in found["EvaluationResults"]:
            for element in result["ResourceSpecificResults"]:
                if "shop-dev-logs" in element["EvalResourceName"]:
                    element["EvalResourceDecision"] = result["EvalDecision"] = "implicitDeny"
        return found

    calls.answer(SIMULATION, answer)
    findings = looked(planned, ROLE)
    assert findings
    denied = [finding for finding in findings if "s3:CreateBucket on" in finding.message]
    assert all("shop-dev-assets" not in text.message for text in denied)


def test_an_organisation_and_a_boundary_are_told_apart(calls: Calls, planned: Planned):
    def answer(asked: dict[str, Any]) -> Any:
        results = simulated({"rds:CreateDBInstance": "implicitDeny"})(asked)["EvaluationResults"]
        for result in results:
            if result["EvalDecision"] != "allowed":
                result[detail] = {allowed: False}
        return {"IsTruncated": False, "EvaluationResults": results}

    calls.answer(SIMULATION, answer)
    detail, allowed = "OrganizationsDecisionDetail", "AllowedByOrganizations"
    assert "(a policy of the organisation denies it)" in looked(planned, ROLE)[0].message
    detail, allowed = "PermissionsBoundaryDecisionDetail", "AllowedByPermissionsBoundary"
    assert "(the principal's boundary denies it)" in looked(planned, ROLE)[0].message


def test_many_that_are_lacking_are_counted(calls: Calls, planned: Planned):
    def nothing(asked: dict[str, Any]) -> Any:
        return simulated(dict.fromkeys(asked["ActionNames"], "implicitDeny"))(asked)

    calls.answer(SIMULATION, nothing)
    findings = looked(planned, ROLE)
    assert len(findings) == 21
    assert findings[-1].message.startswith("and ")
    assert "s3:CreateBucket" in findings[-1].message


@pytest.mark.parametrize(
    ("code", "status", "message", "remedy"),
    [
        ("AccessDenied", Status.UNKNOWN, "may not call SimulatePrincipalPolicy", "--check FILE"),
        ("Throttling", Status.UNKNOWN, "AWS was asked too often", "run the command again"),
        ("NoSuchEntity", Status.WRONG, f"there is no {ROLE}", "--principal ARN"),
    ],
)
def test_what_could_not_be_simulated_is_said(
    calls: Calls, planned: Planned, code: str, status: Status, message: str, remedy: str
):
    calls.refuse(SIMULATION, code)
    (finding,) = looked(planned, ROLE)
    assert finding.status is status
    assert message in finding.message
    assert remedy in finding.remedy


def test_a_throttled_simulation_half_way_is_no_half_answer(calls: Calls, planned: Planned):
    count = 0
    whole = simulated({"rds:CreateDBInstance": "implicitDeny"})

    def later(asked: dict[str, Any]) -> Any:
        nonlocal count
        count += 1
        if count > 5:
            calls.refuse(SIMULATION, "Throttling")
            return calls.answers[SIMULATION](asked)
        return whole(asked)

    calls.answer(SIMULATION, later)
    (finding,) = looked(planned, ROLE)
    assert finding.status is Status.UNKNOWN


def test_a_sessions_role_is_looked_up_with_its_path(calls: Calls, planned: Planned):
    session = as_caller(planned, "arn:aws:sts::123456789012:assumed-role/deploy/run-1")
    calls.answer("GetRole", {"Role": {"Arn": ROLE}})
    assert principal_of(session.access).arn == ROLE
    calls.refuse("GetRole", "AccessDenied")
    assert principal_of(session.access).arn == "arn:aws:iam::123456789012:role/deploy"


def test_callers_of_whom_there_are_no_policies(calls: Calls, planned: Planned):
    (root,) = looked(as_caller(planned, "arn:aws:iam::123456789012:root"))
    assert (root.status, root.message) == (
        Status.WARNING,
        "the caller is the account's root user, whom no policy holds back",
    )
    (federated,) = looked(as_caller(planned, "arn:aws:sts::123456789012:federated-user/x"))
    assert federated.status is Status.UNKNOWN
    assert "--principal ARN" in federated.remedy
    assert not calls.of(SIMULATION)


def test_the_command_takes_the_principal(calls: Calls, trellis: Callable[..., Ran]):
    calls.answer(SIMULATION, simulated({"s3:CreateBucket": "implicitDeny"}))
    calls.answer("GetServiceQuota", {"Quota": {"Value": 50}})
    calls.answer("DescribeOrderableDBInstanceOptions", {"OrderableDBInstanceOptions": []})
    ran = trellis("doctor", "dev", "--principal", ROLE)
    assert ran.code == 1
    assert f"WRONG   permissions: {ROLE} may not s3:CreateBucket on arn:aws:s3:::" in ran.out
