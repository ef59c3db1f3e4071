"""Document and graph databases (DocumentDB, Neptune) and DynamoDB's accelerator (DAX)."""

from typing import Final

from .. import aws
from ..control import Control, Parameters, Severity, Verdict, require
from ..define import graph_control, measured_control, of_own_code, resource_control
from ..evidence import Resource, Stack
from ..unknown import Tri, all_of

_DOCUMENTS: Final = "documentdb/latest/developerguide/"
_GRAPHS: Final = "neptune/latest/userguide/"
_DAX: Final = "amazondynamodb/latest/developerguide/"
# What DocumentDB.6 takes; "enabled" lets in TLS 1.0.
_CURRENT_TLS: Final = ("tls1.2+", "tls1.3+", "fips-140-3")


def _kept(cluster: Resource, parameters: Parameters) -> Verdict:
    days = parameters["minimumDays"]
    assert isinstance(days, (int, float))
    return require(
        cluster["backupRetentionPeriod"].at_least(days),
        f"backupRetentionPeriod is below {days:g} days",
    )


@resource_control(
    of_own_code(
        "DocumentDB.1",
        "Document databases are encrypted",
        Severity.MEDIUM,
        "storage_encrypted=True, kms_key_id=key.arn",
        _DOCUMENTS + "encryption-at-rest.html",
    ),
    aws.DOCUMENT_CLUSTER,
)
def documents_encrypted(cluster: Resource) -> Verdict:
    return require(cluster["storageEncrypted"].is_true(), "storageEncrypted is not true")


@measured_control(
    of_own_code(
        "DocumentDB.2",
        "Document databases keep backups for at least seven days",
        Severity.MEDIUM,
        "backup_retention_period=7",
        _DOCUMENTS + "backup_restore.html",
        parameters={"minimumDays": 7},
    ),
    aws.DOCUMENT_CLUSTER,
)
def documents_kept(cluster: Resource, parameters: Parameters) -> Verdict:
    return _kept(cluster, parameters)


@resource_control(
    of_own_code(
        "DocumentDB.4",
        "Document databases export audit logs",
        Severity.MEDIUM,
        "enabled_cloudwatch_logs_exports=['audit']",
        _DOCUMENTS + "event-auditing.html",
    ),
    aws.DOCUMENT_CLUSTER,
)
def documents_audited(cluster: Resource) -> Verdict:
    return require(
        cluster["enabledCloudwatchLogsExports"].includes("audit"),
        "enabledCloudwatchLogsExports is without audit",
    )


@resource_control(
    of_own_code(
        "DocumentDB.5",
        "Document databases are protected from deletion",
        Severity.MEDIUM,
        "deletion_protection=True",
        _DOCUMENTS + "db-cluster-delete.html",
    ),
    aws.DOCUMENT_CLUSTER,
)
def documents_protected(cluster: Resource) -> Verdict:
    return require(cluster["deletionProtection"].is_true(), "deletionProtection is not true")


@graph_control(
    of_own_code(
        "DocumentDB.6",
        "Document databases take current TLS only",
        Severity.MEDIUM,
        "ClusterParameterGroup(parameters=[{'name': 'tls', 'value': 'tls1.2+'}])",
        _DOCUMENTS + "security.encryption.ssl.html",
    ),
    aws.DOCUMENT_CLUSTER,
)
def documents_over_tls(cluster: Resource, stack: Stack) -> Verdict:
    named = cluster["dbClusterParameterGroupName"]
    groups = stack.follow(cluster, "dbClusterParameterGroupName", aws.DOCUMENT_PARAMETERS)
    if not groups.found:
        text = named.text() or ""
        own = named.is_absent or text.startswith("default.")
        return require(Tri.NO if own else Tri.UNKNOWN, "no parameter group of its own sets tls")
    current = all_of(
        group["parameters"].some(
            lambda one: one["name"].equals("tls") & one["value"].one_of(_CURRENT_TLS)
        )
        for group in groups.found
    )
    return require(current, "its parameter group has no tls: tls1.2+")


@resource_control(
    of_own_code(
        "Neptune.1",
        "Graph databases are encrypted",
        Severity.MEDIUM,
        "storage_encrypted=True, kms_key_arn=key.arn",
        _GRAPHS + "encrypt.html",
    ),
    aws.GRAPH_CLUSTER,
)
def graphs_encrypted(cluster: Resource) -> Verdict:
    return require(cluster["storageEncrypted"].is_true(), "storageEncrypted is not true")


