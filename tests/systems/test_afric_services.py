"""The service, rule, role and scaling rows of Afric Analyzer, row by row, negative ones too."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.systems import services as read
from trellis.planner.record import Recording

PROJECT = "systems/afric-analyzer"
SERVICES = ("repo1-api", "repo2-api", "repo2-consumer")


@pytest.fixture(params=["starter", "prod"])
def stack(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def system(recording_of: Callable[..., Recording], stack: str) -> Recording:
    return recording_of(PROJECT, stack)


@pytest.fixture
def prod(recording_of: Callable[..., Recording]) -> Recording:
    return recording_of(PROJECT, "prod")


def test_the_cluster_counts_what_runs(system: Recording, stack: str):
    cluster = system.one("aws:ecs/cluster:Cluster", "cluster").inputs
    assert cluster["name"] == {"prod": "siem-cluster", "starter": "siem-starter-cluster"}[stack]
    assert cluster["settings"] == [{"name": "containerInsights", "value": "enabled"}]


def test_there_are_two_repositories_and_the_consumer_shares_the_second(system: Recording):
    assert {resource.name for resource in system.of_type(read.REPOSITORY)} == {"repo1", "repo2"}
    images = {key: read.main_container(system, key)["image"] for key in SERVICES}
    assert images["repo2-api"] == images["repo2-consumer"] != images["repo1-api"]


@pytest.mark.parametrize(
    ("key", "size", "port", "limits"),
    [
        ("repo1-api", ("512", "1024"), 8080, (2, 10)),
        ("repo2-api", ("512", "1024"), 8000, (2, 8)),
        ("repo2-consumer", ("256", "512"), None, (2, 20)),
    ],
)
def test_sizes_ports_and_limits_are_the_documents(
    system: Recording, key: str, size: tuple[str, str], port: int | None, limits: tuple[int, int]
):
    task = system.one(read.TASK, key).inputs
    assert (task["cpu"], task["memory"]) == size
    ports = [
        mapping["containerPort"] for mapping in read.main_container(system, key)["portMappings"]
    ]
    assert ports == ([port] if port else [])
    target = system.one(read.TARGET, f"{key}-tasks").inputs
    assert (target["minCapacity"], target["maxCapacity"]) == limits


@pytest.mark.parametrize("key", ["repo1-api", "repo2-api"])
def test_the_apis_scale_on_seventy_percent_of_their_cpu(system: Recording, key: str):
    policy = system.one(read.SCALING, f"{key}-tasks-cpu").inputs
    tracking = policy["targetTrackingScalingPolicyConfiguration"]
    assert tracking["targetValue"] == 70
    metric = tracking["predefinedMetricSpecification"]["predefinedMetricType"]
    assert metric == "ECSServiceAverageCPUUtilization"


@pytest.mark.parametrize(("key", "path"), [("repo1-api", "/health"), ("repo2-api", "/health/live")])
def test_health_is_asked_every_thirty_seconds(system: Recording, key: str, path: str):
    health = system.one(read.TARGETS, f"{key}-alb").inputs["healthCheck"]
    assert (health["path"], health["interval"], health["timeout"]) == (path, 30, 5)


def test_commands_are_the_documents(system: Recording):
    api = read.main_container(system, "repo2-api")["command"]
    assert api == ["uvicorn", "src.api.main:app", "--host", "0.0.0.0", "--port", "8000"]
    consumer = read.main_container(system, "repo2-consumer")["command"]
    assert consumer == ["python", "-m", "src.services.redis_consumer"]
    assert "command" not in read.main_container(system, "repo1-api")


def test_each_api_has_its_paths_on_the_api_host(system: Recording):
    found = {}
    for rule in system.of_type(read.RULE):
        group = rule.inputs["actions"][0]["targetGroupArn"]
        service = next(
            resource.name for resource in system.of_type(read.TARGETS) if resource.id == group
        )
        host, paths = rule.inputs["conditions"]
        domain = {"starter": "starter.example.africa", "prod": "example.africa"}[system.stack]
        assert host == {"hostHeader": {"values": [f"api.{domain}"]}}
        found[service] = paths["pathPattern"]["values"]
    assert found == {
        "repo1-api-alb": ["/api/logs/*", "/admin/*", "/health"],
        "repo2-api-alb": ["/api/v1/*", "/stats", "/alerts", "/health/*"],
    }


def test_the_exact_health_path_is_tried_before_the_one_with_a_wildcard(system: Recording):
    priorities = {
        resource.name.rsplit("-", 1)[0]: resource.inputs["priority"]
        for resource in system.of_type(read.RULE)
    }
    assert len(set(priorities.values())) == len(priorities) == 2


def test_the_consumer_has_no_port_no_target_and_nobody_calls_it(system: Recording):
    service = system.one(read.SERVICE, "repo2-consumer").inputs
    assert "loadBalancers" not in service
    assert "healthCheckGracePeriodSeconds" not in service
    assert read.into(system, "Service repo2-consumer") == set()
    assert (
        read.environment(system, "repo2-consumer").items()
        >= {
            "BATCH_SIZE": "100",
            "BATCH_TIMEOUT_MS": "1000",
        }.items()
    )


def test_the_consumer_runs_on_spot_and_in_prod_one_task_does_not_depend_on_it(
    system: Recording, stack: str
):
    strategies = system.one(read.SERVICE, "repo2-consumer").inputs["capacityProviderStrategies"]
    spot = {"capacityProvider": "FARGATE_SPOT", "base": 0, "weight": 100}
    if stack == "starter":
        assert strategies == [spot]
    else:
        assert strategies == [{"capacityProvider": "FARGATE", "base": 1, "weight": 0}, spot]
    for key in ("repo1-api", "repo2-api"):
        own = system.one(read.SERVICE, key).inputs["capacityProviderStrategies"]
        assert [element["capacityProvider"] for element in own] == ["FARGATE"]


def test_the_consumer_scales_out_above_a_thousand_and_in_below_a_hundred(system: Recording):
    found = {}
    for way in ("out", "in"):
        alarm = system.one(read.ALARM, f"repo2-consumer-tasks-metric-{way}").inputs
        assert alarm["namespace"] == "SIEM/Application"
        assert alarm["metricName"] == "QueueDepth"
        assert alarm["dimensions"] == {"QueueName": "clean", "TenantId": "default"}
        policy = system.one(read.SCALING, f"repo2-consumer-tasks-metric-{way}")
        assert alarm["alarmActions"] == [policy.outputs["arn"]]
        steps = policy.inputs["stepScalingPolicyConfiguration"]["stepAdjustments"]
        found[way] = (
            alarm["comparisonOperator"],
            alarm["threshold"],
            [step["scalingAdjustment"] for step in steps],
        )
    assert found == {
        "out": ("GreaterThanThreshold", 1000, [1, 2]),
        "in": ("LessThanThreshold", 100, [-1]),
    }


def test_the_consumer_may_put_metrics_into_its_namespace_alone(system: Recording):
    grant = next(
        statement
        for statement in read.statements(system, "repo2-consumer-task")
        if statement["Action"] == "cloudwatch:PutMetricData"
    )
    assert grant["Condition"] == {
        "StringEquals": {"cloudwatch:namespace": ["SIEM/Application"]}
    } or grant["Condition"] == {"StringEquals": {"cloudwatch:namespace": "SIEM/Application"}}
    for key in ("repo1-api", "repo2-api"):
        assert "cloudwatch:PutMetricData" not in read.actions(system, f"{key}-task")


def test_the_internet_reaches_the_balancer_and_the_balancer_the_two_apis(system: Recording):
    assert read.into(system, "LoadBalancer alb") == {("0.0.0.0/0", 80), ("0.0.0.0/0", 443)}
    assert read.out_of(system, "LoadBalancer alb") == {
        ("Service repo1-api", 8080),
        ("Service repo2-api", 8000),
    }
    http = system.one(read.LISTENER, "alb-http").inputs
    assert [action["type"] for action in http["defaultActions"]] == ["redirect"]


def test_services_call_what_the_document_lists(system: Recording):
    https, cache, database = (
        ("0.0.0.0/0", 443),
        ("Cache main", 6379),
        ("RelationalDatabase main", 5432),
    )
    # What smtp-credentials are for leaves by 587; security groups know no names.
    mail = ("0.0.0.0/0", 587)
    assert read.out_of(system, "Service repo1-api") == {https, cache}
    assert read.out_of(system, "Service repo2-api") == {https, cache, database, mail}
    assert read.out_of(system, "Service repo2-consumer") == {https, cache, database}


def test_repo1_has_no_way_to_the_database(system: Recording):
    callers = {end for end, _ in read.into(system, "RelationalDatabase main")}
    assert callers == {
        "Service repo2-api",
        "Service repo2-consumer",
        "Job schema",
        "RotationFunction database-main",
    }
    for role in ("repo1-api-task", "repo1-api-execution"):
        assert not {a for a in read.actions(system, role) if a.startswith(("rds", "rds-db"))}
    container = json.dumps(read.main_container(system, "repo1-api"))
    assert "database-url" not in container
    assert "DB_HOST" not in container
    assert "database-url" not in json.dumps(read.statements(system, "repo1-api-execution"))


def test_the_data_tier_calls_nobody(system: Recording):
    assert read.out_of(system, "RelationalDatabase main") == set()
    assert read.out_of(system, "Cache main") == set()


@pytest.mark.parametrize(
    ("key", "wanted"),
    [
        ("repo1-api", {"REDIS_URL": "redis-url url", "API_KEYS": "repo1-api-keys"}),
        (
            "repo2-api",
            {
                "DATABASE_URL": "database-url url",
                "REDIS_URL": "redis-url url",
                "SECRET_KEY": "jwt-secret",
                "SMTP_CREDENTIALS": "smtp-credentials",
            },
        ),
        (
            "repo2-consumer",
            {
                "DATABASE_URL": "database-url url",
                "REDIS_URL": "redis-url url",
                "SECRET_KEY": "jwt-secret",
            },
        ),
    ],
)
def test_each_service_reads_its_own_secrets(
    system: Recording, stack: str, key: str, wanted: dict[str, str]
):
    prefix = f"/siem/{stack}/"
    found = read.secrets(system, key)
    assert found == {name: prefix + value for name, value in wanted.items()}
    (grant,) = [s for s in read.statements(system, f"{key}-execution") if s["Sid"] == "ReadSecrets"]
    granted = {arn.split(":secret:")[1][:-7] for arn in read.as_list(grant["Resource"])}
    assert granted == {value.split(" ")[0] for value in found.values()}
    assert not {"DATABASE_URL", "REDIS_URL"} & read.environment(system, key).keys()


def test_task_roles_are_one_a_service_and_hold_what_the_document_lists(system: Recording):
    connect = {"elasticache:Connect"}
    database = {"rds:DescribeDBInstances", "rds-db:connect"}
    reports = {"s3:PutObject", "s3:AbortMultipartUpload", "kms:Decrypt", "kms:GenerateDataKey"}
    assert read.actions(system, "repo1-api-task") == connect
    assert read.actions(system, "repo2-api-task") - {"s3:ListMultipartUploadParts"} == (
        connect | database | reports
    )
    assert read.actions(system, "repo2-consumer-task") == (
        connect | database | {"cloudwatch:PutMetricData"}
    )


def test_the_consumer_and_repo1_cannot_put_reports(system: Recording):
    for key in ("repo2-consumer", "repo1-api"):
        text = json.dumps(read.statements(system, f"{key}-task"))
        assert "s3:" not in text
        assert "reports" not in text


def test_database_and_cache_are_signed_in_to_by_exact_arns(system: Recording):
    for key in ("repo2-api", "repo2-consumer"):
        found = {s["Sid"]: s for s in read.statements(system, f"{key}-task")}
        signed = next(s for s in found.values() if s["Action"] == "rds-db:connect")
        assert signed["Resource"].startswith("arn:aws:rds-db:eu-west-1:123456789012:dbuser:db-")
        assert signed["Resource"].endswith("/repo2")
        cached = next(s for s in found.values() if s["Action"] == "elasticache:Connect")
        assert all("*" not in arn for arn in read.as_list(cached["Resource"]))


def test_the_schema_runs_before_the_services_of_repo2_take_a_new_version(system: Recording):
    run = system.one("aws:lambda/invocation:Invocation", "schema-run")
    task = json.loads(run.inputs["input"])["taskDefinition"]
    assert task == system.one(read.TASK, "schema").outputs["arn"]
    waits = {key: run.urn in system.one(read.SERVICE, key).dependencies for key in SERVICES}
    assert waits == {"repo1-api": False, "repo2-api": True, "repo2-consumer": True}


def test_repo2s_tasks_together_open_fewer_connections_than_the_database_allows(
    system: Recording, stack: str
):
    pools = {
        key: int(read.environment(system, key)["DB_POOL_SIZE"])
        for key in ("repo2-api", "repo2-consumer")
    }
    most = 2 * (8 * pools["repo2-api"] + 20 * pools["repo2-consumer"])
    assert most <= {"starter": 85, "prod": 400}[stack]
