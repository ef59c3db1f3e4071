"""Services and jobs as AWS would get them: what waits, moves, scales, calls and is written."""

from __future__ import annotations

import json
from typing import Any

import pytest

from testing.service_cases import BALANCER, DIGEST, parts, service, web
from tests.components.small_systems import DATABASE, small_system
from tests.systems import services as read
from trellis.planner.record import Recording


def containers(recording: Recording, key: str) -> list[dict[str, Any]]:
    return json.loads(recording.one(read.TASK, key).inputs["containerDefinitions"])


def names(recording: Recording, type_: str) -> set[str]:
    return {resource.name for resource in recording.of_type(type_)}


def test_without_an_image_all_but_the_service_is_made_and_the_plan_says_what_it_waits_for():
    given = parts(
        {
            "api": web(
                image={"repository": "app", "tag": "7"},
                uses=[{"secret": "stripe", "as": "STRIPE"}],
                scaling={"cpu": 60},
            )
        },
        secrets={"stripe": {}},
    )
    recording = small_system(**given)
    for type_ in (read.SERVICE, read.TASK, read.TARGET, read.SCALING):
        assert not recording.of_type(type_)
    assert names(recording, read.REPOSITORY) == {"app"}
    assert names(recording, read.TARGETS) == {"api-alb"}
    assert {"api-task", "api-execution"} <= names(recording, read.ROLE)
    assert recording.outputs["services"]["waiting"] == {
        "service-api": [
            "the image shop-dev-app:7: push it, then run `trellis lookup` or `up`",
            "a value of the secret shop/dev/stripe",
        ]
    }


def test_a_service_waits_for_the_job_before_it():
    given = parts(
        {"api": service(), "other": service()},
        jobs={"schema": service(image={"repository": "app", "tag": "7"}, before=["api"])},
    )
    recording = small_system(**given)
    assert names(recording, read.SERVICE) == {"other"}
    assert recording.outputs["services"]["waiting"]["service-api"] == ["the job schema"]


def test_services_that_call_each_other_have_names_rules_and_nothing_else():
    both = {
        "a": service(port=80, discoverable=True, uses=[{"service": "b"}]),
        "b": service(port=81, discoverable=True, protocol="grpc", uses=[{"service": "a"}]),
        "c": service(port=82),
    }
    recording = small_system(**parts(both))
    assert read.out_of(recording, "Service a") == {("Service b", 81), ("0.0.0.0/0", 443)}
    assert read.into(recording, "Service a") == {("Service b", 80)}
    assert read.into(recording, "Service c") == set()
    assert read.environment(recording, "a") == {"B_URL": "grpc://b:81"}
    assert "triggers" not in recording.one(read.SERVICE, "a").inputs, "neither can wait for both"
    connect = recording.one(read.SERVICE, "a").inputs["serviceConnectConfiguration"]
    assert connect["services"] == [
        {"portName": "a", "discoveryName": "a", "clientAlias": [{"dnsName": "a", "port": 80}]}
    ]
    assert "serviceConnectConfiguration" not in recording.one(read.SERVICE, "c").inputs


def test_a_read_only_root_has_the_folders_that_may_be_written_and_a_shell_needs():
    recording = small_system(**parts({"api": service(scratch=["/tmp"], exec=True)}))
    (main,) = containers(recording, "api")
    assert main["readonlyRootFilesystem"] is True
    mounted = {point["containerPath"]: point["sourceVolume"] for point in main["mountPoints"]}
    assert mounted.keys() == {"/tmp", "/var/lib/amazon", "/var/log/amazon"}
    volumes = {volume["name"] for volume in recording.one(read.TASK, "api").inputs["volumes"]}
    assert volumes == set(mounted.values())
    granted = read.actions(recording, "api-task")
    assert "ssmmessages:OpenDataChannel" in granted
    assert recording.one(read.SERVICE, "api").inputs["enableExecuteCommand"] is True
    sessions = recording.one("aws:ecs/cluster:Cluster", "cluster").inputs["configuration"]
    assert sessions["executeCommandConfiguration"]["logging"] == "OVERRIDE"


def test_without_exec_nothing_of_it_is_granted():
    recording = small_system(**parts({"api": service()}))
    assert read.statements(recording, "api-task") == []
    assert recording.one(read.SERVICE, "api").inputs["enableExecuteCommand"] is False


