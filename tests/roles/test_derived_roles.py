"""Roles that follow from plans: enough for what the provider calls, and nothing in vain."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from policies.guardrails.iam.actions import lookup
from policies.guardrails.iam.documents import Kind, parse
from policies.guardrails.iam.escalation import find_escalations
from policies.guardrails.iam.findings import Outcome
from policies.guardrails.iam.permissions import Permissions, RolePolicies, Verdict
from tests.conftest import STACKS
from tests.emulated.recording import calls_for, name_of, recorded_calls
from tests.roles.stacks import STATE, naming_of, recorded, roles_of
from trellis.planner.recording import Recording
from trellis.registry import RESOURCES
from trellis.roles.roles import KINDS, NoRolesError, Roles, derive
from trellis.roles.statements import ATTACHED_LIMIT, MANAGED_LIMIT, Statement, length, policies
from trellis.roles.table import actions_of, types

SPELLED = {
    "budgets:CreateBudget": "budgets:ModifyBudget",
    "budgets:CreateNotification": "budgets:ModifyBudget",
    "budgets:DescribeBudget": "budgets:ViewBudget",
    "budgets:DescribeNotificationsForBudget": "budgets:ViewBudget",
    "budgets:DescribeSubscribersForNotification": "budgets:ViewBudget",
    "cloudfront:CreateDistributionWithTags": "cloudfront:CreateDistribution",
    "lambda:Invoke": "lambda:InvokeFunction",
    "s3:GetBucketAccelerateConfiguration": "s3:GetAccelerateConfiguration",
    "s3:GetBucketEncryption": "s3:GetEncryptionConfiguration",
    "s3:GetBucketLifecycle": "s3:GetLifecycleConfiguration",
    "s3:GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration",
    "s3:PutBucketLifecycleConfiguration": "s3:PutLifecycleConfiguration",
    "s3:GetBucketMetricsConfiguration": "s3:GetMetricsConfiguration",
    "s3:PutBucketMetricsConfiguration": "s3:PutMetricsConfiguration",
    "s3:GetBucketReplication": "s3:GetReplicationConfiguration",
    "s3:GetObjectLockConfiguration": "s3:GetBucketObjectLockConfiguration",
    "s3:GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock",
    "s3:HeadBucket": "s3:ListBucket",
    "s3:HeadObject": "s3:GetObject",
    "s3:PutBucketEncryption": "s3:PutEncryptionConfiguration",
    "s3:PutBucketLifecycle": "s3:PutLifecycleConfiguration",
    "s3:PutObjectLockConfiguration": "s3:PutBucketObjectLockConfiguration",
    "s3:PutPublicAccessBlock": "s3:PutBucketPublicAccessBlock",
}
"""Actions of operations that IAM has another name for ("Actions, resources, and condition keys for
AWS services", 2026-11)."""

OF_ROLES = {"iam:CreateServiceLinkedRole", "iam:PassRole"}
"""Allowed for what the plan hands over, not by a type's row."""

NEEDLESS = frozenset({"iam:GetUser"})
"""The provider asks who it is; where it may not, it goes on (`GetAccountIDAndPartition`)."""


def permissions(statements: list[Statement]) -> Permissions:
    documents = tuple(
        parse(found, f"part {at}", Kind.IDENTITY) for at, found in enumerate(policies(statements))
    )
    return Permissions(RolePolicies(documents))


def test_every_type_that_a_stack_can_make_has_a_row_of_actions_that_iam_has():
    made = {resource for resource in RESOURCES if resource.startswith("aws:")}
    assert sorted(made - types()) == []
    for type_ in types():
        actions = actions_of(type_)
        assert actions, type_
        assert [action for action in actions if lookup(action) is None] == []
        assert "iam:PassRole" not in actions


def test_both_sources_and_neither_alone_fill_the_table():
    table = json.loads((Path("trellis/roles/actions.json")).read_text())
    reasons = {reason for row in table["types"].values() for reason in row["actions"]}
    assert reasons == set(table["reasons"])
    left = {reason for row in table["types"].values() for reason in row.get("left", {})}
    assert left == set(table["left"])


@pytest.mark.parametrize(("project", "stack"), STACKS)
def test_every_role_fits_into_what_aws_takes(project: str, stack: str):
    roles = roles_of(project, stack)
    assert set(roles.statements) <= set(KINDS)
    for statements in roles.statements.values():
        written = policies(statements)
        assert len(written) <= ATTACHED_LIMIT
        assert all(length(file) <= MANAGED_LIMIT for file in written)
    assert length(roles.boundary) <= MANAGED_LIMIT


def spelled(call: str) -> str:
    """IAM's name of an operation."""
    return SPELLED.get(call, call.replace("monitoring:", "cloudwatch:"))


@pytest.mark.parametrize(("project", "stack"), STACKS)
def test_the_deployment_may_call_what_the_provider_calls_in_an_emulator(project: str, stack: str):
    statements = roles_of(project, stack).statements["deploy"]
    allowed = {
        action.lower()
        for statement in statements
        if statement.allows
        for action in statement.actions
    }
    types = {resource.type for resource in recorded(project, stack)}
    called = calls_for(types).values()
    asked = {spelled(call) for calls in called for call in calls} - NEEDLESS
    assert len(asked) > 50
    assert sorted(request for request in asked if request.lower() not in allowed) == []


def test_each_types_row_has_what_the_provider_calls_for_it_in_an_emulator():
    """By type, so that what one type's row lacks is not hidden by another's."""
    lacking: set[tuple[str, str]] = set()
    seen: set[str] = set()
    for by_type in recorded_calls().values():
        for type_, called in by_type.items():
            seen.add(type_)
            row = {action.lower() for action in actions_of(type_)}
            for call in {spelled(element) for element in called} - NEEDLESS - OF_ROLES:
                if call.lower() not in row:
                    lacking.add((type_, call))
    assert len(seen) > 80
    assert sorted(lacking) == []


UNRECORDED = {
    "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock": "its calls can't reach moto",
}
"""Types of which no call was recorded, and why."""


def test_calls_are_recorded_of_every_type_that_a_real_stack_has():
    """Each stack that there is was made (`tests/emulated`)."""
    types = {
        resource.type
        for stack in STACKS
        for resource in recorded(*stack)
        if resource.custom and resource.type.startswith("aws:")
    }
    assert types - calls_for(types).keys() == UNRECORDED.keys()
    assert recorded_calls().keys() == {name_of(*stack) for stack in STACKS}


@pytest.mark.parametrize(("project", "stack"), STACKS)
def test_no_role_gains_privileges(project: str, stack: str):
    roles = roles_of(project, stack)
    for kind, statements in roles.statements.items():
        own = f"arn:aws:iam::{roles.place.account}:role/delivery-{kind}"
        found = find_escalations(permissions(list(statements)), own)
        assert [str(finding) for finding in found if finding.outcome is not Outcome.PASS] == []


def refused(roles: Roles, action: str, resource: str, given: dict[str, str]) -> bool:
    found = permissions(list(roles.statements["deploy"]))
    return found.can(action, resource, given).verdict is not Verdict.ALLOWED


def test_what_is_anothers_is_refused():
    roles = roles_of(".", "dev")
    place = f"us-east-1:{roles.place.account}"
    mine = {"aws:ResourceTag/System": "clubapp", "aws:ResourceTag/Environment": "dev"}
    others = {**mine, "aws:ResourceTag/Environment": "prod"}
    group = f"arn:aws:ec2:{place}:security-group/sg-1"
    queue = f"arn:aws:sqs:{place}:clubapp-prod-mail"
    assert refused(roles, "sqs:DeleteQueue", queue, {})
    assert refused(roles, "ec2:DeleteSecurityGroup", group, others)
    assert not refused(roles, "ec2:DeleteSecurityGroup", group, mine)
    assert refused(roles, "ec2:CreateTags", group, {**others, "aws:RequestTag/System": "clubapp"})
    assert refused(roles, "iam:PassRole", f"arn:aws:iam::{roles.place.account}:role/Admin", {})
    assert refused(roles, "secretsmanager:GetSecretValue", "arn:aws:secretsmanager:::secret:x", {})


def test_a_role_is_made_with_the_boundary_alone_which_nobody_takes_off():
    roles = roles_of(".", "dev")
    account = roles.place.account
    role = f"arn:aws:iam::{account}:role/clubapp-dev-new"
    bound = {"iam:PermissionsBoundary": f"arn:aws:iam::{account}:policy/boundary-clubapp-dev"}
    assert not refused(roles, "iam:CreateRole", role, bound)
    assert refused(roles, "iam:CreateRole", role, {})
    assert refused(roles, "iam:PutRolePolicy", role, {})
    assert refused(roles, "iam:DeleteRolePermissionsBoundary", role, bound)
    policy = bound["iam:PermissionsBoundary"]
    assert refused(roles, "iam:CreatePolicyVersion", policy, {})


def test_roles_are_passed_to_the_services_that_they_trust_and_to_no_other():
    roles = roles_of(".", "dev")
    passed = [
        element for element in roles.statements["deploy"] if element.actions == ("iam:PassRole",)
    ]
    assert passed
    for entry in passed:
        assert all("*" not in arn for arn in entry.resources)
        assert entry.conditions is not None
        assert entry.conditions["StringEquals"]["iam:PassedToService"]


def test_the_service_role_pushes_registers_and_updates_and_no_more():
    statements = roles_of(".", "dev").statements["service"]
    by_sid = {statement.sid: statement for statement in statements}
    account = "arn:aws:ecs:us-east-1:123456789012"
    assert by_sid["Push"].resources == (
        "arn:aws:ecr:us-east-1:123456789012:repository/clubapp-backend",
    )
    assert by_sid["Update"].resources == (f"{account}:service/clubapp-dev-ecs/clubapp-dev-svc",)
    assert by_sid["Register"].resources == (f"{account}:task-definition/clubapp-backend-task:*",)
    assert len(by_sid["PassRoles"].resources) == 2
    assert {"Push", "Update", "Register", "PassRoles", "SignIn", "SeeTasks", "GoBack"} == set(
        by_sid
    )


def test_drift_reads_and_the_state_is_written_by_deployments_alone():
    roles = roles_of(".", "dev")
    for statement in roles.statements["drift"]:
        if statement.sid == "StateKey":
            continue
        for name in statement.actions:
            found = lookup(name)
            assert found is not None
            assert found.level.value in ("Read", "List"), name
    deploys = {
        a
        for element in roles.statements["deploy"]
        if element.sid == "State"
        for a in element.actions
    }
    assert "s3:PutObject" in deploys
    keys = {r for element in roles.statements["drift"] for r in element.resources if ":kms:" in r}
    assert STATE.key_arn in keys


def test_state_and_stack_key_are_opened_by_the_engine_itself_too():
    roles = roles_of(".", "dev")
    key = str(STATE.key_arn)
    for kind, may_write in (("deploy", True), ("drift", False)):
        found = permissions(list(roles.statements[kind]))
        # The engine asks KMS itself, through no service: a condition on one would refuse it.
        assert found.can("kms:Decrypt", key, {}).verdict is Verdict.ALLOWED
        makes = found.can("kms:GenerateDataKey", key, {}).verdict is Verdict.ALLOWED
        assert makes == may_write


LOOKS = {
    "acm:ListCertificates": "*",
    "acm:DescribeCertificate": "arn:aws:acm:us-east-1:{account}:certificate/x",
    "cloudwatch:DescribeAlarms": "arn:aws:cloudwatch:us-east-1:{account}:alarm:clubapp-dev-x",
    "cloudwatch:ListDashboards": "*",
    "ecs:DescribeServices": "{service}",
    "ecs:DescribeServiceDeployments": "{deployment}",
    "ecs:DescribeTasks": "arn:aws:ecs:us-east-1:{account}:task/clubapp-dev-ecs/x",
    "ecs:ListServiceDeployments": "{service}",
    "ecs:ListTasks": "*",
    "elasticloadbalancing:DescribeTargetGroups": "*",
    "elasticloadbalancing:DescribeTargetHealth": "*",
    "logs:DescribeLogStreams": "arn:aws:logs:us-east-1:{account}:log-group:/clubapp/dev/backend:*",
    "secretsmanager:DescribeSecret":
        "arn:aws:secretsmanager:us-east-1:{account}:secret:clubapp/dev/stripe-aBcDeF",
}  # fmt: skip
"""What `trellis smoke` and `trellis diagnose` ask, of what."""


@pytest.mark.parametrize("action", LOOKS)
def test_the_deployment_may_look_whether_it_worked_and_why_not(action: str):
    roles = roles_of(".", "dev")
    account = roles.place.account
    service = f"arn:aws:ecs:us-east-1:{account}:service/clubapp-dev-ecs/clubapp-dev-svc"
    resource = LOOKS[action].format(
        account=account, service=service,
        deployment=f"{service.replace(':service/', ':service-deployment/')}/x",
    )  # fmt: skip
    cluster = f"arn:aws:ecs:us-east-1:{account}:cluster/clubapp-dev-ecs"
    mine = {"aws:ResourceTag/System": "clubapp", "aws:ResourceTag/Environment": "dev"}
    assert not refused(roles, action, resource, {**mine, "ecs:cluster": cluster})


@pytest.mark.parametrize(("project", "stack"), STACKS)
def test_a_stack_whose_roles_have_no_boundary_is_shown_the_same_roles_and_what_to_set(
    project: str, stack: str
):
    def of(mode: str) -> Recording:
        return recorded(project, stack, "deployed" if mode == "deployed" else "preview")

    naming = naming_of(of("deployed"))
    found = derive(of, naming, "aws", STATE)
    bound = roles_of(project, stack)
    assert found.as_json() == bound.as_json()
    assert bound.ready() is bound
    own = f"set `permissionsBoundary: boundary-{naming.system}-{naming.environment}`"
    assert own in str(found.lacks())
    with pytest.raises(NoRolesError, match="may make or change no role without it"):
        found.ready()


def test_a_linked_role_that_the_stack_makes_itself_may_be_made():
    for project, stack in ((".", "prod"), ("systems/engify", "prod")):
        linked = recorded(project, stack).of_type("aws:iam/serviceLinkedRole:ServiceLinkedRole")
        named = {str(resource.inputs["awsServiceName"]) for resource in linked}
        (statement,) = [
            element
            for element in roles_of(project, stack).statements["deploy"]
            if element.actions == ("iam:CreateServiceLinkedRole",)
        ]
        assert statement.conditions is not None
        assert named <= set(statement.conditions["StringEquals"]["iam:AWSServiceName"])
