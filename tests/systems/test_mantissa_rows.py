"""The rows of Mantissa Log, asserted over the recordings of its three stacks."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from tests.components.api.gateway import Gateway
from tests.components.small_systems import document
from tests.price.systems import priced
from tests.systems.mantissa import MANTISSA, Recordings, data_key
from trellis.planner.record import Recorded, Recording
from trellis.price.budgets import verdicts

PAGE = "https://mantissa.example.com"
FUNCTIONS = {"detection-engine", "llm-query", "alert-router", "api-alerts"}
FUNCTION = "aws:lambda/function:Function"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
SCHEDULE = "aws:scheduler/schedule:Schedule"


def own(recording: Recording) -> dict[str, Recorded]:
    """The functions of the stack file, without Trellis's own."""
    return {
        resource.name: resource
        for resource in recording.of_type(FUNCTION)
        if "trellis:functions:Function" in resource.urn
    }


# functions and schedules


def test_each_function_has_its_own_role_log_dead_letters_and_encrypted_environment(
    mantissa: Recording,
):
    functions = own(mantissa)
    assert functions.keys() == FUNCTIONS
    for name, resource in functions.items():
        assert resource.inputs["name"] == f"mantissa-log-{mantissa.stack}-{name}"
        assert resource.inputs["kmsKeyArn"].startswith("arn:aws:kms:")
        assert resource.inputs["memorySize"] >= 256
        assert resource.inputs["timeout"] <= 300
    for of in (
        lambda given: given["role"],
        lambda given: given["loggingConfig"]["logGroup"],
        lambda given: given["deadLetterConfig"]["targetArn"],
    ):
        assert len({of(resource.inputs) for resource in functions.values()}) == len(FUNCTIONS)


def test_functions_are_in_the_network_in_production_and_nowhere_in_development(
    mantissa: Recording,
):
    placed = {name for name, resource in own(mantissa).items() if resource.inputs.get("vpcConfig")}
    assert placed == (set() if mantissa.stack == "dev" else FUNCTIONS)
    there = {resource.type for resource in mantissa if resource.type.startswith("aws:ec2/")}
    assert bool(there) is (mantissa.stack != "dev")
    # Each in a group of its own; the router tells Slack and PagerDuty, so it gets out by 443 alone.
    groups = {
        name: resource.inputs["vpcConfig"]["securityGroupIds"]
        for name, resource in own(mantissa).items()
        if name in placed
    }
    assert len({*map(tuple, groups.values())}) == len(placed)
    if placed:
        (group,) = groups["alert-router"]
        ways_out = [
            resource.inputs
            for resource in mantissa.of_type(
                "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
            )
            if resource.inputs["securityGroupId"] == group
        ]
        assert {(rule["fromPort"], rule["toPort"]) for rule in ways_out} == {(443, 443)}
        assert any(rule.get("cidrIpv4") == "0.0.0.0/0" for rule in ways_out)
        assert not [
            resource.name
            for resource in mantissa.of_type(
                "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
            )
            if resource.inputs["securityGroupId"] == group
        ]


def test_detection_runs_every_five_minutes_with_retries_and_dead_letters(mantissa: Recording):
    (schedule,) = mantissa.of_type(SCHEDULE)
    assert schedule.inputs["scheduleExpression"] == "rate(5 minutes)"
    target = schedule.inputs["target"]
    assert target["arn"].endswith(f"mantissa-log-{mantissa.stack}-detection-engine")
    assert target["retryPolicy"] == {"maximumRetryAttempts": 3, "maximumEventAgeInSeconds": 3600}
    (dead,) = [
        resource
        for resource in mantissa.of_type("aws:sqs/queue:Queue")
        if resource.outputs["arn"] == target["deadLetterConfig"]["arn"]
    ]
    assert dead.name == "detection-engine-failed-events"
    assert (
        dead.inputs["kmsMasterKeyId"]
        == mantissa.one("aws:kms/key:Key", "keys-messages").outputs["arn"]
    )
    (role,) = [
        resource
        for resource in mantissa.of_type("aws:iam/role:Role")
        if resource.outputs["arn"] == target["roleArn"]
    ]
    (trust,) = document(role, "assumeRolePolicy")
    assert trust["Principal"] == {"Service": "scheduler.amazonaws.com"}
    (grants,) = [
        document(resource)
        for resource in mantissa.of_type("aws:iam/rolePolicy:RolePolicy")
        if resource.inputs["role"] == role.outputs["name"]
    ]
    may = {
        action: statement["Resource"]
        for statement in grants
        for action in listed(statement["Action"])
    }
    assert {action for action in may if not action.startswith("kms:")} == {
        "lambda:InvokeFunction", "sqs:SendMessage",
    }  # fmt: skip
    assert may["lambda:InvokeFunction"] == target["arn"]
    assert may["sqs:SendMessage"] == dead.outputs["arn"]


