"""An RDS instance as AWS would get it: safe, recoverable, and the same after its own growth."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from components.contracts import Grant, Link, LoginServer
from components.database.instance import RelationalDatabase
from components.database.settings import InstanceSettings
from components.parts.access import UnknownAccessError
from testing.data_settings import record_settings, validate
from trellis.planner.record import Recorded, Recording
from trellis.planner.wire import UNKNOWN

INSTANCE = "aws:rds/instance:Instance"
PARAMETERS = "aws:rds/parameterGroup:ParameterGroup"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
SUBNETS = "aws:rds/subnetGroup:SubnetGroup"
ROLE = "aws:iam/role:Role"
POLICY = "aws:iam/rolePolicy:RolePolicy"
OPERATOR = {
    "masterPassword": "operator",
    "masterSecretArn": "arn:aws:secretsmanager:us-east-1:123456789012:secret:master-AbCdEf",
}


def recorded(
    use: Callable[[RelationalDatabase], None] = lambda _: None,
    mode: Any = "deployed",
    **given: Any,
) -> Recording:
    settings = validate("instance", {"engine": "postgres", "version": "16", **given})
    return record_settings(settings, mode, use)


def instance(**given: Any) -> Recorded:
    return recorded(**given).one(INSTANCE, "main")


def parameters(recording: Recording, name: str) -> dict[str, tuple[str, str]]:
    return {
        parameter["name"]: (parameter["value"], parameter["applyMethod"])
        for parameter in recording.one(PARAMETERS, name).inputs["parameters"]
    }


def test_the_safe_choice_is_the_default():
    inputs = instance().inputs
    assert inputs["storageEncrypted"] is True
    assert inputs["kmsKeyId"].startswith("arn:aws:kms:")
    assert inputs["publiclyAccessible"] is False
    assert inputs["manageMasterUserPassword"] is True
    assert inputs["masterUserSecretKmsKeyId"].startswith("arn:aws:kms:")
    assert inputs["multiAz"] is True
    assert inputs["deletionProtection"] is True
    assert inputs["backupRetentionPeriod"] == 35
    assert inputs["skipFinalSnapshot"] is False
    assert inputs["copyTagsToSnapshot"] is True
    assert inputs["autoMinorVersionUpgrade"] is True
    assert inputs["allowMajorVersionUpgrade"] is False
    assert inputs["applyImmediately"] is False
    assert inputs["caCertIdentifier"] == "rds-ca-rsa2048-g1"
    assert inputs["storageType"] == "gp3"
    assert inputs["engineLifecycleSupport"] == "open-source-rds-extended-support-disabled"


def test_no_password_is_ever_an_argument():
    inputs = instance().inputs
    assert not {"password", "passwordWo", "passwordWoVersion"} & inputs.keys()
    operator = instance(**OPERATOR).inputs
    assert not {"password", "passwordWo", "passwordWoVersion"} & operator.keys()


@pytest.mark.parametrize(
    ("engine", "version", "name", "parameter"),
    [
        ("postgres", "16", "main-postgres16", "rds.force_ssl"),
        ("mysql", "8.4", "main-mysql8-4", "require_secure_transport"),
        ("mariadb", "11.4", "main-mariadb11-4", "require_secure_transport"),
    ],
)
def test_the_attached_parameter_group_of_the_family_refuses_plain_connections(
    engine: str, version: str, name: str, parameter: str
):
    recording = recorded(engine=engine, version=version)
    assert parameters(recording, name)[parameter] == ("1", "immediate")
    group = recording.one(PARAMETERS, name)
    assert recording.one(INSTANCE, "main").inputs["parameterGroupName"] == group.outputs["name"]


def test_a_parameter_that_needs_a_restart_waits_for_one():
    found = parameters(
        recorded(
            parameters={
                "shared_buffers": "{DBInstanceClassMemory/32768}",
                "log_statement": "none",
                "max_connections": 200,
            }
        ),
        "main-postgres16",
    )
    assert found["shared_buffers"] == ("{DBInstanceClassMemory/32768}", "pending-reboot")
    assert found["log_statement"] == ("none", "immediate")
    assert found["max_connections"] == ("200", "pending-reboot")


def test_a_new_family_is_another_group_so_that_the_old_one_goes_last():
    before = {resource.name for resource in recorded(version="16").of_type(PARAMETERS)}
    after = {
        resource.name for resource in recorded(version="17", majorUpgrades=True).of_type(PARAMETERS)
    }
    assert before == {"main-postgres16"}
    assert after == {"main-postgres17"}


def test_log_groups_exist_with_retention_and_key_before_the_instance():
    recording = recorded(logs=["postgresql", "upgrade"], logRetentionDays=30)
    made = recording.one(INSTANCE, "main")
    assert made.inputs["enabledCloudwatchLogsExports"] == ["postgresql", "upgrade"]
    for log in ("postgresql", "upgrade"):
        group = recording.one(LOG_GROUP, f"main-{log}")
        assert group.inputs["name"] == f"/aws/rds/instance/shop-dev-main/{log}"
        assert group.inputs["retentionInDays"] == 30
        assert group.inputs["kmsKeyId"]
        assert group.urn in made.dependencies


def test_enhanced_monitoring_writes_one_group_on_behalf_of_this_instance_only():
    recording = recorded()
    role = recording.one(ROLE, "main-monitoring")
    trust = json.loads(role.inputs["assumeRolePolicy"])["Statement"]
    assert trust == [
        {
            "Effect": "Allow",
            "Principal": {"Service": "monitoring.rds.amazonaws.com"},
            "Action": "sts:AssumeRole",
            "Condition": {
                "StringEquals": {"aws:SourceAccount": "123456789012"},
                "ArnEquals": {
                    "aws:SourceArn": "arn:aws:rds:us-east-1:123456789012:db:shop-dev-main"
                },
            },
        }
    ]
    text = recording.one(POLICY, "main-monitoring").inputs["policy"]
    group = "arn:aws:logs:us-east-1:123456789012:log-group:RDSOSMetrics"
    assert [statement["Resource"] for statement in json.loads(text)["Statement"]] == [
        [group, f"{group}:*"],
        [f"{group}:*", f"{group}:log-stream:*"],
    ]
    made = recording.one(INSTANCE, "main").inputs
    assert made["monitoringInterval"] == 60
    assert made["monitoringRoleArn"] == role.outputs["arn"]


def test_insights_are_on_the_customer_key_and_advanced_mode_keeps_fifteen_months():
    inputs = instance().inputs
    assert inputs["performanceInsightsEnabled"] is True
    assert inputs["performanceInsightsRetentionPeriod"] == 7
    assert inputs["performanceInsightsKmsKeyId"] == inputs["kmsKeyId"]
    assert inputs["databaseInsightsMode"] == "standard"
    advanced = instance(performanceInsights={"mode": "advanced", "retentionDays": 465}).inputs
    assert advanced["databaseInsightsMode"] == "advanced"
    assert advanced["performanceInsightsRetentionPeriod"] == 465
    off = instance(performanceInsights={"enabled": False}).inputs
    assert off["performanceInsightsEnabled"] is False
    assert "performanceInsightsKmsKeyId" not in off


def test_a_volume_that_grows_by_itself_is_not_asked_to_shrink():
    grows = instance(storage={"initialGiB": 100, "maxGiB": 512})
    assert grows.inputs["allocatedStorage"] == 100
    assert grows.inputs["maxAllocatedStorage"] == 512
    assert "allocatedStorage" in grows.ignore_changes
    assert "allocatedStorage" not in instance(storage={"initialGiB": 100}).ignore_changes


def test_small_gp3_volumes_say_nothing_of_iops():
    inputs = instance(storage={"initialGiB": 100, "maxGiB": 512}).inputs
    assert not {"iops", "storageThroughput"} & inputs.keys()


def test_the_final_snapshots_name_takes_over_what_is_new_with_every_creation():
    recording = recorded()
    made = recording.one(SUBNETS, "main").outputs["name"]
    suffix = made.removeprefix("shop-dev-main-")
    assert suffix != made
    name = recording.one(INSTANCE, "main").inputs["finalSnapshotIdentifier"]
    assert name.startswith(f"shop-dev-main-final-{suffix}-")
    again = instance(instanceClass="db.r7g.large").inputs["finalSnapshotIdentifier"]
    assert again == name, "an ordinary change keeps the name"
    replaced = instance(database="other").inputs["finalSnapshotIdentifier"]
    assert replaced != name, "a replacement leaves a snapshot of its own"
    assert "finalSnapshotIdentifier" not in instance(finalSnapshot=False).inputs


def test_what_holds_data_is_protected_where_the_profile_asks_for_it():
    made = instance()
    assert made.protect
    assert made.retain_on_delete


def test_a_replica_follows_its_source_and_shares_its_group_and_parameters():
    given = {"readReplicas": {"reports": {"instanceClass": "db.r7g.large"}}, **OPERATOR}
    links: list[Link] = []
    recording = recorded(use=lambda db: links.append(db.link()), **given)
    source, replica = recording.one(INSTANCE, "main"), recording.one(INSTANCE, "main-reports")
    assert replica.inputs["replicateSourceDb"] == source.inputs["identifier"]
    assert source.urn in replica.dependencies
    assert replica.inputs["identifier"] == "shop-dev-main-reports"
    assert replica.inputs["instanceClass"] == "db.r7g.large"
    assert replica.inputs["parameterGroupName"] == source.inputs["parameterGroupName"]
    assert replica.inputs["vpcSecurityGroupIds"] == source.inputs["vpcSecurityGroupIds"]
    assert replica.inputs["publiclyAccessible"] is False
    assert not {"username", "dbName", "dbSubnetGroupName", "engine"} & replica.inputs.keys()
    assert "DB_REPORTS_HOST" in links[0].environment
    sources = json.loads(recording.one(ROLE, "main-monitoring").inputs["assumeRolePolicy"])
    arns = sources["Statement"][0]["Condition"]["ArnEquals"]["aws:SourceArn"]
    assert arns == [
        "arn:aws:rds:us-east-1:123456789012:db:shop-dev-main",
        "arn:aws:rds:us-east-1:123456789012:db:shop-dev-main-reports",
    ]


def test_a_replicas_volume_is_of_its_sources_type():
    storage = {"initialGiB": 400, "type": "io2", "iops": 8000}
    recording = recorded(**OPERATOR, storage=storage, readReplicas={"reports": {}})
    replica = recording.one(INSTANCE, "main-reports").inputs
    assert (replica["storageType"], replica["iops"]) == ("io2", 8000)
    assert "allocatedStorage" not in replica


def test_a_database_behind_a_proxy_is_not_changed_on_a_copy():
    with pytest.raises(ValidationError, match="either `blueGreen` or `proxy`"):
        validate(
            "instance",
            {"engine": "postgres", "version": "16", **OPERATOR, "blueGreen": True, "proxy": {}},
        )


def test_blue_green_updates_are_switched_on_by_one_word():
    assert instance(**OPERATOR, blueGreen=True).inputs["blueGreenUpdate"] == {"enabled": True}
    assert "blueGreenUpdate" not in instance().inputs


def test_a_snapshot_is_where_a_database_begins_and_never_replaces_it_later():
    made = instance(restoreFrom="rds:shop-2026-11-01")
    assert made.inputs["snapshotIdentifier"] == "rds:shop-2026-11-01"
    assert "snapshotIdentifier" in made.ignore_changes
    # A snapshot of another database name, user or key must not replace what came of it.
    assert {"dbName", "username", "kmsKeyId"} <= set(made.ignore_changes)
    assert not {"dbName", "username", "kmsKeyId"} & set(instance().ignore_changes)


def test_the_security_group_starts_empty():
    group = recorded().one("aws:ec2/securityGroup:SecurityGroup", "main")
    assert not {"ingress", "egress"} & group.inputs.keys()


def link_of(**given: Any) -> Link:
    links: list[Link] = []
    recorded(use=lambda db: links.append(db.link("connect")), **given)
    return links[0]


def test_a_link_grants_to_describe_this_instance_and_nothing_more():
    link = link_of()
    assert link.producer == "database-main"
    assert link.grants == (
        Grant(
            "DescribeDatabaseMain",
            ("rds:DescribeDBInstances",),
            ("arn:aws:rds:us-east-1:123456789012:db:shop-dev-main",),
        ),
    )
    assert [(e.name, e.port) for e in link.endpoints] == [("database-main", 5432)]
    assert {"DB_HOST", "DB_PORT", "DB_NAME"} == link.environment.keys()
    assert link.environment["DB_PORT"] == "5432"
    assert link.environment["DB_NAME"] == "app"


def test_users_of_iam_are_named_by_the_instances_own_resource_id():
    found: list[Any] = []

    def use(database: RelationalDatabase) -> None:
        grant = database.link().grants[1]
        assert grant.actions == ("rds-db:connect",)
        grant.resources[0].apply(found.append)  # pyright: ignore[reportAttributeAccessIssue]

    recording = recorded(use=use, iamAuthentication=True, iamUsers=["repo2"])
    made = recording.one(INSTANCE, "main")
    assert made.inputs["iamDatabaseAuthenticationEnabled"] is True
    resource_id = made.outputs["resourceId"]
    assert found == [f"arn:aws:rds-db:us-east-1:123456789012:dbuser:{resource_id}/repo2"]


def test_an_unknown_access_is_refused_with_those_there_are():
    with pytest.raises(UnknownAccessError, match="allowed is connect"):
        recorded(use=lambda db: db.link("readWrite"))


def test_the_rotation_function_finds_the_server_and_the_secret_rds_made():
    found: list[LoginServer] = []
    secrets: list[str] = []

    def use(database: RelationalDatabase) -> None:
        found.append(database.login_server)
        arn = database.login_server.admin_secret_arn
        arn.apply(secrets.append)  # pyright: ignore[reportOptionalMemberAccess, reportAttributeAccessIssue]

    recording = recorded(use=use)
    server = found[0]
    assert (server.name, server.engine, server.port) == ("database-main", "postgres", 5432)
    assert server.database == "app"
    made = recording.one(INSTANCE, "main").outputs["masterUserSecrets"]
    assert secrets == [made[0]["secretArn"]]


def test_in_a_preview_the_documents_are_known_and_only_awss_own_values_are_not():
    recording = recorded(mode="preview")
    inputs = recording.one(INSTANCE, "main").inputs
    unknown = {key for key, value in inputs.items() if value is UNKNOWN}
    assert unknown <= {"monitoringRoleArn", "finalSnapshotIdentifier", "dbSubnetGroupName",
                       "parameterGroupName"}  # fmt: skip
    assert json.loads(recording.one(ROLE, "main-monitoring").inputs["assumeRolePolicy"])


def alarms_of(**given: Any) -> dict[str, Any]:
    found: list[Any] = []
    recorded(use=lambda db: found.extend(db.alarms()), **given)
    return {element.name: element for element in found}


def test_the_storage_alarm_is_a_tenth_of_the_size_in_bytes_for_ten_minutes():
    alarm = alarms_of(storage={"initialGiB": 100})["database-main-storage"]
    assert alarm.threshold == 10 * 1024**3
    assert alarm.comparison == "LessThanThreshold"
    assert alarm.evaluation_periods * alarm.metrics[0].period == 600


def test_the_storage_alarm_of_a_volume_that_grows_follows_what_is_allocated():
    grows = {"storage": {"initialGiB": 100, "maxGiB": 512}}
    alarm = alarms_of(**grows)["database-main-storage"]
    (used,) = alarm.metrics
    assert used.expression is not None
    assert "os.fileSys.usedPercent" in used.expression
    assert used.given.keys() == {"instance"}
    assert (alarm.threshold, alarm.comparison) == (90, "GreaterThanThreshold")
    assert used.period is not None
    assert alarm.evaluation_periods * used.period == 600
    # Nothing but Performance Insights knows what is allocated.
    blind = alarms_of(**grows, performanceInsights={"enabled": False})["database-main-storage"]
    assert blind.threshold == 10 * 1024**3


def test_the_connections_alarm_is_four_fifths_of_what_the_class_allows():
    assert alarms_of(instanceClass="db.t3.micro")["database-main-connections"].threshold == 67
    own = alarms_of(parameters={"max_connections": 200})["database-main-connections"]
    assert own.threshold == 160


def test_every_alarm_says_what_it_means_and_what_to_do():
    given = {"readReplicas": {"reports": {}}, **OPERATOR}
    found = alarms_of(**given)
    assert "database-main-reports-lag" in found
    for alarm in found.values():
        assert alarm.meaning
        assert alarm.action
        assert alarm.parent == "database-main"
        assert sum(query.returns for query in alarm.metrics) == 1


def test_settings_made_in_python_are_those_of_the_stack_file():
    made = InstanceSettings(engine="postgres", version="16")
    assert made == validate("instance", {"engine": "postgres", "version": "16"})
