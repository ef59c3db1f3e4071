"""Mantissa Log's own functions: rules that find, alerts that are told once, an API that answers."""

from __future__ import annotations

import importlib
import json
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import Message
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import Any

import boto3
import duckdb
import pytest
from moto import mock_aws

from tests.systems.lake.duckdb_athena import DuckdbAthena

SYSTEM = Path(__file__).parents[3] / "systems" / "mantissa-log"
pytestmark = pytest.mark.long  # each test has an account and a lake of its own
NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
TODAY = "2026/11/29"


def loaded(folder: str, name: str) -> ModuleType:
    """A function's module, with its folder first on the path, as Lambda has it."""
    path = str(SYSTEM / "functions" / folder)
    own = ("alerts", "app", "athena", "detection", "questions", "web")
    sys.path.insert(0, path)
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(path)
        # Other systems have modules of these names, too.
        for module in own:
            sys.modules.pop(module, None)


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The account as the stack leaves it, with the rules of the repository in their bucket."""
    for name, value in {
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "ALERTS_TABLE": "alerts",
        "S3_CONFIGURATION_BUCKET": "configuration",
        "MODEL_ANALYST_PROVIDER": "anthropic",
    }.items():
        monkeypatch.setenv(name, value)
    with mock_aws():
        boto3.client("dynamodb").create_table(
            TableName="alerts",
            KeySchema=[{"AttributeName": "alertId", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "alertId", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        s3 = boto3.client("s3")
        s3.create_bucket(Bucket="configuration")
        for rule in (SYSTEM / "rules").glob("*.json"):
            s3.put_object(Bucket="configuration", Key=f"rules/{rule.name}", Body=rule.read_bytes())
        queue = boto3.client("sqs").create_queue(QueueName="detections")["QueueUrl"]
        monkeypatch.setenv("SQS_DETECTIONS_QUEUE_URL", queue)
        for name in ("slack-webhook", "pagerduty-api-key", "model-api-key"):
            value = f"https://hooks.example.com/{name}" if "slack" in name else f"key-of-{name}"
            secret = boto3.client("secretsmanager").create_secret(Name=name, SecretString=value)
            variable = name.upper().replace("-", "_") + "_SECRET_ARN"
            monkeypatch.setenv(variable, secret["ARN"])
            if name == "model-api-key":
                monkeypatch.setenv("MODEL_ANALYST_SECRET_ARN", secret["ARN"])
        yield boto3


@pytest.fixture
def athena() -> DuckdbAthena:
    """The lake with a day of records, one of which is each rule's."""
    lake = duckdb.connect()
    lake.execute("CREATE TABLE application (event_time TIMESTAMP, level VARCHAR, service VARCHAR, "
                 "message VARCHAR, day VARCHAR)")  # fmt: skip
    lake.execute("CREATE TABLE cloudtrail (event_time TIMESTAMP, event_name VARCHAR, "
                 "outcome VARCHAR, source_ip VARCHAR, \"user\" VARCHAR, message VARCHAR, "
                 "day VARCHAR)")  # fmt: skip
    for number in range(5):
        lake.execute(
            "INSERT INTO cloudtrail VALUES (?, 'ConsoleLogin', 'Failure', '203.0.113.7', 'eve', "
            "'', ?)",
            [datetime(2026, 11, 29, 11, number), TODAY],
        )
    lake.execute(
        "INSERT INTO cloudtrail VALUES ('2026-11-29 10:00', 'DeleteTrail', 'Success', "
        f"'198.51.100.1', 'root', '', '{TODAY}'), ('2025-11-29 10:00', 'DeleteTrail', 'Success', "
        "'198.51.100.1', 'root', '', '2025/11/29')"
    )
    return DuckdbAthena(lake, page=2)


def lake_of(module: ModuleType, athena: DuckdbAthena, seconds: float = 5) -> Any:
    return module.Lake(athena, "mantissa", "lake", seconds=seconds, pause=lambda _: None)


def messages(aws: Any, url: str) -> list[dict[str, str]]:
    found = aws.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10)
    return [json.loads(message["Body"]) for message in found.get("Messages", [])]


def test_rules_find_what_they_are_for_and_tell_of_it_once(
    aws: Any, athena: DuckdbAthena, monkeypatch: pytest.MonkeyPatch
) -> None:
    detection = loaded("lake", "detection")
    lake = lake_of(detection, athena)
    assert detection.run(lake, NOW) == {"rules": 3, "alerts": 2}
    assert detection.run(lake, NOW) == {"rules": 3, "alerts": 0}
    import os

    detections = messages(aws, os.environ["SQS_DETECTIONS_QUEUE_URL"])
    assert sorted(text["title"] for text in detections) == [
        "Many failed console logins from one address",
        "The account's root user was used",
    ]
    assert {request["WorkGroup"] for request in athena.asked} == {"mantissa"}
    assert all("2026/11/28" in request["QueryString"] for request in athena.asked)


