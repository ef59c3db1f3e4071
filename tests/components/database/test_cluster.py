"""Aurora clusters and proxies as AWS would get them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from components.contracts import Link, SecretRef
from components.database.cluster import AuroraCluster
from components.database.instance import RelationalDatabase
from components.database.proxy import DatabaseProxy
from components.database.settings import ProxySettings
from testing.data_settings import (
    GIVEN,
    KEY_ARN,
    NAMING,
    PLACEMENT,
    WHERE,
    make,
    record_settings,
    validate,
)
from trellis.planner.record import Recording, record_program

CLUSTER = "aws:rds/cluster:Cluster"
MEMBER = "aws:rds/clusterInstance:ClusterInstance"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
POLICY = "aws:iam/rolePolicy:RolePolicy"
GROUP = "aws:ec2/securityGroup:SecurityGroup"


def recorded(use: Callable[[AuroraCluster], None] = lambda _: None, **given: Any) -> Recording:
    document = {"engine": "aurora-postgresql", "version": "16", **given}
    return record_settings(validate("cluster", document), use=use)


def test_the_safe_choice_is_the_default():
    recording = recorded()
    inputs = recording.one(CLUSTER, "main").inputs
    assert inputs["storageEncrypted"] is True
    assert inputs["manageMasterUserPassword"] is True
    assert not {"masterPassword", "masterPasswordWo"} & inputs.keys()
    assert inputs["deletionProtection"] is True
    assert inputs["backupRetentionPeriod"] == 35
    assert inputs["skipFinalSnapshot"] is False
    assert inputs["finalSnapshotIdentifier"].startswith("shop-dev-main-final-")
    assert inputs["copyTagsToSnapshot"] is True
    assert "availabilityZones" not in inputs, "naming zones replaces the cluster"
    assert [resource.name for resource in recording.of_type(MEMBER)] == [
        "main-first",
        "main-second",
    ]
    for member in recording.of_type(MEMBER):
        assert member.inputs["publiclyAccessible"] is False
        assert member.inputs["caCertIdentifier"] == "rds-ca-rsa2048-g1"
        assert member.inputs["monitoringInterval"] == 60
        assert member.inputs["performanceInsightsKmsKeyId"] == KEY_ARN
        assert member.inputs["autoMinorVersionUpgrade"] is True


def test_the_clusters_parameter_group_refuses_plain_connections():
    for engine, version, name, parameter, value in (
        ("aurora-postgresql", "16", "main-aurora-postgresql16", "rds.force_ssl", "1"),
        ("aurora-mysql", "8.0", "main-aurora-mysql8-0", "require_secure_transport", "ON"),
    ):
        recording = recorded(engine=engine, version=version)
        group = recording.one("aws:rds/clusterParameterGroup:ClusterParameterGroup", name)
        found = {element["name"]: element["value"] for element in group.inputs["parameters"]}
        assert found[parameter] == value
        attached = recording.one(CLUSTER, "main").inputs["dbClusterParameterGroupName"]
        assert attached == group.outputs["name"]


def test_log_groups_exist_before_the_cluster():
    recording = recorded(logs=["postgresql"])
    group = recording.one(LOG_GROUP, "main-postgresql")
    assert group.inputs["name"] == "/aws/rds/cluster/shop-dev-main/postgresql"
    assert group.urn in recording.one(CLUSTER, "main").dependencies


def test_the_writer_is_made_before_its_readers():
    recording = recorded()
    first, second = recording.of_type(MEMBER)
    assert first.urn in second.dependencies
    assert second.urn not in first.dependencies


def test_serverless_instances_follow_the_capacity():
    recording = recorded(
        instanceClass="db.serverless",
        capacity={"min": 0, "max": 8, "pauseAfterSeconds": 600},
    )
    assert recording.one(CLUSTER, "main").inputs["serverlessv2ScalingConfiguration"] == {
        "minCapacity": 0,
        "maxCapacity": 8,
        "secondsUntilAutoPause": 600,
    }
    assert {m.inputs["instanceClass"] for m in recording.of_type(MEMBER)} == {"db.serverless"}


def test_advanced_insights_are_asked_of_the_cluster():
    inputs = (
        recorded(performanceInsights={"mode": "advanced", "retentionDays": 465})
        .one(CLUSTER, "main")
        .inputs
    )
    assert inputs["databaseInsightsMode"] == "advanced"
    assert inputs["performanceInsightsEnabled"] is True
    assert inputs["performanceInsightsRetentionPeriod"] == 465


def test_a_link_leads_to_writer_and_readers_and_waits_for_them():
    links: list[Link] = []
    recording = recorded(use=lambda cluster: links.append(cluster.link()))
    link = links[0]
    assert link.environment.keys() == {"DB_HOST", "DB_READER_HOST", "DB_PORT", "DB_NAME"}
    assert len(link.depends_on) == 2
    assert link.grants[0].actions == ("rds:DescribeDBClusters",)
    assert link.grants[0].resources == ("arn:aws:rds:us-east-1:123456789012:cluster:shop-dev-main",)
    assert recording.one(CLUSTER, "main").inputs["port"] == 5432


def test_each_instance_has_alarms_and_the_readers_one_for_delay():
    names: list[str] = []
    recorded(use=lambda cluster: names.extend(alarm.name for alarm in cluster.alarms()))
    assert sorted(names) == [
        "database-main-first-connections",
        "database-main-first-cpu",
        "database-main-first-memory",
        "database-main-lag",
        "database-main-second-connections",
        "database-main-second-cpu",
        "database-main-second-memory",
    ]


def proxied(users: tuple[SecretRef, ...] = (), **given: Any) -> tuple[Recording, list[Link]]:
    settings = validate("instance", {"engine": "postgres", "version": "16", **given})
    links: list[Link] = []

    def program() -> None:
        database = make(settings)
        assert isinstance(database, RelationalDatabase)
        proxy = DatabaseProxy(
            "main",
            ProxySettings(),
            naming=NAMING,
            where=WHERE,
            placement=PLACEMENT,
            server=database.login_server,
            cluster=False,
            users=users,
            iam_users=given.get("iamUsers", ()),
            sign_in=database.sign_in,
            log_key_arn=KEY_ARN,
        )
        links.append(proxy.link())

    return record_program(program, GIVEN, "deployed"), links


def test_a_proxy_speaks_tls_only_and_reads_exactly_its_users_secrets():
    secret = "arn:aws:secretsmanager:us-east-1:123456789012:secret:shop/dev/db-AbCdEf"
    recording, _ = proxied((SecretRef("", secret, key_arn=KEY_ARN),))
    proxy = recording.one("aws:rds/proxy:Proxy", "main-proxy").inputs
    assert proxy["requireTls"] is True
    assert proxy["auths"] == [
        {
            "authScheme": "SECRETS",
            "clientPasswordAuthType": "POSTGRES_SCRAM_SHA_256",
            "iamAuth": "DISABLED",
            "secretArn": secret,
        }
    ]
    policy = json.loads(
        recording.one("aws:iam/rolePolicy:RolePolicy", "main-proxy").inputs["policy"]
    )
    assert [(statement["Action"], statement["Resource"]) for statement in policy["Statement"]] == [
        (["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"], secret),
        ("kms:Decrypt", KEY_ARN),
    ]
    assert policy["Statement"][1]["Condition"] == {
        "StringEquals": {"kms:ViaService": "secretsmanager.us-east-1.amazonaws.com"}
    }


def test_only_the_proxy_reaches_the_database_and_links_lead_to_the_proxy():
    recording, links = proxied()
    database = recording.one(GROUP, "main").id
    proxy = recording.one(GROUP, "main-proxy").id
    (into,) = recording.of_type(INGRESS)
    (out,) = recording.of_type(EGRESS)
    assert (into.inputs["securityGroupId"], into.inputs["referencedSecurityGroupId"]) == (
        database,
        proxy,
    )
    assert (out.inputs["securityGroupId"], out.inputs["referencedSecurityGroupId"]) == (
        proxy,
        database,
    )
    assert into.inputs["fromPort"] == into.inputs["toPort"] == 5432
    assert [endpoint.name for endpoint in links[0].endpoints] == ["database-main-proxy"]
    assert links[0].producer == "database-main"


def test_with_users_of_iam_the_proxy_takes_and_gives_tokens_and_holds_no_password():
    recording, links = proxied(iamAuthentication=True, iamUsers=["robot"])
    proxy = recording.one("aws:rds/proxy:Proxy", "main-proxy").inputs
    assert proxy["defaultAuthScheme"] == "IAM_AUTH"
    assert "auths" not in proxy
    policy = recording.one("aws:iam/rolePolicy:RolePolicy", "main-proxy").inputs["policy"]
    (signs_in,) = json.loads(policy)["Statement"]
    assert signs_in["Action"] == "rds-db:connect"
    assert re.fullmatch(
        r"arn:aws:rds-db:us-east-1:\d{12}:dbuser:db-\w+/robot", signs_in["Resource"]
    )
    describe, connect = links[0].grants
    assert describe.actions == ("rds:DescribeDBProxies",)
    assert connect.actions == ("rds-db:connect",)


def test_the_proxys_role_is_assumed_without_conditions_that_rds_proxy_could_not_meet():
    """RDS Proxy sends no global condition keys, so `aws:SourceAccount` would shut it out."""
    recording, _ = proxied()
    trust = json.loads(recording.one("aws:iam/role:Role", "main-proxy").inputs["assumeRolePolicy"])
    (statement,) = trust["Statement"]
    assert statement["Principal"] == {"Service": "rds.amazonaws.com"}
    assert "Condition" not in statement


def test_a_proxy_listens_on_the_engines_port_whatever_the_databases_is():
    _, links = proxied(port=6000)
    assert [endpoint.port for endpoint in links[0].endpoints] == [5432]
    assert links[0].environment["DB_PORT"] == "5432"


@pytest.mark.parametrize("engine", ["postgres", "mysql", "mariadb"])
def test_a_proxys_family_is_how_clients_speak(engine: str):
    version = {"postgres": "16", "mysql": "8.4", "mariadb": "11.4"}[engine]
    recording, _ = proxied(engine=engine, version=version)
    family = recording.one("aws:rds/proxy:Proxy", "main-proxy").inputs["engineFamily"]
    assert family == ("POSTGRESQL" if engine == "postgres" else "MYSQL")
    auth = recording.one("aws:rds/proxy:Proxy", "main-proxy").inputs["auths"][0]
    assert (
        auth["clientPasswordAuthType"]
        == {
            "postgres": "POSTGRES_SCRAM_SHA_256",
            "mysql": "MYSQL_CACHING_SHA2_PASSWORD",
            "mariadb": "MYSQL_NATIVE_PASSWORD",
        }[engine]
    )


def test_a_cluster_from_a_snapshot_keeps_the_snapshots_names():
    made = recorded(restoreFrom="snapshot").one(CLUSTER, "main")
    assert made.inputs["snapshotIdentifier"] == "snapshot"
    assert {"snapshotIdentifier", "databaseName", "masterUsername"} <= set(made.ignore_changes)
