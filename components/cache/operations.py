"""The API operations that make the types of this package."""

from __future__ import annotations

from collections.abc import Mapping

from components.parts.operation import Call, call

CALLS: Mapping[str, Call] = {
    "aws:elasticache/parameterGroup:ParameterGroup": call(
        "elasticache",
        "CreateCacheParameterGroup",
        parameters="ModifyCacheParameterGroup:ParameterNameValues",
        name="CacheParameterGroupName",
        family="CacheParameterGroupFamily",
    ),
    # What is to become of a token is asked only where a group is modified. It is said from the
    # start so that users coming in a token's place take it off; making a group, it goes nowhere.
    "aws:elasticache/replicationGroup:ReplicationGroup": call(
        "elasticache",
        "CreateReplicationGroup",
        "applyImmediately",
        "userGroupIds",
        authTokenUpdateStrategy="ModifyReplicationGroup:AuthTokenUpdateStrategy",
        description="ReplicationGroupDescription",
        finalSnapshotIdentifier="DeleteReplicationGroup:FinalSnapshotIdentifier",
        nodeType="CacheNodeType",
        parameterGroupName="CacheParameterGroupName",
        subnetGroupName="CacheSubnetGroupName",
        maintenanceWindow="PreferredMaintenanceWindow",
        multiAzEnabled="MultiAZEnabled",
    ),
    "aws:elasticache/subnetGroup:SubnetGroup": call(
        "elasticache",
        "CreateCacheSubnetGroup",
        name="CacheSubnetGroupName",
        description="CacheSubnetGroupDescription",
    ),
    "aws:elasticache/user:User": call("elasticache", "CreateUser"),
    "aws:elasticache/userGroup:UserGroup": call("elasticache", "CreateUserGroup"),
}
"""By Pulumi type token."""
