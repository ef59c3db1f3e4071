"""The service, image, load balancer, role and scaling rows of Club App, row by row."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.systems import services as read
from trellis.planner.record import Recording


@pytest.fixture
def dev(recording_of: Callable[..., Recording]) -> Recording:
    return recording_of(".", "dev")


@pytest.fixture
def prod(recording_of: Callable[..., Recording]) -> Recording:
    return recording_of(".", "prod")


def test_names_are_those_of_the_document(dev: Recording):
    assert dev.one("aws:ecs/cluster:Cluster", "cluster").inputs["name"] == "clubapp-dev-ecs"
    assert dev.one(read.SERVICE, "backend").inputs["name"] == "clubapp-dev-svc"
    assert dev.one(read.BALANCER, "alb").inputs["name"] == "clubapp-dev-alb"
    assert dev.one(read.TASK, "backend").inputs["family"] == "clubapp-backend-task"
    assert read.main_container(dev, "backend")["name"] == "web"
    name = dev.one(read.TARGETS, "backend-alb").inputs["name"]
    assert name.startswith("clubapp-dev-tg-")
    assert len(name) <= 32


def test_images_are_scanned_kept_to_ten_and_never_move(dev: Recording):
    repository = dev.one(read.REPOSITORY, "backend").inputs
    assert repository["name"] == "clubapp-backend"
    assert repository["imageScanningConfiguration"] == {"scanOnPush": True}
    assert repository["imageTagMutability"] == "IMMUTABLE"
    assert repository["encryptionConfigurations"][0]["encryptionType"] == "KMS"
    policy = dev.one("aws:ecr/lifecyclePolicy:LifecyclePolicy", "backend").inputs["policy"]
    untagged, newest = json.loads(policy)["rules"]
    assert untagged["selection"] == {
        "tagStatus": "untagged",
        "countType": "sinceImagePushed",
        "countUnit": "days",
        "countNumber": 7,
    }
    assert newest["selection"] == {
        "tagStatus": "any",
        "countType": "imageCountMoreThan",
        "countNumber": 10,
    }


def test_the_image_is_pinned_by_digest(dev: Recording):
    image = read.main_container(dev, "backend")["image"]
    head, digest = image.split("@sha256:")
    assert head == "123456789012.dkr.ecr.us-east-1.amazonaws.com/clubapp-backend"
    assert len(digest) == 64


def test_the_task_has_its_size_port_and_health_check(dev: Recording):
    task = dev.one(read.TASK, "backend").inputs
    assert (task["cpu"], task["memory"]) == ("1024", "2048")
    assert (task["networkMode"], task["requiresCompatibilities"]) == ("awsvpc", ["FARGATE"])
    container = read.main_container(dev, "backend")
    assert container["portMappings"][0]["containerPort"] == 3000
    assert container["healthCheck"] == {
        "command": ["CMD-SHELL", "curl -f http://localhost:3000/health"],
        "interval": 30,
        "timeout": 5,
        "retries": 3,
        "startPeriod": 60,
    }
    assert container["readonlyRootFilesystem"] is True
    assert container["linuxParameters"]["initProcessEnabled"] is True
    assert container["privileged"] is False


def test_targets_are_healthy_as_the_document_says(dev: Recording):
    group = dev.one(read.TARGETS, "backend-alb").inputs
    assert group["healthCheck"] == {
        "enabled": True,
        "protocol": "HTTP",
        "path": "/health",
        "matcher": "200",
        "interval": 30,
        "timeout": 5,
        "healthyThreshold": 2,
        "unhealthyThreshold": 3,
    }
    assert (group["port"], group["protocol"], group["targetType"]) == (3000, "HTTP", "ip")
    assert group["deregistrationDelay"] == 30
    assert group["loadBalancingAlgorithmType"] == "round_robin"
    assert group["stickiness"]["enabled"] is False


def test_one_task_runs_and_a_deployment_never_drops_below_it(dev: Recording):
    service = dev.one(read.SERVICE, "backend")
    given = service.inputs
    assert given["desiredCount"] == 1
    assert given["deploymentMinimumHealthyPercent"] == 100
    assert given["deploymentMaximumPercent"] == 200
    assert given["healthCheckGracePeriodSeconds"] == 60
    assert given["deploymentCircuitBreaker"] == {"enable": True, "rollback": True}
    assert given["alarms"] == {
        "enable": True,
        "rollback": True,
        "alarmNames": ["clubapp-dev-svc-alb-rollback-errors"],
    }
    assert service.ignore_changes == ("desiredCount",)


def test_tasks_stand_in_private_subnets_without_a_public_address(dev: Recording):
    network = dev.one(read.SERVICE, "backend").inputs["networkConfiguration"]
    private = [
        resource.id
        for resource in dev.of_type("aws:ec2/subnet:Subnet")
        if resource.name.startswith("network-private")
    ]
    assert sorted(network["subnets"]) == sorted(private)
    assert network["assignPublicIp"] is False


@pytest.mark.parametrize(("stack", "limits"), [("dev", (1, 4)), ("prod", (2, 10))])
def test_scaling_has_the_documents_limits(
    recording_of: Callable[..., Recording], stack: str, limits: tuple[int, int]
):
    target = recording_of(".", stack).one(read.TARGET, "backend-tasks").inputs
    assert (target["minCapacity"], target["maxCapacity"]) == limits


def test_scaling_follows_cpu_and_memory_with_the_documents_cooldowns(dev: Recording):
    found = {}
    for name in ("cpu", "memory"):
        policy = dev.one(read.SCALING, f"backend-tasks-{name}").inputs
        tracking = policy["targetTrackingScalingPolicyConfiguration"]
        metric = tracking["predefinedMetricSpecification"]["predefinedMetricType"]
        found[metric] = (
            tracking["targetValue"],
            tracking["scaleOutCooldown"],
            tracking["scaleInCooldown"],
        )
    assert found == {
        "ECSServiceAverageCPUUtilization": (70, 60, 300),
        "ECSServiceAverageMemoryUtilization": (75, 60, 300),
    }


def test_the_environment_is_the_documents(dev: Recording):
    environment = read.environment(dev, "backend")
    assert (
        environment.items()
        >= {
            "NODE_ENV": "production",
            "LOG_LEVEL": "info",
            "PORT": "3000",
            "S3_ASSETS_BUCKET": "clubapp-dev-assets",
            "S3_RECEIPTS_BUCKET": "clubapp-dev-receipts",
            "S3_REGION": "us-east-1",
        }.items()
    )
    assert not {"DATABASE_URL", "REDIS_URL", "JWT_SECRET"} & environment.keys()


def test_six_secrets_under_clubapp_dev_reach_the_container(dev: Recording):
    assert read.secrets(dev, "backend") == {
        "DATABASE_URL": "clubapp/dev/rds url",
        "REDIS_URL": "clubapp/dev/redis url",
        "JWT_SECRET": "clubapp/dev/jwt-secret",
        "STRIPE_SECRET_KEY": "clubapp/dev/stripe",
        "SENDGRID_API_KEY": "clubapp/dev/sendgrid",
        "SENTRY_DSN": "clubapp/dev/sentry",
    }


def test_the_log_group_is_ours_and_kept_thirty_days(dev: Recording):
    group = dev.one("aws:cloudwatch/logGroup:LogGroup", "backend").inputs
    assert (group["name"], group["retentionInDays"]) == ("/ecs/clubapp-backend", 30)
    assert group["kmsKeyId"]
    log = read.main_container(dev, "backend")["logConfiguration"]
    assert log["logDriver"] == "awslogs"
    assert log["options"]["awslogs-group"] == "/ecs/clubapp-backend"
    assert log["options"]["awslogs-stream-prefix"] == "ecs"
    assert "awslogs-create-group" not in log["options"]


def test_the_cluster_has_both_kinds_of_capacity_and_on_demand_is_the_default(dev: Recording):
    capacity = dev.one("aws:ecs/clusterCapacityProviders:ClusterCapacityProviders", "cluster")
    assert capacity.inputs["capacityProviders"] == ["FARGATE", "FARGATE_SPOT"]
    default = capacity.inputs["defaultCapacityProviderStrategies"]
    assert [element["capacityProvider"] for element in default] == ["FARGATE"]
    cluster = dev.one("aws:ecs/cluster:Cluster", "cluster").inputs
    assert cluster["settings"] == [{"name": "containerInsights", "value": "enabled"}]


def test_the_load_balancer_faces_the_internet_from_the_public_subnets(dev: Recording):
    balancer = dev.one(read.BALANCER, "alb").inputs
    public = [
        resource.id
        for resource in dev.of_type("aws:ec2/subnet:Subnet")
        if resource.name.startswith("network-public")
    ]
    assert balancer["internal"] is False
    assert sorted(balancer["subnets"]) == sorted(public)
    assert balancer["enableCrossZoneLoadBalancing"] is True
    assert balancer["dropInvalidHeaderFields"] is True
    assert balancer["desyncMitigationMode"] == "strictest"
    assert balancer["accessLogs"] == {
        "bucket": "clubapp-dev-logs",
        "prefix": "load-balancers",
        "enabled": True,
    }


@pytest.mark.parametrize(("stack", "protected"), [("dev", False), ("prod", True)])
def test_deletion_protection_follows_the_profile(
    recording_of: Callable[..., Recording], stack: str, protected: bool
):
    balancer = recording_of(".", stack).one(read.BALANCER, "alb").inputs
    assert balancer["enableDeletionProtection"] is protected


def test_port_80_only_redirects_and_443_answers_404_unless_a_route_matches(dev: Recording):
    http = dev.one(read.LISTENER, "alb-http").inputs
    assert (http["port"], http["protocol"]) == (80, "HTTP")
    assert http["defaultActions"] == [
        {
            "type": "redirect",
            "redirect": {"protocol": "HTTPS", "port": "443", "statusCode": "HTTP_301"},
        }
    ]
    https = dev.one(read.LISTENER, "alb-https").inputs
    assert (https["port"], https["protocol"]) == (443, "HTTPS")
    assert https["sslPolicy"] == "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"
    assert ":acm:us-east-1:" in https["certificateArn"]
    (default,) = https["defaultActions"]
    assert default["fixedResponse"]["statusCode"] == "404"


def test_the_service_is_reached_by_its_host_alone(dev: Recording):
    (rule,) = dev.of_type(read.RULE)
    assert rule.inputs["conditions"] == [{"hostHeader": {"values": ["api.desh.co"]}}]
    assert rule.inputs["actions"][0]["targetGroupArn"] == dev.one(read.TARGETS, "backend-alb").id


def test_anybody_calls_80_and_443_and_the_balancer_calls_only_the_service(dev: Recording):
    assert read.into(dev, "LoadBalancer alb") == {("0.0.0.0/0", 80), ("0.0.0.0/0", 443)}
    assert read.out_of(dev, "LoadBalancer alb") == {("Service backend", 3000)}


def test_the_backend_calls_database_cache_and_https_and_nothing_else(dev: Recording):
    assert read.out_of(dev, "Service backend") == {
        ("RelationalDatabase main", 5432),
        ("Cache main", 6379),
        ("0.0.0.0/0", 443),
    }
    assert read.into(dev, "Service backend") == {("LoadBalancer alb", 3000)}


def test_only_the_backend_and_rotation_reach_database_and_cache(dev: Recording):
    assert read.into(dev, "RelationalDatabase main") == {
        ("Service backend", 5432),
        ("RotationFunction database-main", 5432),
    }
    assert read.into(dev, "Cache main") == {
        ("Service backend", 6379),
        ("RotationFunction cache-main", 6379),
    }


def test_the_execution_role_pulls_logs_and_reads_exactly_its_six_secrets(dev: Recording):
    found = {statement["Sid"]: statement for statement in read.statements(dev, "backend-execution")}
    assert found.keys() == {
        "WriteLog", "SignInToRegistry", "PullImages", "ReadSecrets", "DecryptSecrets",
    }  # fmt: skip
    assert found["PullImages"]["Resource"] == (
        "arn:aws:ecr:us-east-1:123456789012:repository/clubapp-backend"
    )
    assert found["WriteLog"]["Resource"] == (
        "arn:aws:logs:us-east-1:123456789012:log-group:/ecs/clubapp-backend:*"
    )
    six = {name.split(" ")[0] for name in read.secrets(dev, "backend").values()}
    names = {
        resource.outputs["arn"]
        for resource in dev.of_type("aws:secretsmanager/secret:Secret")
        if resource.inputs["name"] in six
    }
    assert len(names) == 6
    assert set(found["ReadSecrets"]["Resource"]) == names
    assert found["ReadSecrets"]["Action"] == "secretsmanager:GetSecretValue"
    assert found["DecryptSecrets"]["Condition"] == {
        "StringEquals": {"kms:ViaService": "secretsmanager.us-east-1.amazonaws.com"}
    }
    anywhere = [sid for sid, statement in found.items() if statement["Resource"] == "*"]
    assert anywhere == ["SignInToRegistry"]
    assert found["SignInToRegistry"]["Action"] == "ecr:GetAuthorizationToken"


def test_the_task_role_may_do_what_the_document_lists_and_no_more(dev: Recording):
    assert read.actions(dev, "backend-task") == {
        "rds:DescribeDBInstances",
        "dynamodb:Query", "dynamodb:Scan", "dynamodb:GetItem", "dynamodb:PutItem",
        "dynamodb:UpdateItem", "dynamodb:DeleteItem",
        "s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload",
        "s3:ListMultipartUploadParts", "s3:ListBucket", "s3:GetBucketLocation",
        "kms:Decrypt", "kms:GenerateDataKey",
        "sns:Publish",
        "ses:SendEmail", "ses:SendRawEmail",
    }  # fmt: skip
    assert all("*" not in read.as_list(s["Resource"]) for s in read.statements(dev, "backend-task"))
    for statement in read.statements(dev, "backend-task"):
        if "kms:Decrypt" in read.as_list(statement["Action"]):
            assert "kms:ViaService" in statement["Condition"]["StringEquals"]


def test_the_two_roles_are_apart_and_only_tasks_of_this_account_assume_them(dev: Recording):
    task = dev.one(read.TASK, "backend").inputs
    assert task["taskRoleArn"] != task["executionRoleArn"]
    for name in ("backend-task", "backend-execution"):
        trust = json.loads(dev.one(read.ROLE, name).inputs["assumeRolePolicy"])["Statement"]
        assert trust == [
            {
                "Effect": "Allow",
                "Principal": {"Service": "ecs-tasks.amazonaws.com"},
                "Action": "sts:AssumeRole",
                "Condition": {
                    "StringEquals": {"aws:SourceAccount": "123456789012"},
                    "ArnLike": {"aws:SourceArn": "arn:aws:ecs:us-east-1:123456789012:*"},
                },
            }
        ]


def test_the_service_waits_for_its_rules_policies_and_listener_rule(dev: Recording):
    waited = read.depends(dev, dev.one(read.SERVICE, "backend"))
    assert waited >= {
        "SecurityGroupEgressRule backend-https",
        "SecurityGroupEgressRule backend-to-database-main",
        "SecurityGroupIngressRule backend-to-database-main",
        "SecurityGroupIngressRule alb-to-service-backend",
        "RolePolicy backend-task",
        "RolePolicy backend-execution",
        "LogGroup backend",
        "ClusterCapacityProviders cluster",
    }
    assert any(element.startswith("ListenerRule backend-") for element in waited)
    assert "Invocation rds" in waited, "the first value of DATABASE_URL"


def test_a_rotated_secret_deploys_the_service_again(dev: Recording):
    rule = dev.one("aws:cloudwatch/eventRule:EventRule", "backend-rotated").inputs
    pattern = json.loads(rule["eventPattern"])
    assert pattern["detail"]["eventName"] == ["RotationSucceeded"]
    rotating = [
        element.rsplit(":", 1)[-1][:-7]
        for element in pattern["detail"]["additionalEventData"]["SecretId"]
    ]
    assert sorted(rotating) == ["clubapp/dev/rds", "clubapp/dev/redis"]
    target = dev.one("aws:cloudwatch/eventTarget:EventTarget", "backend-rotated").inputs
    assert json.loads(target["input"]) == {
        "cluster": "clubapp-dev-ecs",
        "service": "clubapp-dev-svc",
    }
    deploy = next(s for s in read.statements(dev, "redeployer") if s["Sid"] == "DeployAgain")
    assert deploy["Resource"] == (
        "arn:aws:ecs:us-east-1:123456789012:service/clubapp-dev-ecs/clubapp-dev-svc"
    )


def test_prod_has_three_zones_and_its_own_names(prod: Recording):
    assert len(prod.one(read.SERVICE, "backend").inputs["networkConfiguration"]["subnets"]) == 3
    assert prod.one(read.SERVICE, "backend").inputs["name"] == "clubapp-prod-backend"
    assert prod.one(read.REPOSITORY, "backend").protect is True