@resource_control(
    of_own_code(
        "Neptune.2",
        "Graph databases export audit logs",
        Severity.MEDIUM,
        "enable_cloudwatch_logs_exports=['audit']",
        _GRAPHS + "cloudwatch-logs.html",
    ),
    aws.GRAPH_CLUSTER,
)
def graphs_audited(cluster: Resource) -> Verdict:
    return require(
        cluster["enableCloudwatchLogsExports"].includes("audit"),
        "enableCloudwatchLogsExports is without audit",
    )


@resource_control(
    of_own_code(
        "Neptune.4",
        "Graph databases are protected from deletion",
        Severity.LOW,
        "deletion_protection=True",
        _GRAPHS + "manage-console-instances-delete.html",
    ),
    aws.GRAPH_CLUSTER,
)
def graphs_protected(cluster: Resource) -> Verdict:
    return require(cluster["deletionProtection"].is_true(), "deletionProtection is not true")


@measured_control(
    of_own_code(
        "Neptune.5",
        "Graph databases keep backups for at least seven days",
        Severity.MEDIUM,
        "backup_retention_period=7",
        _GRAPHS + "backup-restore-overview.html",
        parameters={"minimumDays": 7},
    ),
    aws.GRAPH_CLUSTER,
)
def graphs_kept(cluster: Resource, parameters: Parameters) -> Verdict:
    return _kept(cluster, parameters)


@resource_control(
    of_own_code(
        "Neptune.7",
        "Graph databases take IAM authentication",
        Severity.MEDIUM,
        "iam_database_authentication_enabled=True",
        _GRAPHS + "iam-auth-enable.html",
    ),
    aws.GRAPH_CLUSTER,
)
def graphs_authenticate(cluster: Resource) -> Verdict:
    return require(
        cluster["iamDatabaseAuthenticationEnabled"].is_true(),
        "iamDatabaseAuthenticationEnabled is not true: no request needs a credential",
    )


@resource_control(
    of_own_code(
        "Neptune.8",
        "Snapshots of graph databases carry their tags",
        Severity.LOW,
        "copy_tags_to_snapshot=True",
        _GRAPHS + "tagging.html",
    ),
    aws.GRAPH_CLUSTER,
)
def graph_tags_copied(cluster: Resource) -> Verdict:
    return require(cluster["copyTagsToSnapshot"].is_true(), "copyTagsToSnapshot is not true")


@resource_control(
    of_own_code(
        "Neptune.private",
        "Graph databases have no public address",
        Severity.CRITICAL,
        "publicly_accessible=False (the default)",
        _GRAPHS + "neptune-public-endpoints.html",
    ),
    aws.GRAPH_INSTANCE,
)
def graphs_private(instance: Resource) -> Verdict:
    return require(~instance["publiclyAccessible"].is_true(), "publiclyAccessible is true")


@resource_control(
    of_own_code(
        "DynamoDB.3",
        "Accelerators of tables are encrypted",
        Severity.MEDIUM,
        "server_side_encryption={'enabled': True}",
        _DAX + "DAXEncryptionAtRest.html",
    ),
    aws.DAX_CLUSTER,
)
def accelerator_encrypted(cluster: Resource) -> Verdict:
    return require(
        cluster.at("serverSideEncryption.enabled").is_true(),
        "serverSideEncryption.enabled is not true",
    )


@resource_control(
    of_own_code(
        "DynamoDB.7",
        "Accelerators of tables take TLS only",
        Severity.MEDIUM,
        "cluster_endpoint_encryption_type='TLS'",
        _DAX + "DAXEncryptionInTransit.html",
    ),
    aws.DAX_CLUSTER,
)
def accelerator_over_tls(cluster: Resource) -> Verdict:
    return require(
        cluster["clusterEndpointEncryptionType"].equals("TLS"),
        "clusterEndpointEncryptionType is not TLS",
    )


CONTROLS: Final[tuple[Control, ...]] = (
    documents_encrypted,
    documents_kept,
    documents_audited,
    documents_protected,
    documents_over_tls,
    graphs_encrypted,
    graphs_audited,
    graphs_protected,
    graphs_kept,
    graphs_authenticate,
    graph_tags_copied,
    graphs_private,
    accelerator_encrypted,
    accelerator_over_tls,
)
