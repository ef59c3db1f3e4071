"""The chat backend's rows about its API, asserted over the recordings of its three stacks."""

from __future__ import annotations

import json

from tests.components.api.gateway import Gateway
from tests.systems.chat_backend import PAGE
from trellis.planner.record import Recording


def test_the_api_answers_preflights_and_its_own_errors_to_the_page(chat: Recording):
    gateway = Gateway(chat, "chat")
    for path, methods in {
        "/tokens": ["POST"],
        "/sessions": ["POST"],
        "/sessions/1": ["GET", "DELETE"],
        "/sessions/1/messages": ["GET", "POST"],
        "/history": ["GET"],
        "/health": ["GET"],
    }.items():
        preflight = gateway.ask("OPTIONS", path, origin=PAGE, token=False)
        assert preflight.status == 204
        assert set(preflight.headers["Access-Control-Allow-Methods"].split(",")) == {
            *methods,
            "OPTIONS",
        }
        for method in methods:
            answers = [gateway.ask(method, path, origin=PAGE, throttled=True)]
            answers.append(gateway.ask(method, path, origin=PAGE, broken=True))
            if path not in ("/tokens", "/health"):
                answers.append(gateway.ask(method, path, origin=PAGE, token=False))
                answers.append(gateway.ask(method, path, origin=PAGE, allowed=False))
            assert {answer.status for answer in answers} <= {401, 403, 429, 502}
            for element in (preflight, *answers):
                assert element.headers["Access-Control-Allow-Origin"] == PAGE


def test_only_signing_in_and_the_health_check_ask_for_no_token(chat: Recording):
    asked = {
        resource.name: resource.inputs["authorization"]
        for resource in chat.of_type("aws:apigateway/method:Method")
        if resource.inputs["httpMethod"] != "OPTIONS"
    }
    assert {name for name, authorization in asked.items() if authorization == "NONE"} == {
        "chat-POST/tokens",
        "chat-GET/health",
    }
    assert set(asked.values()) == {"NONE", "CUSTOM"}


def test_requests_are_limited_and_each_leaves_a_line(chat: Recording):
    given = chat.one("aws:apigateway/methodSettings:MethodSettings", "chat").inputs
    stage = chat.one("aws:apigateway/stage:Stage", "chat")
    settings = given["settings"]
    assert (settings["throttlingRateLimit"], settings["throttlingBurstLimit"]) == (100, 200)
    of_stage = (stage.inputs["restApi"], stage.inputs["stageName"], "*/*")
    assert (given["restApi"], given["stageName"], given["methodPath"]) == of_stage
    assert settings["dataTraceEnabled"] is False, "bodies hold what people write"
    lines = stage.inputs["accessLogSettings"]
    (group,) = [
        resource.inputs
        for resource in chat.of_type("aws:cloudwatch/logGroup:LogGroup")
        if resource.outputs["arn"] == lines["destinationArn"]
    ]
    assert group["kmsKeyId"] == chat.one("aws:kms/key:Key", "keys-logs").outputs["arn"]
    assert group["retentionInDays"]
    parsed = json.loads(lines["format"])
    assert {parsed[part] for part in ("ip", "method", "path", "status", "latencyMs")} == {
        "$context.identity.sourceIp", "$context.httpMethod", "$context.path", "$context.status",
        "$context.responseLatency",
    }  # fmt: skip
    role = chat.of_type("aws:apigateway/account:Account")
    assert len(role) == (1 if chat.stack == "prod" else 0)
    assert all(resource.urn in stage.dependencies for resource in role), "a stage can't log before"