def test_the_main_container_waits_for_its_sidecars_as_told():
    uri = f"public.ecr.aws/xray/aws-xray-daemon@{DIGEST}"
    sidecars = {
        "init": {"image": {"repository": "init", "digest": DIGEST}, "essential": False,
                 "startFirst": "success"},
        "xray": {"image": {"uri": uri}, "memory": 64},
    }  # fmt: skip
    recording = small_system(**parts({"api": service(sidecars=sidecars)}))
    main, init, xray = containers(recording, "api")
    assert main["dependsOn"] == [{"containerName": "init", "condition": "SUCCESS"}]
    assert {element["stopTimeout"] for element in (main, init, xray)} == {60}
    assert (init["essential"], xray["essential"]) == (False, True)
    assert xray["image"] == uri
    pull = next(s for s in read.statements(recording, "api-execution") if s["Sid"] == "PullImages")
    assert sorted(arn.rsplit("/", 1)[1] for arn in pull["Resource"]) == [
        "shop-dev-app",
        "shop-dev-init",
    ]


def test_a_task_without_images_of_its_own_may_pull_nothing():
    image = {"uri": f"public.ecr.aws/nginx/nginx@{DIGEST}"}
    recording = small_system(**parts({"api": service(image=image)}))
    assert read.actions(recording, "api-execution") == {"logs:CreateLogStream", "logs:PutLogEvents"}
    assert not recording.of_type(read.REPOSITORY)


def test_an_image_of_another_private_registry_may_be_pulled_and_no_other():
    image = {"uri": f"210987654321.dkr.ecr.eu-west-1.amazonaws.com/hub/nginx@{DIGEST}"}
    recording = small_system(**parts({"api": service(image=image)}))
    pull = next(s for s in read.statements(recording, "api-execution") if s["Sid"] == "PullImages")
    assert pull["Resource"] == "arn:aws:ecr:eu-west-1:210987654321:repository/hub/nginx"


def test_file_systems_are_mounted_over_tls_through_their_access_point():
    files = {
        "media": {
            "fileSystemId": "fs-0123456789abcdef0",
            "accessPointId": "fsap-0123456789abcdef0",
            "securityGroupId": "sg-0123456789abcdef0",
            "path": "/media",
        }
    }
    recording = small_system(**parts({"api": service(fileSystems=files)}))
    (volume,) = recording.one(read.TASK, "api").inputs["volumes"]
    mounted = volume["efsVolumeConfiguration"]
    assert mounted["transitEncryption"] == "ENABLED"
    assert mounted["authorizationConfig"] == {
        "accessPointId": "fsap-0123456789abcdef0",
        "iam": "ENABLED",
    }
    assert ("sg-0123456789abcdef0", 2049) in read.out_of(recording, "Service api")
    (grant,) = read.statements(recording, "api-task")
    assert grant["Resource"].endswith("file-system/fs-0123456789abcdef0")
    assert "AccessPointArn" in json.dumps(grant["Condition"])
    assert "elasticfilesystem:ClientWrite" in grant["Action"]
    files["media"]["readOnly"] = True
    recording = small_system(**parts({"api": service(fileSystems=files)}))
    assert read.actions(recording, "api-task") == {"elasticfilesystem:ClientMount"}


@pytest.mark.parametrize(
    ("capacity", "expected"),
    [
        ({}, [("FARGATE", 0, 1)]),
        ({"spot": 75, "onDemand": 2}, [("FARGATE", 2, 25), ("FARGATE_SPOT", 0, 75)]),
        ({"spot": 100}, [("FARGATE", 1, 0), ("FARGATE_SPOT", 0, 100)]),
        ({"spot": 100, "onDemand": 0}, [("FARGATE_SPOT", 0, 100)]),
    ],
)
def test_spot_is_added_to_a_base_on_demand(
    capacity: dict[str, int], expected: list[tuple[str, int, int]]
):
    recording = small_system(**parts({"w": service(capacity=capacity)}))
    given = recording.one(read.SERVICE, "w").inputs
    found = [
        (strategy["capacityProvider"], strategy["base"], strategy["weight"])
        for strategy in given["capacityProviderStrategies"]
    ]
    assert found == expected
    assert given["forceNewDeployment"] is True


def test_a_caller_starts_after_what_it_calls_and_again_when_that_comes_into_being():
    """Service Connect tells a task only of what was there when its deployment began."""
    both = {
        "a": service(uses=[{"service": "b"}]),
        "b": service(port=80, discoverable=True),
    }
    recording = small_system(**parts(both))
    caller = recording.one(read.SERVICE, "a")
    assert caller.inputs["triggers"] == {"calls": "b"}
    assert "Service b" in read.depends(recording, caller)

    both["b"]["image"] = {"repository": "b", "tag": "1"}
    recording = small_system(**parts(both))
    assert "triggers" not in recording.one(read.SERVICE, "a").inputs, "b is not there yet"


