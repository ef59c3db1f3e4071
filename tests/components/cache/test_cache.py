"""Caches as AWS would get them: users that start switched off, failover that follows the nodes."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from components.cache.cache import Cache
from components.cache.engines import FAMILIES, IAM_VERSIONS, NODE_TYPES, RETIRED
from components.contracts import AlarmSpec, Grant, Link, LoginServer
from components.parts.access import UnknownAccessError
from testing.data_settings import record_settings, validate
from trellis.planner.record import Recorded, Recording

CACHE = "aws:elasticache/replicationGroup:ReplicationGroup"
USER = "aws:elasticache/user:User"
USER_GROUP = "aws:elasticache/userGroup:UserGroup"
PARAMETERS = "aws:elasticache/parameterGroup:ParameterGroup"
ARN = "arn:aws:elasticache:us-east-1:123456789012"


def recorded(use: Callable[[Cache], None] = lambda _: None, **given: Any) -> Recording:
    return record_settings(validate("cache", given), use=use)


def group(**given: Any) -> Recorded:
    return recorded(**given).one(CACHE, "main")


def refusal(**given: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        validate("cache", given)
    return str(caught.value)


def test_the_safe_choice_is_the_default():
    inputs = group().inputs
    assert inputs["atRestEncryptionEnabled"] is True
    assert inputs["kmsKeyId"].startswith("arn:aws:kms:")
    assert inputs["transitEncryptionEnabled"] is True
    assert inputs["transitEncryptionMode"] == "required"
    assert inputs["automaticFailoverEnabled"] is True
    assert inputs["multiAzEnabled"] is True
    assert inputs["numCacheClusters"] == 2
    assert inputs["snapshotRetentionLimit"] == 7
    assert inputs["autoMinorVersionUpgrade"] is True
    assert inputs["userGroupIds"] == ["shop-dev-main"]
    assert not {"authToken", "authTokenWo"} & inputs.keys()


@pytest.mark.parametrize("nodes", range(1, 7))
def test_failover_is_on_exactly_where_there_is_a_replica(nodes: int):
    inputs = group(nodes=nodes).inputs
    assert inputs["numCacheClusters"] == nodes
    assert inputs["automaticFailoverEnabled"] is (nodes > 1)
    assert inputs["multiAzEnabled"] is (nodes > 1)


def test_cluster_mode_spreads_keys_and_has_a_parameter_group_of_its_own():
    recording = recorded(clusterMode={"shards": 3, "replicas": 1})
    inputs = recording.one(CACHE, "main").inputs
    assert (inputs["numNodeGroups"], inputs["replicasPerNodeGroup"]) == (3, 1)
    assert inputs["clusterMode"] == "enabled"
    assert "numCacheClusters" not in inputs
    parameters = recording.one(PARAMETERS, "main-valkey8-cluster").inputs["parameters"]
    assert {"name": "cluster-enabled", "value": "yes"} in parameters


def test_a_user_starts_switched_off_and_what_rotation_sets_is_left_alone():
    user = recorded().one(USER, "main-app")
    assert user.inputs["accessString"] == "off -@all"
    assert user.inputs["authenticationMode"] == {"type": "no-password-required"}
    assert {"accessString", "authenticationMode", "passwords"} <= set(user.ignore_changes)
    assert user.inputs["userId"] == user.inputs["userName"] == "shop-dev-main-app"


def test_the_default_user_is_in_the_group_and_always_switched_off():
    recording = recorded()
    default = recording.one(USER, "main-default")
    assert default.inputs["userName"] == "default"
    assert default.inputs["accessString"] == "off -@all"
    assert not default.ignore_changes
    members = recording.one(USER_GROUP, "main").inputs["userIds"]
    assert members == ["shop-dev-main-default", "shop-dev-main-app"]


@pytest.mark.parametrize("engine", ["redis", "valkey"])
def test_users_without_a_password_are_in_a_group_that_takes_such(engine: str):
    """ElastiCache refuses them in a group of engine valkey; a group of redis serves both."""
    recording = recorded(engine=engine, version=list(FAMILIES[engine])[-1])
    made = [*recording.of_type(USER), *recording.of_type(USER_GROUP)]
    assert len(made) == 3
    assert {resource.inputs["engine"] for resource in made} == {"redis"}
    assert recording.one(CACHE, "main").inputs["engine"] == engine


def test_a_user_of_iam_is_on_without_any_password_and_only_it_is_granted():
    links: list[Link] = []
    recording = recorded(
        use=lambda cache: links.append(cache.link()),
        users={"app": {}, "robot": {"authentication": "iam", "access": "~jobs:* +@read"}},
    )
    user = recording.one(USER, "main-robot")
    assert user.inputs["accessString"] == "on ~jobs:* +@read"
    assert user.inputs["authenticationMode"] == {"type": "iam"}
    assert links[0].grants == (
        Grant(
            "ConnectCacheMain",
            ("elasticache:Connect",),
            (f"{ARN}:replicationgroup:shop-dev-main", f"{ARN}:user:shop-dev-main-robot"),
        ),
    )
    assert links[0].environment["REDIS_USER"] == "shop-dev-main-robot"


def test_without_users_of_iam_a_link_grants_nothing():
    links: list[Link] = []
    recorded(use=lambda cache: links.append(cache.link()))
    assert links[0].grants == ()
    assert links[0].environment.keys() == {"REDIS_HOST", "REDIS_PORT"}
    assert [(endpoint.name, endpoint.port) for endpoint in links[0].endpoints] == [
        ("cache-main", 6379)
    ]


def test_a_token_is_never_known_here_and_never_set_back():
    recording = recorded(authentication="token")
    made = recording.one(CACHE, "main")
    assert not {"authToken", "authTokenWo", "userGroupIds"} & made.inputs.keys()
    assert {"authToken", "authTokenUpdateStrategy"} <= set(made.ignore_changes)
    assert not recording.of_type(USER)


def test_the_rotation_function_finds_the_first_password_user_or_the_token():
    found: list[LoginServer] = []

    def use(cache: Cache) -> None:
        found.append(cache.login_server)

    recorded(use=use, users={"robot": {"authentication": "iam"}, "app": {}, "jobs": {}})
    recorded(use=use, authentication="token")
    user, token = found
    assert (user.name, user.engine, user.user_id) == ("cache-main", "valkey", "shop-dev-main-app")
    assert user.user_arn == f"{ARN}:user:shop-dev-main-app"
    assert token.user_id is None
    assert token.identifier == "shop-dev-main"


@pytest.mark.parametrize(
    ("engine", "version"), [(e, v) for e, versions in FAMILIES.items() for v in versions]
)
def test_every_version_has_the_parameter_group_of_its_family(engine: str, version: str):
    recording = recorded(engine=engine, version=version)
    (made,) = recording.of_type(PARAMETERS)
    assert made.inputs["family"] == FAMILIES[engine][version]
    assert made.name == f"main-{FAMILIES[engine][version].replace('.', '-')}"
    assert recording.one(CACHE, "main").inputs["parameterGroupName"] == made.outputs["name"]


def test_logs_go_to_groups_of_ours_that_have_retention_and_a_key():
    recording = recorded(logRetentionDays=30)
    for delivery in recording.one(CACHE, "main").inputs["logDeliveryConfigurations"]:
        log = delivery["logType"]
        made = recording.one("aws:cloudwatch/logGroup:LogGroup", f"main-{log}")
        assert delivery["destination"] == made.inputs["name"]
        assert made.inputs["name"] == f"/aws/elasticache/shop-dev-main/{log}"
        assert made.inputs["retentionInDays"] == 30
        assert made.inputs["kmsKeyId"]


def test_the_final_snapshots_name_takes_over_what_is_new_with_every_creation():
    recording = recorded()
    made = recording.one("aws:elasticache/subnetGroup:SubnetGroup", "main").outputs["name"]
    snapshot = recording.one(CACHE, "main").inputs["finalSnapshotIdentifier"]
    assert snapshot == f"shop-dev-main-final-{made[-7:]}"


def test_every_retired_or_unknown_node_type_is_refused():
    for family in RETIRED:
        assert "no longer made" in refusal(nodeType=f"cache.{family}.large")
    for family, sizes in NODE_TYPES.items():
        for size in ("nano", "large", "micro", "8xlarge", "24xlarge"):
            if size in sizes:
                assert validate("cache", {"nodeType": f"cache.{family}.{size}"})
            else:
                assert ", ".join(sizes) in refusal(nodeType=f"cache.{family}.{size}")
    assert "`nodeType` of cache.t3" in refusal(nodeType="cache.z9.large")
    assert "such as cache.t4g.micro" in refusal(nodeType="t4g.micro")


def test_a_tiered_node_type_has_tiering_switched_on():
    assert group(nodeType="cache.r6gd.xlarge").inputs["dataTieringEnabled"] is True
    assert "dataTieringEnabled" not in group().inputs


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"engine": "redis", "version": "5.0"}, '`version` of "6.2", "7.0", "7.1" for redis'),
        ({"engine": "redis", "version": "8.1"}, "for redis"),
        ({"engine": "valkey", "version": "7.1"}, "for valkey"),
        ({"nodes": 0}, "greater than or equal to 1"),
        ({"nodes": 7}, "less than or equal to 6"),
        ({"clusterMode": {"shards": 400, "replicas": 2}}, "at most 500 nodes"),
        ({"clusterMode": {"shards": 1, "replicas": 6}}, "less than or equal to 5"),
        ({"users": {}}, "one of `users` at least"),
        ({"users": {"default": {}}}, "any user but default"),
        ({"users": {"app": {"access": "~*"}}}, "`access` with `authentication: iam` only"),
        (
            {"users": {"a": {"authentication": "iam", "access": "on ~* >secret"}}},
            "passwords come from",
        ),
        (
            {"users": {"a": {"authentication": "iam", "access": "~* nopass"}}},
            "found 'nopass'",
        ),
        ({"parameters": {"cluster-enabled": "yes"}}, "which `clusterMode` sets"),
        ({"maintenanceWindow": "sun:04:00-sun:05:00"}, "apart from `snapshots.window`"),
        ({"maintenanceWindow": "sun:06:00-sun:06:30"}, "at least 60 minutes"),
        ({"snapshots": {"retentionDays": 36}}, "less than or equal to 35"),
    ],
)
def test_a_contradiction_is_refused_with_what_is_allowed(given: dict[str, Any], message: str):
    assert message in refusal(**given)


def test_users_of_iam_are_refused_on_versions_that_know_no_iam():
    users = {"robot": {"authentication": "iam"}}
    for engine, versions in FAMILIES.items():
        for version in versions:
            given = {"engine": engine, "version": version, "users": users}
            if version in IAM_VERSIONS[engine]:
                assert validate("cache", given)
            else:
                assert "for users with `authentication: iam`" in refusal(**given)


def alarms_of(**given: Any) -> dict[str, AlarmSpec]:
    found: list[AlarmSpec] = []
    recorded(use=lambda cache: found.extend(cache.alarms()), **given)
    return {element.name: element for element in found}


def test_evictions_of_any_node_for_five_minutes_raise_the_alarm():
    alarm = alarms_of(nodes=2)["cache-main-evictions"]
    assert alarm.metrics[0].expression == "SUM([m1, m2])"
    nodes = [metric.dimensions["CacheClusterId"] for metric in alarm.metrics[1:]]
    assert nodes == ["shop-dev-main-001", "shop-dev-main-002"]
    assert (alarm.threshold, alarm.comparison) == (0, "GreaterThanThreshold")
    assert alarm.evaluation_periods * (alarm.metrics[1].period or 0) == 300


def test_every_shard_has_alarms_of_its_own_within_cloudwatchs_ten_metrics():
    found = alarms_of(clusterMode={"shards": 2, "replicas": 5})
    assert "cache-main-0002-memory" in found
    for alarm in found.values():
        assert len(alarm.metrics) <= 10
        assert sum(query.returns for query in alarm.metrics) == 1


def test_a_single_node_has_no_alarm_for_replicas():
    assert "cache-main-lag" not in alarms_of(nodes=1)
    assert "cache-main-lag" in alarms_of(nodes=2)


def test_an_unknown_access_is_refused_with_those_there_are():
    with pytest.raises(UnknownAccessError, match="allowed is connect"):
        recorded(use=lambda cache: cache.link("read"))


def test_events_go_to_an_unencrypted_topic_that_elasticache_can_publish_to():
    recording = recorded(notify=True)
    topic = recording.one("aws:sns/topic:Topic", "main-events")
    assert "kmsMasterKeyId" not in topic.inputs
    policy = recording.one("aws:sns/topicPolicy:TopicPolicy", "main-events")
    publish, tls = json.loads(policy.inputs["policy"])["Statement"]
    assert publish["Condition"] == {"StringEquals": {"aws:SourceOwner": "123456789012"}}
    assert publish["Action"] == "sns:Publish"
    assert tls["Effect"] == "Deny"
    made = recording.one(CACHE, "main")
    assert made.inputs["notificationTopicArn"] == topic.outputs["arn"]
    assert policy.urn in made.dependencies
    assert "notificationTopicArn" not in group().inputs
