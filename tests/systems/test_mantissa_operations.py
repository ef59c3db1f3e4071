"""Mantissa Log's rows of state and operations: the commands of the guides, run against moto."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore import xform_name
from moto import mock_aws
from moto.iam.access_control import PermissionResult
from moto.s3.models import FakeBucket

from tests.documents.typed import typed
from tests.recordings import ROOT, recorded
from trellis.cli.main import main

pytestmark = pytest.mark.long

PROJECT = ROOT / "systems" / "mantissa-log"
GUIDES = ("docs/operations.md", "docs/lake.md")
SERVICES = {"s3api": "s3"}
SWITCHES = frozenset({"--query", "--cli-binary-format"})
"""What the AWS CLI does with an answer or a file by itself."""


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An empty account, in which functions answer without a container."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    # moto reads a bucket's policy without its conditions: TLS alone would be nobody at all.
    monkeypatch.setattr(FakeBucket, "get_permission", lambda *_: PermissionResult.NEUTRAL)
    with mock_aws(config={"lambda": {"use_docker": False}}):
        yield


def run(name: str, **places: str) -> Any:
    """Run a command of a guide, with what stands in capitals replaced.

    Args:
        name: service and command, as in `athena get-query-results`.
    """
    words = next(
        element.words
        for element in typed()
        if element.page in GUIDES and element.words[:3] == ("aws", *name.split())
    )
    replaced = list(words)
    for place, value in places.items():
        replaced = [word.replace(place, value) for word in replaced]
    given: dict[str, str] = {}
    rest = iter(replaced[3:])
    positions: list[str] = []
    for word in rest:
        if word in SWITCHES:
            next(rest)
        elif word.startswith("--"):
            given[word[2:]] = next(rest)
        else:
            positions.append(word)
    service, operation = name.split()
    client = boto3.client(SERVICES.get(service, service))  # type: ignore[call-overload]
    method = xform_name(operation.replace("-", "_"))
    shape = client.meta.service_model.operation_model(
        client.meta.method_to_api_mapping[method]
    ).input_shape
    members = {xform_name(member, "-"): member for member in shape.members}
    arguments: dict[str, Any] = {}
    for flag, value in given.items():
        kind = shape.members[members[flag]].type_name
        arguments[members[flag]] = (
            int(value)
            if kind == "integer"
            else open_(value)
            if value.startswith("fileb://")
            else value
        )
    return getattr(client, method)(**arguments)


def open_(place: str) -> bytes:
    """What `fileb://` stands for."""
    return Path(place.removeprefix("fileb://")).read_bytes()


def name_of(stack: str, type_: str, name: str, field: str) -> str:
    return str(recorded("systems/mantissa-log", stack, "deployed").one(type_, name).inputs[field])


@pytest.mark.parametrize("stack", ["dev", "staging", "prod"])
@pytest.mark.usefixtures("aws")
def test_the_state_is_in_a_versioned_encrypted_bucket_of_the_system(
    stack: str, capsys: pytest.CaptureFixture[str]
):
    where = ["--project", str(PROJECT)]
    assert main(["backend", "check", stack, *where]) != 0, "nothing is there yet"
    assert main(["backend", "create", stack, *where]) == 0
    assert main(["backend", "check", stack, *where]) == 0
    printed = capsys.readouterr().out
    bucket = printed.partition("s3://")[2].partition("?")[0]
    assert bucket.startswith("mantissa-log")
    s3 = boto3.client("s3")
    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    (rule,) = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    default = rule["ApplyServerSideEncryptionByDefault"]
    assert default["SSEAlgorithm"] == "aws:kms"
    key = boto3.client("kms").describe_key(KeyId=default["KMSMasterKeyID"])["KeyMetadata"]
    assert key["KeyManager"] == "CUSTOMER"
    assert all(s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"].values())
    assert f"--secrets-provider='awskms:///{key['Arn']}?" in printed


@pytest.mark.usefixtures("aws")
def test_a_former_version_of_a_rule_is_brought_back():
    bucket, key = name_of("dev", "aws:s3/bucket:Bucket", "configuration", "bucket"), "rules/a.json"
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket=bucket)
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    s3.put_object(Bucket=bucket, Key=key, Body=b"good")
    s3.put_object(Bucket=bucket, Key=key, Body=b"broken")
    places = {"clubapp-dev-receipts": bucket, "KEY": key}
    versions = run("s3api list-object-versions", **places)["Versions"]
    former = next(version["VersionId"] for version in versions if not version["IsLatest"])
    run("s3api copy-object", **places, VERSION=former)
    assert s3.get_object(Bucket=bucket, Key=key)["Body"].read() == b"good"


def zipped(answer: int) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as file:
        file.writestr("app.py", f"def handle(event, context):\n    return {answer}\n")
    return data.getvalue()


@pytest.mark.usefixtures("aws")
def test_a_function_is_invoked_and_its_code_changed_in_an_emergency(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    name = name_of("dev", "aws:lambda/function:Function", "detection-engine", "name")
    trust = {"Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"},
                            "Action": "sts:AssumeRole"}]}  # fmt: skip
    role = boto3.client("iam").create_role(
        RoleName="detection-engine", AssumeRolePolicyDocument=json.dumps(trust)
    )["Role"]["Arn"]
    client = boto3.client("lambda")
    made = client.create_function(
        FunctionName=name, Runtime="python3.13", Role=role, Handler="app.handle",
        Code={"ZipFile": zipped(1)},
    )  # fmt: skip
    assert run("lambda invoke", NAME=name)["StatusCode"] == 200
    monkeypatch.chdir(tmp_path)
    (tmp_path / "function.zip").write_bytes(zipped(2))
    changed = run("lambda update-function-code", NAME=name)
    assert changed["CodeSha256"] != made["CodeSha256"]
    assert base64.b64decode(changed["CodeSha256"])


@pytest.mark.usefixtures("aws")
def test_a_query_is_looked_at_and_its_rows_are_read():
    group = name_of("dev", "aws:athena/workgroup:Workgroup", "main", "name")
    athena = boto3.client("athena")
    athena.create_work_group(
        Name=group,
        Configuration={"ResultConfiguration": {"OutputLocation": "s3://results/"}},
    )
    asked = athena.start_query_execution(QueryString="SELECT 1", WorkGroup=group)
    number = asked["QueryExecutionId"]
    listed = run("athena list-query-executions", WORKGROUP=group)
    assert listed["QueryExecutionIds"] == [number]
    found = run("athena get-query-execution", ID=number)
    assert found["QueryExecution"]["WorkGroup"] == group
    assert "Rows" in run("athena get-query-results", ID=number)["ResultSet"]


def test_one_resource_is_made_again_by_its_urn():
    """The engine's own command, whose flags another test asks the program for."""
    commands = [
        element.words
        for element in typed()
        if element.page in GUIDES and "--target-replace" in element.words
    ]
    assert {words[1] for words in commands} >= {"preview", "up"}