def test_alerts_reach_the_router_by_a_queue_that_keeps_what_fails(mantissa: Recording):
    (mapping,) = mantissa.of_type("aws:lambda/eventSourceMapping:EventSourceMapping")
    assert mapping.inputs["eventSourceArn"].endswith(f"mantissa-log-{mantissa.stack}-detections")
    assert mapping.inputs["functionResponseTypes"] == ["ReportBatchItemFailures"]
    queue = mantissa.one("aws:sqs/queue:Queue", "detections").inputs
    assert queue["visibilityTimeoutSeconds"] == 6 * own(mantissa)["alert-router"].inputs["timeout"]
    assert "detections-dead-letters" in queue["redrivePolicy"]


def test_the_model_is_invoked_by_exact_arns_and_elsewhere_only_by_its_profile(
    mantissa: Recording,
):
    statements = next(
        document(resource)
        for resource in mantissa.of_type("aws:iam/rolePolicy:RolePolicy")
        if resource.name == "llm-query"
    )
    asked = [statement for statement in statements if "bedrock:InvokeModel" in statement["Action"]]
    invoked = {arn for request in asked for arn in listed(request["Resource"])}
    assert not [arn for arn in invoked if "*" in arn]
    assert {arn.split(":")[3] for arn in invoked} == {"us-east-1", "us-east-2", "us-west-2"}
    for request in asked:
        if any("foundation-model" in arn for arn in listed(request["Resource"])):
            assert "bedrock:InferenceProfileArn" in request["Condition"]["StringEquals"]


def listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


# API and users


def test_every_method_but_the_preflights_asks_for_a_user(mantissa: Recording):
    methods = mantissa.of_type("aws:apigateway/method:Method")
    pool = mantissa.one("aws:cognito/userPool:UserPool", "users")
    (authorizer,) = mantissa.of_type("aws:apigateway/authorizer:Authorizer")
    assert (authorizer.inputs["type"], authorizer.inputs["providerArns"]) == (
        "COGNITO_USER_POOLS",
        [pool.outputs["arn"]],
    )
    for resource in methods:
        preflight = resource.inputs["httpMethod"] == "OPTIONS"
        assert resource.inputs["authorization"] == ("NONE" if preflight else "COGNITO_USER_POOLS")
    asked = {resource.inputs["httpMethod"] for resource in methods}
    assert asked == {"GET", "PATCH", "POST", "OPTIONS"}


def test_the_page_sees_preflights_and_the_apis_own_errors(mantissa: Recording):
    gateway = Gateway(mantissa, "main")
    for method, path in (
        ("POST", "/questions"),
        ("GET", "/alerts"),
        ("GET", "/alerts/1"),
        ("PATCH", "/alerts/1"),
    ):
        answers = {
            204: gateway.ask("OPTIONS", path, origin=PAGE, token=False),
            401: gateway.ask(method, path, origin=PAGE, token=False),
            403: gateway.ask(method, path, origin=PAGE, allowed=False),
            429: gateway.ask(method, path, origin=PAGE, throttled=True),
            502: gateway.ask(method, path, origin=PAGE, broken=True),
        }
        for status, answer in answers.items():
            assert answer.status == status
            assert answer.headers["Access-Control-Allow-Origin"] == PAGE


