"""Club App's rows on database, cache and table, asserted over recordings of its stack files."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from trellis.planner.record import Recording

DATABASE = "aws:rds/instance:Instance"
PARAMETERS = "aws:rds/parameterGroup:ParameterGroup"
CACHE = "aws:elasticache/replicationGroup:ReplicationGroup"
USER = "aws:elasticache/user:User"
TABLE = "aws:dynamodb/table:Table"
SUBNET = "aws:ec2/subnet:Subnet"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
SELECTION = "aws:backup/selection:Selection"

Recordings = Callable[..., Recording]


@pytest.fixture
def dev(recording_of: Recordings) -> Recording:
    return recording_of(".", "dev")


@pytest.fixture
def prod(recording_of: Recordings) -> Recording:
    return recording_of(".", "prod")


def zones_of(recording: Recording, group_type: str) -> dict[str, str]:
    """Name of each subnet of a subnet group, with its zone."""
    wanted = recording.one(group_type, "main").inputs["subnetIds"]
    return {
        resource.name: resource.inputs["availabilityZone"]
        for resource in recording.of_type(SUBNET)
        if resource.id in wanted
    }


def test_postgresql_16_on_a_medium_graviton_class(dev: Recording):
    inputs = dev.one(DATABASE, "main").inputs
    assert inputs["identifier"] == "clubapp-dev-postgres"
    assert inputs["engine"] == "postgres"
    # Better than asked: RDS no longer makes 16.4, and minor upgrades move the major version on.
    assert inputs["engineVersion"] == "16"
    assert inputs["autoMinorVersionUpgrade"] is True
    assert inputs["instanceClass"] == "db.t4g.medium"
    assert inputs["dbName"] == "postgres"


def test_gp3_of_100_gib_grows_to_512_with_its_baseline_left_unset(dev: Recording):
    made = dev.one(DATABASE, "main")
    assert made.inputs["storageType"] == "gp3"
    assert made.inputs["allocatedStorage"] == 100
    assert made.inputs["maxAllocatedStorage"] == 512
    assert not {"iops", "storageThroughput"} & made.inputs.keys()
    assert "allocatedStorage" in made.ignore_changes


def test_the_database_is_encrypted_in_two_zones_and_private(dev: Recording):
    made = dev.one(DATABASE, "main")
    (key,) = [element for element in made.property_dependencies["kmsKeyId"] if "kms/key" in element]
    assert key
    assert made.inputs["storageEncrypted"] is True
    assert made.inputs["multiAz"] is True
    assert made.inputs["publiclyAccessible"] is False
    assert zones_of(dev, "aws:rds/subnetGroup:SubnetGroup") == {
        "network-private-a": "us-east-1a",
        "network-private-b": "us-east-1b",
    }


def test_backups_for_7_days_and_the_asked_windows(dev: Recording):
    inputs = dev.one(DATABASE, "main").inputs
    assert inputs["backupRetentionPeriod"] == 7
    assert inputs["backupWindow"] == "03:00-04:00"
    assert inputs["maintenanceWindow"] == "sun:04:00-sun:05:00"


def test_monitoring_every_minute_and_insights_for_a_week(dev: Recording):
    inputs = dev.one(DATABASE, "main").inputs
    assert inputs["monitoringInterval"] == 60
    assert inputs["performanceInsightsEnabled"] is True
    assert inputs["performanceInsightsRetentionPeriod"] == 7


def test_postgresql_and_upgrade_logs_go_to_groups_of_ours(dev: Recording):
    made = dev.one(DATABASE, "main")
    assert made.inputs["enabledCloudwatchLogsExports"] == ["postgresql", "upgrade"]
    for log in ("postgresql", "upgrade"):
        group = dev.one(LOG_GROUP, f"main-{log}")
        assert group.inputs["name"] == f"/aws/rds/instance/clubapp-dev-postgres/{log}"
        assert group.urn in made.dependencies


def test_the_parameter_group_says_what_the_document_asks(dev: Recording):
    inputs = dev.one(PARAMETERS, "main-postgres16").inputs
    assert inputs["family"] == "postgres16"
    assert {parameter["name"]: parameter["value"] for parameter in inputs["parameters"]} == {
        "effective_cache_size": "{DBInstanceClassMemory*3/32768}",
        "log_statement": "none",
        "rds.force_ssl": "1",
        "shared_buffers": "{DBInstanceClassMemory/32768}",
    }


def test_the_master_user_is_managed_by_rds_and_iam_is_off(dev: Recording):
    inputs = dev.one(DATABASE, "main").inputs
    assert inputs["username"] == "app"
    assert inputs["manageMasterUserPassword"] is True
    assert inputs["iamDatabaseAuthenticationEnabled"] is False
    assert "password" not in inputs


def test_redis_on_a_micro_node_with_a_replica_in_the_other_zone(dev: Recording):
    inputs = dev.one(CACHE, "main").inputs
    assert inputs["replicationGroupId"] == "clubapp-dev-redis"
    assert (inputs["engine"], inputs["engineVersion"]) == ("redis", "7.1")
    assert inputs["nodeType"] == "cache.t4g.micro"
    assert inputs["clusterMode"] == "disabled"
    assert inputs["numCacheClusters"] == 2
    assert inputs["automaticFailoverEnabled"] is True
    assert inputs["multiAzEnabled"] is True
    assert len(zones_of(dev, "aws:elasticache/subnetGroup:SubnetGroup")) == 2


def test_the_cache_is_encrypted_and_wants_a_user_of_its_own(dev: Recording):
    made = dev.one(CACHE, "main")
    assert made.inputs["transitEncryptionEnabled"] is True
    assert made.inputs["atRestEncryptionEnabled"] is True
    assert any("kms/key" in element for element in made.property_dependencies["kmsKeyId"])
    assert made.inputs["userGroupIds"] == ["clubapp-dev-redis"]
    assert dev.one(USER, "main-app").inputs["accessString"] == "off -@all"
    assert dev.one(USER, "main-default").inputs["accessString"] == "off -@all"


def test_the_caches_snapshots_and_windows(dev: Recording):
    inputs = dev.one(CACHE, "main").inputs
    assert inputs["snapshotRetentionLimit"] == 5
    assert inputs["snapshotWindow"] == "03:00-05:00"
    assert inputs["maintenanceWindow"] == "sun:05:00-sun:07:00"
    assert inputs["autoMinorVersionUpgrade"] is True


def test_who_hears_alerts_hears_of_the_cache_too(dev: Recording):
    """ElastiCache publishes to no encrypted topic, so the cache has one with the same receivers."""
    made = dev.one(CACHE, "main")
    topic = dev.one("aws:sns/topic:Topic", "main-events")
    assert made.inputs["notificationTopicArn"] == topic.outputs["arn"]
    receivers: dict[str, set[tuple[str, str]]] = {}
    for resource in dev.of_type("aws:sns/topicSubscription:TopicSubscription"):
        receiver = (resource.inputs["protocol"], resource.inputs["endpoint"])
        receivers.setdefault(resource.inputs["topic"], set()).add(receiver)
    alerts = dev.one("aws:sns/topic:Topic", "alerts").outputs["arn"]
    assert receivers[topic.outputs["arn"]] == receivers[alerts]
    assert ("email", "alerts@desh.co") in receivers[alerts]


def test_presence_counts_stand_on_demand_with_35_days_of_recovery(dev: Recording):
    inputs = dev.one(TABLE, "presence").inputs
    assert inputs["name"] == "clubapp-dev-presence"
    assert inputs["billingMode"] == "PAY_PER_REQUEST"
    assert inputs["pointInTimeRecovery"] == {"enabled": True, "recoveryPeriodInDays": 35}
    assert inputs["serverSideEncryption"]["enabled"] is True
    assert inputs["serverSideEncryption"]["kmsKeyArn"].startswith("arn:aws:kms:")


def test_prod_keeps_35_days_in_three_zones_and_protects_what_holds_data(prod: Recording):
    database, cache = prod.one(DATABASE, "main"), prod.one(CACHE, "main")
    table = prod.one(TABLE, "presence")
    assert database.inputs["backupRetentionPeriod"] == 35
    assert database.inputs["multiAz"] is True
    assert database.inputs["deletionProtection"] is True
    assert table.inputs["deletionProtectionEnabled"] is True
    assert len(zones_of(prod, "aws:rds/subnetGroup:SubnetGroup")) == 3
    for element in (database, cache, table):
        assert element.protect
        assert element.retain_on_delete
    assert database.inputs["finalSnapshotIdentifier"].startswith("clubapp-prod-postgres-final-")


def test_prods_backup_plan_covers_exactly_what_holds_state(prod: Recording, dev: Recording):
    assert prod.one(SELECTION, "backups").inputs["resources"] == [
        "arn:aws:rds:us-east-1:123456789012:db:clubapp-prod-postgres",
        "arn:aws:dynamodb:us-east-1:123456789012:table/clubapp-prod-presence",
    ]
    assert not dev.of_type(SELECTION)
