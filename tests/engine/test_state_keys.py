"""What the real engine reads and writes in a bucket, held against the roles that are derived;
and the stack of a pull request, which is made, brought up to date, and leaves nothing."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote
from urllib.request import Request, urlopen

import boto3
import pytest
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

from policies.guardrails.iam.documents import Kind, parse
from policies.guardrails.iam.permissions import Permissions, RolePolicies, Verdict
from tests.engine.engine import Engine
from tests.start.test_short_lived import DEV, SHARED
from trellis.cli.main import main

pytestmark = [pytest.mark.engine]

BUCKET = "shop-state"
REGION = "us-east-1"
META = ".pulumi/meta.yaml"
LISTING = frozenset(
    {
        "x-id", "list-type", "prefix", "delimiter", "max-keys", "encoding-type", "marker",
        "continuation-token",
    }
)  # fmt: skip
"""Parameters of a request that make no other action of it."""


@dataclass
class Bucket:
    """S3 by moto, and each request as IAM is asked about it."""

    url: str = ""
    key: str = ""
    """ARN of the key that encrypts the stacks' own."""
    asked: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])

    @property
    def environment(self) -> Mapping[str, str]:
        """What tells the engine to keep its state here."""
        host = self.url.removeprefix("http://")
        return {
            "PULUMI_BACKEND_URL": f"s3://{BUCKET}?region={REGION}&endpoint=http://{host}"
            "&s3ForcePathStyle=true&awssdk=v2",
            "PULUMI_DIY_BACKEND_ZSTD": "1",
            "AWS_ACCESS_KEY_ID": "x",
            "AWS_SECRET_ACCESS_KEY": "x",
            "AWS_REGION": REGION,
            "AWS_ENDPOINT_URL_KMS": self.url,
        }

    @property
    def secrets_provider(self) -> str:
        """As `trellis backend create` prints it."""
        return f"awskms:///{self.key}?region={REGION}&awssdk=v2"

    @property
    def client(self) -> Any:
        """A client of its own, whose requests are not heard."""
        return self.client_of("s3")

    def client_of(self, service: str) -> Any:
        """The same of another service."""
        return boto3.client(
            service, region_name=REGION, endpoint_url=self.url, aws_access_key_id="own",
            aws_secret_access_key="x",
        )  # fmt: skip

    def contents(self) -> list[str]:
        """What is in it."""
        found = self.client.list_objects_v2(Bucket=BUCKET)
        return [entry["Key"] for entry in found.get("Contents", ())]

    def hear(self, request: Mapping[str, Any]) -> None:
        """Note a request."""
        if "Credential=own/" in request.get("HTTP_AUTHORIZATION", ""):
            return
        operation = request.get("HTTP_X_AMZ_TARGET", "")
        if operation:
            service, _, name = operation.partition(".")
            assert service == "TrentService", operation
            self.asked.append((f"kms:{name}", self.key))
            return
        path = unquote(request["PATH_INFO"]).removeprefix("/")
        bucket, _, key = path.partition("/")
        assert bucket == BUCKET, path
        query = dict(parse_qsl(request["QUERY_STRING"], keep_blank_values=True))
        unknown = set(query) - LISTING
        assert not unknown, (request["REQUEST_METHOD"], query)
        arn = f"arn:aws:s3:::{path}".rstrip("/")
        if not key:
            assert request["REQUEST_METHOD"] in ("GET", "HEAD"), (request["REQUEST_METHOD"], path)
            self.asked.append(("s3:ListBucket", f"arn:aws:s3:::{BUCKET}"))
            return
        action = {
            "GET": "s3:GetObject", "HEAD": "s3:GetObject", "PUT": "s3:PutObject",
            "DELETE": "s3:DeleteObject",
        }[request["REQUEST_METHOD"]]  # fmt: skip
        self.asked.append((action, arn))
        source = unquote(request.get("HTTP_X_AMZ_COPY_SOURCE", "")).removeprefix("/")
        if source:
            self.asked.append(("s3:GetObject", f"arn:aws:s3:::{source}"))


class Silent(WSGIRequestHandler):
    """A log of every request would hide what a test says."""

    def log(self, *_: Any, **__: Any) -> None:
        """Say nothing."""


@contextmanager
def serving_s3() -> Generator[Bucket]:
    """S3 on a port, with the bucket in it."""
    bucket = Bucket()
    application = DomainDispatcherApplication(create_backend_app)

    def heard(environ: dict[str, Any], start: Any) -> Any:
        if not environ["PATH_INFO"].startswith("/moto-api"):
            bucket.hear(environ)
        return application(environ, start)

    server = make_server("127.0.0.1", 0, heard, threaded=True, request_handler=Silent)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    bucket.url = f"http://127.0.0.1:{server.server_port}"
    try:
        # moto keeps one account for the whole process.
        urlopen(Request(f"{bucket.url}/moto-api/reset", method="POST")).close()
        bucket.client.create_bucket(Bucket=BUCKET)
        # `pulumi login` of whoever makes the bucket writes it, before any role is there.
        bucket.client.put_object(Bucket=BUCKET, Key=META, Body=b"version: 1\n")
        bucket.key = bucket.client_of("kms").create_key()["KeyMetadata"]["Arn"]
        yield bucket
    finally:
        server.shutdown()
        thread.join()


