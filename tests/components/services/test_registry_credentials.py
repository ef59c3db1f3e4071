"""Images of registries that ask for a password: who reads it, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from testing.service_cases import DIGEST
from tests.components.small_systems import NETWORK, small_system
from tests.planner.edits import edited
from tests.systems import services as read
from trellis.planner.record import Recording
from trellis.stackfile.problems import StackFileError
from trellis.tiers import services

URI = f"registry.example.net/shop/web@{DIGEST}"
KEY = "arn:aws:kms:us-east-1:123456789012:key/11111111-1111-1111-1111-111111111111"
THEIRS = "arn:aws:secretsmanager:us-east-1:210987654321:secret:registry-a1B2c3"
OURS = "arn:aws:secretsmanager:us-east-1:123456789012:secret:docker-hub-??????"


def image(secret: str | None = None, uri: str = URI) -> dict[str, Any]:
    return {"uri": uri, **({"credentials": secret} if secret else {})}


def parts(service: dict[str, Any], **given: Any) -> dict[str, Any]:
    return {"network": NETWORK, "services": {"web": {"image": image(), **service}}, **given}


def existing(**secrets: Any) -> dict[str, Any]:
    return {"existing": {"secrets": secrets}}


@pytest.fixture(scope="module")
def system() -> Recording:
    sidecars = {
        "agent": {"image": image("hub", f"docker.io/acme/agent@{DIGEST}")},
        "open": {"image": image(uri=f"docker.io/library/nginx@{DIGEST}")},
    }
    there = existing(theirs={"arn": THEIRS, "key": KEY}, hub={"name": "docker-hub"})
    job = {"schedule": "rate(1 day)", "image": image("hub")}
    service = {"image": image("theirs"), "sidecars": sidecars}
    return small_system(**parts(service, jobs={"nightly": job}, **there))


def signed_in(system: Recording, key: str) -> dict[str, str]:
    containers = json.loads(system.one(read.TASK, key).inputs["containerDefinitions"])
    return {
        container["name"]: container["repositoryCredentials"]["credentialsParameter"]
        for container in containers
        if "repositoryCredentials" in container
    }


def test_every_container_signs_in_with_its_own_secret_and_others_with_none(system: Recording):
    assert signed_in(system, "web") == {"main": THEIRS, "agent": "docker-hub"}
    assert signed_in(system, "nightly") == {"main": "docker-hub"}


def test_what_starts_a_task_reads_exactly_those_secrets_and_its_code_none(system: Recording):
    grants = {made["Sid"]: made for made in read.statements(system, "web-execution")}
    assert set(grants) == {"WriteLog", "ReadSecrets", "DecryptSecrets"}
    assert grants["ReadSecrets"]["Action"] == "secretsmanager:GetSecretValue"
    assert grants["ReadSecrets"]["Resource"] == [THEIRS, OURS]
    assert grants["DecryptSecrets"]["Action"] == "kms:Decrypt"
    assert grants["DecryptSecrets"]["Resource"] == KEY
    assert not [made for made in read.statements(system, "web-task") if "secret" in str(made)]


def test_a_secret_of_the_stack_is_waited_for_until_a_person_has_filled_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    given = parts({"image": image("hub")}, secrets={"hub": {}})
    waits = small_system(**given)
    assert waits.outputs["services"]["waiting"] == {
        "service-web": ["a value of the secret shop/dev/hub"]
    }
    assert not waits.of_type(read.TASK)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(services, "has_value", lambda *_: True)
    filled = small_system(**given)
    arn = filled.one("aws:secretsmanager/secret:Secret", "hub").outputs["arn"]
    assert signed_in(filled, "web") == {"main": arn}
    grants = {made["Sid"]: made for made in read.statements(filled, "web-execution")}
    assert grants["ReadSecrets"]["Resource"] == arn


@pytest.mark.parametrize(
    ("message", "found"),
    [
        (image("hub"), "secret hub"),
        (image("made"), "kind generated"),
        ({"repository": "web", "digest": DIGEST, "credentials": "key"}, "`uri` only"),
        (image("key", f"123456789012.dkr.ecr.us-east-1.amazonaws.com/web@{DIGEST}"), "ECR's"),
        (image("key", f"public.ecr.aws/nginx/nginx@{DIGEST}"), "ECR's"),
    ],
)
def test_credentials_that_are_none_or_have_no_effect_are_refused(
    message: dict[str, Any], found: str
):
    made = {"made": {"kind": "generated"}, "key": {}}
    with pytest.raises(StackFileError, match=found):
        small_system(**parts({"image": message}, secrets=made))


def test_other_credentials_make_another_revision_and_move_the_service_on():
    before = parts({"image": image()}, **existing(theirs={"arn": THEIRS}))
    after = parts({"image": image("theirs")}, **existing(theirs={"arn": THEIRS}))
    steps = edited(before, after)
    assert {name: step.operation for name, step in steps.items()} == {
        "RolePolicy web-execution": "update",
        "TaskDefinition web": "replace",
        "Service web": "update",
    }
    assert steps["Service web"].changed == ("taskDefinition",)
