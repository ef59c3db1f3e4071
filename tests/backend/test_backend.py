"""The state's bucket and key against moto: made whole, after any interruption; wrong ones found."""

from __future__ import annotations

import datetime as dt
import functools
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from moto import mock_aws
from moto.iam.access_control import PermissionResult
from moto.s3.models import FakeBucket

from trellis.backend import state
from trellis.backend.calls import BackendError, Clients, connect
from trellis.backend.parts import Backend, key_of, named
from trellis.backend.whole import PARTS
from trellis.cli.main import main

pytestmark = pytest.mark.long

ACCOUNT = "123456789012"
REGION = "us-east-1"
NOW = dt.datetime(2026, 11, 29, 12, 0, tzinfo=dt.UTC)
BACKEND = named("clubapp", ACCOUNT, REGION)


class StoppedError(Exception):
    """Ctrl-C, in a test."""


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for key in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(key)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")


@pytest.fixture
def aws() -> Iterator[None]:
    """An empty account, for one test."""
    with mock_aws():
        yield


@pytest.fixture
def no_policies(monkeypatch: pytest.MonkeyPatch) -> None:
    """moto reads a bucket's policy without its conditions: TLS alone would be nobody at all."""
    monkeypatch.setattr(FakeBucket, "get_permission", lambda *_: PermissionResult.NEUTRAL)


_hook: list[Callable[[Any], Any]] = []


@functools.cache
def signed_in() -> Clients:
    """Clients whose calls ask the hook first. Making them takes longer than all that they do."""
    found = connect(REGION, None, None, boto3.Session)
    for client in (found.s3, found.kms):
        client.meta.events.register("before-call", _asked)
    return found


def _asked(model: Any, **_: Any) -> Any:
    return _hook[0](model) if _hook else None


@contextmanager
def before_each(hook: Callable[[Any], Any]) -> Iterator[Clients]:
    """Clients that ask `hook` before each call, which may raise, or answer in AWS's place."""
    _hook.append(hook)
    try:
        yield signed_in()
    finally:
        _hook.clear()


def clients() -> Clients:
    return signed_in()


def create(found: Clients, backend: Backend = BACKEND) -> None:
    for part in PARTS:
        if not part.is_so(found, backend):
            part.make(found, backend)


def lacking(found: Clients) -> list[str]:
    return [part.name for part in PARTS if not part.is_so(found, BACKEND)]


def refuse(code: str, name: str, model: Any) -> Any:
    """An answer with an error code to the calls of one name."""
    if model.name != name:
        return None
    return SimpleNamespace(status_code=400), {"Error": {"Code": code, "Message": "no"}}


def keys(found: Clients) -> int:
    return len(found.kms.list_keys()["Keys"])


@pytest.mark.usefixtures("aws")
def test_what_is_made_is_whole_and_made_once():
    found = clients()
    create(found)
    assert lacking(found) == []
    create(found)
    assert keys(found) == 1
    rules = found.s3.get_bucket_encryption(Bucket=BACKEND.bucket)
    (rule,) = rules["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"]["KMSMasterKeyID"] == key_of(found, BACKEND)
    statements = json.loads(found.s3.get_bucket_policy(Bucket=BACKEND.bucket)["Policy"])[
        "Statement"
    ]
    assert [statement["Effect"] for statement in statements] == ["Deny", "Deny"]


@pytest.mark.usefixtures("aws")
def test_who_reads_and_writes_the_state_is_written_to_a_bucket_of_its_own():
    found = clients()
    create(found)
    logging = found.s3.get_bucket_logging(Bucket=BACKEND.bucket)["LoggingEnabled"]
    assert logging["TargetBucket"] == BACKEND.log_bucket == f"clubapp-state-log-{ACCOUNT}-{REGION}"
    policy = json.loads(found.s3.get_bucket_policy(Bucket=BACKEND.log_bucket)["Policy"])
    (delivery,) = [statement for statement in policy["Statement"] if statement["Effect"] == "Allow"]
    assert delivery["Principal"] == {"Service": "logging.s3.amazonaws.com"}
    assert delivery["Condition"] == {
        "ArnLike": {"aws:SourceArn": f"arn:aws:s3:::{BACKEND.bucket}"},
        "StringEquals": {"aws:SourceAccount": ACCOUNT},
    }
    closed = found.s3.get_public_access_block(Bucket=BACKEND.log_bucket)
    assert all(closed["PublicAccessBlockConfiguration"].values())
    found.s3.put_bucket_logging(Bucket=BACKEND.bucket, BucketLoggingStatus={})
    assert lacking(found) == ["access log"]
    create(found)
    assert lacking(found) == []


def test_names_of_buckets_are_no_longer_than_s3_takes():
    long = named("a" * 60, ACCOUNT, "ap-southeast-2")
    assert len(long.bucket) == len(long.log_bucket) == 63
    assert long.bucket != long.log_bucket


def test_interrupted_at_any_call_the_next_run_finishes_it():
    for last in range(1, 100):
        with mock_aws():
            count = 0

            def stop(model: Any, last: int = last) -> None:
                nonlocal count
                count += 1
                if count == last:
                    raise StoppedError

            try:
                with before_each(stop) as found:
                    create(found)
            except StoppedError:
                found = clients()
                create(found)
                assert lacking(found) == [], last
                assert keys(found) == 1, last
            else:
                assert last > 20
                return
    raise AssertionError("it never ended")


@pytest.mark.usefixtures("aws")
def test_another_account_is_refused():
    with pytest.raises(BackendError, match="signed in to account 123456789012"):
        connect(REGION, "999999999999", None, boto3.Session)


