"""The delivery rows of Club App and Afric Analyzer, over stacks that make the derived roles."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from policies.guardrails.iam.documents import Kind, parse
from policies.guardrails.iam.permissions import Permissions, RolePolicies, Verdict
from tests.recordings import ROOT, recorded
from tests.roles.stacks import roles_of
from trellis.compare.claims import clashes
from trellis.planner.record import record
from trellis.planner.recording import Recording

pytestmark = pytest.mark.long

FOLDER = Path(__file__).with_name("deliveries")
PROJECT = "name: %s\nruntime: {name: python, options: {toolchain: pip}}\nmain: %s\n"
ACCOUNT = "123456789012"
ISSUER = "token.actions.githubusercontent.com"
PROVIDER = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"
ROLE = "aws:iam/role:Role"


def deliveries(folder: Path, name: str, stacks: dict[str, tuple[str, str]]) -> Recording:
    """The delivery stack, beside the files that `trellis roles --write` writes."""
    (folder / "Pulumi.yaml").write_text(PROJECT % (f"{name}-delivery", ROOT), encoding="utf-8")
    shutil.copy(FOLDER / f"Pulumi.{name}.yaml", folder)
    for file, (project, stack) in stacks.items():
        (folder / file).write_text(json.dumps(roles_of(project, stack).as_json()))
    return record(folder, name, "deployed")


@pytest.fixture(scope="module")
def clubapp(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    return deliveries(
        tmp_path_factory.mktemp("clubapp"),
        "clubapp",
        {"clubapp.dev.roles.json": (".", "dev"), "clubapp.prod.roles.json": (".", "prod")},
    )


@pytest.fixture(scope="module")
def afric(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    project = "systems/afric-analyzer"
    return deliveries(
        tmp_path_factory.mktemp("afric"),
        "afric-analyzer",
        {
            "siem.prod.roles.json": (project, "prod"),
            "siem.starter.roles.json": (project, "starter"),
        },
    )


def claims(recording: Recording, name: str) -> dict[str, str]:
    document = json.loads(str(recording.one(ROLE, name).inputs["assumeRolePolicy"]))
    (statement,) = document["Statement"]
    assert statement["Action"] == "sts:AssumeRoleWithWebIdentity"
    assert set(statement["Condition"]) == {"StringEquals"}
    return statement["Condition"]["StringEquals"]


def attached(recording: Recording, name: str) -> Iterator[dict[str, Any]]:
    """Documents of a role's own policies."""
    role = recording.one(ROLE, name)
    for policy in recording.of_type("aws:iam/policy:Policy"):
        if policy.parent == role.urn:
            yield json.loads(str(policy.inputs["policy"]))


def may(recording: Recording, name: str) -> Permissions:
    documents = tuple(
        parse(found, f"{name} {at}", Kind.IDENTITY)
        for at, found in enumerate(attached(recording, name))
    )
    assert documents
    return Permissions(RolePolicies(documents))


def allows(permissions: Permissions, action: str, resource: str, **context: str) -> bool:
    return permissions.can(action, resource, context).verdict is Verdict.ALLOWED


def test_a_delivery_and_its_stacks_make_nothing_twice(clubapp: Recording, afric: Recording):
    for delivery, stacks in (
        (clubapp, ((".", "dev"), (".", "prod"))),
        (afric, (("systems/afric-analyzer", "prod"), ("systems/afric-analyzer", "starter"))),
    ):
        together = [delivery, *(recorded(project, stack) for project, stack in stacks)]
        assert not clashes(together)
        providers = [one for stack in together for one in stack.of_type(PROVIDER)]
        assert len(providers) == 1, "the account has one, which the delivery makes"


def test_clubapps_pipelines_sign_in_by_githubs_tokens_with_ids(clubapp: Recording):
    (provider,) = clubapp.of_type(PROVIDER)
    assert provider.inputs["url"] == f"https://{ISSUER}"
    for name, environment in (("prod-deploy", "production"), ("dev-service", "dev")):
        assert claims(clubapp, name) == {
            f"{ISSUER}:aud": "sts.amazonaws.com",
            f"{ISSUER}:sub": f"repo:desh@1234567/clubapp@7654321:environment:{environment}",
            f"{ISSUER}:repository_id": "7654321",
        }
    drift = claims(clubapp, "prod-drift")[f"{ISSUER}:sub"]
    assert drift == "repo:desh@1234567/clubapp@7654321:ref:refs/heads/main"
    assert not clubapp.of_type("aws:iam/accessKey:AccessKey")
    assert not clubapp.of_type("aws:iam/user:User")