def test_what_functions_answer_the_page_may_read(mantissa: Recording):
    for name in ("llm-query", "api-alerts"):
        variables = own(mantissa)[name].inputs["environment"]["variables"]
        assert variables["ALLOWED_ORIGINS"] == PAGE


def test_requests_are_limited_and_each_leaves_a_line(mantissa: Recording):
    settings = mantissa.one("aws:apigateway/methodSettings:MethodSettings", "main").inputs[
        "settings"
    ]
    assert (settings["throttlingRateLimit"], settings["throttlingBurstLimit"]) == (50, 100)
    stage = mantissa.one("aws:apigateway/stage:Stage", "main").inputs
    assert stage["accessLogSettings"]["destinationArn"]
    # A region has the role that APIs log with once: prod makes it.
    assert len(mantissa.of_type("aws:apigateway/account:Account")) == (mantissa.stack == "prod")


def test_users_have_long_passwords_and_a_client_without_a_secret(mantissa: Recording):
    pool = mantissa.one("aws:cognito/userPool:UserPool", "users").inputs
    assert pool["passwordPolicy"]["minimumLength"] >= 14
    assert pool["mfaConfiguration"] == "OPTIONAL"
    kept = mantissa.stack != "dev"
    assert pool["deletionProtection"] == ("ACTIVE" if kept else "INACTIVE")
    client = mantissa.one("aws:cognito/userPoolClient:UserPoolClient", "users-web").inputs
    assert client["generateSecret"] is False


# secrets and alert state


def test_secrets_are_named_by_their_arn_and_have_no_value(mantissa: Recording):
    assert not mantissa.of_type("aws:secretsmanager/secretVersion:SecretVersion")
    router = own(mantissa)["alert-router"].inputs["environment"]["variables"]
    for key in ("SLACK_WEBHOOK", "PAGERDUTY_API_KEY"):
        assert router[f"{key}_SECRET_ARN"].startswith("arn:aws:secretsmanager:")


def test_alerts_are_on_demand_recoverable_and_go_by_themselves(mantissa: Recording):
    table = mantissa.one("aws:dynamodb/table:Table", "alerts").inputs
    assert table["billingMode"] == "PAY_PER_REQUEST"
    assert table["pointInTimeRecovery"]["enabled"] is True
    assert table["ttl"] == {"enabled": True, "attributeName": "expiresAt"}
    assert table["serverSideEncryption"]["kmsKeyArn"] == data_key(mantissa)


# monitoring


def test_alarms_have_the_rows_numbers(mantissa: Recording):
    alarms = {resource.name: resource.inputs for resource in mantissa.of_type(ALARM)}
    for name in FUNCTIONS:
        errors = alarms[f"function-{name}-errors"]
        assert errors["threshold"] == 5
        assert any(query.get("expression") == "100 * errors / runs"
                   for query in errors["metricQueries"])  # fmt: skip
        slow = alarms[f"function-{name}-slow"]
        timeout = own(mantissa)[name].inputs["timeout"]
        assert (slow["extendedStatistic"], slow["threshold"]) == ("p95", 800 * timeout)
    assert alarms["query-main-failed"]["threshold"] == 0
    assert alarms["query-main-failed"]["dimensions"]["QueryState"] == "FAILED"
    assert alarms["api-main-5xx"]["threshold"] == 1
    unusual = alarms["bucket-logs-requests"]["metricQueries"]
    assert any("ANOMALY_DETECTION_BAND" in (element.get("expression") or "") for element in unusual)
    for alarm in alarms.values():
        assert alarm["alarmActions"]