def test_each_missing_permission_and_each_throttled_call_is_named():
    names: dict[str, None] = {}
    with mock_aws(), before_each(lambda model: names.setdefault(model.name)) as found:
        create(found)
    assert len(names) > 12
    for name in names:
        for code, message in (("AccessDenied", "is not allowed"), ("SlowDown", "throttled")):
            with (
                mock_aws(),
                before_each(partial(refuse, code, name)) as found,
                pytest.raises(BackendError) as raised,
            ):
                create(found)
            assert name in str(raised.value)
            assert message in str(raised.value)


@pytest.mark.usefixtures("aws")
def test_a_half_made_backend_is_named_part_by_part():
    found = clients()
    create(found)
    found.s3.delete_bucket_policy(Bucket=BACKEND.bucket)
    found.s3.delete_public_access_block(Bucket=BACKEND.bucket)
    found.s3.put_bucket_lifecycle_configuration(
        Bucket=BACKEND.bucket,
        LifecycleConfiguration={
            "Rules": [
                {
                    "ID": "a",
                    "Status": "Enabled",
                    "Filter": {"Prefix": ""},
                    "Expiration": {"Days": 1},
                }
            ]
        },
    )
    assert lacking(found) == ["public access", "lifecycle", "policy"]
    create(found)
    assert lacking(found) == []


def put(found: Clients, key: str, text: str) -> None:
    found.s3.put_object(Bucket=BACKEND.bucket, Key=key, Body=text.encode())


@pytest.mark.usefixtures("aws", "no_policies")
def test_the_old_layout_is_found():
    found = clients()
    create(found)
    assert state.layout(found, BACKEND) is None
    put(found, ".pulumi/stacks/clubapp/dev.json", "{}")
    assert "no .pulumi/meta.yaml" in str(state.layout(found, BACKEND))
    put(found, ".pulumi/meta.yaml", "version: 1")
    assert state.layout(found, BACKEND) is None
    put(found, ".pulumi/stacks/dev.json", "{}")
    assert "pulumi state upgrade" in str(state.layout(found, BACKEND))


def lock(found: Clients, host: str, hours: float) -> None:
    since = NOW - dt.timedelta(hours=hours)
    fields = {"pid": 1234, "username": "ci", "hostname": host, "timestamp": since.isoformat()}
    put(found, ".pulumi/locks/organization/clubapp/dev/one.json", json.dumps(fields))


@pytest.mark.parametrize(
    ("hours", "ended", "goes"),
    [(2, "runner", True), (2, None, False), (2, "other", False), (0.5, "runner", False)],
)
@pytest.mark.usefixtures("aws", "no_policies")
def test_a_lock_of_another_machine_goes_by_a_persons_word_and_age(
    hours: float, ended: str | None, goes: bool
):
    found = clients()
    create(found)
    lock(found, "runner", hours)
    held = state.locks(found, BACKEND, "clubapp", "dev")
    take = partial(state.unlock, found, BACKEND, held, ended, now=NOW, alive=lambda _: True)
    if goes:
        assert take() == held
        assert state.locks(found, BACKEND, "clubapp", "dev") == []
    else:
        with pytest.raises(BackendError, match="--ended runner"):
            take()
        assert state.locks(found, BACKEND, "clubapp", "dev") == held


@pytest.mark.usefixtures("aws", "no_policies")
def test_a_lock_of_this_machine_goes_when_its_process_has(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("socket.gethostname", lambda: "here")
    found = clients()
    create(found)
    lock(found, "here", 0)
    held = state.locks(found, BACKEND, "clubapp", "dev")
    with pytest.raises(BackendError, match="it runs on this machine"):
        state.unlock(found, BACKEND, held, "here", now=NOW, alive=lambda _: True)
    assert state.unlock(found, BACKEND, held, None, now=NOW, alive=lambda _: False) == held
    assert state.is_alive(os.getpid())


@pytest.mark.usefixtures("aws", "no_policies")
def test_a_frozen_stack_says_who_and_why_until_it_is_thawed():
    found = clients()
    create(found)
    state.freeze(found, BACKEND, "clubapp", "dev", "a table is being mended", NOW)
    with pytest.raises(BackendError, match="a table is being mended"):
        state.freeze(found, BACKEND, "clubapp", "dev", "mine", NOW)
    assert state.frozen(found, BACKEND, "clubapp", "prod") is None
    assert state.thaw(found, BACKEND, "clubapp", "dev").reason == "a table is being mended"
    with pytest.raises(BackendError, match="not frozen"):
        state.thaw(found, BACKEND, "clubapp", "dev")


@pytest.mark.usefixtures("aws", "no_policies")
def test_the_command_does_it_all(capsys: pytest.CaptureFixture[str]):
    assert main(["backend", "create", "dev", "--dry-run"]) == 0
    printed = capsys.readouterr().out
    assert printed.count("would be set") == len(PARTS)
    assert boto3.client("s3", region_name=REGION).list_buckets()["Buckets"] == []
    assert main(["backend", "check", "dev"]) == 1
    assert main(["backend", "create", "dev"]) == 0
    printed = capsys.readouterr().out
    assert f"pulumi login 's3://{BACKEND.bucket}?region={REGION}" in printed
    assert "--secrets-provider='awskms:///arn:aws:kms:" in printed
    assert main(["backend", "check", "dev"]) == 0
    assert main(["backend", "freeze", "dev"]) == 2
    assert main(["backend", "freeze", "dev", "--reason", "a repair by hand"]) == 0
    assert main(["backend", "check", "dev"]) == 1
    assert "a repair by hand" in capsys.readouterr().out
    assert main(["backend", "thaw", "dev"]) == 0
    assert main(["backend", "unlock", "dev"]) == 0
    assert main(["backend", "check", "dev", "--reason", "x"]) == 2