def test_nobody_waits_in_a_circle_of_callers():
    called = {key: service(port=80, discoverable=True, uses=[{"service": of}])
              for key, of in (("a", "b"), ("b", "c"), ("c", "a"))}  # fmt: skip
    called["d"] = service(uses=[{"service": "a"}])
    recording = small_system(**parts(called))
    waits = {
        resource.name: resource.inputs["triggers"]["calls"]
        for resource in recording.of_type(read.SERVICE)
        if "triggers" in resource.inputs
    }
    assert waits == {"d": "a"}


def test_a_metric_that_wakes_at_anything_above_nothing_has_steps_that_aws_takes():
    metric = {"namespace": "N", "name": "M", "outAbove": 0, "inBelow": -1, "step": 3}
    recording = small_system(**parts({"w": service(scaling={"min": 0, "metric": metric})}))
    policy = recording.one(read.SCALING, "w-tasks-metric-out").inputs
    assert policy["stepScalingPolicyConfiguration"]["stepAdjustments"] == [
        {"scalingAdjustment": 3, "metricIntervalLowerBound": "0"}
    ]


def test_grpc_is_asked_for_its_health_as_grpc_tells_it():
    recording = small_system(**parts({"api": web(protocol="grpc")}))
    check = recording.one(read.TARGETS, "api-alb").inputs["healthCheck"]
    assert (check["path"], check["matcher"]) == ("/grpc.health.v1.Health/Check", "0")


def test_workers_follow_the_backlog_a_task_and_wake_from_nothing():
    given = parts(
        {"w": service(scaling={"min": 0, "max": 9, "backlog": {"queue": "q", "perTask": 20}})},
        queues={"q": {}},
    )
    recording = small_system(**given)
    policy = recording.one(read.SCALING, "w-tasks-backlog").inputs
    tracking = policy["targetTrackingScalingPolicyConfiguration"]
    assert tracking["targetValue"] == 20
    waiting, running, backlog = tracking["customizedMetricSpecification"]["metrics"]
    assert waiting["metricStat"]["metric"]["dimensions"] == [
        {"name": "QueueName", "value": "shop-dev-q"}
    ]
    assert running["metricStat"]["metric"]["metricName"] == "RunningTaskCount"
    assert backlog["expression"] == "waiting / IF(FILL(running, 0) > 1, running, 1)"
    assert [element["returnData"] for element in (waiting, running, backlog)] == [
        False,
        False,
        True,
    ]
    alarm = recording.one(read.ALARM, "w-tasks-wake")
    wake = recording.one(read.SCALING, "w-tasks-wake")
    assert alarm.inputs["alarmActions"] == [wake.outputs["arn"]]
    assert wake.inputs["stepScalingPolicyConfiguration"]["adjustmentType"] == "ChangeInCapacity"
    assert recording.one(read.SERVICE, "w").inputs["desiredCount"] == 0


def test_requests_and_schedules_scale_too():
    scaling = {
        "min": 1,
        "max": 5,
        "requests": 500,
        "schedules": {"night": {"at": "cron(0 22 * * ? *)", "timezone": "Europe/Vienna", "max": 2}},
    }
    recording = small_system(**parts({"api": web(scaling=scaling)}))
    policy = recording.one(read.SCALING, "api-tasks-requests").inputs
    specification = policy["targetTrackingScalingPolicyConfiguration"][
        "predefinedMetricSpecification"
    ]
    balancer = recording.one(read.BALANCER, "alb").outputs["arnSuffix"]
    group = recording.one(read.TARGETS, "api-alb").outputs["arnSuffix"]
    assert specification["resourceLabel"] == f"{balancer}/{group}"
    action = recording.one("aws:appautoscaling/scheduledAction:ScheduledAction", "api-tasks-night")
    limits = action.inputs["scalableTargetAction"]
    assert (limits.get("minCapacity"), limits["maxCapacity"]) == (None, 2)
    assert action.inputs["timezone"] == "Europe/Vienna"


