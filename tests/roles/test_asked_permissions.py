"""Each request of a deployment is allowed by the derived role, and each statement allows some."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence

import pytest

from policies.guardrails.iam.permissions import Permissions, Verdict
from tests.conftest import STACKS
from tests.emulated.recording import calls_for
from tests.node.programs import iam_allows, iam_verdicts
from tests.recordings import recorded
from tests.roles.stacks import STATE, bounded, roles_of
from tests.roles.test_derived_roles import NEEDLESS, OF_ROLES, permissions, spelled
from trellis.roles.asks import Ask, Asking
from trellis.roles.state import state_statements
from trellis.roles.statements import Statement, policies

AT_CREATION = "ec2:CreateAction"
"""AWS does not say whether what is being made has the tags that its request brings: there is a
statement for either."""

AFTERWARDS = ("ListTasks", "SeeWhyTasksStopped")
"""Statements of what a pipeline asks when a deployment is over, and not the engine."""


@functools.cache
def asks_of(project: str, stack: str) -> tuple[Ask, ...]:
    deployed = bounded(project, stack, "deployed")
    return Asking(deployed, roles_of(project, stack).place, STATE, every_kind=True).all()


def allowed(permissions_: Permissions, ask: Ask) -> bool:
    found = permissions_.can(ask.action, ask.resource, ask.context)
    return found.verdict is Verdict.ALLOWED


def untagged(ask: Ask) -> Ask:
    """The same request of a thing whose tags somebody took off."""
    context = {key: v for key, v in ask.context.items() if not key.startswith("aws:ResourceTag/")}
    return Ask(ask.action, ask.resource, context, ask.urns)


@pytest.mark.long
@pytest.mark.parametrize(("project", "stack"), STACKS)
def test_each_request_of_a_deployment_is_allowed(project: str, stack: str):
    asks = asks_of(project, stack)
    assert len(asks) > 500
    whole = permissions(list(roles_of(project, stack).statements["deploy"]))
    assert [ask for ask in asks if not allowed(whole, ask)] == []


@pytest.mark.long
@pytest.mark.parametrize(("project", "stack"), STACKS)
def test_without_any_one_statement_a_resource_cannot_be_deployed(project: str, stack: str):
    statements = [
        element for element in roles_of(project, stack).statements["deploy"] if element.allows
    ]
    alone = [(statement, permissions([statement])) for statement in statements]
    needed: set[str] = set()
    for ask in (
        element for found in asks_of(project, stack) for element in (found, untagged(found))
    ):
        allowing = [statement.sid for statement, may in alone if allowed(may, ask)]
        if len(allowing) == 1:
            needed.add(allowing[0])
    assert [
        statement.sid
        for statement in statements
        if statement.sid not in {*needed, *AFTERWARDS}
        and AT_CREATION not in (statement.conditions or {}).get("StringEquals", {})
    ] == []


def recorded_asks(project: str, stack: str) -> dict[tuple[str, str], list[Ask]]:
    """The requests of each call that the provider made for a type of the stack, in an emulator."""
    types = {resource.urn: resource.type for resource in recorded(project, stack)}
    asked: dict[tuple[str, str], list[Ask]] = {}
    for ask in asks_of(project, stack):
        for type_ in {types[urn] for urn in ask.urns if urn in types}:
            asked.setdefault((type_, ask.action.lower()), []).append(ask)
    return {
        (type_, call): asked.get((type_, call.lower()), [])
        for type_, calls in calls_for(set(types.values())).items()
        for call in sorted({spelled(call) for call in calls} - NEEDLESS - OF_ROLES)
    }


@pytest.mark.long
@pytest.mark.parametrize(("project", "stack"), STACKS)
def test_each_recorded_call_is_allowed_on_the_resource_that_it_was_made_for(
    project: str, stack: str
):
    whole = permissions(list(roles_of(project, stack).statements["deploy"]))
    calls = recorded_asks(project, stack)
    assert len(calls) > 70
    assert sorted(call for call, asks in calls.items() if not asks) == []
    assert [
        (call, ask.resource)
        for call, asks in calls.items()
        for ask in asks
        if not allowed(whole, ask)
    ] == []


@pytest.mark.long
@pytest.mark.parametrize(("project", "stack"), STACKS)
def test_without_a_statement_a_recorded_call_of_its_actions_is_refused(project: str, stack: str):
    """A statement none of whose actions making the stack took is of edits, deletions or looks."""
    calls = recorded_asks(project, stack)
    made = {call.lower() for _, call in calls}
    roles = roles_of(project, stack)
    kept = state_statements(roles.place, STATE, ("file",), writes=True, frozen="freeze")
    of_engine = {statement.sid for statement in kept}
    statements = [element for element in roles.statements["deploy"] if element.allows]
    alone = [(statement, permissions([statement])) for statement in statements]
    needed: set[str] = set()
    for ask in {id(ask): ask for asks in calls.values() for ask in asks}.values():
        for request in (ask, untagged(ask)):
            allowing = [statement.sid for statement, may in alone if allowed(may, request)]
            if len(allowing) == 1:
                needed.add(allowing[0])
    of_making = [
        statement
        for statement in statements
        # The provider touches none of the engine's own files.
        if statement.sid not in of_engine
        and any(action.lower() in made for action in statement.actions)
    ]
    assert len(of_making) > len(statements) / 3
    assert [
        statement.sid
        for statement in of_making
        if statement.sid not in {*needed, *AFTERWARDS}
        and AT_CREATION not in (statement.conditions or {}).get("StringEquals", {})
    ] == []


@pytest.mark.long
def test_what_stands_in_another_region_is_asked_for_there():
    regions = {ask.resource.split(":")[3] for ask in asks_of("systems/afric-analyzer", "prod")
               if ask.resource.startswith("arn:aws:acm:")}  # fmt: skip
    assert regions == {"eu-west-1", "us-east-1"}
    statements = roles_of("systems/afric-analyzer", "prod").statements["deploy"]
    alarms = {
        resource.split(":")[3]
        for statement in statements
        for resource in statement.resources
        if ":alarm:" in resource
    }
    assert alarms == {"eu-west-1", "us-east-1"}


@pytest.mark.long
def test_what_is_not_there_yet_is_made_without_a_tag_of_its_own():
    """A condition on the tags of a thing that is about to be made can't hold."""
    for project, stack in STACKS:
        for element in roles_of(project, stack).statements["deploy"]:
            for name in element.actions:
                if name in (
                    "backup:CreateBackupPlan",
                    "logs:CreateDelivery",
                    "logs:CreateLogGroup",
                ):
                    keys = (element.conditions or {}).get("StringEquals", {})
                    assert not [key for key in keys if key.startswith("aws:ResourceTag")], element