@pytest.fixture
def bucket() -> Iterator[Bucket]:
    with serving_s3() as found:
        yield found


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "Pulumi.yaml").write_text(SHARED)
    bounded = "  trellis:permissionsBoundary: boundary-shop-dev\n"
    (tmp_path / "Pulumi.dev.yaml").write_text(DEV + bounded)
    return tmp_path


def may(project: Path, bucket: Bucket, file: str, *words: str) -> Permissions:
    """Derive the roles, and what the one may do that deploys."""
    state = ["--state", BUCKET, "--state-key", bucket.key]
    command = ["roles", "dev", "--project", str(project), "--write", *state, *words]
    assert main(command) == 0
    return permissions(project / file, "deploy")


def permissions(file: Path, kind: str) -> Permissions:
    """What a derived role may do."""
    documents = json.loads(file.read_text())["roles"][kind]
    parsed = (parse(document, str(at), Kind.IDENTITY) for at, document in enumerate(documents))
    return Permissions(RolePolicies(tuple(parsed)))


def refused(asked: list[tuple[str, str]], role: Permissions) -> list[tuple[str, str]]:
    return [
        (action, resource)
        for action, resource in dict.fromkeys(asked)
        if role.can(action, resource, {}).verdict is not Verdict.ALLOWED
    ]


def test_the_engine_touches_nothing_in_the_bucket_that_the_role_may_not(
    engine: Engine, bucket: Bucket, project: Path
) -> None:
    role = may(project, bucket, "trellis.dev.roles.json")
    other = engine.stack(project, "prod", text=DEV, backend=bucket.environment)
    theirs = {
        key: bucket.client.head_object(Bucket=BUCKET, Key=key)["ETag"] for key in bucket.contents()
    }
    bucket.asked.clear()
    # Whoever makes a stack that lasts is a person; its file is committed with the stack's key.
    provider = bucket.secrets_provider
    stack = engine.stack(project, "dev", backend=bucket.environment, secrets_provider=provider)
    bucket.asked.clear()
    stack.preview()
    stack.up()
    stack.up()
    stack.refresh()
    deploying = tuple(bucket.asked)
    bucket.asked.clear()
    stack.preview_json()
    looking = permissions(project / "trellis.dev.roles.json", "drift")
    assert ("kms:Decrypt", bucket.key) in bucket.asked
    assert refused(bucket.asked, looking) == [], "`trellis-drift` reads by another role"
    bucket.asked = [*deploying, *bucket.asked]
    stack.export()
    stack.unprotect()
    stack.command("cancel", "--yes")
    stack.aws.unprotect()
    # AWS keeps a repository that has images, and what is retained is left to its owner.
    kept = {
        urn
        for urn, one in stack.state().items()
        if one.get("retainOnDelete") or one["type"] == "aws:ecr/repository:Repository"
    }
    stack.aws.remove(kept)
    stack.destroy()
    assert {action for action, _ in bucket.asked} == {
        "kms:Decrypt", "s3:DeleteObject", "s3:GetObject", "s3:ListBucket", "s3:PutObject",
    }  # fmt: skip
    written = {resource for action, resource in bucket.asked if action == "s3:PutObject"}
    parts = {re.sub(r".*/\.pulumi/(\w+)/.*", r"\1", resource) for resource in written}
    assert parts == {"backups", "history", "locks", "stacks"}, "the recording has them all"
    assert refused(bucket.asked, role) == []
    now = {key: bucket.client.head_object(Bucket=BUCKET, Key=key)["ETag"] for key in theirs}
    assert now == theirs
    assert other.folder != stack.folder


def test_a_pull_requests_stack_is_made_brought_up_to_date_and_leaves_nothing(
    engine: Engine, bucket: Bucket, project: Path
) -> None:
    role = may(project, bucket, "trellis.pr.roles.json", "--environments", "pr")
    command = ["environment", "pr-7", "--like", "dev", "--project", str(project)]
    assert main(command) == 0
    provider = bucket.secrets_provider
    stack = engine.stack(project, "pr-7", backend=bucket.environment, secrets_provider=provider)
    made = stack.up()
    assert set(made.changed) == {"create"}
    assert not stack.up().changed, "a second push of the same changes nothing"
    # A push a day later: the last day moves, which is a tag, and nothing is replaced.
    again = ["environment", "pr-7", "--like", "dev", "--project", str(stack.folder)]
    assert main([*again, "--days", "9"]) == 0
    assert set(stack.up().changed) <= {"update"}
    protected = [urn for urn, one in stack.state().items() if one.get("protect")]
    kept = [urn for urn, one in stack.state().items() if one.get("retainOnDelete")]
    assert protected == kept == [], "nothing of it stays when it goes"
    stack.command("config", "refresh", "--force")
    stack.destroy()
    assert set(stack.aws.calls.created) <= set(stack.aws.calls.deleted)
    assert not stack.aws.cloud
    stack.command("stack", "rm", "--yes")
    assert ("kms:Encrypt", bucket.key) in bucket.asked
    assert refused(bucket.asked, role) == []
    left = [key for key in bucket.contents() if not key.startswith(".pulumi/backups/")]
    former = ".pulumi/stacks/shop/pr-7.json.zst.bak"
    assert left == [META, former], "of its state, copies alone"
