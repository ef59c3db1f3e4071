"""At every call of AWS: an interruption, a lost connection, throttling, a missing permission. No
traceback, 130 where a person ended it, and what is left half-made is said, and finished by the next
run."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.core import DEFAULT_ACCOUNT_ID
from moto.iam.access_control import PermissionResult
from moto.s3.models import FakeBucket

from tests.operate.conftest import REGION, SESSION, simulated
from tests.operate.faults import Answers, Fault, Outcome, Session, Wire, account, ended
from trellis.backend.parts import named
from trellis.cli.options import INTERRUPTED
from trellis.operate import doctor_permissions, drill
from trellis.operate.planned import Planned
from trellis.operate.probing import Answer
from trellis.operate.system import System
from trellis.roles.asks import Ask

pytestmark = pytest.mark.long

NOW = dt.datetime(2026, 11, 29, 12, 0, tzinfo=dt.UTC)
BACKEND = named("shop", DEFAULT_ACCOUNT_ID, REGION)
LOCK = ".pulumi/locks/organization/shop/dev/one.json"
FROZEN = "trellis/freeze/shop/dev.json"


def returning(value: Any) -> Callable[[dict[str, Any]], Any]:
    return lambda _: value


def s3() -> Any:
    return boto3.Session().client("s3", REGION)


def nothing() -> None:
    """An empty account."""


def backend() -> None:
    """The state's bucket and key."""
    assert ended(["backend", "create", "dev", "--project", str(_project[0])], _wires[0]).code == 0


def bucket() -> None:
    """The state's bucket alone, which is all that locks and freezes need."""
    s3().create_bucket(Bucket=BACKEND.bucket)


def locked() -> None:
    """A run on another machine that ended hours ago."""
    bucket()
    lock = {"pid": 1, "username": "ci", "hostname": "runner", "timestamp": NOW.isoformat()}
    s3().put_object(Bucket=BACKEND.bucket, Key=LOCK, Body=json.dumps(lock).encode())


def frozen() -> None:
    """A stack that stands still."""
    bucket()
    words = ["backend", "freeze", "dev", "--reason", "a repair"]
    assert ended([*words, "--project", str(_project[0])], _wires[0]).code == 0


def secrets() -> None:
    """The secret that a person fills."""
    boto3.Session().client("secretsmanager", REGION).create_secret(Name="shop/dev/stripe")


def there(key: str) -> bool:
    listed = s3().list_objects_v2(Bucket=BACKEND.bucket).get("Contents", ())
    return key in {one["Key"] for one in listed}


def value() -> str:
    client = boto3.Session().client("secretsmanager", REGION)
    try:
        return client.get_secret_value(SecretId="shop/dev/stripe")["SecretString"]
    except client.exceptions.ResourceNotFoundException:
        return ""


def checked() -> bool:
    return ended(["backend", "check", "dev", "--project", str(_project[0])], Wire()).code == 0


OFFER = {
    "EngineVersion": "16.4",
    "AvailabilityZones": [{"Name": f"{REGION}a"}, {"Name": f"{REGION}b"}],
}
DOCTOR: Answers = {
    "DescribeOrderableDBInstanceOptions": returning({"OrderableDBInstanceOptions": [OFFER]}),
    "GetServiceQuota": returning({"Quota": {"Value": 50}}),
    "SimulatePrincipalPolicy": simulated({}),
}
HEALTHY = {"TargetHealth": {"State": "healthy"}}
SMOKE: Answers = {
    "DescribeServices": returning(
        {"services": [{"status": "ACTIVE", "desiredCount": 2, "runningCount": 2}]}
    ),
    "DescribeTargetGroups": returning({"TargetGroups": [{"TargetGroupArn": "group"}]}),
    "DescribeTargetHealth": returning({"TargetHealthDescriptions": [HEALTHY]}),
    "ListCertificates": returning(
        {"CertificateSummaryList": [{"CertificateArn": "c", "DomainName": "api.shop.example"}]}
    ),
    "DescribeCertificate": returning(
        {"Certificate": {"Status": "ISSUED", "NotAfter": NOW + dt.timedelta(days=4000)}}
    ),
    "DescribeLogStreams": returning({"logStreams": []}),
    "ListDashboards": returning({"DashboardEntries": []}),
    "DescribeSecret": returning(
        {"VersionIdsToStages": {"1": ["AWSCURRENT"]}, "RotationEnabled": True}
    ),
}
ARN = "arn:aws:ecs:us-east-1:123456789012:service-deployment/shop-dev/shop-dev-api/abc"


def deployed(status: str, *hooks: dict[str, Any]) -> Answers:
    brief = {"serviceDeploymentArn": ARN, "createdAt": NOW}
    deployment = {**brief, "status": status, "lifecycleHookDetails": list(hooks)}
    return {
        "ListServiceDeployments": returning({"serviceDeployments": [brief]}),
        "DescribeServiceDeployments": returning({"serviceDeployments": [deployment]}),
        "ContinueServiceDeployment": returning({"serviceDeploymentArn": ARN}),
        "StopServiceDeployment": returning({"serviceDeploymentArn": ARN}),
    }