@pytest.mark.long
def test_no_action_on_roles_takes_in_every_role():
    for project, stack in STACKS:
        for element in roles_of(project, stack).statements["deploy"]:
            assert not [r for r in element.resources if r.endswith((":role/*", ":policy/*"))], (
                element
            )


ACCOUNT = "123456789012"
KEY_POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
         "Action": "kms:*", "Resource": "*"}
    ],
}  # fmt: skip
BOUNDARY_KEY = "iam:PermissionsBoundary"
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"


def cases(
    statements: Sequence[Statement], asked: Sequence[tuple[str, str, dict[str, str]]]
) -> list[dict[str, object]]:
    documents = policies(statements)
    return [
        {"account": ACCOUNT, "action": action, "resource": resource, "context": context,
         "identity": documents, "boundary": None,
         # A key's policy leaves it to the account's policies who may use it.
         "resourcePolicy": KEY_POLICY if ":kms:" in resource else None}
        for action, resource, context in asked
    ]  # fmt: skip


def escalations(system: str, environment: str) -> Iterator[tuple[str, str, dict[str, str]]]:
    """What makes more of whoever may deploy a system."""
    own = f"arn:aws:iam::{ACCOUNT}:role/{system}-{environment}"
    delivery = f"arn:aws:iam::{ACCOUNT}:role/{system}-delivery-{environment}-deploy"
    boundary = f"arn:aws:iam::{ACCOUNT}:policy/boundary-{system}-{environment}"
    bounded_by = {BOUNDARY_KEY: boundary}
    yield "iam:CreateRole", f"{own}-new", {}
    yield "iam:CreateRole", f"{own}-new", {BOUNDARY_KEY: ADMINISTRATOR}
    yield "iam:PutRolePermissionsBoundary", f"{own}-task", {BOUNDARY_KEY: ADMINISTRATOR}
    yield "iam:DeleteRolePermissionsBoundary", f"{own}-task", bounded_by
    yield "iam:CreatePolicyVersion", boundary, {}
    yield "iam:SetDefaultPolicyVersion", boundary, {}
    yield "iam:DeletePolicyVersion", boundary, {}
    yield "iam:DeletePolicy", boundary, {}
    for who in (delivery, f"arn:aws:iam::{ACCOUNT}:role/Admin", f"{own}-free"):
        yield "iam:AttachRolePolicy", who, {"iam:PolicyARN": ADMINISTRATOR}
        yield "iam:PutRolePolicy", who, {}
        yield "iam:UpdateAssumeRolePolicy", who, {}
        yield "iam:PassRole", who, {"iam:PassedToService": "ecs-tasks.amazonaws.com"}
        yield "iam:PassRole", who, {"iam:PassedToService": "lambda.amazonaws.com"}
        yield "sts:AssumeRole", who, {}
    for name in ("boss", f"{system}-{environment}-boss"):
        user = f"arn:aws:iam::{ACCOUNT}:user/{name}"
        for action in ("CreateUser", "CreateAccessKey", "CreateLoginProfile", "AttachUserPolicy",
                       "PutUserPolicy", "UpdateLoginProfile"):  # fmt: skip
            yield f"iam:{action}", user, {}
    group = f"arn:aws:iam::{ACCOUNT}:group/admins"
    yield "iam:AddUserToGroup", group, {}
    yield "iam:PutGroupPolicy", group, {}
    yield "organizations:LeaveOrganization", "*", {}
    yield "account:CloseAccount", f"arn:aws:account::{ACCOUNT}:account", {}


