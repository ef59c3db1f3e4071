"""Caches and tables: encrypted, authenticated, recoverable."""

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
from ..iam.documents import Text
from ..iam.patterns import covers
from ..network import private_subnets
from ..roles import roles
from ..unknown import Tri, any_of, is_unknown

_CACHE = "AmazonElastiCache/latest/dg/"
_TABLE = "amazondynamodb/latest/developerguide/"


@resource_control(
    Facts(
        "ElastiCache.4",
        "Caches are encrypted at rest",
        Severity.MEDIUM,
        "caches.<key> is always encrypted",
        "at_rest_encryption_enabled=True, kms_key_id=key.arn",
        _CACHE + "at-rest-encryption.html",
    ),
    aws.CACHE_GROUP,
)
def encrypted_at_rest(cache: Resource) -> Verdict:
    return require(
        cache["atRestEncryptionEnabled"].is_true(), "atRestEncryptionEnabled is not true"
    )


@resource_control(
    Facts(
        "ElastiCache.2",
        "Minor versions of caches are installed by themselves",
        Severity.HIGH,
        "caches.<key>.minorUpgrades: true (the default)",
        "auto_minor_version_upgrade=True (the default)",
        _CACHE + "supported-engine-versions.html",
    ),
    aws.CACHE_GROUP,
    aws.CACHE_CLUSTER,
)
def minor_upgrades(cache: Resource) -> Verdict:
    if cache.type == aws.CACHE_CLUSTER and cache["engine"].equals("memcached") is Tri.YES:
        return not_applicable("Memcached has no upgrade by itself")
    off = cache["autoMinorVersionUpgrade"].one_of((False, "false"))
    return require(~off, "autoMinorVersionUpgrade is false")


@resource_control(
    Facts(
        "ElastiCache.5",
        "Caches are encrypted in transit",
        Severity.MEDIUM,
        "caches.<key> always uses TLS",
        "transit_encryption_enabled=True",
        _CACHE + "in-transit-encryption.html",
    ),
    aws.CACHE_GROUP,
    aws.CACHE_CLUSTER,
)
def encrypted_in_transit(cache: Resource) -> Verdict:
    if cache.type == aws.CACHE_CLUSTER:
        # Of Redis and Valkey, replication groups alone take TLS.
        return where(
            ~cache["replicationGroupId"].present(),
            require(
                cache["transitEncryptionEnabled"].is_true(),
                "transitEncryptionEnabled is not true: a node without TLS",
            ),
            "it is asked of its replication group",
        )
    return first_failure(
        require(
            cache["transitEncryptionEnabled"].is_true(), "transitEncryptionEnabled is not true"
        ),
        require(
            ~cache["transitEncryptionMode"].equals("preferred"),
            "transitEncryptionMode still accepts plain connections",
        ),
    )


@graph_control(
    Facts(
        "ElastiCache.6",
        "Caches ask for a password or a user",
        Severity.MEDIUM,
        "caches.<key>.authentication: user (the default); a token comes from secrets.<key>: "
        "{kind: credentials, cache: main}",
        "user_group_ids=[group.id], or auth_token",
        _CACHE + "auth.html",
    ),
    aws.CACHE_GROUP,
)
def authenticated(cache: Resource, stack: Stack) -> Verdict:
    return require(
        cache["authToken"].present()
        | cache["userGroupIds"].present()
        | _token_by_rotation(cache, stack),
        "neither authToken nor userGroupIds is set, and no rotation of a secret sets a token",
    )


# What sets an AUTH token: "ModifyReplicationGroup", ElastiCache API Reference.
_SETS_TOKEN: Final = "elasticache:ModifyReplicationGroup"


