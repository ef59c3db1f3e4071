"""Data warehouses (Redshift, provisioned and serverless): private, encrypted, logged."""

from typing import Final

from .. import aws
from ..control import Control, Parameters, Severity, Verdict, require
from ..define import graph_control, measured_control, of_own_code, resource_control
from ..evidence import Resource, Stack
from ..reading import Reading
from ..unknown import Tri, any_of

_REDSHIFT: Final = "redshift/latest/mgmt/"
_DEFAULT_USERS: Final = ("awsuser", "admin")
_OWN_GROUP: Final = "default."
# New clusters get a group that asks for TLS since 2025-01 ("Behavior changes in Amazon
# Redshift", from memory).
_OPEN_GROUP: Final = "default.redshift-1.0"


@resource_control(
    of_own_code(
        "Redshift.1",
        "Warehouses have no public address",
        Severity.CRITICAL,
        "publicly_accessible=False (the default)",
        _REDSHIFT + "rs-ra3-public-private-access.html",
    ),
    aws.REDSHIFT,
)
def private(cluster: Resource) -> Verdict:
    return require(~cluster["publiclyAccessible"].is_true(), "publiclyAccessible is true")


def _turned_on(name: Reading, value: Reading) -> Tri:
    return name.equals("require_ssl") & value.one_of(("true", "1", True))


@graph_control(
    of_own_code(
        "Redshift.2",
        "Warehouses refuse connections without TLS",
        Severity.MEDIUM,
        "ParameterGroup(parameters=[{'name': 'require_ssl', 'value': 'true'}])",
        _REDSHIFT + "connecting-ssl-support.html",
    ),
    aws.REDSHIFT,
)
def over_tls(cluster: Resource, stack: Stack) -> Verdict:
    named = cluster["clusterParameterGroupName"]
    text = named.text() or ""
    groups = stack.follow(cluster, "clusterParameterGroupName", aws.REDSHIFT_PARAMETERS)
    if groups.found:
        forced = any_of(
            group["parameters"].some(lambda one: _turned_on(one["name"], one["value"]))
            for group in groups.found
        )
        return require(forced, "its parameter group has no require_ssl: true")
    if named.is_absent or text.startswith(_OWN_GROUP):
        return require(Tri.of(text != _OPEN_GROUP), f"{_OPEN_GROUP} takes plain connections")
    return require(Tri.UNKNOWN, "its parameter group is not in this stack")


@measured_control(
    of_own_code(
        "Redshift.3",
        "Warehouses keep automatic snapshots for at least seven days",
        Severity.MEDIUM,
        "automated_snapshot_retention_period=7",
        _REDSHIFT + "working-with-snapshots.html",
        parameters={"minimumDays": 7},
    ),
    aws.REDSHIFT,
)
def snapshots_kept(cluster: Resource, parameters: Parameters) -> Verdict:
    days = parameters["minimumDays"]
    assert isinstance(days, (int, float))
    return require(
        cluster["automatedSnapshotRetentionPeriod"].at_least(days),
        f"automatedSnapshotRetentionPeriod is below {days:g} days",
    )


@graph_control(
    of_own_code(
        "Redshift.4",
        "Warehouses write audit logs",
        Severity.MEDIUM,
        "redshift.Logging(cluster_identifier=cluster.id, log_destination_type='cloudwatch', ...)",
        _REDSHIFT + "db-auditing.html",
    ),
    aws.REDSHIFT,
)
def audited(cluster: Resource, stack: Stack) -> Verdict:
    logs = stack.companions(cluster, aws.REDSHIFT_LOGGING, "clusterIdentifier")
    return require(any_of(one.belongs for one in logs), "no redshift.Logging belongs to it")


@resource_control(
    of_own_code(
        "Redshift.6",
        "Warehouses are upgraded automatically",
        Severity.MEDIUM,
        "allow_version_upgrade=True (the default)",
        _REDSHIFT + "working-with-clusters.html",
    ),
    aws.REDSHIFT,
)
def upgraded(cluster: Resource) -> Verdict:
    return require(cluster["allowVersionUpgrade"].is_true(), "allowVersionUpgrade is false")


@resource_control(
    of_own_code(
        "Redshift.7",
        "Warehouses load and unload through the network",
        Severity.MEDIUM,
        "enhanced_vpc_routing=True",
        _REDSHIFT + "enhanced-vpc-routing.html",
    ),
    aws.REDSHIFT,
)
def routed(cluster: Resource) -> Verdict:
    return require(cluster["enhancedVpcRouting"].is_true(), "enhancedVpcRouting is not true")


@resource_control(
    of_own_code(
        "Redshift.8",
        "The first user of a warehouse does not have the default name",
        Severity.MEDIUM,
        "master_username='warehouse'",
        _REDSHIFT + "rs-security-iam.html",
    ),
    aws.REDSHIFT,
)
def own_user_name(cluster: Resource) -> Verdict:
    return require(~cluster["masterUsername"].equals("awsuser"), "masterUsername is awsuser")