FOREIGN = [(".", "prod"), ("systems/afric-analyzer", "prod"), ("systems/mantissa-log", "prod")]


@pytest.mark.node
@pytest.mark.parametrize(("project", "stack"), FOREIGN)
def test_a_foreign_evaluator_allows_what_a_deployment_asks(project: str, stack: str):
    statements = roles_of(project, stack).statements["deploy"]
    asks = asks_of(project, stack)
    # One of each action. Tags of EC2 are left out: iam-simulate takes no `*` for a resource's type,
    # which AWS does ("Grant permission to tag Amazon EC2 resources during creation", 2026-11).
    chosen = {ask.action: ask for ask in asks if not ask.action.endswith("eTags")}
    asked = [(ask.action, ask.resource, dict(ask.context)) for ask in chosen.values()]
    verdicts = list(zip(asked, iam_verdicts(cases(statements, asked)), strict=True))
    judged = [verdict for _, verdict in verdicts if "resource.types" not in verdict]
    assert len(judged) > 300, "those whose ARN may be of several kinds it does not judge"
    assert len(verdicts) - len(judged) < 20
    assert [
        (ask, verdict)
        for ask, verdict in verdicts
        if verdict != "Allowed" and "resource.types" not in verdict
    ] == []


@pytest.mark.node
@pytest.mark.parametrize(("project", "stack"), FOREIGN)
def test_a_foreign_evaluator_finds_no_way_up_from_any_role(project: str, stack: str):
    roles = roles_of(project, stack)
    asked = list(escalations(roles.place.system, roles.place.environment))
    for kind, statements in roles.statements.items():
        verdicts = iam_verdicts(cases(statements, asked))
        assert set(verdicts) <= {"ImplicitlyDenied", "ExplicitlyDenied"}, [
            (kind, ask)
            for ask, verdict in zip(asked, verdicts, strict=True)
            if "Denied" not in verdict
        ]


@pytest.mark.node
def test_a_foreign_evaluator_holds_roles_within_the_boundary():
    """Whatever a deployment gives to a role of its own, the boundary ends it."""
    roles = roles_of(".", "prod")
    everything = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
    }
    asked = [
        *escalations("clubapp", "prod"),
        ("ec2:RunInstances", f"arn:aws:ec2:us-east-1:{ACCOUNT}:instance/i-1", {}),
    ]
    verdicts = iam_verdicts(
        [
            {"account": ACCOUNT, "action": action, "resource": resource, "context": context,
             "identity": [everything], "boundary": roles.boundary}
            for action, resource, context in asked
        ]
    )  # fmt: skip
    assert set(verdicts) <= {"ImplicitlyDenied", "ExplicitlyDenied"}


@pytest.mark.node
def test_a_foreign_evaluator_lets_the_service_role_do_its_work_alone():
    roles = roles_of(".", "prod")
    by_sid = {statement.sid: statement.resources for statement in roles.statements["service"]}
    (image,), (service,), (task,) = by_sid["Push"], by_sid["Update"], by_sid["Register"]
    place = f"us-east-1:{ACCOUNT}"
    tags = {"aws:ResourceTag/System": "clubapp", "aws:ResourceTag/Environment": "prod"}
    mine: list[tuple[str, str, dict[str, str]]] = [
        ("ecr:PutImage", image, {}), ("ecr:GetAuthorizationToken", "*", {}),
        ("ecs:UpdateService", service, {}),
        ("ecs:RegisterTaskDefinition", task.replace(":*", ":7"), {}),
    ]  # fmt: skip
    others = [
        ("ecr:PutImage", f"{image}-other", {}),
        ("ecr:DeleteRepository", image, {}), ("ecs:DeleteService", service, {}),
        ("ecs:UpdateService", f"{service}-other", {}),
        ("s3:GetObject", "arn:aws:s3:::shop-state/.pulumi/stacks/clubapp/prod.json", {}),
        ("secretsmanager:GetSecretValue",
         f"arn:aws:secretsmanager:{place}:secret:clubapp/prod/rds-abcdef", tags),
        ("ecs:ExecuteCommand", f"arn:aws:ecs:{place}:task/clubapp-prod-ecs/1", tags),
    ]  # fmt: skip
    verdicts = iam_allows(cases(roles.statements["service"], [*mine, *others]))
    assert verdicts == [True] * len(mine) + [False] * len(others)