def _token_by_rotation(cache: Resource, stack: Stack) -> Tri:
    """Whether a secret's rotation may set the token, so that nothing outside AWS ever knows it."""
    arn = (cache.facts.outputs or {}).get("arn")

    def reaches(resource: Text) -> Tri:
        if is_unknown(resource) or not isinstance(arn, str):
            return Tri.UNKNOWN
        return Tri.of(covers(resource, arn))

    return any_of(
        rotation_role.complete
        & any_of(
            reaches(grant.resource)
            for role in rotation_role.found
            for grant in roles(stack)[role.urn].permissions.grants(_SETS_TOKEN)
        )
        for rotation in stack.of_type(aws.SECRET_ROTATION)
        for function in stack.follow(rotation, "rotationLambdaArn", aws.FUNCTION).found
        for rotation_role in (stack.follow(function, "role", aws.ROLE),)
    )


@resource_control(
    Facts(
        "ElastiCache.3",
        "Caches fail over to a replica by themselves",
        Severity.MEDIUM,
        "caches.<key>.nodes: 2 (or more), or caches.<key>.clusterMode.replicas: 1 (or more)",
        "automatic_failover_enabled=True, num_cache_clusters=2",
        _CACHE + "AutoFailover.html",
        in_development=Level.ADVISORY,
    ),
    aws.CACHE_GROUP,
)
def fails_over(cache: Resource) -> Verdict:
    return require(
        cache["automaticFailoverEnabled"].is_true(), "automaticFailoverEnabled is not true"
    )


@measured_control(
    Facts(
        "ElastiCache.1",
        "Caches keep daily snapshots",
        Severity.HIGH,
        "caches.<key>.snapshots.retentionDays: 7 (the default in production)",
        "snapshot_retention_limit=5",
        _CACHE + "backups-automatic.html",
        parameters={"minimumDays": 1},
    ),
    aws.CACHE_GROUP,
    aws.CACHE_CLUSTER,
)
def snapshots_kept(cache: Resource, parameters: Parameters) -> Verdict:
    days = parameters["minimumDays"]
    assert isinstance(days, (int, float))
    member = cache["replicationGroupId"].present() & Tri.of(cache.type == aws.CACHE_CLUSTER)
    memcached = cache["engine"].equals("memcached")
    return where(
        ~(member | memcached),
        require(
            cache["snapshotRetentionLimit"].at_least(days),
            f"snapshotRetentionLimit is below {days:g}",
        ),
        "it takes no snapshots of its own",
    )


@graph_control(
    Facts(
        "ElastiCache.7",
        "Caches stand in private subnets of a subnet group of their own",
        Severity.HIGH,
        "caches.<key> is placed in the isolated or private subnets",
        "subnet_group_name=group.name over private subnets",
        _CACHE + "SubnetGroups.html",
    ),
    aws.CACHE_GROUP,
    aws.CACHE_CLUSTER,
)
def cache_in_private_subnets(cache: Resource, stack: Stack) -> Verdict:
    if cache.type == aws.CACHE_CLUSTER and cache["replicationGroupId"].present() is Tri.YES:
        return not_applicable("its replication group has the subnets")
    group = cache["subnetGroupName"]
    if group.is_absent or group.equals("default") is Tri.YES:
        return require(Tri.NO, "it uses the default subnet group")
    groups = stack.follow(cache, "subnetGroupName", aws.CACHE_SUBNET_GROUP)
    return private_subnets(stack, groups, "subnetIds")


@resource_control(
    Facts(
        "DynamoDB.2",
        "Tables can be restored to a point in time",
        Severity.MEDIUM,
        "tables.<key>.pointInTimeRecovery.enabled: true (the default)",
        "point_in_time_recovery={'enabled': True}",
        _TABLE + "PointInTimeRecovery.html",
    ),
    aws.TABLE,
    aws.TABLE_REPLICA,
)
def point_in_time(table: Resource) -> Verdict:
    if table.type == aws.TABLE_REPLICA:
        return require(
            table["pointInTimeRecovery"].is_true(), "pointInTimeRecovery of the replica is not true"
        )
    # A replica has the setting for itself.
    return first_failure(
        require(
            table.at("pointInTimeRecovery.enabled").is_true(), "pointInTimeRecovery is not enabled"
        ),
        require(
            table["replicas"].every(lambda one: one["pointInTimeRecovery"].is_true()),
            "pointInTimeRecovery of a replica is not true",
        ),
    )


