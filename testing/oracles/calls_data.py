"""The operations behind databases, caches, tables, buckets, secrets and backups."""

from __future__ import annotations

from collections.abc import Mapping

from testing.oracles.operation import Call, call

CALLS: Mapping[str, Call] = {
    "aws:backup/plan:Plan": call(
        "backup",
        "CreateBackupPlan",
        name="BackupPlan.BackupPlanName",
        rules="BackupPlan.Rules",
        advancedBackupSettings="BackupPlan.AdvancedBackupSettings",
    ),
    "aws:backup/selection:Selection": call(
        "backup",
        "CreateBackupSelection",
        "selectionTags",
        planId="BackupPlanId",
        name="BackupSelection.SelectionName",
        iamRoleArn="BackupSelection.IamRoleArn",
        resources="BackupSelection.Resources",
        notResources="BackupSelection.NotResources",
        conditions="BackupSelection.Conditions",
    ),
    "aws:backup/vault:Vault": call(
        "backup", "CreateBackupVault", name="BackupVaultName", kmsKeyArn="EncryptionKeyArn"
    ),
    "aws:backup/vaultLockConfiguration:VaultLockConfiguration": call(
        "backup", "PutBackupVaultLockConfiguration"
    ),
    "aws:backup/vaultNotifications:VaultNotifications": call(
        "backup", "PutBackupVaultNotifications"
    ),
    "aws:backup/vaultPolicy:VaultPolicy": call("backup", "PutBackupVaultAccessPolicy"),
    "aws:dynamodb/table:Table": call(
        "dynamodb",
        "CreateTable",
        "hashKey",
        "rangeKey",
        "ttl",
        "pointInTimeRecovery",
        "replicas",
        "serverSideEncryption",
        "streamEnabled",
        "readCapacity",
        "writeCapacity",
        name="TableName",
        attributes="AttributeDefinitions",
        streamViewType="StreamSpecification.StreamViewType",
    ),
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
    "aws:s3/bucket:Bucket": call(
        "s3", "CreateBucket", objectLockEnabled="ObjectLockEnabledForBucket"
    ),
    "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration": call(
        "s3", "PutBucketCors", corsRules="CORSConfiguration.CORSRules"
    ),
    "aws:s3/bucketIntelligentTieringConfiguration:BucketIntelligentTieringConfiguration": call(
        "s3",
        "PutBucketIntelligentTieringConfiguration",
        name="Id",
        status="IntelligentTieringConfiguration.Status",
        filter="IntelligentTieringConfiguration.Filter",
        tierings="IntelligentTieringConfiguration.Tierings",
    ),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": call(
        "s3", "PutBucketLifecycleConfiguration", rules="LifecycleConfiguration.Rules"
    ),
    "aws:s3/bucketLogging:BucketLogging": call(
        "s3",
        "PutBucketLogging",
        targetBucket="BucketLoggingStatus.LoggingEnabled.TargetBucket",
        targetPrefix="BucketLoggingStatus.LoggingEnabled.TargetPrefix",
        targetObjectKeyFormat="BucketLoggingStatus.LoggingEnabled.TargetObjectKeyFormat",
    ),
    "aws:s3/bucketMetric:BucketMetric": call(
        "s3",
        "PutBucketMetricsConfiguration",
        name="MetricsConfiguration.Id",
        filter="MetricsConfiguration.Filter",
    ),
    "aws:s3/bucketNotification:BucketNotification": call(
        "s3",
        "PutBucketNotificationConfiguration",
        eventbridge="NotificationConfiguration.EventBridgeConfiguration",
        lambdaFunctions="NotificationConfiguration.LambdaFunctionConfigurations",
        queues="NotificationConfiguration.QueueConfigurations",
        topics="NotificationConfiguration.TopicConfigurations",
    ),
    "aws:s3/bucketObjectv2:BucketObjectv2": call(
        "s3",
        "PutObject",
        "source",
        "content",
        "sourceHash",
        "overrideProvider",
        kmsKeyId="SSEKMSKeyId",
    ),
    "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": call(
        "s3",
        "PutObjectLockConfiguration",
        rule="ObjectLockConfiguration.Rule",
        objectLockEnabled="ObjectLockConfiguration.ObjectLockEnabled",
    ),
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": call(
        "s3", "PutBucketOwnershipControls", rule="OwnershipControls.Rules"
    ),
    "aws:efs/accessPoint:AccessPoint": call("efs", "CreateAccessPoint"),
    "aws:efs/backupPolicy:BackupPolicy": call("efs", "PutBackupPolicy"),
    "aws:efs/fileSystem:FileSystem": call(
        "efs",
        "CreateFileSystem",
        "name",  # the provider reads it off the tag
        lifecyclePolicies="PutLifecycleConfiguration:LifecyclePolicies",
    ),
    "aws:efs/fileSystemPolicy:FileSystemPolicy": call("efs", "PutFileSystemPolicy"),
    "aws:efs/mountTarget:MountTarget": call("efs", "CreateMountTarget"),
    "aws:s3/bucketPolicy:BucketPolicy": call("s3", "PutBucketPolicy"),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": Call(
        "s3",
        "PutPublicAccessBlock",
        {
            key: f"PublicAccessBlockConfiguration.{key}"
            for key in (
                "blockPublicAcls",
                "blockPublicPolicy",
                "ignorePublicAcls",
                "restrictPublicBuckets",
            )
        },
    ),
    "aws:s3/bucketReplicationConfig:BucketReplicationConfig": call(
        "s3",
        "PutBucketReplication",
        role="ReplicationConfiguration.Role",
        rules="ReplicationConfiguration.Rules",
    ),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": call(
        "s3", "PutBucketEncryption", rules="ServerSideEncryptionConfiguration.Rules"
    ),
    "aws:s3/bucketVersioning:BucketVersioning": call("s3", "PutBucketVersioning"),
    "aws:secretsmanager/secret:Secret": call(
        "secretsmanager",
        "CreateSecret",
        policy="PutResourcePolicy:ResourcePolicy",
        recoveryWindowInDays="DeleteSecret:RecoveryWindowInDays",
        replicas="AddReplicaRegions",
    ),
    "aws:secretsmanager/secretPolicy:SecretPolicy": call(
        "secretsmanager", "PutResourcePolicy", secretArn="SecretId", policy="ResourcePolicy"
    ),
    "aws:secretsmanager/secretRotation:SecretRotation": call(
        "secretsmanager", "RotateSecret", rotationLambdaArn="RotationLambdaARN"
    ),
}
"""By Pulumi type token."""
