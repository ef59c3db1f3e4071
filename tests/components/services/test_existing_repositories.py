"""Images of repositories that somebody else made: how they are found, and who may pull them."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from moto import mock_aws

from testing.service_cases import DIGEST
from tests.components.small_systems import ACCOUNT, NETWORK, REGION, small_system
from tests.planner.edits import edited
from tests.systems import services as read
from trellis.planner.record import Recording
from trellis.stackfile.looking_up_values import digests
from trellis.stackfile.problems import StackFileError
from trellis.tiers import images

OURS = f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/platform/web"
THEIRS = "arn:aws:ecr:eu-west-1:210987654321:repository/platform/agent"
AGENT = "210987654321.dkr.ecr.eu-west-1.amazonaws.com/platform/agent"
MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
THERE = {"web": {"name": "platform/web"}, "agent": {"arn": THEIRS}}


def parts(service: dict[str, Any], **more: Any) -> dict[str, Any]:
    web = {"image": {"repository": "web", "digest": DIGEST}, **service}
    given = {"network": NETWORK, "existing": {"repositories": THERE}, "services": {"web": web}}
    return {**given, **more}


AGENT_BESIDE = {"sidecars": {"agent": {"image": {"repository": "agent", "tag": "1.2"}}}}


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    asked: list[tuple[str, str]] = []

    def digest(repository: str, tag: str, _: object) -> str:
        asked.append((repository, tag))
        return DIGEST

    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("project"))
        patch.setattr(images, "ask_digest", digest)
        recording = small_system(**parts(AGENT_BESIDE))
    assert asked == [(AGENT, "1.2")]
    return recording


def references(system: Recording) -> dict[str, str]:
    containers = json.loads(system.one(read.TASK, "web").inputs["containerDefinitions"])
    return {container["name"]: container["image"] for container in containers}


def test_images_come_from_where_the_repositories_stand_and_none_is_made(system: Recording):
    assert references(system) == {
        "main": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/platform/web@{DIGEST}",
        "agent": f"{AGENT}@{DIGEST}",
    }
    assert not [made for made in system if made.type.startswith("aws:ecr/")]


def test_what_starts_a_task_pulls_from_exactly_those_repositories(system: Recording):
    grants = {made["Sid"]: made for made in read.statements(system, "web-execution")}
    assert grants["PullImages"]["Resource"] == [OURS, THEIRS]
    assert set(grants) == {"WriteLog", "SignInToRegistry", "PullImages"}


def test_a_tag_that_nobody_knows_yet_is_waited_for():
    waits = small_system(**parts(AGENT_BESIDE)).outputs["services"]["waiting"]["service-web"]
    assert waits == [f"the image {AGENT}:1.2: push it, then run `trellis lookup` or `up`"]


def test_a_tag_is_looked_up_where_the_repository_stands(monkeypatch: pytest.MonkeyPatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    with mock_aws():
        session = boto3.Session(region_name=REGION)
        far = session.client("ecr", region_name="eu-west-1")
        far.create_repository(repositoryName="platform/agent")
        manifest = json.dumps({"schemaVersion": 2, "mediaType": MANIFEST, "layers": []})
        far.put_image(repositoryName="platform/agent", imageManifest=manifest, imageTag="1.2")
        label = f"{ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com/platform/agent"
        found = digests(session, [(label, "1.2"), ("platform/agent", "1.2")])
    assert list(found) == [f"{label}:1.2"]
    assert found[f"{label}:1.2"].startswith("sha256:")


def existing(**repositories: Any) -> dict[str, Any]:
    return {"existing": {"repositories": repositories}}


CLOSED = {**NETWORK, "nat": "none", "endpoints": "auto"}
FUNCTION = {"image": {"repository": "web", "tag": "1"}}


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (existing(web={"arn": OURS, "name": "web"}), "exactly one of arn, name"),
        (existing(web={"arn": "arn:aws:s3:::web"}), "arn:aws:s3:::web"),
        (existing(web={"name": "Web"}), "Web"),
        ({"repositories": {"web": {}}}, "which `repositories` makes"),
        (
            {"services": {"web": {"image": {"repository": "web", "build": {"context": "."}}}}},
            "a build into web",
        ),
        ({"network": CLOSED, **existing(web={"arn": THEIRS})}, "no way to the internet"),
        ({"functions": {"resize": FUNCTION}}, "one of `existing.repositories`"),
        ({"usage": {"repositories": {"web": {"gb": 2}}}}, "repository web"),
    ],
)
def test_what_can_not_be_or_has_no_effect_is_refused(given: dict[str, Any], found: str):
    with pytest.raises(StackFileError, match=found):
        small_system(**parts({}, **given))


def test_another_repository_moves_the_service_on_in_place():
    steps = edited(parts({}), parts({}, **existing(web={"arn": THEIRS})))
    assert {name: step.operation for name, step in steps.items()} == {
        "RolePolicy web-execution": "update",
        "TaskDefinition web": "replace",
        "Service web": "update",
    }
