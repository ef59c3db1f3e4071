"""Relational databases: encrypted, private, recoverable, observed."""

from typing import Final

from .. import aws
from ..control import (
    Control,
    Level,
    Parameters,
    Severity,
    Verdict,
    first_failure,
    not_applicable,
    require,
    where,
)
from ..define import Facts, graph_control, measured_control, resource_control
from ..evidence import Resource, Stack
from ..network import private_subnets
from ..tls import database_speaks_tls, engine_of
from ..unknown import Tri

_GUIDE = "AmazonRDS/latest/UserGuide/"

# CA bundles that AWS signs with, "Using SSL/TLS to encrypt a connection to a DB instance", 2026-11.
# The default of an instance that names none is rds-ca-rsa2048-g1.
CURRENT_CERTIFICATE_AUTHORITIES: Final = (
    "rds-ca-rsa2048-g1",
    "rds-ca-rsa4096-g1",
    "rds-ca-ecc384-g1",
)
# The log that holds statements and errors, by engine: "Publishing database logs to Amazon
# CloudWatch Logs", 2026-11.
MAIN_LOG: Final = {
    "postgres": "postgresql",
    "aurora-postgresql": "postgresql",
    "mysql": "error",
    "mariadb": "error",
    "aurora-mysql": "error",
}


def _replica(db: Resource) -> Tri:
    return db["replicateSourceDb"].present()


@resource_control(
    Facts(
        "RDS.3",
        "Databases are encrypted at rest",
        Severity.MEDIUM,
        stack="databases.<key> is always encrypted; there is no setting to turn it off",
        code="storage_encrypted=True, kms_key_id=key.arn",
        doc=_GUIDE + "Overview.Encryption.html",
    ),
    aws.DB_INSTANCE,
    aws.DB_CLUSTER,
)
def encrypted(db: Resource) -> Verdict:
    inherits = db["replicateSourceDb"].present() | db["snapshotIdentifier"].present()
    return where(
        ~inherits | db["storageEncrypted"].is_true(),
        require(db["storageEncrypted"].is_true(), "storageEncrypted is not true"),
        "encryption follows the source it is made from",
    )


@resource_control(
    Facts(
        "RDS.2",
        "Databases have no public address",
        Severity.CRITICAL,
        stack="databases.<key> is always private; there is no setting to change it",
        code="publicly_accessible=False",
        doc=_GUIDE + "USER_VPC.WorkingWithRDSInstanceinaVPC.html",
    ),
    aws.DB_INSTANCE,
    aws.DB_CLUSTER_INSTANCE,
)
def not_public(db: Resource) -> Verdict:
    return require(~db["publiclyAccessible"].is_true(), "publiclyAccessible is true")


@measured_control(
    Facts(
        "RDS.11",
        "Databases keep automated backups for at least seven days",
        Severity.MEDIUM,
        stack="databases.<key>.backups.retentionDays: 7 (or more)",
        code="backup_retention_period=7",
        doc=_GUIDE + "USER_WorkingWithAutomatedBackups.html",
        parameters={"minimumDays": 7},
    ),
    aws.DB_INSTANCE,
    aws.DB_CLUSTER,
)
def backed_up(db: Resource, parameters: Parameters) -> Verdict:
    days = parameters["minimumDays"]
    assert isinstance(days, (int, float))
    return where(
        ~_replica(db),
        require(
            db["backupRetentionPeriod"].at_least(days),
            f"backupRetentionPeriod is below {days:g} days",
        ),
        "a replica is restored from its source",
    )


@resource_control(
    Facts(
        "RDS.8",
        "Databases are protected from deletion",
        Severity.LOW,
        stack="databases.<key>.deletionProtection: true",
        code="deletion_protection=True",
        doc=_GUIDE + "USER_DeleteInstance.html",
        in_development=Level.ADVISORY,
    ),
    aws.DB_INSTANCE,
    aws.DB_CLUSTER,
)
def deletion_protected(db: Resource) -> Verdict:
    member = db["replicateSourceDb"].present()
    return where(
        ~member | db["deletionProtection"].is_true(),
        require(db["deletionProtection"].is_true(), "deletionProtection is not true"),
        "a replica holds no data of its own",
    )


@resource_control(
    Facts(
        "RDS.5",
        "Databases stand by in a second zone",
        Severity.MEDIUM,
        stack="databases.<key>.multiAz: true (the default in production); Aurora: two or more "
        "instances",
        code="multi_az=True",
        doc=_GUIDE + "Concepts.MultiAZ.html",
        in_development=Level.ADVISORY,
    ),
    aws.DB_INSTANCE,
)
def multi_az(db: Resource) -> Verdict:
    return where(
        ~_replica(db),
        require(db["multiAz"].is_true(), "multiAz is not true"),
        "a replica can be promoted from another zone",
    )


@resource_control(
    Facts(
        "RDS.9",
        "Database logs are sent to CloudWatch Logs",
        Severity.MEDIUM,
        stack="databases.<key>.logs: [postgresql, upgrade]",
        code='enabled_cloudwatch_logs_exports=["postgresql", "upgrade"]',
        doc=_GUIDE + "USER_LogAccess.Procedural.UploadtoCloudWatch.html",
    ),
    aws.DB_INSTANCE,
    aws.DB_CLUSTER,
)
def logs_exported(db: Resource) -> Verdict:
    exports = db["enabledCloudwatchLogsExports"]
    engine = db["engine"]
    if engine.is_unknown:
        return require(~exports.absent() & Tri.UNKNOWN, "no log is exported")
    main = MAIN_LOG.get(engine.text() or "")
    if main is None:
        return require(exports.present(), "enabledCloudwatchLogsExports is empty")
    return require(exports.includes(main), f"enabledCloudwatchLogsExports lacks {main}")