def test_an_alert_whose_telling_broke_off_is_told_the_next_time(
    aws: Any, athena: DuckdbAthena, monkeypatch: pytest.MonkeyPatch
) -> None:
    detection = loaded("lake", "detection")
    import os

    queue = os.environ["SQS_DETECTIONS_QUEUE_URL"]
    monkeypatch.setenv("SQS_DETECTIONS_QUEUE_URL", f"{queue}-gone")
    with pytest.raises(Exception, match="NonExistentQueue"):
        detection.run(lake_of(detection, athena), NOW)
    monkeypatch.setenv("SQS_DETECTIONS_QUEUE_URL", queue)
    assert detection.run(lake_of(detection, athena), NOW)["alerts"] == 2


def test_a_rule_that_fails_is_named_and_the_others_run(aws: Any, athena: DuckdbAthena) -> None:
    detection = loaded("lake", "detection")
    wrong = {"id": "wrong", "title": "t", "severity": "low", "sql": "SELECT nothing FROM nowhere"}
    for name, text in (("wrong", json.dumps(wrong)), ("odd", '{"id": "odd"}')):
        aws.client("s3").put_object(Bucket="configuration", Key=f"rules/{name}.json", Body=text)
    with pytest.raises(detection.RuleError) as failed:
        detection.run(lake_of(detection, athena), NOW)
    assert "wrong: " in str(failed.value)
    assert "rules/odd.json: exactly the fields" in str(failed.value)
    items = aws.resource("dynamodb").Table("alerts").scan()["Items"]
    assert len(items) == 2


def test_a_query_that_takes_too_long_is_stopped(aws: Any, athena: DuckdbAthena) -> None:
    detection = loaded("lake", "detection")
    athena.never_ends = True
    with pytest.raises(detection.RuleError, match="was stopped"):
        detection.run(lake_of(detection, athena, seconds=0), NOW)
    assert len(athena.stopped) == 3


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch) -> Outside:
    double = Outside()
    monkeypatch.setattr(urllib.request, "urlopen", double.urlopen)
    return double


