"""A value of known text, planted where the rotation function makes values.

The function is the real one over moto's Secrets Manager; what it answers to the first call becomes
the answer of the recorded or deployed `Invocation`, and what it logs is kept.
"""

from __future__ import annotations

import dataclasses
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from functions.rotation.random_value import RandomValue
from tests.rotation.rotation_secrets import SecretsService, playing_secrets_manager
from trellis.planner import simulate

CANARY = "Canary9Qx7ZkLm2VbTr8WsEd4RfGy6HuJi1KoLp0NaBvCxZq3Wd5Fg8Hj2Kl9Mn4"
"""As long as a generated secret is when nobody says how long, because the function checks."""
INVOCATION = "aws:lambda/invocation:Invocation"


@dataclass
class Plant:
    """Where the value went, and what was written about it."""

    service: SecretsService
    log: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)

    def stored(self) -> list[str]:
        """The values that Secrets Manager holds."""
        return [
            self.service.client.get_secret_value(SecretId=element["ARN"])["SecretString"]
            for element in self.service.client.list_secrets()["SecretList"]
        ]


@contextmanager
def planted(monkeypatch: pytest.MonkeyPatch) -> Iterator[Plant]:
    """While it holds, every random value is the canary."""
    with playing_secrets_manager() as service:
        plant = Plant(service)

        def answer(scope: Any) -> str:
            event = json.loads(scope["input"])
            if event.get("action") != "initialize":
                return "{}"
            name = event["secret"].rsplit(":", 1)[1]
            arn = service.make_empty(f"{name}-{len(plant.answers)}", {"kind": "random"})
            version = service.initialize(arn)
            plant.answers.append(version)
            return json.dumps({"versionId": version})

        monkeypatch.setattr(RandomValue, "propose", lambda self, current: CANARY)
        shapes = simulate._shapes()
        changed = dataclasses.replace(shapes[INVOCATION], computed={"result": answer})
        monkeypatch.setitem(shapes, INVOCATION, changed)
        handler = _Keeping(plant.log)
        root = logging.getLogger()
        root.addHandler(handler)
        try:
            yield plant
        finally:
            root.removeHandler(handler)


class _Keeping(logging.Handler):
    def __init__(self, lines: list[str]) -> None:
        super().__init__(logging.DEBUG)
        self._lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        self._lines.append(self.format(record))
