"""The API operations that make the types of this package."""

from __future__ import annotations

from collections.abc import Mapping

from components.parts.operation import Call, call

CALLS: Mapping[str, Call] = {
    "aws:rds/cluster:Cluster": call(
        "rds",
        "CreateDBCluster",
        "applyImmediately",
        "skipFinalSnapshot",
        "deleteAutomatedBackups",
        "allowMajorVersionUpgrade",
        dbInstanceParameterGroupName="ModifyDBCluster:DBInstanceParameterGroupName",
        snapshotIdentifier="RestoreDBClusterFromSnapshot:SnapshotIdentifier",
        clusterIdentifier="DBClusterIdentifier",
        finalSnapshotIdentifier="DeleteDBCluster:FinalDBSnapshotIdentifier",
        enabledCloudwatchLogsExports="EnableCloudwatchLogsExports",
        iamDatabaseAuthenticationEnabled="EnableIAMDatabaseAuthentication",
        serverlessv2ScalingConfiguration="ServerlessV2ScalingConfiguration",
        performanceInsightsEnabled="EnablePerformanceInsights",
    ),
    "aws:rds/clusterInstance:ClusterInstance": call(
        "rds",
        "CreateDBInstance",
        "applyImmediately",
        "forceDestroy",
        identifier="DBInstanceIdentifier",
        clusterIdentifier="DBClusterIdentifier",
        instanceClass="DBInstanceClass",
        performanceInsightsEnabled="EnablePerformanceInsights",
        caCertIdentifier="CACertificateIdentifier",
    ),
    "aws:rds/clusterParameterGroup:ClusterParameterGroup": call(
        "rds",
        "CreateDBClusterParameterGroup",
        parameters="ModifyDBClusterParameterGroup:Parameters",
        name="DBClusterParameterGroupName",
        family="DBParameterGroupFamily",
    ),
    "aws:rds/instance:Instance": call(
        "rds",
        "CreateDBInstance",
        "applyImmediately",
        "skipFinalSnapshot",
        "deleteAutomatedBackups",
        "allowMajorVersionUpgrade",
        "replicateSourceDb",
        "blueGreenUpdate",
        snapshotIdentifier="RestoreDBInstanceFromDBSnapshot:DBSnapshotIdentifier",
        identifier="DBInstanceIdentifier",
        finalSnapshotIdentifier="DeleteDBInstance:FinalDBSnapshotIdentifier",
        instanceClass="DBInstanceClass",
        backupWindow="PreferredBackupWindow",
        maintenanceWindow="PreferredMaintenanceWindow",
        caCertIdentifier="CACertificateIdentifier",
        parameterGroupName="DBParameterGroupName",
        enabledCloudwatchLogsExports="EnableCloudwatchLogsExports",
        iamDatabaseAuthenticationEnabled="EnableIAMDatabaseAuthentication",
        performanceInsightsEnabled="EnablePerformanceInsights",
        username="MasterUsername",
        password="MasterUserPassword",
    ),
    "aws:rds/parameterGroup:ParameterGroup": call(
        "rds",
        "CreateDBParameterGroup",
        parameters="ModifyDBParameterGroup:Parameters",
        name="DBParameterGroupName",
        family="DBParameterGroupFamily",
    ),
    "aws:rds/proxy:Proxy": call(
        "rds",
        "CreateDBProxy",
        name="DBProxyName",
        requireTls="RequireTLS",
        auths="Auth",
    ),
    "aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup": call(
        "rds", "ModifyDBProxyTargetGroup", name="TargetGroupName"
    ),
    "aws:rds/proxyTarget:ProxyTarget": call(
        "rds",
        "RegisterDBProxyTargets",
        dbInstanceIdentifier="DBInstanceIdentifiers",
        dbClusterIdentifier="DBClusterIdentifiers",
    ),
    "aws:rds/subnetGroup:SubnetGroup": call(
        "rds",
        "CreateDBSubnetGroup",
        name="DBSubnetGroupName",
        description="DBSubnetGroupDescription",
    ),
}
"""By Pulumi type token."""
