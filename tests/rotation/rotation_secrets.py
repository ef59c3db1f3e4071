"""Secrets Manager as moto plays it, with the part of RotateSecret that moto does not: the service.

Moto keeps secrets, versions and labels; `start` does what the documentation says RotateSecret does
before it invokes the function, and `run` invokes the function as the service would.
"""

import json
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import boto3
from moto import mock_aws
from moto.secretsmanager.models import secretsmanager_backends

from functions.rotation.handler import Outside, respond
from functions.rotation.protocol import STEPS
from functions.rotation.waiting import Waiting

ACCOUNT, REGION = "123456789012", "us-east-1"


def no_pause(_seconds: float) -> None:
    """Waiting, in tests, is asking again at once."""


@contextmanager
def playing_secrets_manager() -> Iterator["SecretsService"]:
    with mock_aws():
        yield SecretsService()


@dataclass
class SecretsService:
    """The account's secrets, and the configuration of one rotation function."""

    client: Any = field(
        default_factory=lambda: boto3.client(
            "secretsmanager",
            region_name=REGION,
            aws_access_key_id="testing",
            aws_secret_access_key="testing",
        )
    )
    specs: dict[str, dict[str, object]] = field(default_factory=dict)
    elasticache: Any = None
    wrap: Callable[[Any], Any] = lambda client: client

    def make_empty(self, name: str, spec: dict[str, object]) -> str:
        """A secret as the stack makes it: without a value. Returns its ARN."""
        arn = self.client.create_secret(Name=name)["ARN"]
        self.specs[arn] = spec
        return arn

    def make_master(self, name: str, username: str, password: str) -> str:
        """A master secret as RDS makes it."""
        value = json.dumps({"username": username, "password": password})
        return self.client.create_secret(Name=name, SecretString=value)["ARN"]

    def outside(self) -> Outside:
        return Outside(
            environment={"ROTATION": json.dumps(self.specs)},
            secrets_manager=lambda: self.wrap(self.client),
            elasticache=lambda: self.wrap(self.elasticache),
            waiting=Waiting(no_pause),
        )

    def initialize(self, arn: str) -> str:
        answer = respond({"action": "initialize", "secret": arn}, self.outside())
        assert answer is not None
        assert set(answer) == {"versionId"}
        return answer["versionId"]

    def start(self, arn: str) -> str:
        """Label a version without a value AWSPENDING, or take up the rotation under way."""
        secret = self._stored(arn)
        secret.rotation_requested = secret.rotation_enabled = True
        for version, held in secret.versions.items():
            if "AWSPENDING" in held["version_stages"]:
                if "AWSCURRENT" not in held["version_stages"]:
                    return version
                held["version_stages"].remove("AWSPENDING")
        token = str(uuid.uuid4())
        secret.versions[token] = {
            "createdate": 0,
            "version_id": token,
            "version_stages": ["AWSPENDING"],
        }
        return token

    def step(self, arn: str, token: str, step: str) -> None:
        event = {"Step": step, "SecretId": arn, "ClientRequestToken": token}
        assert respond(event, self.outside()) is None

    def run(self, arn: str, token: str, begin: str = "createSecret") -> None:
        """The steps from `begin` on."""
        for step in STEPS[STEPS.index(begin) :]:
            self.step(arn, token, step)

    def rotate(self, arn: str) -> str:
        token = self.start(arn)
        self.run(arn, token)
        return token

    def value(self, arn: str, label: str = "AWSCURRENT") -> str:
        return self.client.get_secret_value(SecretId=arn, VersionStage=label)["SecretString"]

    def labels(self, arn: str) -> dict[str, str]:
        """label -> version id, of every label there is."""
        stages = self.client.describe_secret(SecretId=arn).get("VersionIdsToStages", {})
        return {label: version for version, labels in stages.items() for label in labels}

    def all_values(self, arn: str) -> list[str]:
        """Every value the secret has or had."""
        held = self._stored(arn).versions.values()
        return [version["secret_string"] for version in held if "secret_string" in version]

    def disable_rotation(self, arn: str) -> None:
        self._stored(arn).rotation_enabled = False

    @staticmethod
    def _stored(arn: str) -> Any:
        return secretsmanager_backends[ACCOUNT][REGION].secrets[arn]
