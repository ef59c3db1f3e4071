"""`trellis deployment`: what runs, and a person's answer to a gate."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from tests.operate.conftest import Calls, Ran
from tests.recordings import ROOT
from trellis.operate.system import system_of

ARN = "arn:aws:ecs:us-east-1:123456789012:service-deployment/shop-dev/shop-dev-api/abc"
NOON = dt.datetime(2026, 11, 29, 12, 0, tzinfo=dt.UTC)

GATE = {
    "hookId": "ecs-pause-1",
    "targetType": "PAUSE",
    "status": "AWAITING_ACTION",
    "expiresAt": NOON + dt.timedelta(days=1),
    "timeoutAction": "ROLLBACK",
}


def deploys(calls: Calls, status: str, *hooks: dict[str, Any], **more: Any) -> None:
    older = {"serviceDeploymentArn": "old", "createdAt": NOON - dt.timedelta(days=3)}
    newest = {"serviceDeploymentArn": ARN, "createdAt": NOON}
    calls.answer("ListServiceDeployments", {"serviceDeployments": [older, newest]})
    described = {
        "serviceDeploymentArn": ARN,
        "status": status,
        "startedAt": NOON,
        "lifecycleHookDetails": list(hooks),
        **more,
    }
    calls.answer("DescribeServiceDeployments", {"serviceDeployments": [described]})
    calls.answer("ContinueServiceDeployment", {"serviceDeploymentArn": ARN})
    calls.answer("StopServiceDeployment", {"serviceDeploymentArn": ARN})


def test_it_says_where_a_deployment_is_and_that_it_waits(calls: Calls, trellis: Callable[..., Ran]):
    deploys(
        calls,
        "IN_PROGRESS",
        GATE,
        lifecycleStage="POST_TEST_TRAFFIC_SHIFT",
        targetServiceRevision={"requestedProductionTrafficWeight": 2.5},
    )
    ran = trellis("deployment", "dev", "api")
    assert ran.code == 0
    assert ran.out.splitlines() == [
        "api: in progress since 2026-11-29 12:00 UTC",
        "  stage: afterTestTraffic, 2.5 % of the traffic",
        "  waits for a person until 2026-11-30 12:00 UTC (then: rollback): answer with --continue "
        "or --rollback",
    ]
    (asked,) = calls.of("ListServiceDeployments")
    assert asked == {"service": "shop-dev-api", "cluster": "shop-dev"}
    (described,) = calls.of("DescribeServiceDeployments")
    assert described == {"serviceDeploymentArns": [ARN]}, "the newest, whatever the order"


@pytest.mark.parametrize(
    ("flag", "action"), [("--continue", "CONTINUE"), ("--rollback", "ROLLBACK")]
)
def test_a_person_answers_a_gate(calls: Calls, trellis: Callable[..., Ran], flag: str, action: str):
    deploys(calls, "IN_PROGRESS", {**GATE, "status": "SUCCEEDED", "hookId": "done"}, GATE)
    assert trellis("deployment", "dev", "api", flag).code == 0
    assert calls.of("ContinueServiceDeployment") == [
        {"serviceDeploymentArn": ARN, "hookId": "ecs-pause-1", "action": action}
    ]
    assert not calls.of("StopServiceDeployment")


def test_a_deployment_that_waits_for_nobody_can_be_taken_back_but_not_continued(
    calls: Calls, trellis: Callable[..., Ran]
):
    deploys(calls, "IN_PROGRESS")
    ran = trellis("deployment", "dev", "api", "--continue")
    assert (ran.code, ran.err) == (
        1,
        "trellis deployment: the deployment of api runs and waits for nobody\n",
    )
    assert trellis("deployment", "dev", "api", "--rollback").code == 0
    assert calls.of("StopServiceDeployment") == [
        {"serviceDeploymentArn": ARN, "stopType": "ROLLBACK"}
    ]


def test_what_is_over_is_not_stopped(calls: Calls, trellis: Callable[..., Ran]):
    deploys(calls, "ROLLBACK_SUCCESSFUL", statusReason="the alarm api went off", finishedAt=NOON)
    assert trellis("deployment", "dev", "api").out.splitlines() == [
        "api: rollback successful 2026-11-29 12:00 UTC",
        "  the alarm api went off",
    ]
    ran = trellis("deployment", "dev", "api", "--rollback")
    assert (ran.code, ran.err) == (1, "trellis deployment: no deployment runs\n")
    assert not calls.of("StopServiceDeployment")


def test_no_deployment_yet(calls: Calls, trellis: Callable[..., Ran]):
    calls.answer("ListServiceDeployments", {"serviceDeployments": []})
    assert trellis("deployment", "dev", "api").out == "no deployment in the last 90 days\n"


def test_a_service_that_is_not_there_is_told_with_those_that_are(
    calls: Calls, trellis: Callable[..., Ran]
):
    ran = trellis("deployment", "dev", "web")
    assert (ran.code, ran.err) == (
        2,
        "trellis deployment: no service web in dev; there is api\n",
    )


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("AccessDeniedException", "the caller may not call ListServiceDeployments"),
        ("ThrottlingException", "AWS was asked too often"),
        ("ExpiredTokenException", "the credentials have expired"),
        (
            "ClusterNotFoundException",
            "ListServiceDeployments answered ClusterNotFoundException: no",
        ),
    ],
)
def test_a_refusal_is_a_sentence(
    calls: Calls, trellis: Callable[..., Ran], code: str, message: str
):
    calls.refuse("ListServiceDeployments", code)
    ran = trellis("deployment", "dev", "api")
    assert ran.code == 1
    assert message in ran.err
    assert "Traceback" not in ran.err


def test_another_account_is_told_before_anything_is_asked(
    calls: Calls, trellis: Callable[..., Ran]
):
    calls.answer("GetCallerIdentity", {"Account": "999999999999", "Arn": "arn:aws:iam::9:user/x"})
    ran = trellis("deployment", "dev", "api", "--rollback")
    assert ran.code == 2
    assert "credentials of account 999999999999, and the stack is of 123456789012" in ran.err
    assert [name for name, _ in calls.asked] == ["GetCallerIdentity"]


def test_names_of_services_are_those_of_the_plan():
    planned = system_of(ROOT, "dev")
    (service,) = planned.services()
    assert service.planned is not None
    assert service.name == service.planned.inputs["name"] == "clubapp-dev-svc"
    assert str(service.planned.inputs["cluster"]).endswith(f"/{service.cluster}")
    assert f'"awslogs-group": "{service.log_group}"' in planned.recording.one(
        "aws:ecs/taskDefinition:TaskDefinition", "backend"
    ).inputs["containerDefinitions"].replace('":"', '": "')