def test_the_dashboard_shows_runs_queries_sizes_and_requests(mantissa: Recording):
    """Each by the metrics of this stack's own things: a title alone shows nothing."""
    shown = {
        widget["properties"].get("title", ""): {
            (metric[0], metric[1], metric[3]) for metric in widget["properties"]["metrics"]
        }
        for resource in mantissa.of_type("aws:cloudwatch/dashboard:Dashboard")
        for widget in json.loads(resource.inputs["dashboardBody"])["widgets"]
        if all(len(metric) > 3 for metric in widget["properties"].get("metrics", ((),)))
    }
    head = f"mantissa-log-{mantissa.stack}"
    for name in FUNCTIONS:
        assert {
            ("AWS/Lambda", metric, f"{head}-{name}") for metric in ("Invocations", "Errors")
        } <= (shown[f"{name}: runs and errors"])
    assert shown["query-main: queries"] == {("AWS/Athena", "TotalExecutionTime", f"{head}-main")}
    assert shown["query-main: read"] == {("AWS/Athena", "ProcessedBytes", f"{head}-main")}
    assert ("AWS/S3", "BucketSizeBytes", f"{head}-logs") in shown["logs: size"]
    assert shown["main: requests"] == {("AWS/ApiGateway", "Count", f"{head}-main")}


# network, outputs, environments


def test_what_the_functions_use_is_reached_by_private_links(mantissa: Recording):
    there = {
        resource.inputs["serviceName"].rpartition(".")[2]
        for resource in mantissa.of_type("aws:ec2/vpcEndpoint:VpcEndpoint")
    }
    used = {"s3", "dynamodb", "athena", "glue", "secretsmanager", "sqs"}
    assert there == (set() if mantissa.stack == "dev" else used)


def test_the_stack_says_what_the_document_asks_for(mantissa: Recording):
    head = f"mantissa-log-{mantissa.stack}"
    outputs = mantissa.outputs
    for key in ("logs", "query-results", "configuration"):
        assert outputs["buckets"][key] == f"{head}-{key}"
    api = mantissa.one("aws:apigateway/restApi:RestApi", "main")
    stage = mantissa.one("aws:apigateway/stage:Stage", "main").inputs["stageName"]
    assert outputs["apis"]["main"]["url"] == (
        f"https://{api.id}.execute-api.us-east-1.amazonaws.com/{stage}"
    )
    pool = mantissa.one("aws:cognito/userPool:UserPool", "users")
    client = mantissa.one("aws:cognito/userPoolClient:UserPoolClient", "users-web")
    assert outputs["userPools"]["users"] == {"id": pool.id, "clients": {"web": client.id}}
    assert client.inputs["userPoolId"] == pool.id
    assert outputs["functions"] == {
        name: f"arn:aws:lambda:us-east-1:123456789012:function:{head}-{name}" for name in FUNCTIONS
    }
    assert outputs["queries"] == {
        "main": {
            "workgroup": f"{head}-main",
            "database": f"{head.replace('-', '_')}_lake",
        }
    }
    assert outputs["catalogs"]["lake"]["deliveryStream"] == f"{head}-lake"


def test_stacks_differ_by_profile_and_sizes_only(recording_of: Recordings):
    sides = {
        stack: {
            (resource.type, resource.name)
            for resource in recording_of(MANTISSA, stack, "deployed")
            if "trellis:network" not in resource.urn and "trellis:baseline" not in resource.urn
        }
        for stack in ("dev", "staging", "prod")
    }
    more = {element[0].partition("/")[0] for element in sides["staging"] - sides["dev"]}
    assert more <= {"aws:ec2", "aws:vpc", "aws:backup", "aws:cloudwatch", "trellis:backups:Backups",
                    "aws:iam"}  # fmt: skip
    assert not sides["dev"] - sides["staging"]


def test_the_budget_holds_an_ordinary_month_at_list_prices(mantissa: Recording):
    """And the development stack pays for no network: nothing stands in one."""
    found = priced(MANTISSA, mantissa.stack).estimate
    (verdict,) = verdicts(mantissa, found.usd, datetime.now(UTC).date())
    assert not verdict.fires_at_once, verdict.text
    if mantissa.stack == "dev":
        assert not [resource.type for resource in mantissa if resource.type.startswith("aws:ec2/")]
        assert found.usd.expected < 100
