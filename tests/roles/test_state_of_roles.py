"""A role reaches the state of its own stacks, all that the engine needs of it, and no other's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws
from moto.iam.access_control import PermissionResult
from moto.s3.models import FakeBucket

from policies.guardrails.iam.documents import Kind, parse
from policies.guardrails.iam.permissions import Permissions, RolePolicies, Verdict
from tests.node.programs import iam_allows
from tests.recordings import ROOT, recorded
from tests.roles.stacks import bounded, naming_of
from tests.roles.test_asked_permissions import cases
from tests.roles.test_derived_roles import permissions
from trellis.cli.main import main
from trellis.roles.roles import Roles, State, derive
from trellis.roles.statements import Statement, policies

ACCOUNT, REGION = "123456789012", "us-east-1"
BUCKET = f"clubapp-state-{ACCOUNT}-{REGION}"
WRITES = ("s3:DeleteObject", "s3:GetObject", "s3:PutObject")


def roles(key: str) -> Roles:
    def of(mode: str) -> Any:
        return bounded(".", "dev", "deployed" if mode == "deployed" else "preview")

    return derive(of, naming_of(recorded(".", "dev")), "aws", State(BUCKET, key))


KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1-2-3"

OWN = (
    "stacks/clubapp/dev.json", "stacks/clubapp/dev.json.bak", "stacks/clubapp/dev.json.zst",
    "stacks/clubapp/dev.json.zst.bak", "stacks/clubapp/dev.json.gz",
    "stacks/clubapp/dev.pulumi-tags",
    "history/clubapp/dev/dev-1700000000000000000.history.json.zst",
    "history/clubapp/dev/dev-1700000000000000000.checkpoint.json.zst",
    "backups/clubapp/dev/dev.1700000000000000000.json.zst",
    "locks/organization/clubapp/dev/1b4e28ba-2fa1-11d2-883f-0016d3cca427.json",
)  # fmt: skip
OTHERS = tuple(
    key
    for other in ("clubapp/prod", "clubapp/dev2", "clubapp/dev.eu", "clubapp-delivery/dev", "x/dev")
    for key in (
        f"stacks/{other}.json", f"stacks/{other}.json.zst", f"stacks/{other}.pulumi-tags",
        f"history/{other}/a-1.history.json", f"backups/{other}/a.1.json",
        f"locks/organization/{other}/1.json",
    )
)  # fmt: skip


def state_cases(statements: tuple[Statement, ...], keys: tuple[str, ...]) -> list[dict[str, Any]]:
    asked: list[tuple[str, str, dict[str, str]]] = [
        (action, f"arn:aws:s3:::{BUCKET}/.pulumi/{key}", {}) for key in keys for action in WRITES
    ]
    return cases(statements, asked)


@pytest.mark.node
def test_a_foreign_evaluator_gives_each_role_the_state_of_its_own_stack_alone():
    found = roles(KEY).statements
    assert all(iam_allows(state_cases(found["deploy"], OWN)))
    assert not any(iam_allows(state_cases(found["deploy"], OTHERS)))
    assert not any(iam_allows(state_cases(found["drift"], OTHERS)))
    reads = iam_allows(state_cases(found["drift"], OWN))
    assert reads == [action == "s3:GetObject" for _ in OWN for action in WRITES]
    # What all stacks of the bucket share is read, and written by who makes the bucket.
    shared: list[tuple[str, str, dict[str, str]]] = [
        (action, f"arn:aws:s3:::{BUCKET}/.pulumi/meta.yaml", {}) for action in WRITES
    ]
    assert iam_allows(cases(found["deploy"], shared)) == [False, True, False]


def test_no_file_of_the_engine_is_named_by_a_pattern_that_others_files_meet():
    found = Permissions(
        RolePolicies(
            tuple(
                parse(document, str(at), Kind.IDENTITY)
                for at, document in enumerate(policies(roles(KEY).statements["deploy"]))
            )
        )
    )
    for key, may in [*((key, True) for key in OWN), *((key, False) for key in OTHERS)]:
        for action in WRITES:
            decision = found.can(action, f"arn:aws:s3:::{BUCKET}/.pulumi/{key}", {})
            assert (decision.verdict is Verdict.ALLOWED) == may, (action, key)


IAM_NAMES = {
    "s3:GetBucketEncryption": "s3:GetEncryptionConfiguration",
    "s3:GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration",
    "s3:GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock",
    "s3:HeadBucket": "s3:ListBucket",
    "s3:ListObjectsV2": "s3:ListBucket",
}
"""Actions of operations that IAM has another name for ("Actions, resources, and condition keys for
Amazon S3", 2026-11)."""


def _neutral(*_: object) -> PermissionResult:
    return PermissionResult.NEUTRAL


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, str]]]:
    """Every call of AWS, as action and resource."""
    # moto reads a bucket's policy without its conditions.
    monkeypatch.setattr(FakeBucket, "get_permission", _neutral)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "x")
    found: list[tuple[str, str]] = []
    make = boto3.Session.client

    def client(session: boto3.Session, service: str, *rest: Any, **more: Any) -> Any:
        made = make(session, service, *rest, **more)

        def note(params: dict[str, Any], model: Any, **_: Any) -> None:
            name = f"{service}:{model.name}"
            if service == "s3":
                key = params.get("Key")
                resource = f"arn:aws:s3:::{params['Bucket']}" + (f"/{key}" if key else "")
            else:
                resource = str(params.get("KeyId", "*"))
            found.append((IAM_NAMES.get(name, name), resource))

        made.meta.events.register("provide-client-params", note)
        return made

    monkeypatch.setattr(boto3.Session, "client", client)
    with mock_aws():
        yield found


@pytest.mark.long
def test_the_deployments_role_may_do_all_that_the_check_before_it_asks(
    calls: list[tuple[str, str]], capsys: pytest.CaptureFixture[str]
):
    """`trellis-deploy` asks `trellis backend check` first, as that role."""
    assert main(["backend", "create", "dev", "--project", str(ROOT)]) == 0
    kms = boto3.client("kms", region_name=REGION)
    key = kms.describe_key(KeyId="alias/clubapp-state")["KeyMetadata"]["Arn"]
    boto3.client("s3", region_name=REGION).put_object(
        Bucket=BUCKET, Key=".pulumi/locks/organization/clubapp/dev/1.json",
        Body=b'{"timestamp": "2026-11-30T00:00:00Z", "username": "a", "hostname": "b", "pid": 1}',
    )  # fmt: skip
    calls.clear()
    assert main(["backend", "check", "dev", "--project", str(ROOT)]) == 1
    assert "locked by a on b" in capsys.readouterr().out
    may = permissions(list(roles(key).statements["deploy"]))
    asked = {(action, key if action.startswith("kms:") else on) for action, on in calls}
    assert len(asked) > 15
    refused = [
        (action, on)
        for action, on in sorted(asked)
        # Everybody may ask who they are.
        if action != "sts:GetCallerIdentity"
        and may.can(action, on, {}).verdict is not Verdict.ALLOWED
    ]
    assert refused == []


def test_a_bucket_that_trellis_did_not_name_has_no_log_of_its_own():
    from trellis.roles.state import state_statements

    place = roles(KEY).place
    for bucket, log in (
        ("shop-state", "shop-state"),
        (BUCKET, BUCKET.replace("-state-", "-state-log-")),
    ):
        (looks,) = [
            statement
            for statement in state_statements(
                place, State(bucket, KEY), (), writes=True, frozen="x"
            )
            if statement.sid == "SeeTheBackend"
        ]
        assert set(looks.resources) == {f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{log}"}