@graph_control(
    Facts(
        "RDS.38",
        "The attached parameter group refuses connections without TLS",
        Severity.MEDIUM,
        stack="databases.<key> always forces TLS; remove the parameter that turns it off",
        code='ParameterGroup(parameters=[{"name": "rds.force_ssl", "value": "1"}])',
        doc=_GUIDE + "PostgreSQL.Concepts.General.SSL.html",
    ),
    aws.DB_INSTANCE,
    aws.DB_CLUSTER,
)
def tls_forced(db: Resource, stack: Stack) -> Verdict:
    engine = engine_of(db, stack)
    if db["engine"].is_unknown or engine.name is None:
        return require(Tri.UNKNOWN, "the engine is not known")
    if engine.forcing is None:
        return not_applicable("the engine has no such parameter")
    value = engine.forcing.values[0]
    return require(
        database_speaks_tls(db, stack),
        f"no attached group sets {engine.forcing.parameter} to {value}",
    )


@resource_control(
    Facts(
        "RDS.6",
        "Databases have enhanced monitoring",
        Severity.LOW,
        stack="databases.<key>.monitoring.intervalSeconds: 60",
        code="monitoring_interval=60, monitoring_role_arn=role.arn",
        doc=_GUIDE + "USER_Monitoring.OS.html",
    ),
    aws.DB_INSTANCE,
    aws.DB_CLUSTER_INSTANCE,
)
def enhanced_monitoring(db: Resource) -> Verdict:
    return require(db["monitoringInterval"].at_least(1), "monitoringInterval is not set")


@resource_control(
    Facts(
        "RDS.insights-key",
        "Performance Insights is on, and encrypted with a customer key",
        Severity.LOW,
        stack="databases.<key>.performanceInsights: {retentionDays: 7}",
        code="performance_insights_enabled=True, performance_insights_kms_key_id=key.arn",
        doc=_GUIDE + "USER_PerfInsights.access-control.html",
    ),
    aws.DB_INSTANCE,
    aws.DB_CLUSTER_INSTANCE,
)
def insights_on_customer_key(db: Resource) -> Verdict:
    return first_failure(
        require(db["performanceInsightsEnabled"].is_true(), "performanceInsightsEnabled is off"),
        require(
            db.customer_key(db["performanceInsightsKmsKeyId"]),
            "performanceInsightsKmsKeyId names no customer key",
        ),
    )


@resource_control(
    Facts(
        "RDS.13",
        "Minor versions are upgraded automatically",
        Severity.HIGH,
        stack="databases.<key>.minorUpgrades: true (the default)",
        code="auto_minor_version_upgrade=True",
        doc=_GUIDE + "USER_UpgradeDBInstance.Upgrading.html",
    ),
    aws.DB_INSTANCE,
    aws.DB_CLUSTER_INSTANCE,
)
def minor_upgrades(db: Resource) -> Verdict:
    return require(db["autoMinorVersionUpgrade"].is_true(), "autoMinorVersionUpgrade is false")


@resource_control(
    Facts(
        "RDS.17",
        "Snapshots carry the database's tags",
        Severity.LOW,
        stack="databases.<key> always copies its tags",
        code="copy_tags_to_snapshot=True",
        doc=_GUIDE + "USER_Tagging.html",
    ),
    aws.DB_INSTANCE,
    aws.DB_CLUSTER,
)
def tags_on_snapshots(db: Resource) -> Verdict:
    return require(db["copyTagsToSnapshot"].is_true(), "copyTagsToSnapshot is not true")


@resource_control(
    Facts(
        "RDS.current-ca",
        "The server certificate is signed by a current authority",
        Severity.MEDIUM,
        stack="databases.<key> uses rds-ca-rsa2048-g1",
        code='ca_cert_identifier="rds-ca-rsa2048-g1"',
        doc=_GUIDE + "UsingWithRDS.SSL.html",
    ),
    aws.DB_INSTANCE,
    aws.DB_CLUSTER_INSTANCE,
)
def current_authority(db: Resource) -> Verdict:
    authority = db["caCertIdentifier"]
    return require(
        authority.absent() | authority.one_of(CURRENT_CERTIFICATE_AUTHORITIES),
        "caCertIdentifier names an authority that is out of date",
    )


@graph_control(
    Facts(
        "RDS.private-subnets",
        "Databases stand in subnets without a route to the internet gateway",
        Severity.HIGH,
        stack="databases.<key> is placed in the isolated or private subnets",
        code="SubnetGroup(subnet_ids=private_subnet_ids)",
        doc=_GUIDE + "USER_VPC.WorkingWithRDSInstanceinaVPC.html",
    ),
    aws.DB_INSTANCE,
    aws.DB_CLUSTER,
)
def in_private_subnets(db: Resource, stack: Stack) -> Verdict:
    group = db["dbSubnetGroupName"]
    if db.type == aws.DB_INSTANCE and group.is_absent and _replica(db) is Tri.YES:
        return not_applicable("a replica in the same region has its source's subnets")
    if group.is_absent:
        return require(Tri.NO, "no subnet group is named: the default one is in public subnets")
    groups = stack.follow(db, "dbSubnetGroupName", aws.DB_SUBNET_GROUP)
    return private_subnets(stack, groups, "subnetIds")


CONTROLS: Final[tuple[Control, ...]] = (
    encrypted,
    not_public,
    backed_up,
    deletion_protected,
    multi_az,
    logs_exported,
    tls_forced,
    enhanced_monitoring,
    insights_on_customer_key,
    minor_upgrades,
    tags_on_snapshots,
    current_authority,
    in_private_subnets,
)