@resource_control(
    of_own_code(
        "Redshift.10",
        "Warehouses are encrypted",
        Severity.MEDIUM,
        "encrypted=True, kms_key_id=key.arn",
        _REDSHIFT + "working-with-db-encryption.html",
    ),
    aws.REDSHIFT,
)
def encrypted(cluster: Resource) -> Verdict:
    return require(cluster["encrypted"].is_true(), "encrypted is false")


@resource_control(
    of_own_code(
        "Redshift.18",
        "Warehouses stand in two zones",
        Severity.MEDIUM,
        "multi_az=True",
        _REDSHIFT + "managing-cluster-multi-az.html",
    ),
    aws.REDSHIFT,
)
def two_zones(cluster: Resource) -> Verdict:
    return require(cluster["multiAz"].is_true(), "multiAz is not true")


@resource_control(
    of_own_code(
        "RedshiftServerless.1",
        "Serverless warehouses load and unload through the network",
        Severity.HIGH,
        "enhanced_vpc_routing=True",
        _REDSHIFT + "enhanced-vpc-routing.html",
    ),
    aws.REDSHIFT_WORKGROUP,
)
def workgroup_routed(workgroup: Resource) -> Verdict:
    return require(workgroup["enhancedVpcRouting"].is_true(), "enhancedVpcRouting is not true")


@resource_control(
    of_own_code(
        "RedshiftServerless.2",
        "Serverless warehouses refuse connections without TLS",
        Severity.MEDIUM,
        "config_parameters=[{'parameter_key': 'require_ssl', 'parameter_value': 'true'}]",
        _REDSHIFT + "serverless-connecting.html",
    ),
    aws.REDSHIFT_WORKGROUP,
)
def workgroup_over_tls(workgroup: Resource) -> Verdict:
    return require(
        workgroup["configParameters"].some(
            lambda one: _turned_on(one["parameterKey"], one["parameterValue"])
        ),
        "configParameters has no require_ssl: true",
    )


@resource_control(
    of_own_code(
        "RedshiftServerless.3",
        "Serverless warehouses have no public address",
        Severity.HIGH,
        "publicly_accessible=False (the default)",
        _REDSHIFT + "serverless-connecting.html",
    ),
    aws.REDSHIFT_WORKGROUP,
)
def workgroup_private(workgroup: Resource) -> Verdict:
    return require(~workgroup["publiclyAccessible"].is_true(), "publiclyAccessible is true")


@resource_control(
    of_own_code(
        "RedshiftServerless.4",
        "Serverless warehouses are encrypted with a customer key",
        Severity.MEDIUM,
        "kms_key_id=key.arn",
        _REDSHIFT + "serverless-workgroups-and-namespaces-rotate-kms-key.html",
    ),
    aws.REDSHIFT_NAMESPACE,
)
def namespace_on_customer_key(namespace: Resource) -> Verdict:
    key = namespace["kmsKeyId"]
    return require(
        namespace.customer_key(key) & (Tri.of(key.is_unknown) | ~key.equals("AWS_OWNED_KMS_KEY")),
        "kmsKeyId names no customer key",
    )


@resource_control(
    of_own_code(
        "RedshiftServerless.5",
        "The first user of a serverless warehouse does not have the default name",
        Severity.MEDIUM,
        "admin_username='warehouse'",
        _REDSHIFT + "serverless-console-configuration-edit-admin.html",
    ),
    aws.REDSHIFT_NAMESPACE,
)
def namespace_user_name(namespace: Resource) -> Verdict:
    name = namespace["adminUsername"]
    return require(name.present() & ~name.one_of(_DEFAULT_USERS), "adminUsername is the default")


@resource_control(
    of_own_code(
        "RedshiftServerless.6",
        "Serverless warehouses export their logs",
        Severity.MEDIUM,
        "log_exports=['connectionlog', 'userlog']",
        _REDSHIFT + "serverless-audit-logging.html",
    ),
    aws.REDSHIFT_NAMESPACE,
)
def namespace_logged(namespace: Resource) -> Verdict:
    exports = namespace["logExports"]
    return require(
        exports.includes("connectionlog") & exports.includes("userlog"),
        "logExports is without connectionlog or userlog",
    )


CONTROLS: Final[tuple[Control, ...]] = (
    private,
    over_tls,
    snapshots_kept,
    audited,
    upgraded,
    routed,
    own_user_name,
    encrypted,
    two_zones,
    workgroup_routed,
    workgroup_over_tls,
    workgroup_private,
    namespace_on_customer_key,
    namespace_user_name,
    namespace_logged,
)