@resource_control(
    Facts(
        "DynamoDB.customer-key",
        "Tables are encrypted with a customer key",
        Severity.MEDIUM,
        "tables.<key> uses the data key (the default)",
        "server_side_encryption={'enabled': True, 'kms_key_arn': key.arn}",
        _TABLE + "EncryptionAtRest.html",
    ),
    aws.TABLE,
    aws.TABLE_REPLICA,
)
def table_on_customer_key(table: Resource) -> Verdict:
    if table.type == aws.TABLE_REPLICA:
        return require(table.customer_key(table["kmsKeyArn"]), "kmsKeyArn names no customer key")
    encryption = table["serverSideEncryption"]
    # A key stands in one region: each replica names its own.
    return first_failure(
        require(
            encryption["enabled"].is_true() & table.customer_key(encryption["kmsKeyArn"]),
            "serverSideEncryption names no customer key",
        ),
        require(
            table["replicas"].every(lambda one: table.customer_key(one["kmsKeyArn"])),
            "kmsKeyArn of a replica names no customer key",
        ),
    )


@resource_control(
    Facts(
        "DynamoDB.6",
        "Tables are protected from deletion",
        Severity.MEDIUM,
        "tables.<key>.deletionProtection: true (the default in production)",
        "deletion_protection_enabled=True",
        _TABLE + "WorkingWithTables.Basics.html",
        in_development=Level.ADVISORY,
    ),
    aws.TABLE,
)
def table_deletion_protected(table: Resource) -> Verdict:
    return require(
        table["deletionProtectionEnabled"].is_true(), "deletionProtectionEnabled is not true"
    )


@graph_control(
    Facts(
        "DynamoDB.1",
        "Tables scale with demand",
        Severity.MEDIUM,
        "tables.<key>.capacity: onDemand (the default), or with autoscaling",
        "billing_mode='PAY_PER_REQUEST', or appautoscaling targets for read and write",
        _TABLE + "AutoScaling.html",
    ),
    aws.TABLE,
)
def table_scales(table: Resource, stack: Stack) -> Verdict:
    on_demand = table["billingMode"].equals("PAY_PER_REQUEST")
    return require(
        on_demand | (_scaled(table, stack, "Read") & _scaled(table, stack, "Write")),
        "provisioned capacity without autoscaling of reads and writes",
    )


def _scaled(table: Resource, stack: Stack, direction: str) -> Tri:
    dimension = f"dynamodb:table:{direction}CapacityUnits"
    return stack.some_companion(
        table,
        aws.SCALING_TARGET,
        "resourceId",
        lambda target: (
            target["scalableDimension"].equals(dimension) & _has_policy(target, stack, dimension)
        ),
    )


def _has_policy(target: Resource, stack: Stack, dimension: str) -> Tri:
    """Whether a policy moves a target: by itself it states the limits only."""
    own = target["resourceId"].text()

    def moves(policy: Resource) -> Tri:
        named, dimensioned = policy["resourceId"], policy["scalableDimension"]
        if named.is_unknown and dimensioned.is_unknown:
            # Both come from the target that it moves.
            urns = policy.facts.property_dependencies
            return Tri.YES if target.urn in urns.get("resourceId", ()) else Tri.UNKNOWN
        same = Tri.UNKNOWN if own is None else named.equals(own)
        return same & dimensioned.equals(dimension)

    return any_of(moves(policy) for policy in stack.of_type(aws.SCALING_POLICY))


CONTROLS: Final[tuple[Control, ...]] = (
    encrypted_at_rest,
    minor_upgrades,
    encrypted_in_transit,
    authenticated,
    fails_over,
    snapshots_kept,
    cache_in_private_subnets,
    point_in_time,
    table_on_customer_key,
    table_deletion_protected,
    table_scales,
)
