"""A small shop in an emulated account: what operators ask is asked of moto, never of AWS."""

from __future__ import annotations

import functools
import io
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import botocore.client
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws
from moto.core import DEFAULT_ACCOUNT_ID

from tests.recordings import ROOT
from trellis.cli.main import main
from trellis.operate.access import Access, sign_in
from trellis.operate.planned import Planned
from trellis.operate.system import System, system_of

REGION = "us-east-1"
DIGEST = "sha256:" + "ab" * 32

STACK = f"""\
config:
  aws:region: {REGION}
  trellis:name: shop
  trellis:environment: dev
  trellis:account: "{DEFAULT_ACCOUNT_ID}"
  trellis:network: {{zones: 2, nat: single, endpoints: []}}
  trellis:databases:
    main: {{engine: postgres, version: "16", instanceClass: db.t4g.micro}}
  trellis:buckets:
    assets: {{}}
  trellis:zones:
    main: {{domain: shop.example, queryLogs: false}}
  trellis:loadBalancers:
    alb: {{accessLogs: none}}
  trellis:secrets:
    stripe: {{kind: given}}
    signing: {{kind: generated, rotation: {{everyDays: 30}}}}
    rds: {{kind: credentials, database: main}}
  trellis:services:
    api:
      image: {{repository: app, digest: "{DIGEST}"}}
      port: 8080
      routes: [{{host: api.shop.example}}]
      uses: [{{secret: stripe, as: STRIPE_KEY}}]
"""


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project folder with one stack, `dev`."""
    folder = tmp_path_factory.mktemp("shop")
    (folder / "Pulumi.yaml").write_text("name: shop\nruntime: {name: python}\nmain: .\n")
    (folder / "__main__.py").write_text((ROOT / "__main__.py").read_text())
    (folder / "Pulumi.dev.yaml").write_text(STACK)
    return folder


@pytest.fixture(scope="session")
def system(shop: Path) -> System:
    """Its plan, made once."""
    return system_of(shop, "dev")


@functools.cache
def _session(**options: Any) -> boto3.Session:
    """One for all tests: it keeps the service models it has parsed."""
    return SESSION(**options)


SESSION = boto3.Session


@pytest.fixture
def signed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Credentials of an emulated, empty account."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    with mock_aws():
        monkeypatch.setattr(boto3, "Session", _session)
        yield


@pytest.fixture
def access(signed: None, system: System) -> Access:
    """A sign-in of the shop's account."""
    return sign_in(system.settings, boto3.Session)


@dataclass
class Calls:
    """What AWS is asked, and what it answers instead of moto."""

    monkeypatch: pytest.MonkeyPatch
    asked: list[tuple[str, dict[str, Any]]]
    answers: dict[str, Callable[[dict[str, Any]], Any]]

    def answer(self, operation: str, response: Any) -> None:
        """Answer an operation with a value, or with what a function of its arguments gives."""
        self.answers[operation] = response if callable(response) else lambda _: response

    def refuse(self, operation: str, code: str = "AccessDeniedException") -> None:
        """Answer an operation with an error."""

        def refused(_: dict[str, Any]) -> Any:
            raise ClientError({"Error": {"Code": code, "Message": "no"}}, operation)

        self.answers[operation] = refused

    def of(self, operation: str) -> list[dict[str, Any]]:
        """Arguments that an operation was called with."""
        return [arguments for name, arguments in self.asked if name == operation]


@pytest.fixture
def calls(signed: None, monkeypatch: pytest.MonkeyPatch) -> Calls:
    """Every call of AWS, seen; and answers in place of moto's."""
    found = Calls(monkeypatch, [], {})
    call = botocore.client.BaseClient._make_api_call

    def seen(client: Any, operation: str, arguments: dict[str, Any]) -> Any:
        found.asked.append((operation, arguments))
        if operation in found.answers:
            return found.answers[operation](arguments)
        return call(client, operation, arguments)

    monkeypatch.setattr(botocore.client.BaseClient, "_make_api_call", seen)
    return found


def simulated(refused: dict[str, str]) -> Callable[[dict[str, Any]], Any]:
    """IAM's answer to a simulation; moto has none.

    Args:
        refused: decisions other than `allowed`, by action.
    """

    def answer(asked: dict[str, Any]) -> Any:
        return {
            "IsTruncated": False,
            "EvaluationResults": [
                {
                    "EvalActionName": name,
                    "EvalDecision": refused.get(name, "allowed"),
                    "ResourceSpecificResults": [
                        {
                            "EvalResourceName": arn,
                            "EvalResourceDecision": refused.get(name, "allowed"),
                        }
                        for arn in asked["ResourceArns"]
                    ],
                }
                for name in asked["ActionNames"]
            ],
        }

    return answer


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    code: int
    out: str
    err: str


@pytest.fixture
def trellis(
    signed: None, shop: Path, system: System, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Ran]:
    """Runs a command for the shop, with the plan that is made already."""
    monkeypatch.setattr("trellis.operate.system.system_of", lambda *_, **__: system)

    def run(*words: str) -> Ran:
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = main([*words, "--project", str(shop)])
        return Ran(code, out.getvalue(), err.getvalue())

    return run


def _dns_answer(question: bytes) -> bytes:
    """Two servers of shop.example, the second by a pointer; nothing of nowhere; refusal else."""
    number, asked = question[:2], question[12:]
    name_end = asked.index(b"\0") + 5
    name = asked[:name_end]
    if name.startswith(b"\x07nowhere"):
        return number + struct.pack(">5H", 0x8183, 1, 0, 0, 0) + name
    if not name.startswith(b"\x04shop"):
        return number + struct.pack(">5H", 0x8185, 1, 0, 0, 0) + name
    records = b""
    for data in (b"\x04ns-1\x09awsdns-01\x03COM\0", b"\x04ns-2\xc0\x0c"):
        records += b"\xc0\x0c" + struct.pack(">2HIH", 2, 1, 60, len(data)) + data
    return number + struct.pack(">5H", 0x8180, 1, 2, 0, 0) + name + records


@pytest.fixture
def name_server() -> Iterator[tuple[str, int]]:
    """A DNS server on this machine that knows two names."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as channel:
        channel.bind(("127.0.0.1", 0))
        address: tuple[str, int] = channel.getsockname()

        def serve() -> None:
            while True:
                question, asking = channel.recvfrom(4096)
                if not question:
                    return
                channel.sendto(_dns_answer(question), asking)

        server = threading.Thread(target=serve, daemon=True)
        server.start()
        yield address
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ending:
            ending.sendto(b"", address)
        server.join()


@pytest.fixture(scope="session")
def clubapp() -> System:
    """A larger stack than the shop."""
    return system_of(ROOT, "dev")


@pytest.fixture
def planned(calls: Calls, clubapp: System) -> Planned:
    """What doctor knows of the larger stack, signed in to the account of its settings."""
    return Planned(clubapp, sign_in(clubapp.settings, boto3.Session))
