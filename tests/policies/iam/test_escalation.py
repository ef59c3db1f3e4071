"""Privilege escalation: every method of the dated table, no false alarm, and chains of roles."""

from __future__ import annotations

import datetime as dt
import time

import pytest
from statements import ACCOUNT, allow, deny, document, identity, outcome, permissions, trusting

from policies.guardrails.iam.actions import lookup
from policies.guardrails.iam.escalation import (
    Account,
    AccountRole,
    find_escalations,
    find_role_chains,
)
from policies.guardrails.iam.escalation_methods import AS_OF, METHODS, Category
from policies.guardrails.iam.findings import Outcome
from policies.guardrails.iam.managed_policies import document_of
from policies.guardrails.iam.permissions import Permissions, role_policies
from policies.guardrails.unknown import UNKNOWN

BY_ID = {method.id: method for method in METHODS}
# pathfinding.cloud's count of AWS methods as of 2026-11 as far as it was seen, plus Rhino's three.
KNOWN = 91


def found(asked: Permissions, level=Outcome.FAIL, own_arn=None) -> set[str]:
    return {
        finding.check.removeprefix("privilege escalation ")
        for finding in find_escalations(asked, own_arn)
        if finding.outcome is level
    }


def test_the_table_is_complete_and_names_only_actions_that_exist():
    assert len(METHODS) == len(BY_ID) >= KNOWN
    missing = {p for method in METHODS for p in method.permissions if lookup(p) is None}
    assert missing == set()
    for method in METHODS:
        passes = "iam:PassRole" in method.permissions
        assert passes is (method.category is Category.NEW_PASSROLE), method.id
        assert bool(method.passed_to) is passes, method.id


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.id)
def test_a_method_is_found_in_one_statement_and_split_over_two_policies(method):
    together = permissions(allow(list(method.permissions)))
    assert method.id in found(together)
    first, rest = method.permissions[:1], method.permissions[1:]
    if rest:
        inline = {"one": document(allow(list(first))), "two": document(allow(list(rest)))}
        split = Permissions(role_policies(inline))
        assert method.id in found(split)
        finding = next(f for f in find_escalations(split) if f.check.endswith(f" {method.id}"))
        assert {place.policy for place in finding.locations} == {"one", "two"}
        assert finding.remedy


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.id)
def test_a_method_is_not_found_without_one_of_its_permissions(method):
    for needed in method.permissions:
        without = [one for one in method.permissions if one != needed]
        kept = permissions(allow([*without, "sqs:SendMessage"]))
        assert method.id not in found(kept), needed
        assert method.id not in found(kept, Outcome.UNKNOWN), needed
        denied = permissions(allow(list(method.permissions)), deny(needed))
        assert method.id not in found(denied), needed


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.id)
def test_a_method_that_may_be_open_is_unknown(method):
    unknown_resource = permissions(allow(list(method.permissions), UNKNOWN))
    assert method.id in found(unknown_resource, Outcome.UNKNOWN)
    unknown_action = permissions(allow([*method.permissions[1:], UNKNOWN]))
    assert method.id in found(unknown_action, Outcome.UNKNOWN)


@pytest.mark.parametrize(
    "method", [m for m in METHODS if m.category is Category.NEW_PASSROLE], ids=lambda m: m.id
)
def test_passing_a_role_to_another_service_closes_a_method(method):
    def passing(service):
        condition = {"StringEquals": {"iam:PassedToService": service}}
        return permissions(
            allow("iam:PassRole", Condition=condition), allow(list(method.permissions[1:]))
        )

    assert method.id in found(passing(method.passed_to[0]))
    assert method.id not in found(passing("access-analyzer.amazonaws.com"))
    exact = f"arn:aws:iam::{ACCOUNT}:role/one"
    narrow = permissions(allow("iam:PassRole", exact), allow(list(method.permissions[1:])))
    assert method.id not in found(narrow)