def test_a_scheduled_job_is_retried_and_what_never_started_is_kept():
    job = service(
        schedule="cron(0 3 * * ? *)", timezone="Europe/Vienna", retries={"attempts": 5, "hours": 2}
    )
    recording = small_system(**parts({}, jobs={"report": job}))
    schedule = recording.one("aws:scheduler/schedule:Schedule", "report").inputs
    target = schedule["target"]
    assert schedule["scheduleExpressionTimezone"] == "Europe/Vienna"
    assert target["retryPolicy"] == {"maximumRetryAttempts": 5, "maximumEventAgeInSeconds": 7200}
    queue = recording.one("aws:sqs/queue:Queue", "report-not-started")
    assert target["deadLetterConfig"] == {"arn": queue.outputs["arn"]}
    assert queue.inputs["kmsMasterKeyId"]
    grants = {element["Sid"]: element for element in read.statements(recording, "report-schedule")}
    assert grants["RunTheTask"]["Resource"].endswith(":task-definition/shop-dev-report:*")
    assert grants["RunTheTask"]["Condition"]["ArnEquals"]["ecs:cluster"].endswith(
        "cluster/shop-dev"
    )
    assert {arn.rsplit("/", 1)[1] for arn in grants["PassItsRoles"]["Resource"]} == {
        "shop-dev-report-execution",
        "shop-dev-report-task",
    }
    trust = json.loads(recording.one(read.ROLE, "report-schedule").inputs["assumeRolePolicy"])
    (statement,) = trust["Statement"]
    assert statement["Condition"]["StringEquals"]["aws:SourceArn"].endswith(
        ":schedule-group/default"
    )


def test_a_replaced_target_group_has_a_new_name_of_at_most_32_characters():
    def name(**changes: Any) -> str:
        key = "a-service-with-a-rather-long-key"
        recording = small_system(**parts({key: web(**changes)}))
        return recording.one(read.TARGETS, f"{key}-alb").inputs["name"]

    first = name()
    assert len(first) <= 32
    changes = {"health": {"path": "/other"}, "deregistration": 5, "port": 9090, "slowStart": 60}
    assert name(**changes) == first, "these are changed in place"
    assert name(protocol="http2") != first


def test_another_port_replaces_no_target_group():
    recording = small_system(**parts({"api": web(port=9090)}))
    assert recording.one(read.TARGETS, "api-alb").ignore_changes == ("port",)
    (attached,) = recording.one(read.SERVICE, "api").inputs["loadBalancers"]
    assert attached["containerPort"] == 9090, "what ECS registers tasks with"


def test_an_internal_balancer_is_called_from_the_network_alone():
    balancer = {**BALANCER, "scheme": "internal", "http": "none"}
    recording = small_system(**parts({"api": web()}, loadBalancers={"alb": balancer}))
    assert recording.one(read.BALANCER, "alb").inputs["internal"] is True
    assert read.into(recording, "LoadBalancer alb") == {("10.0.0.0/16", 443)}
    assert names(recording, read.LISTENER) == {"alb-https"}


def test_a_closed_task_calls_its_links_and_private_paths_and_no_more():
    given = parts(
        {"api": service(internet=False, uses=[{"database": "main"}])},
        databases={"main": DATABASE},
        network={
            "cidr": "10.0.0.0/16", "zones": 2, "nat": "none",
            "subnets": {"public": {}, "private": {}},
        },
    )  # fmt: skip
    recording = small_system(**given)
    ends = {end for end, _ in read.out_of(recording, "Service api")}
    assert "0.0.0.0/0" not in ends
    assert {"RelationalDatabase main", "Network network-endpoints"} <= ends
    assert any(end.startswith("pl-") for end in ends), "S3, where image layers are"


def test_a_pool_is_told_to_the_application():
    given = parts(
        {"api": service(uses=[{"database": "main", "pool": 7}])}, databases={"main": DATABASE}
    )
    assert read.environment(small_system(**given), "api")["DB_POOL_SIZE"] == "7"


def test_an_image_that_is_built_is_a_remote_component_whose_digest_comes_at_up():
    image = {"repository": "app", "build": {"context": "examples/hello"}}
    recording = small_system("preview", **parts({"api": service(image=image)}))
    (built,) = recording.of_type("awsx:ecr:Image")
    assert built.remote is True
    assert built.inputs["platform"] == "linux/amd64"
    assert names(recording, read.SERVICE) == {"api"}, "the build brings the digest"


def test_other_accounts_pull_only_where_they_are_named():
    repositories = {"app": {"pullAccounts": ["210987654321"], "keep": 3}}
    recording = small_system(**parts({"api": service()}, repositories=repositories))
    policy = recording.one("aws:ecr/repositoryPolicy:RepositoryPolicy", "app").inputs["policy"]
    (statement,) = json.loads(policy)["Statement"]
    assert statement["Principal"] == {"AWS": "arn:aws:iam::210987654321:root"}
    assert "Resource" not in statement
    assert not small_system(**parts({"api": service()})).of_type(
        "aws:ecr/repositoryPolicy:RepositoryPolicy"
    )