def waiting(name: str) -> dict[str, Any]:
    return {"hookId": name, "targetType": "PAUSE", "status": "AWAITING_ACTION"}


TASKS: Answers = {
    "ListTasks": returning({"taskArns": ["arn/b", "arn/c"]}),
    "DescribeTasks": lambda asked: {
        "tasks": [
            {"taskArn": arn, "lastStatus": "RUNNING", "stopCode": "ServiceSchedulerInitiated"}
            for arn in asked["tasks"]
        ]
    },
}


def drilled() -> Answers:
    """Two tasks before; the first one has gone at the next look, and another one runs."""
    looks = [["arn/a", "arn/b"], ["arn/b", "arn/c"]]

    def listed(_: dict[str, Any]) -> Any:
        return {"taskArns": looks.pop(0) if len(looks) > 1 else looks[0]}

    return {**TASKS, "ListTasks": listed, "StopTask": returning({})}


@dataclass(frozen=True)
class Case:
    """A command, and what is there before it."""

    words: tuple[str, ...]
    least: int
    """Calls that it makes at least: fewer, and the harness looks at nothing."""
    prepare: Callable[[], None] = nothing
    answers: Callable[[], Answers] = Answers
    changes: tuple[str, ...] = ()
    """Operations that change something."""
    is_done: Callable[[], bool] = lambda: True
    """Whether what it is for is so; asked where it changes something."""
    again: bool = True
    """Whether the same command, given once more, ends well though it was done."""
    code: int = 0
    names_refused: bool = True
    """Whether a refused call is always named: a check of doctor's may have another way to know."""
    reported_on: str = "again|trellis "
    """What a person is told who was left halfway."""


CREATING = (
    "CreateKey", "CreateAlias", "EnableKeyRotation", "CreateBucket", "PutPublicAccessBlock",
    "PutBucketVersioning", "PutBucketEncryption", "PutBucketLifecycleConfiguration",
    "PutBucketPolicy", "PutBucketLogging",
)  # fmt: skip

CASES = {
    "backend create": Case(
        ("backend", "create"), 25, changes=CREATING, is_done=checked,
    ),
    "backend check": Case(("backend", "check"), 15, backend),
    "backend unlock": Case(
        ("backend", "unlock", "--ended", "runner"), 4, locked, changes=("DeleteObject",),
        is_done=lambda: not there(LOCK),
    ),
    "backend freeze": Case(
        ("backend", "freeze", "--reason", "a repair"), 3, bucket, changes=("PutObject",),
        is_done=lambda: there(FROZEN), again=False,
    ),
    "backend thaw": Case(
        ("backend", "thaw"), 3, frozen, changes=("DeleteObject",),
        is_done=lambda: not there(FROZEN), again=False,
    ),
    "doctor": Case(("doctor", "--strict"), 15, answers=lambda: DOCTOR, names_refused=False),
    "smoke": Case(("smoke", "--strict"), 8, answers=lambda: SMOKE, code=1),
    "smoke --drill": Case(
        ("smoke", "--drill", "api"), 5, answers=drilled, changes=("StopTask",),
    ),
    "diagnose": Case(
        ("diagnose",), 5,
        answers=lambda: {**deployed("SUCCESSFUL"), **TASKS,
                         "DescribeServices": returning({"services": []})},
    ),
    "secrets status": Case(("secrets", "status", "--strict"), 3, secrets, code=1),
    "secrets set": Case(
        ("secrets", "set", "stripe"), 2, secrets, changes=("PutSecretValue",),
        is_done=lambda: value() == "sk",
    ),
    "secrets rotate": Case(
        ("secrets", "rotate", "signing"), 2, answers=lambda: {"RotateSecret": returning({})},
        changes=("RotateSecret",),
    ),
    "deployment": Case(("deployment", "api"), 3, answers=lambda: deployed("IN_PROGRESS")),
    "deployment --continue": Case(
        ("deployment", "api", "--continue"), 5,
        answers=lambda: deployed("IN_PROGRESS", waiting("a"), waiting("b")),
        changes=("ContinueServiceDeployment",),
    ),
    "deployment --rollback": Case(
        ("deployment", "api", "--rollback"), 4, answers=lambda: deployed("IN_PROGRESS"),
        changes=("StopServiceDeployment",),
    ),
}  # fmt: skip


def some_asks(planned: Planned) -> tuple[Ask, ...]:
    """Some requests of the deployment, told once: telling them takes longer than all calls."""
    if not _ASKS:
        _ASKS.extend(ASKS_OF(planned)[:SOME])
    return tuple(_ASKS)