class Outside:
    """Slack, PagerDuty and a model's provider: what they were sent, what they answer."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, dict[str, Any], dict[str, str]]] = []
        self.status: dict[str, int] = {}
        self.body: dict[str, Any] = {}

    def urlopen(self, request: urllib.request.Request, timeout: float) -> Any:
        assert isinstance(request.data, bytes)
        host = request.full_url.split("/")[2]
        self.sent.append((host, json.loads(request.data), dict(request.header_items())))
        status = self.status.get(host, 200)
        if status >= 300:
            raise urllib.error.HTTPError(request.full_url, status, "no", Message(), BytesIO(b""))
        reply = BytesIO(json.dumps(self.body).encode())
        reply.status = status  # type: ignore[attr-defined]
        return reply


def alert(severity: str, identifier: str = "1") -> dict[str, Any]:
    body = {"alertId": identifier, "severity": severity, "title": "t", "finding": "{}"}
    return {"messageId": identifier, "body": json.dumps(body)}


def test_alerts_go_to_slack_and_grave_ones_to_pagerduty_too(aws: Any, outside: Outside) -> None:
    router = loaded("alert-router", "app")
    answer = router.handle({"Records": [alert("low"), alert("critical", "2")]}, None)
    assert answer == {"batchItemFailures": []}
    hosts = [host for host, _, _ in outside.sent]
    assert hosts == ["hooks.example.com", "events.pagerduty.com", "hooks.example.com"]
    assert outside.sent[1][1]["dedup_key"] == "2"


def test_only_what_was_not_told_comes_again_and_no_key_is_logged(
    aws: Any, outside: Outside, caplog: pytest.LogCaptureFixture
) -> None:
    router = loaded("alert-router", "app")
    outside.status["events.pagerduty.com"] = 500
    answer = router.handle({"Records": [alert("low"), alert("high", "2")]}, None)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "2"}]}
    assert "PagerDuty answered 500" in caplog.text
    assert "key-of" not in caplog.text
    assert "hooks.example.com" not in caplog.text


@pytest.mark.parametrize("body", ["", "no json", "{}", '{"question": ""}', '{"question": 3}'])
def test_a_request_without_a_question_is_refused(body: str, aws: Any, athena: DuckdbAthena) -> None:
    questions = loaded("lake", "questions")
    answer = questions.answer({"body": body}, lake_of(questions, athena), lambda _: "SELECT 1")
    assert answer["statusCode"] == 400


@pytest.mark.parametrize(
    "sql",
    [
        "DROP TABLE cloudtrail",
        "SELECT 1; DROP TABLE cloudtrail",
        "WITH a AS (SELECT 1) INSERT INTO cloudtrail SELECT * FROM a",
        "UNLOAD (SELECT 1) TO 's3://elsewhere/'",
        "I can't do that",
    ],
)
def test_what_the_model_writes_is_run_only_if_it_reads(
    sql: str, aws: Any, athena: DuckdbAthena, monkeypatch: pytest.MonkeyPatch
) -> None:
    questions = loaded("lake", "questions")
    monkeypatch.setattr(questions, "tables", lambda _: {})
    request = {"body": json.dumps({"question": "?"})}
    answer = questions.answer(request, lake_of(questions, athena), lambda _: sql)
    assert answer["statusCode"] == 422
    assert athena.asked == []


def test_a_question_is_answered_by_the_lake(
    aws: Any, athena: DuckdbAthena, outside: Outside
) -> None:
    questions = loaded("lake", "questions")
    glue = aws.client("glue")
    glue.create_database(DatabaseInput={"Name": "lake"})
    for name in ("cloudtrail", "delivery_schema"):
        columns = [{"Name": "user", "Type": "string"}]
        glue.create_table(
            DatabaseName="lake",
            TableInput={"Name": name, "StorageDescriptor": {"Columns": columns}},
        )
    sql = '```sql\nSELECT "user", count(*) AS n FROM cloudtrail WHERE "user" <> \'a;b\' GROUP BY 1 ORDER BY 2 DESC;\n```'  # noqa: E501
    outside.body = {"content": [{"text": sql}]}
    request = {"body": json.dumps({"question": "Who acts most?"})}
    answer = questions.answer(request, lake_of(questions, athena), questions.model())
    assert answer["statusCode"] == 200
    body = json.loads(answer["body"])
    assert body["rows"] == [{"user": "eve", "n": "5"}, {"user": "root", "n": "2"}]
    ((host, sent, headers),) = outside.sent
    assert host == "api.anthropic.com"
    assert headers["X-api-key"] == "key-of-model-api-key"
    prompt = sent["messages"][0]["content"]
    assert "cloudtrail" in prompt
    assert "delivery_schema" not in prompt
    assert "203.0.113.7" not in prompt  # no record leaves


def test_alerts_are_listed_read_and_changed(aws: Any) -> None:
    alerts = loaded("lake", "alerts")
    table = aws.resource("dynamodb").Table("alerts")
    for number in range(60):
        table.put_item(Item={"alertId": f"{number:03}", "status": "open", "expiresAt": 1})

    def call(method: str, identifier: str | None = None, **more: Any) -> tuple[int, Any]:
        path = {"alertId": identifier} if identifier else None
        answer = alerts.handle({"httpMethod": method, "pathParameters": path, **more}, None)
        return answer["statusCode"], json.loads(answer["body"])

    _, first = call("GET")
    _, second = call("GET", queryStringParameters={"after": first["after"]})
    found = {element["alertId"] for element in (*first["alerts"], *second["alerts"])}
    assert len(found) == 60
    assert second["after"] is None
    assert call("GET", "007") == (200, {"alertId": "007", "status": "open", "expiresAt": 1})
    assert call("GET", "none")[0] == 404
    assert call("PATCH", "007", body='{"status": "closed"}')[1]["status"] == "closed"
    assert call("PATCH", "none", body='{"status": "closed"}')[0] == 404
    assert call("PATCH", "007", body='{"status": "gone"}')[0] == 400
    assert call("GET", queryStringParameters={"after": "%%%"})[0] == 400


@pytest.mark.parametrize(("module", "method"), [("alerts", "GET"), ("questions", "POST")])
def test_a_page_may_read_answers_if_its_origin_is_allowed(
    aws: Any, monkeypatch: pytest.MonkeyPatch, module: str, method: str
) -> None:
    for variable in ("ATHENA_MAIN_WORKGROUP", "ATHENA_MAIN_DATABASE"):
        monkeypatch.setenv(variable, "main")
    monkeypatch.setenv("ALLOWED_ORIGINS", "https://mantissa.example.com")
    function = loaded("lake", module)

    def allowed(origin: str) -> str | None:
        event = {"httpMethod": method, "headers": {"Origin": origin}, "body": None}
        return function.handle(event, None)["headers"].get("Access-Control-Allow-Origin")

    assert allowed("https://mantissa.example.com") == "https://mantissa.example.com"
    assert allowed("https://elsewhere.example.com") is None