def test_a_deployment_role_limited_to_its_own_roles_is_not_alarming():
    asked = permissions(
        allow(
            "iam:PassRole",
            [f"arn:aws:iam::{ACCOUNT}:role/shop-task", f"arn:aws:iam::{ACCOUNT}:role/shop-exec"],
            Condition={"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}},
        ),
        allow(["ecs:RegisterTaskDefinition", "ecs:DescribeTaskDefinition"]),
        allow("ecs:UpdateService", f"arn:aws:ecs:us-east-1:{ACCOUNT}:service/shop/web"),
        allow("ecs:RunTask", f"arn:aws:ecs:us-east-1:{ACCOUNT}:task-definition/shop:*"),
        allow("lambda:UpdateFunctionCode", f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:shop-*"),
    )
    assert outcome(find_escalations(asked)) is Outcome.PASS


def test_a_rotation_role_limited_to_its_user_is_not_alarming():
    user = f"arn:aws:iam::{ACCOUNT}:user/mailer"
    asked = permissions(allow(["iam:CreateAccessKey", "iam:DeleteAccessKey"], user))
    assert outcome(find_escalations(asked)) is Outcome.PASS


def test_a_role_that_may_change_itself_is_found_however_exact():
    own = f"arn:aws:iam::{ACCOUNT}:role/shop"
    asked = permissions(allow("iam:PutRolePolicy", own))
    assert found(asked) == set()
    assert found(asked, own_arn=own) == {"iam-005"}
    assert found(asked, Outcome.UNKNOWN, own_arn=UNKNOWN) == {"iam-005"}


def test_changing_a_role_and_assuming_the_same_one_is_found_however_exact():
    one, two = (f"arn:aws:iam::{ACCOUNT}:role/{name}" for name in ("one", "two"))
    same = permissions(allow("iam:AttachRolePolicy", one), allow("sts:AssumeRole", one))
    assert found(same) == {"iam-014"}
    apart = permissions(allow("iam:AttachRolePolicy", one), allow("sts:AssumeRole", two))
    assert found(apart) == set()


def test_running_one_document_on_any_instance_is_not_running_any_document():
    one = "arn:aws:ssm:*:*:document/AWSEC2-CreateVssSnapshot"
    asked = permissions(allow("ssm:SendCommand", [one, "arn:aws:ec2:*:*:instance/*"]))
    assert found(asked) == set()
    any_document = ["arn:aws:ssm:*:*:document/*", "arn:aws:ec2:*:*:instance/*"]
    assert found(permissions(allow("ssm:SendCommand", any_document))) == {"ssm-002"}


def test_a_condition_that_restricts_closes_a_method_and_one_that_does_not_leaves_it():
    tagged = {"StringEquals": {"aws:ResourceTag/Project": "shop"}}
    assert found(permissions(allow("ssm:StartSession", Condition=tagged))) == set()
    secure = {"Bool": {"aws:SecureTransport": "true"}}
    assert found(permissions(allow("ssm:StartSession", Condition=secure))) == {"ssm-001"}


def test_a_boundary_closes_what_it_leaves_out():
    boundary = identity(allow("s3:*"))
    assert found(permissions(allow("*"), boundary=boundary)) == set()


# AWS-managed service policies that grant what their service needs and no way up, 2026-11. The
# documents themselves are in managed_policies.json and held against moto's copy below.
NARROW = (
    "service-role/AWSLambdaBasicExecutionRole",
    "service-role/AWSLambdaVPCAccessExecutionRole",
    "service-role/AWSLambdaSQSQueueExecutionRole",
    "service-role/AWSLambdaKinesisExecutionRole",
    "service-role/AWSLambdaDynamoDBExecutionRole",
    "service-role/AmazonECSTaskExecutionRolePolicy",
    "service-role/AmazonRDSEnhancedMonitoringRole",
    "service-role/AmazonAPIGatewayPushToCloudWatchLogs",
    "service-role/AmazonEC2ContainerServiceforEC2Role",
    "service-role/AmazonEC2ContainerServiceAutoscaleRole",
    "service-role/AmazonECSInfrastructureRolePolicyForVolumes",
    "service-role/AmazonECSInfrastructureRolePolicyForServiceConnectTransportLayerSecurity",
    "service-role/AWSBackupServiceRolePolicyForBackup",
    "service-role/AWSCodeDeployRoleForLambda",
    "service-role/AmazonDMSVPCManagementRole",
    "service-role/AmazonDMSCloudWatchLogsRole",
    "AmazonECSInfrastructureRolePolicyForLoadBalancers",
    "AWSXRayDaemonWriteAccess",
    "AWSXrayWriteOnlyAccess",
    "CloudWatchAgentServerPolicy",
    "AmazonSSMManagedInstanceCore",
    "AmazonEC2ContainerRegistryReadOnly",
    "AmazonEC2ContainerRegistryPullOnly",
    "AWSCodeDeployRoleForECS",
    "AmazonEKSWorkerNodePolicy",
    "AmazonEKS_CNI_Policy",
)


@pytest.mark.parametrize("name", NARROW)
def test_a_narrow_managed_policy_raises_no_alarm(name):
    asked = Permissions(role_policies(managed=[f"arn:aws:iam::aws:policy/{name}"]))
    assert outcome(find_escalations(asked)) is Outcome.PASS


@pytest.mark.parametrize("name", ["AdministratorAccess", "IAMFullAccess", "PowerUserAccess"])
def test_a_powerful_managed_policy_raises_many(name):
    asked = Permissions(role_policies(managed=[f"arn:aws:iam::aws:policy/{name}"]))
    assert len(found(asked)) > 15


def test_a_managed_policy_that_is_not_known_is_unknown():
    assert document_of("arn:aws:iam::aws:policy/job-function/NoSuchJob") is None
    asked = Permissions(role_policies(managed=["arn:aws:iam::aws:policy/job-function/NoSuchJob"]))
    assert outcome(find_escalations(asked)) is Outcome.UNKNOWN


# Chains


def arn(name):
    return f"arn:aws:iam::{ACCOUNT}:role/{name}"


def role(trusted, *statements):
    policies = role_policies({"inline": document(*statements)} if statements else {})
    return AccountRole(policies, trusting(trusted))


def chains(**roles):
    account = Account({arn(name): made for name, made in roles.items()})
    return {
        chain.rpartition("/")[2]: findings for chain, findings in find_role_chains(account).items()
    }


def test_a_role_that_reaches_an_administrator_over_two_others_is_found():
    answer = chains(
        first=role({"Service": "ecs-tasks.amazonaws.com"}, allow("sts:AssumeRole", arn("second"))),
        second=role({"AWS": arn("first")}, allow("sts:AssumeRole", arn("third"))),
        third=role({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, allow("*")),
        bystander=role({"Service": "ecs-tasks.amazonaws.com"}, allow("sqs:SendMessage")),
    )
    assert {name: outcome(findings) for name, findings in answer.items()} == {
        "first": Outcome.FAIL,
        "second": Outcome.FAIL,
        "third": Outcome.PASS,
        "bystander": Outcome.PASS,
    }
    assert answer["first"][0].reason == (
        "first reaches the powerful role third by sts:AssumeRole to second, "
        "then sts:AssumeRole to third"
    )


def test_a_role_that_is_not_trusted_does_not_arrive():
    answer = chains(
        first=role({"Service": "ecs-tasks.amazonaws.com"}, allow("sts:AssumeRole", arn("admin"))),
        admin=role({"AWS": arn("someone")}, allow("*")),
    )
    assert outcome(answer["first"]) is Outcome.PASS


def test_passing_an_exact_powerful_role_to_a_service_that_runs_code_is_found():
    deploys = role(
        {"Service": "codebuild.amazonaws.com"},
        allow("iam:PassRole", arn("admin")),
        allow(["lambda:CreateFunction", "lambda:InvokeFunction"]),
    )
    trusted = {"Service": "lambda.amazonaws.com"}
    assert outcome(chains(deploys=deploys, admin=role(trusted, allow("*")))["deploys"]) is (
        Outcome.FAIL
    )
    harmless = role(trusted, allow("sqs:SendMessage"))
    assert outcome(chains(deploys=deploys, admin=harmless)["deploys"]) is Outcome.PASS
    elsewhere = role({"Service": "ec2.amazonaws.com"}, allow("*"))
    assert outcome(chains(deploys=deploys, admin=elsewhere)["deploys"]) is Outcome.PASS


def test_an_unknown_trust_policy_leaves_a_chain_unknown():
    admin = AccountRole(
        role_policies({"inline": document(allow("*"))}), trusting({"AWS": [UNKNOWN]})
    )
    first = role({"Service": "ecs-tasks.amazonaws.com"}, allow("sts:AssumeRole", arn("admin")))
    assert outcome(chains(first=first, admin=admin)["first"]) is Outcome.UNKNOWN


def test_the_work_grows_with_the_statements_and_not_faster():
    actions = ["s3:GetObject", "ecs:RunTask", "iam:PassRole", "lambda:Invoke*", "sqs:Send*"]

    def seconds(count: int) -> float:
        many = [allow(actions, f"arn:aws:s3:::bucket{i}/*") for i in range(count)]
        started = time.process_time()
        assert outcome(find_escalations(permissions(*many))) is Outcome.PASS
        return time.process_time() - started

    seconds(10)
    # 0.2 s for a thousand (2026-11, one core); the figure itself is kept in bench.
    assert min(seconds(1000) for _ in range(2)) < 40 * max(seconds(100) for _ in range(2))


def test_the_list_of_methods_tells_when_it_is_too_old_to_be_trusted():
    year, month = map(int, AS_OF.split("-"))
    today = dt.date.today()
    assert (today.year - year) * 12 + today.month - month <= 12, "read the public lists again"
