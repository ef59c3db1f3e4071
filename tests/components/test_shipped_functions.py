"""Each function that ships runs against simulated AWS, or a real server of its kind."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import boto3
import pytest
from moto import mock_aws

from functions.master_password.handler import handle as set_password
from functions.pagerduty import handler as pagerduty
from functions.redeploy.handler import handle as redeploy
from functions.run_task.handler import TaskFailedError
from functions.run_task.handler import handle as run_task
from testing.stacks import ROOT

pytestmark = pytest.mark.long

RUN_BY = {
    "canary": "tests/node/canary.mjs",
    "identity_provider": "tests/components/auth/test_identity_providers.py",
    "jwt_authorizer": "tests/components/test_jwt_authorizer.py",
    "master_password": "tests/components/test_shipped_functions.py",
    "pagerduty": "tests/components/test_shipped_functions.py",
    "redeploy": "tests/components/test_shipped_functions.py",
    "rotation": "tests/rotation/test_rotation_on_servers.py",
    "run_task": "tests/components/test_shipped_functions.py",
    "site_content": "tests/components/sites/test_live_releases.py",
}
"""The file that runs each folder's function as Lambda would."""


class Context:
    """A function's context, whose time is over at the second look."""

    aws_request_id = "request-1"

    def __init__(self) -> None:
        self._left = [60_000, 1_000]

    def get_remaining_time_in_millis(self) -> float:
        return self._left.pop(0) if len(self._left) > 1 else self._left[0]


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        yield


def test_every_function_that_ships_is_run_somewhere():
    shipped = {
        path.name
        for path in (ROOT / "functions").iterdir()
        if path.is_dir() and not path.name.startswith("__")
    }
    assert shipped == RUN_BY.keys()
    for file in RUN_BY.values():
        assert (ROOT / file).is_file(), file


def service() -> dict[str, Any]:
    """A service of one task definition, as ECS describes it."""
    ecs = boto3.client("ecs")
    ecs.create_cluster(clusterName="shop")
    ecs.register_task_definition(
        family="web",
        requiresCompatibilities=["FARGATE"],
        networkMode="awsvpc",
        cpu="256",
        memory="512",
        containerDefinitions=[{"name": "main", "image": "web:1", "memory": 512}],
    )
    return ecs.create_service(
        cluster="shop", serviceName="web", taskDefinition="web:1", desiredCount=1
    )["service"]


@pytest.mark.usefixtures("aws")
def test_a_service_is_deployed_again_with_the_same_definition():
    before = service()
    assert redeploy({"cluster": "shop", "service": "web"}, None) == {"service": "web"}
    (after,) = boto3.client("ecs").describe_services(cluster="shop", services=["web"])["services"]
    assert after["taskDefinition"] == before["taskDefinition"]


@pytest.mark.usefixtures("aws")
def test_a_task_is_run_and_stopped_once_it_took_too_long():
    service()
    ec2 = boto3.client("ec2")
    subnet = ec2.describe_subnets()["Subnets"][0]["SubnetId"]
    group = ec2.describe_security_groups()["SecurityGroups"][0]["GroupId"]
    with pytest.raises(TaskFailedError, match="took longer than its timeout and was stopped"):
        run_task(
            {
                "taskDefinition": "web:1",
                "cluster": "shop",
                "container": "main",
                "subnets": [subnet],
                "securityGroups": [group],
                "publicAddress": False,
            },
            Context(),
            pause=lambda _: None,
        )
    ecs = boto3.client("ecs")
    (arn,) = ecs.list_tasks(cluster="shop", desiredStatus="STOPPED")["taskArns"]
    (task,) = ecs.describe_tasks(cluster="shop", tasks=[arn])["tasks"]
    assert (task["startedBy"], task["lastStatus"]) == ("trellis", "STOPPED")


@pytest.mark.usefixtures("aws")
def test_a_master_password_is_set_from_its_secret():
    rds = boto3.client("rds")
    rds.create_db_instance(
        DBInstanceIdentifier="shop",
        DBInstanceClass="db.t4g.micro",
        Engine="postgres",
        MasterUsername="app",
        ManageMasterUserPassword=True,
    )
    value = json.dumps({"username": "app", "password": "planted-value"})
    secret = boto3.client("secretsmanager").create_secret(Name="master", SecretString=value)
    request: Any = {"database": "shop", "cluster": False, "user": "app", "secret": secret["ARN"]}
    assert set_password(request, Context(), pause=lambda _: None) == {"database": "shop"}
    (found,) = rds.describe_db_instances(DBInstanceIdentifier="shop")["DBInstances"]
    assert not found.get("MasterUserSecret")


class Desk(BaseHTTPRequestHandler):
    """PagerDuty as far as it is told."""

    events: list[dict[str, Any]] = []

    def do_POST(self) -> None:
        Desk.events.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(202)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Nothing on the screen."""


@pytest.mark.usefixtures("aws")
def test_pagerduty_is_told_of_an_alarm_with_the_key_of_its_secret(monkeypatch: pytest.MonkeyPatch):
    made = boto3.client("secretsmanager").create_secret(Name="key", SecretString="routing-1")
    monkeypatch.setenv("SECRET_ARN", made["ARN"])
    pagerduty._key.cache_clear()
    with HTTPServer(("127.0.0.1", 0), Desk) as server:
        monkeypatch.setattr(pagerduty, "ENDPOINT", f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        alarm = json.dumps({"AlarmName": "cpu", "NewStateValue": "ALARM"})
        message = {"Message": alarm, "MessageId": "1", "TopicArn": "arn:aws:sns:::pages"}
        try:
            assert pagerduty.handle({"Records": [{"Sns": message}]}, None) == 1
        finally:
            server.shutdown()
            thread.join()
            pagerduty._key.cache_clear()
    (event,) = Desk.events
    assert (event["routing_key"], event["event_action"]) == ("routing-1", "trigger")