ASKS_OF, SOME = doctor_permissions.asks_of, 12
_ASKS: list[Ask] = []

_wires: list[Wire] = []
_project: list[Path] = []


@pytest.fixture(scope="module")
def wire(shop: Path, system: System) -> Iterator[Wire]:
    """Between all commands of these tests and AWS; their plan is made once, as is the session."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "testing")
        for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN"):
            patch.delenv(name, raising=False)
        made, session = Wire(), SESSION(region_name=REGION)
        made.listen(session)
        shared = Session(session)
        patch.setattr(boto3, "Session", lambda **_: shared)
        patch.setattr("trellis.operate.system.system_of", lambda *_, **__: system)
        patch.setattr("trellis.operate.doctor.TOOLS", ())
        patch.setattr(doctor_permissions, "asks_of", some_asks)
        patch.setattr("trellis.operate.probing.probe", lambda *_: Answer(200))
        patch.setattr(FakeBucket, "get_permission", lambda *_: PermissionResult.NEUTRAL)
        patch.setitem(drill.drill.__kwdefaults__, "wait", lambda _: None)
        _wires.append(made)
        _project.append(shop)
        yield made
        _wires.clear()
        _project.clear()


def run(case: Case, wire: Wire, at: int = 0, fault: Fault = Fault.REFUSED) -> Outcome:
    words = [case.words[0], *(word for word in case.words[1:2] if case.words[0] in GROUPS)]
    rest = case.words[len(words) :]
    wire.begin(at, fault)
    wire.answers = case.answers()
    with contextlib.ExitStack() as held:
        patch = held.enter_context(pytest.MonkeyPatch.context())
        patch.setattr(sys, "stdin", StringIO("sk\n"))
        return ended([*words, "dev", *rest, "--project", str(_project[0])], wire)


GROUPS = ("backend", "secrets")
"""Commands that have an action before the stack."""


@pytest.mark.parametrize("name", CASES)
def test_without_a_fault_it_does_what_it_is_for(name: str, wire: Wire):
    case = CASES[name]
    with account(case.prepare, wire):
        outcome = run(case, wire)
        assert outcome.code == case.code, outcome.printed
        assert len(outcome.asked) >= case.least
        assert set(case.changes) <= set(outcome.asked)
        assert case.is_done()


@pytest.mark.parametrize("fault", Fault)
@pytest.mark.parametrize("name", CASES)
def test_a_fault_at_any_call_is_told_and_what_is_half_made_is_finished(
    name: str, fault: Fault, wire: Wire
):
    case = CASES[name]
    wrong: list[str] = []
    with account(case.prepare, wire):
        calls = run(case, wire).asked
        # What changes nothing finds the same account each time.
        for at, operation in enumerate(calls if not case.changes else (), 1):
            outcome = run(case, wire, at, fault)
            wrong += [
                f"{at} {operation}: {lack}\n{outcome.printed}"
                for lack in lacks(case, fault, operation, outcome, changed=False)
            ]
    for at, operation in enumerate(calls if case.changes else (), 1):
        with account(case.prepare, wire):
            outcome = run(case, wire, at, fault)
            changed = {one for one in outcome.asked[: at - 1] if one in case.changes}
            if operation in case.changes and fault not in (Fault.INTERRUPTED, Fault.DROPPED):
                changed.add(operation)
            for lack in lacks(case, fault, operation, outcome, changed=bool(changed)):
                wrong.append(f"{at} {operation}: {lack}\n{outcome.printed}")
            wire.begin()
            if not (case.is_done() and not case.again):
                later = run(case, wire)
                if later.code != case.code or not case.is_done():
                    wrong.append(f"{at} {operation}: not finished by the next run\n{later.printed}")
    assert not wrong, "\n".join(wrong[:5])


def lacks(
    case: Case, fault: Fault, operation: str, outcome: Outcome, *, changed: bool
) -> Iterator[str]:
    """What a person would miss."""
    if outcome.code is None or "Traceback" in outcome.printed:
        yield "a traceback"
        return
    if fault in (Fault.INTERRUPTED, Fault.INTERRUPTED_AFTER):
        if outcome.code != INTERRUPTED:
            yield f"code {outcome.code} of an interruption"
    else:
        if outcome.code not in (1, 2) and outcome.code != case.code:
            yield f"code {outcome.code}"
        if (
            fault in (Fault.DROPPED, Fault.DROPPED_AFTER)
            and "could not be asked" not in outcome.printed
        ):
            yield "nothing of the connection"
        answered = case.names_refused and fault in (Fault.THROTTLED, Fault.REFUSED)
        if answered and operation not in outcome.printed:
            yield "nothing of the operation"
    only_refused = fault is Fault.REFUSED and operation in case.changes
    if (
        changed
        and not only_refused
        and not any(words in outcome.err for words in case.reported_on.split("|"))
    ):
        yield "nothing of how to go on"
