"""The functions of the systems run, each under its own runtime, against simulated AWS and hosts."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from functions.jwt_authorizer.handler import check

SYSTEMS = Path(__file__).resolve().parents[2] / "systems"
CHAT = SYSTEMS / "chat-backend/functions/chat"
KEY = "s" * 48


class Host(BaseHTTPRequestHandler):
    """Salesforce and OpenAI in one: who a token is of, and an answer to each question."""

    asked = 0

    def do_GET(self) -> None:
        good = self.headers["Authorization"] == "Bearer good"
        self._answer(200 if good else 401, {"user_id": "user-1"})

    def do_POST(self) -> None:
        Host.asked += 1
        question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        text = f"You asked {question['messages'][0]['content']}"
        self._answer(200, {"choices": [{"message": {"content": text}}]})

    def _answer(self, status: int, body: Any) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: Any) -> None:
        """Nothing on the screen."""


@pytest.fixture
def host() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Host)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("ALLOWED_ORIGINS", "https://chat.example.com")
    with mock_aws():
        yield


def table(variable: str, keys: list[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv(variable, variable)
    types = {"timestamp": "N"}
    return boto3.resource("dynamodb").create_table(
        TableName=variable,
        KeySchema=[
            {"AttributeName": key, "KeyType": kind}
            for key, kind in zip(keys, ("HASH", "RANGE"), strict=False)
        ],
        AttributeDefinitions=[
            {"AttributeName": key, "AttributeType": types.get(key, "S")}
            for key in dict.fromkeys([*keys, *(["userId"] if len(keys) > 1 else [])])
        ],
        BillingMode="PAY_PER_REQUEST",
        **(
            {
                "GlobalSecondaryIndexes": [
                    {
                        "IndexName": "UserSessionIndex",
                        "KeySchema": [
                            {"AttributeName": "userId", "KeyType": "HASH"},
                            {"AttributeName": "timestamp", "KeyType": "RANGE"},
                        ],
                        "Projection": {"ProjectionType": "ALL"},
                    }
                ]
            }
            if len(keys) > 1
            else {}
        ),
    )


def secret(variable: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made = boto3.client("secretsmanager").create_secret(Name=variable, SecretString=value)
    monkeypatch.setenv(variable, made["ARN"])


@pytest.fixture
def chat(aws: None, host: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Calls one of the chat's functions by its module, as API Gateway would."""
    table("SESSION_TABLE", ["sessionId"], monkeypatch)
    table("CACHE_TABLE", ["key"], monkeypatch)
    table("CHAT_HISTORY_TABLE", ["sessionId", "timestamp"], monkeypatch)
    secret("JWT_SECRET_SECRET_ARN", KEY, monkeypatch)
    secret("OPENAI_CREDENTIALS_SECRET_ARN", "sk-1", monkeypatch)
    secret("SALESFORCE_CREDENTIALS_SECRET_ARN", json.dumps({"instanceUrl": host}), monkeypatch)
    monkeypatch.setenv("MODEL_URL", host)
    monkeypatch.setenv("MODEL", "small")
    monkeypatch.syspath_prepend(str(CHAT))

    def call(module: str, method: str = "POST", user: str = "user-1", **event: Any) -> Any:
        request = {
            "httpMethod": method,
            "headers": {"origin": "https://chat.example.com"},
            "requestContext": {"authorizer": {"sub": user}},
            **event,
        }
        found = importlib.import_module(module).handle(request, None)
        assert found["headers"]["Access-Control-Allow-Origin"] == "https://chat.example.com"
        return found["statusCode"], json.loads(found["body"])

    yield call
    for name in ("web", "tokens", "sessions", "messages", "history"):
        sys.modules.pop(name, None)


def test_whom_salesforce_knows_gets_a_token_that_the_api_takes(chat: Any):
    status, body = chat("tokens", body='{"salesforceToken": "good"}')
    assert status == 201
    assert check(body["token"], [KEY.encode()], time.time())["sub"] == "user-1"
    assert chat("tokens", body='{"salesforceToken": "bad"}')[0] == 403


def test_a_session_is_its_users_alone(chat: Any):
    status, session = chat("sessions")
    assert status == 201
    path = {"pathParameters": {"sessionId": session["sessionId"]}}
    assert chat("sessions", "GET", **path)[0] == 200
    assert chat("sessions", "GET", "somebody", **path)[0] == 404
    assert chat("sessions", "DELETE", "somebody", **path)[0] == 404
    assert chat("sessions", "DELETE", **path)[0] == 204
    assert chat("sessions", "GET", **path)[0] == 404


def test_a_message_is_answered_once_and_kept_in_the_users_history(chat: Any):
    _, session = chat("sessions")
    path = {"pathParameters": {"sessionId": session["sessionId"]}, "body": '{"message": "why?"}'}
    Host.asked = 0
    status, answer = chat("messages", **path)
    assert (status, answer["answer"]) == (201, "You asked why?")
    time.sleep(0.002)  # the history's key is a millisecond
    chat("messages", **path)
    assert Host.asked == 1
    assert chat("messages", "POST", "somebody", **path)[0] == 404
    for where in ({}, {"pathParameters": {"sessionId": session["sessionId"]}}):
        status, found = chat("history", "GET", **where)
        assert (status, len(found["messages"])) == (200, 2)
        assert chat("history", "GET", "somebody", **where)[1] == {"messages": []}


@pytest.mark.node
def test_the_health_function_runs_under_node():
    module = (SYSTEMS / "chat-backend/functions/health/index.mjs").as_uri()
    script = (
        f"import {{handler}} from {json.dumps(module)};console.log(JSON.stringify(await handler()))"
    )
    done = subprocess.run(
        ["node", "--input-type=module", "-e", script], capture_output=True, text=True, check=True
    )
    answer = json.loads(done.stdout)
    assert answer["statusCode"] == 200
    assert json.loads(answer["body"])["status"] == "ok"


def test_engifys_backend_counts_a_prompt_and_keeps_who_asked(
    aws: None, monkeypatch: pytest.MonkeyPatch
):
    secret("OPENAI_API_KEY_SECRET_ARN", "sk-1", monkeypatch)
    monkeypatch.setenv("METRICS_APPLICATION_NAMESPACE", "Engify")
    monkeypatch.setenv("AUDIT_LOG_GROUP", "/engify/audit")
    logs = boto3.client("logs")
    logs.create_log_group(logGroupName="/engify/audit")
    monkeypatch.syspath_prepend(str(SYSTEMS / "engify/functions/backend"))
    app = importlib.import_module("app")
    try:
        event = {"provider": "openai", "tokens": 12, "user": "user-1"}
        assert app.handle(event, None) == {"counted": 1}
    finally:
        sys.modules.pop("app", None)
    metrics = boto3.client("cloudwatch").list_metrics(Namespace="Engify")["Metrics"]
    assert {metric["MetricName"] for metric in metrics} == {"Prompts.Executed", "AI.TokensUsed"}
    events = logs.filter_log_events(logGroupName="/engify/audit")["events"]
    assert json.loads(events[0]["message"])["user"] == "user-1"