def test_one_role_of_clubapp_deploys_the_service_and_sees_no_state(clubapp: Recording):
    service = may(clubapp, "dev-service")
    here = f"us-east-1:{ACCOUNT}"
    image = f"arn:aws:ecr:{here}:repository/clubapp-backend"
    ours = f"arn:aws:ecs:{here}:service/clubapp-dev-ecs/clubapp-dev-svc"
    task = f"arn:aws:ecs:{here}:task-definition/clubapp-backend-task:7"
    assert allows(service, "ecr:PutImage", image)
    assert allows(service, "ecs:UpdateService", ours)
    assert allows(service, "ecs:RegisterTaskDefinition", task)
    assert not allows(service, "ecr:PutImage", f"{image}-other")
    assert not allows(service, "ecs:UpdateService", ours.replace("-dev-svc", "-dev-other"))
    for action in ("s3:GetObject", "s3:PutObject"):
        assert not allows(
            service, action, "arn:aws:s3:::shop-state/.pulumi/stacks/clubapp/dev.json"
        )
    named = [
        resource
        for document in attached(clubapp, "dev-service")
        for statement in document["Statement"]
        for resource in statement["Resource"]
    ]
    assert not [element for element in named if "shop-state" in element or ":kms:" in element]


def test_another_role_of_clubapp_provisions_and_has_the_state(clubapp: Recording):
    deploy = may(clubapp, "dev-deploy")
    for action in ("s3:GetObject", "s3:PutObject"):
        assert allows(deploy, action, "arn:aws:s3:::shop-state/.pulumi/stacks/clubapp/dev.json")
    tags = {"aws:RequestTag/System": "clubapp", "aws:RequestTag/Environment": "dev"}
    database = f"arn:aws:rds:us-east-1:{ACCOUNT}:db:clubapp-dev-postgres"
    assert allows(deploy, "rds:CreateDBInstance", database, **tags)
    other = f"arn:aws:rds:us-east-1:{ACCOUNT}:db:clubapp-prod-postgres"
    assert not allows(deploy, "rds:DeleteDBInstance", other)
    arns = {str(role.inputs["name"]) for role in clubapp.of_type(ROLE)}
    assert {"clubapp-delivery-all-dev-service", "clubapp-delivery-all-dev-deploy"} <= arns


def test_africs_pipelines_push_register_and_update_these_services_only(afric: Recording):
    assert [role.name for role in afric.of_type(ROLE) if role.name.startswith("services-")] == [
        "services-service"
    ]
    service = may(afric, "services-service")
    plan = recorded("systems/afric-analyzer", "prod")
    services = plan.of_type("aws:ecs/service:Service")
    assert len(services) == 3
    for resource in services:
        assert allows(service, "ecs:UpdateService", str(resource.outputs["arn"]))
    for resource in plan.of_type("aws:ecr/repository:Repository"):
        assert allows(service, "ecr:PutImage", str(resource.outputs["arn"]))
    cluster = str(services[0].outputs["arn"]).rpartition("/")[0]
    assert not allows(service, "ecs:UpdateService", f"{cluster}/other")
    verbs = {
        action.partition(":")[2]
        for document in attached(afric, "services-service")
        for statement in document["Statement"]
        for action in statement["Action"]
    }
    assert not [verb for verb in verbs if verb.startswith(("Delete", "Create", "Execute"))]
    assert {"PutImage", "RegisterTaskDefinition", "UpdateService", "StopServiceDeployment"} <= verbs


def test_africs_staging_and_production_are_environments_of_their_own(afric: Recording):
    staging = claims(afric, "staging-deploy")[f"{ISSUER}:sub"]
    production = claims(afric, "infrastructure-deploy")[f"{ISSUER}:sub"]
    assert staging.endswith(":environment:staging")
    assert production.endswith(":environment:production")
    assert "afric@2345678/infrastructure@8765433" in production
    assert "analyzer" in claims(afric, "services-service")[f"{ISSUER}:sub"]


def test_africs_deployments_go_back_by_themselves_and_chat_hears_of_it():
    plan = recorded("systems/afric-analyzer", "prod")
    for service in plan.of_type("aws:ecs/service:Service"):
        assert service.inputs["deploymentCircuitBreaker"] == {"enable": True, "rollback": True}
    (chat,) = plan.of_type("aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration")
    topics = chat.inputs["snsTopicArns"]
    rules = plan.of_type("aws:cloudwatch/eventRule:EventRule")
    failed = [resource for resource in rules if "SERVICE_DEPLOYMENT_FAILED" in str(resource.inputs)]
    assert failed
    assert topics


def test_africs_sessions_are_written_down():
    """A shell is opened in a service with `exec: true` alone; the cluster logs what is typed."""
    (cluster,) = recorded("systems/afric-analyzer", "prod").of_type("aws:ecs/cluster:Cluster")
    configuration = cluster.inputs["configuration"]["executeCommandConfiguration"]
    assert configuration["logging"] == "OVERRIDE"
    assert configuration["logConfiguration"]["cloudWatchLogGroupName"]
